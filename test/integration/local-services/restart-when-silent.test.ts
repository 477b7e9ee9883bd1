import assert from 'node:assert/strict';
import { it } from 'node:test';
import { restartWhenSilent } from '../../../src/sandbox/local-services/restart-when-silent.ts';
import { createSupervisor } from '../../../src/sandbox/local-services/supervisor.ts';
import { waitUntil } from '../../support/wait-until.ts';

it('a server that runs and no longer answers is started again; one that answers is left alone', {
  timeout: 60_000,
}, async () => {
  const supervisor = createSupervisor();
  const said: string[] = [];
  let asked = 0;
  let silent = false;
  try {
    const child = await supervisor.start({ name: 'server', command: '/bin/sleep', args: ['600'] });
    const before = child.pid;
    const endWatch = restartWhenSilent({
      child,
      answers: async () => {
        asked += 1;
        return !silent || child.pid !== before;
      },
      askEveryMs: 10,
      patienceMs: 200,
      onProgress: (line) => said.push(line),
    });
    await waitUntil('it was asked often', () => asked > 40);
    assert.equal(child.pid, before);
    silent = true;
    await waitUntil('it runs again', () => child.pid !== null && child.pid !== before);
    const after = child.pid;
    const askedUntilNow = asked;
    await waitUntil('it was asked often again', () => asked > askedUntilNow + 40);
    assert.equal(child.pid, after, 'once is enough');
    assert.equal(said.length, 1);
    endWatch();
  } finally {
    await supervisor.stop();
  }
});

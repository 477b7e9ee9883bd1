import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { before, describe, it } from 'node:test';
import { uniqueName } from '../../support/shared-stack.ts';
import { type MainJob, startMainJob } from '../main-job/main-job.ts';
import { runCommand } from '../main-job/run-command.ts';

/** Whoever runs the process starts it again once it has ended; one that hangs is started again by nobody. */
describe('a worker that cannot go on', { timeout: 120_000 }, () => {
  let job: MainJob;
  before(async () => {
    job = await startMainJob({ seed: 91 });
    await job.worker.stop();
  });

  it('ends with an error while Temporal has no such namespace', async () => {
    const path = job.configPath.replace('.yaml', '-elsewhere.yaml');
    const text = await readFile(job.configPath, 'utf8');
    await writeFile(path, text.replace(/namespace: .*/, `namespace: ${uniqueName('missing')}`));
    const { code, stderr } = await runCommand(path, 'worker');
    assert.equal(code, 1);
    assert.match(stderr, /^TEMPORAL_NAMESPACE_MISSING: .*missing-\S+\.\nMake it/m);
  });
});

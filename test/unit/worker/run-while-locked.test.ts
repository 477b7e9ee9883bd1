import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AceSyncError } from '../../../src/errors.ts';
import { runWhileLocked } from '../../../src/worker/run-while-locked.ts';

function fakeWorkers() {
  const end = Promise.withResolvers<void>();
  const said: string[] = [];
  const shutdown = () => {
    said.push('told to end');
    end.resolve();
  };
  return { said, workers: { run: () => end.promise, shutdown }, end };
}

describe('a worker', () => {
  it('ends with the reason once another host took the folder of the journal', async () => {
    const { said, workers } = fakeWorkers();
    const lost = new AceSyncError('JOURNAL_IN_USE', 'A worker on another-host uses it.');
    await assert.rejects(runWhileLocked(workers, { lost: Promise.resolve(lost) }), { code: 'JOURNAL_IN_USE' });
    assert.deepEqual(said, ['told to end']);
  });

  it('ends without one when it was told to, and fails as its run does', async () => {
    const { said, workers, end } = fakeWorkers();
    const running = runWhileLocked(workers, { lost: new Promise(() => {}) });
    end.resolve();
    await running;
    assert.deepEqual(said, []);
    await assert.rejects(runWhileLocked({ ...workers, run: () => Promise.reject(new Error('no answer')) }, null), {
      message: 'no answer',
    });
  });
});

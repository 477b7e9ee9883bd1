import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { MockActivityEnvironment } from '@temporalio/testing';
import { withHeartbeats } from '../../../src/activities/heartbeats.ts';

describe('heartbeats of activities', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setInterval'] }));
  afterEach(() => mock.timers.reset());

  function environment() {
    const seen = { beats: 0 };
    const activity = new MockActivityEnvironment();
    activity.on('heartbeat', () => {
      seen.beats += 1;
    });
    return { seen, run: (task: () => Promise<unknown>) => activity.run(withHeartbeats({ task }).task) };
  }

  it('go on for as long as an activity waits, and end with it', async () => {
    const { seen, run } = environment();
    const waiting = Promise.withResolvers<string>();
    const result = run(() => waiting.promise);
    mock.timers.tick(21_000);
    assert.equal(seen.beats, 4);
    waiting.resolve('done');
    assert.equal(await result, 'done');
    mock.timers.tick(60_000);
    assert.equal(seen.beats, 4);
  });

  it('end when the activity fails', async () => {
    const { seen, run } = environment();
    await assert.rejects(
      run(async () => {
        throw new Error('refused');
      }),
      /refused/,
    );
    mock.timers.tick(60_000);
    assert.equal(seen.beats, 0);
  });
});

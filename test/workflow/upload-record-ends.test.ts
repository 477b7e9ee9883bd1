import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WorkflowNotFoundError } from '@temporalio/client';
import { abandon, sendNow, uploadState } from '../../src/workflows/messages.ts';
import { uploadRecord } from '../../src/workflows/upload-record.ts';
import { day, hour, type Mocks, skip, skippedTime } from './skipped-time.ts';
import { common, evidence, file, mark, nothing, onItsWay, start, ways } from './upload-in-state.ts';
import { type DocumentedState, documentedMessages, documentedStates } from './upload-state-table.ts';

/** Activities by which an upload comes into a state once, and finds what ends it afterwards. */
function leaving({ name }: DocumentedState) {
  const plan = ways[name]?.plan ?? { kind: 'send', send: file, ...common };
  const done: string[] = [];
  const world = { planned: 0, looked: 0, settled: false };
  const step = async <T>(activity: string, answer: T): Promise<T> => {
    done.push(activity);
    return answer;
  };
  const later = plan.kind === 'send' || plan.kind === 'inFlight' ? onItsWay(hour) : nothing;
  const mocks: Mocks = {
    planUpload: () => step('planUpload', world.settled ? nothing : world.planned++ === 0 ? plan : later),
    writeIntent: () => step('writeIntent', { kind: 'written' }),
    putFile: () => step('putFile', { kind: 'put' }),
    markUpload: () => step('markUpload', undefined),
    lookForEvidence: () =>
      step(
        'lookForEvidence',
        world.looked++ === 0
          ? { kind: 'pending', mark: { ...mark, status: 'Sending' }, milliseconds: day }
          : { kind: 'result', evidence },
      ),
    releaseIntent: () => step('releaseIntent', undefined),
    settleUpload: () => {
      world.settled = true;
      return step('settleUpload', { accepted: true, code: 'ACCEPTED' });
    },
  };
  return { mocks, done };
}

/** The messages that are answered, and so need an upload that is open. */
const update = (message: string, handle: Awaited<ReturnType<typeof start>>): Promise<void> =>
  message === abandon.name
    ? handle.executeUpdate(abandon, { args: [{ reason: 'A duplicate of another record' }] })
    : handle.executeUpdate(sendNow);

describe('an upload', { skip, timeout: 300_000 }, () => {
  it('is driven here into every state that upload-states.md lists', () => {
    const driven = [...Object.keys(ways), 'done'];
    assert.deepEqual(documentedStates.map(({ name }) => name).toSorted(), driven.toSorted());
  });

  for (const state of documentedStates) {
    it(`that is ${state.name} comes to its end though nobody says anything`, async () => {
      const { env, withWorkers } = await skippedTime();
      const { mocks, done } = leaving(state);
      await withWorkers(mocks, async (taskQueue) => {
        const handle = await start(taskQueue);
        const began = await env.currentTimeMs();
        const { sent } = await handle.result();
        assert.equal(sent, done.includes('settleUpload') ? 1 : 0);
        assert.equal((await handle.query(uploadState)).phase, 'done');
        const took = Number((await handle.describe()).closeTime) - began;
        assert.ok(took < 2 * day, `${took} ms`);
      });
      assert.ok(done.filter((one) => one === 'putFile').length <= 1, 'one file, put once');
    });
  }

  for (const message of documentedMessages) {
    const done = documentedStates.find(({ name }) => name === 'done');
    const effect = done?.messages[message] ?? '';
    it(`that is done and hears ${message}: ${effect}`, async () => {
      const { env, withWorkers } = await skippedTime();
      assert.ok(done);
      const { mocks, done: steps } = leaving(done);
      await withWorkers(mocks, async (taskQueue) => {
        const handle = await start(taskQueue);
        await handle.result();
        assert.equal((await handle.query(uploadState)).phase, 'done');
        const { runId } = await handle.describe();
        const before = steps.length;
        if (effect.startsWith('refused')) {
          await assert.rejects(update(message, handle), WorkflowNotFoundError);
          assert.equal((await handle.describe()).runId, runId, 'no new upload');
          assert.equal(steps.length, before);
          return;
        }
        const again = await env.client.workflow.signalWithStart<typeof uploadRecord, unknown[]>(uploadRecord, {
          workflowId: handle.workflowId,
          taskQueue,
          args: [{ connection: 'main', object: 'opportunity', crmId: '006000000000001AAA' }],
          signal: message,
          signalArgs: message === 'processedResult' ? [evidence] : [],
        });
        // An answer that comes twice counts again, and sends nothing.
        assert.equal((await again.result()).outcome, message === 'processedResult' ? 'accepted' : 'nothing');
        assert.notEqual((await again.describe()).runId, runId, 'a new upload');
        const first = message === 'processedResult' ? ['settleUpload', 'planUpload'] : ['planUpload'];
        assert.deepEqual(steps.slice(before), [...first, 'markUpload']);
      });
      assert.equal(steps.filter((one) => one === 'putFile').length, 1, 'nothing is sent twice');
    });
  }
});

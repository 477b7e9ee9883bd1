import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import {
  abandon,
  processedResult,
  recordChanged,
  retry,
  sendNow,
  type UploadState,
  uploadHistory,
  uploadState,
  type Waits,
} from '../../src/workflows/messages.ts';
import { waitUntil } from '../support/wait-until.ts';
import { day, type Mocks, skip, skippedTime } from './skipped-time.ts';
import { common, evidence, mark, nothing, start, ways } from './upload-in-state.ts';
import { type DocumentedState, documentedMessages, documentedStates } from './upload-state-table.ts';

/** Activities that stay in the wanted state until `go`, and say what was done since. */
function stateOf({ name }: DocumentedState, waits: Waits = common.waits) {
  const way = ways[name];
  if (way === undefined) throw new Error(`No way into ${name}.`);
  const done: string[] = [];
  const { promise: released, resolve: go } = Promise.withResolvers<void>();
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  let settled = false;
  const step = async <T>(activity: keyof Mocks, answer: T, said: string = activity): Promise<T> => {
    done.push(said);
    if (way.stuckIn === activity && done.filter((one) => one === said).length === 1) {
      arrive();
      await released;
    }
    return answer;
  };
  const mocks: Mocks = {
    planUpload: ({ retry: wanted }) =>
      step(
        'planUpload',
        settled ? nothing : waits === common.waits ? way.plan : { ...way.plan, waits },
        wanted ? 'planUpload (retry)' : 'planUpload',
      ),
    writeIntent: () => step('writeIntent', { kind: 'written' }),
    putFile: () => step('putFile', { kind: 'put' }),
    markUpload: () => step('markUpload', undefined),
    lookForEvidence: () =>
      step('lookForEvidence', { kind: 'pending', mark: { ...mark, status: 'Sending' }, milliseconds: day }),
    releaseIntent: () => step('releaseIntent', undefined),
    settleUpload: () => {
      settled = true;
      return step('settleUpload', { accepted: true, code: 'ACCEPTED' });
    },
    stopUpload: () => {
      settled = true;
      return step('stopUpload', { evidence: null, code: 'STOPPED' });
    },
  };
  return { mocks, done, go, arrived: way.stuckIn === undefined ? Promise.resolve() : arrived };
}

const send = {
  recordChanged: (handle) => handle.signal(recordChanged),
  retry: (handle) => handle.signal(retry),
  processedResult: (handle) => handle.signal(processedResult, evidence),
  abandon: (handle) => handle.executeUpdate(abandon, { args: [{ reason: 'A duplicate of another record' }] }),
  sendNow: (handle) => handle.executeUpdate(sendNow),
} satisfies Record<string, (handle: Handle) => Promise<void>>;
type Handle = Awaited<ReturnType<typeof start>>;

/** What the upload does first because of the message, by what the table says of it. */
const firstSteps: Readonly<Record<string, readonly string[]>> = {
  recordChanged: ['planUpload', 'lookForEvidence'],
  retry: ['planUpload (retry)', 'lookForEvidence'],
  sendNow: ['planUpload (retry)', 'lookForEvidence'],
  processedResult: ['settleUpload'],
  abandon: ['stopUpload'],
};

/** What is heard while it is planned, and is done before anything that the plan asks for. */
const goesFirst: ReadonlySet<string> = new Set<keyof typeof send>(['processedResult', 'abandon']);

async function sendsNothingBefore(done: readonly string[], message: keyof typeof send): Promise<void> {
  await waitUntil('the plan after it', async () => done.at(-1) === 'markUpload');
  assert.deepEqual(done, ['planUpload', ...(firstSteps[message] ?? []), 'planUpload', 'markUpload']);
}

describe('an upload', { skip, timeout: 300_000 }, () => {
  it('takes exactly the messages that upload-states.md lists, each with a description', async () => {
    const { withWorkers } = await skippedTime();
    const held = documentedStates.find(({ name }) => name === 'held for a person');
    assert.ok(held);
    await withWorkers(stateOf(held).mocks, async (taskQueue) => {
      const handle = await start(taskQueue);
      await waitUntil('the wait', async () => (await handle.query(uploadState)).phase === 'held');
      const metadata = (await handle.query('__temporal_workflow_metadata')) as {
        definition: Record<
          'signalDefinitions' | 'updateDefinitions' | 'queryDefinitions',
          { name: string; description?: string }[]
        >;
      };
      const { signalDefinitions, updateDefinitions, queryDefinitions } = metadata.definition;
      const named = [...signalDefinitions, ...updateDefinitions].filter(({ name }) => !name.startsWith('__'));
      assert.deepEqual(named.map(({ name }) => name).toSorted(), documentedMessages.toSorted());
      const own = [...named, ...queryDefinitions.filter(({ name }) => ['state', 'history'].includes(name))];
      assert.deepEqual(
        own.filter(({ description }) => !description).map(({ name }) => name),
        [],
      );
      await handle.terminate();
    });
  });

  for (const state of documentedStates.filter(({ name }) => name in ways)) {
    for (const message of Object.keys(send) as (keyof typeof send)[]) {
      const effect = state.messages[message] ?? '';
      it(`that is ${state.name} and hears ${message}: ${effect}`, async () => {
        const { withWorkers } = await skippedTime();
        const { mocks, done, go, arrived } = stateOf(state);
        await withWorkers(mocks, async (taskQueue) => {
          const handle = await start(taskQueue);
          await arrived;
          await waitUntil(state.name, async () => {
            const { phase, waitsFor } = (await handle.query(uploadState)) as UploadState;
            return phase === state.phase && waitsFor === state.waitsFor;
          });
          const before = done.length;
          const told = send[message](handle);
          if (effect.startsWith('refused')) {
            await assert.rejects(told, WorkflowUpdateFailedError);
            assert.equal(done.length, before);
          } else {
            await told;
            if (effect.startsWith('wakes') || effect.startsWith('noted')) {
              go();
              const after = await waitUntil(`the effect of ${message}`, async () =>
                done.slice(before).find((one) => firstSteps[message]?.includes(one)),
              );
              assert.ok(after);
              if (state.name === 'planning' && goesFirst.has(message)) await sendsNothingBefore(done, message);
            } else {
              // The query is answered after the signal was taken in.
              await handle.query(uploadState);
              assert.deepEqual(done.slice(before), [], 'the wait goes on');
            }
          }
          go();
          await handle.terminate().catch(() => {});
        });
      });
    }
  }

  it('that is given up ends, and its history says so beside what it did before', async () => {
    const held = documentedStates.find(({ name }) => name === 'held for a person');
    assert.ok(held);
    const { withWorkers } = await skippedTime();
    const probes = stateOf(held, { ...common.waits, probeInterval: 200 });
    await withWorkers(probes.mocks, async (taskQueue) => {
      const handle = await start(taskQueue);
      const timesHeld = async () => (await handle.query(uploadHistory)).filter(({ step }) => step === 'held').length;
      await waitUntil('three probes, each in a run of its own', async () => (await timesHeld()) >= 3);
      await handle.executeUpdate(abandon, { args: [{ reason: 'A duplicate of another record' }] });
      await waitUntil('the end', async () => (await handle.describe()).status.name === 'COMPLETED');
      const steps = await handle.query(uploadHistory);
      assert.deepEqual(steps.map(({ step, code }) => `${step} ${code}`).slice(-2), [
        'stopped STOPPED',
        'planned settled',
      ]);
      const times = steps.map(({ at }) => at);
      assert.deepEqual(times, times.toSorted());
    });
  });
});

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { UploadPlan } from '../../src/activities/plan-upload.ts';
import { processedResult, recordChanged, retry, uploadState } from '../../src/workflows/messages.ts';
import { uploadRecord } from '../../src/workflows/upload-record.ts';
import { sharedStack, uniqueName } from '../support/shared-stack.ts';
import { waitUntil } from '../support/wait-until.ts';
import { hour, type Mocks } from './skipped-time.ts';
import { common, evidence, mark, nothing, onItsWay } from './upload-in-state.ts';

/** Workflows that the worker keeps in memory, far fewer than wait. */
const cached = 2;
const uploads = 15;

const held: UploadPlan = { kind: 'hold', mark: { ...mark, status: 'Needs data' }, ...common };
/** How an upload comes to wait, what wakes it, and what is seen of that. */
const waits = [
  { plan: held, phase: 'held', wake: recordChanged, signalArgs: [], effect: 'planned' },
  { plan: held, phase: 'held', wake: retry, signalArgs: [], effect: 'planned (retry)' },
  {
    plan: onItsWay(hour),
    phase: 'waitingForResult',
    wake: processedResult,
    signalArgs: [evidence],
    effect: 'settled',
  },
] as const;
const waitOf = (crmId: string) => waits[Number(crmId) % waits.length] ?? waits[0];

describe('an upload that the worker has dropped from memory', { timeout: 300_000 }, () => {
  const done = new Map<string, string[]>();
  let client: Client;
  let worker: Worker;
  let crm: Worker;
  let runs: Promise<unknown>;
  let end: () => Promise<void>;
  const taskQueue = uniqueName('evicted');

  const mocks: Mocks = {
    planUpload: async ({ crmId, retry: wanted }) => {
      const earlier = done.get(crmId);
      done.set(crmId, [...(earlier ?? []), wanted ? 'planned (retry)' : 'planned']);
      return earlier === undefined ? waitOf(crmId).plan : nothing;
    },
    markUpload: async () => undefined,
    settleUpload: async ({ crmId }) => {
      done.get(crmId)?.push('settled');
      return { accepted: true, code: 'ACCEPTED' };
    },
  };

  before(async () => {
    Runtime.install({ logger: new DefaultLogger('ERROR') });
    const { temporal } = await sharedStack();
    const { address, namespace } = temporal;
    const native = await NativeConnection.connect({ address });
    const connection = await Connection.connect({ address });
    client = new Client({ connection, namespace });
    const workflowBundle = await bundleWorkflowCode({
      workflowsPath: new URL('../../src/workflows/index.ts', import.meta.url).pathname,
      logger: new DefaultLogger('ERROR'),
    });
    const shared = { connection: native, namespace, activities: mocks };
    worker = await Worker.create({ ...shared, taskQueue, workflowBundle, maxCachedWorkflows: cached });
    crm = await Worker.create({ ...shared, taskQueue: `${taskQueue}-crm` });
    runs = Promise.all([worker.run(), crm.run()]);
    end = async () => {
      worker.shutdown();
      crm.shutdown();
      await runs;
      await connection.close();
      await native.close();
    };
  });
  after(() => end());

  it('hears every signal', async () => {
    const crmIds = Array.from({ length: uploads }, (_, number) => String(number));
    const handles = await Promise.all(
      crmIds.map((crmId) =>
        client.workflow.start(uploadRecord, {
          workflowId: `${taskQueue}/${crmId}`,
          taskQueue,
          args: [{ connection: 'main', object: 'opportunity', crmId }],
        }),
      ),
    );
    const waiting = async () => {
      const phases = await Promise.all(handles.map(async (handle) => (await handle.query(uploadState)).phase));
      return phases.every((phase, number) => phase === waitOf(String(number)).phase);
    };
    await waitUntil('all wait', waiting);
    const inMemory = () => worker.getStatus().numCachedWorkflows;
    await waitUntil('most are dropped', () => inMemory() <= cached);

    await Promise.all(
      handles.map((handle, number) => {
        const { wake, signalArgs } = waitOf(String(number));
        return handle.signal<unknown[]>(wake.name, ...signalArgs);
      }),
    );
    for (const [number, handle] of handles.entries()) {
      const { outcome } = await handle.result();
      const { effect } = waitOf(String(number));
      assert.equal(outcome, effect === 'settled' ? 'accepted' : 'nothing');
      assert.equal(done.get(String(number))?.[1], effect, `upload ${number}`);
    }
    assert.ok(inMemory() <= cached);
  });
});

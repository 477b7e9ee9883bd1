import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { abandon, processedResult, recordChanged, uploadHistory, uploadState } from '../../src/workflows/messages.ts';
import { uploadRecord } from '../../src/workflows/upload-record.ts';
import { uniqueName } from '../support/shared-stack.ts';
import { waitUntil } from '../support/wait-until.ts';
import { day, type Mocks, skip, skippedTime } from './skipped-time.ts';
import { common, evidence, file, mark, nothing, start } from './upload-in-state.ts';

const held = { kind: 'hold', mark: { ...mark, status: 'Needs data' }, ...common } as const;

/** Plans in order, the last for ever, and what each was asked for. */
function asked(...plans: readonly unknown[]) {
  const wishes: unknown[] = [];
  const mocks: Mocks = {
    planUpload: async ({ object: _object, crmId: _crmId, ...wish }) => {
      wishes.push(wish);
      return plans[Math.min(wishes.length, plans.length) - 1];
    },
    markUpload: async () => undefined,
    settleUpload: async () => ({ accepted: true, code: 'ACCEPTED' }),
  };
  return { mocks, wishes };
}

const malformed: readonly (readonly [signal: string, content: unknown])[] = [
  [recordChanged.name, { resend: 5 }],
  [recordChanged.name, { resend: 'stage' }],
  [recordChanged.name, { urgent: 'yes' }],
  [recordChanged.name, 5],
  [processedResult.name, undefined],
  [processedResult.name, {}],
  [processedResult.name, { ...evidence, journalSha: undefined }],
  [processedResult.name, { ...evidence, index: '0' }],
  [processedResult.name, { ...evidence, processedAt: 'yesterday' }],
];

describe('an upload that waits', { skip, timeout: 120_000 }, () => {
  it('ignores signals of a wrong shape, says so, and hears what comes after them', async () => {
    const { withWorkers } = await skippedTime();
    const { mocks, wishes } = asked(held, nothing);
    await withWorkers(mocks, async (taskQueue) => {
      const handle = await start(taskQueue);
      await waitUntil('the wait', async () => (await handle.query(uploadState)).phase === 'held');
      for (const [position, [signal, content]] of malformed.entries()) {
        await handle.signal(signal, content);
        const ignored = await waitUntil(`${signal} with ${JSON.stringify(content)} is ignored`, async () => {
          const steps = (await handle.query(uploadHistory)).filter(({ step }) => step === 'ignored');
          return steps.length > position ? steps : null;
        });
        assert.equal(ignored.at(-1)?.code, signal);
        const { currentDetails } = (await handle.query('__temporal_workflow_metadata')) as { currentDetails: string };
        assert.match(currentDetails, new RegExp(`Ignored a signal .${signal}.`));
      }
      assert.equal(wishes.length, 1, 'the wait goes on');
      await handle.signal(recordChanged, { resend: ['stage'] });
      await waitUntil('the next plan', () => wishes.length > 1);
      await handle.terminate().catch(() => {});
    });
    assert.deepEqual(wishes, [{ retry: false }, { retry: false, resend: ['stage'] }]);
  });

  it('refuses abandon without an object in one sentence', async () => {
    const { withWorkers } = await skippedTime();
    await withWorkers(asked(held).mocks, async (taskQueue) => {
      const handle = await start(taskQueue);
      await waitUntil('the wait', async () => (await handle.query(uploadState)).phase === 'held');
      const told = handle.executeUpdate(abandon.name, { args: [] });
      await assert.rejects(told, (error: unknown) => {
        assert.ok(error instanceof WorkflowUpdateFailedError);
        assert.match(String(error.cause), /Give a reason/);
        return true;
      });
      await handle.terminate();
    });
  });
});

describe('what an upload carries into a wait', { skip, timeout: 120_000 }, () => {
  async function carriedAs(carried: unknown): Promise<readonly unknown[]> {
    const { env, withWorkers } = await skippedTime();
    const { mocks, wishes } = asked(nothing);
    await withWorkers(mocks, async (taskQueue) => {
      const input = { connection: 'main', object: 'opportunity', crmId: '006000000000001AAA', carried };
      const handle = await env.client.workflow.start<(input: unknown) => ReturnType<typeof uploadRecord>>(
        uploadRecord.name,
        { workflowId: uniqueName('upload'), taskQueue, args: [input] },
      );
      await handle.result();
    });
    return wishes;
  }
  const wait = {
    kind: 'result',
    reason: 'Because.',
    fixBy: null,
    code: 'CODE',
    since: evidence.processedAt,
    send: file,
  };
  const first = { v: 1, evidence: [], retry: true, changed: false, wait: { ...wait, milliseconds: day } };

  it('is read as an earlier release wrote it', async () => {
    assert.deepEqual(await carriedAs(first), [{ retry: true }]);
  });

  it('keeps what a person wants', async () => {
    const today = { ...first, v: 2, urgent: true, resend: ['stage'], abandon: null, steps: [] };
    assert.deepEqual(await carriedAs(today), [{ urgent: true, retry: true, resend: ['stage'] }]);
  });

  it('is not guessed at when a later release wrote it', async () => {
    await assert.rejects(carriedAs({ ...first, v: 3 }), (error: unknown) => {
      assert.ok(error instanceof Error);
      assert.match(String(error.cause), /version 3, and this release reads 1 to 2/);
      return true;
    });
  });
});

describe('an urgent change', { skip, timeout: 120_000 }, () => {
  it('stays urgent when a plain one follows, and not beyond the wait that it ends in', async () => {
    const { withWorkers } = await skippedTime();
    const { promise: told, resolve: tell } = Promise.withResolvers<void>();
    const { mocks, wishes } = asked(held, held, nothing);
    const planUpload: Mocks['planUpload'] = async (input) => {
      const plan = await mocks.planUpload?.(input);
      await told;
      return plan;
    };
    await withWorkers({ ...mocks, planUpload }, async (taskQueue) => {
      const handle = await start(taskQueue);
      await waitUntil('the first plan', async () => wishes.length === 1);
      await handle.signal(recordChanged, { urgent: true });
      await handle.signal(recordChanged);
      tell();
      await handle.result();
    });
    assert.deepEqual(wishes, [{ retry: false }, { urgent: true, retry: false }, { retry: false }]);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { detectChanges } from '../../src/workflows/detect-changes.ts';
import {
  detectNow,
  fileState,
  type OutboundFileInput,
  type RecordOutcome,
  type ResultFileInput,
  resultHandled,
  retry,
  type Waits,
} from '../../src/workflows/messages.ts';
import { processOutboundFile } from '../../src/workflows/process-outbound-file.ts';
import { processResultFile } from '../../src/workflows/process-result-file.ts';
import { uniqueName } from '../support/shared-stack.ts';
import { waitUntil } from '../support/wait-until.ts';
import { day, hour, type Mocks, minute, skip, skippedTime } from './skipped-time.ts';

const waits: Waits = {
  resultTimeLimit: 30 * minute,
  probeInterval: day,
  parkedProbeInterval: day,
  detectInterval: minute,
  sweepInterval: day,
  deliverInterval: 10 * minute,
};
const file = { key: 'opportunity-outbound/a.json', etag: 'abc', size: 100, lastModified: '2026-03-02T09:00:00.000Z' };
const outbound: OutboundFileInput = { connection: 'main', object: 'opportunity', file, waits };
const outcome = (index: number, kind: RecordOutcome['outcome']): RecordOutcome => ({
  index,
  aceId: `O${index}`,
  crmId: null,
  outcome: kind,
  code: kind === 'parked' ? 'CRM_VALIDATION_RULE' : 'APPLIED',
});

/** A file of three records of which two cannot be saved until `cured`. */
function parkedFile() {
  const calls: string[] = [];
  const tried: (readonly number[])[] = [];
  const world = { cured: false };
  const mocks: Mocks = {
    downloadFile: async () => ({ kind: 'downloaded', journalSha: 'a', problems: [], indexes: [0, 1, 2] }),
    upsertRecords: async ({ indexes }) => {
      tried.push(indexes);
      return {
        outcomes: indexes.map((index) => outcome(index, index === 0 || world.cured ? 'applied' : 'parked')),
        observed: false,
      };
    },
    settleFile: async ({ outcome: said }) => {
      calls.push(said);
    },
  };
  return { mocks, calls, tried, world };
}

describe('a parked file', { skip, timeout: 120_000 }, () => {
  it('tries its parked records again after a day, and is deleted once none is parked', async () => {
    const { env, withWorkers } = await skippedTime();
    const { mocks, calls, tried, world } = parkedFile();
    await withWorkers(mocks, async (taskQueue) => {
      const start = await env.currentTimeMs();
      const handle = await env.client.workflow.start(processOutboundFile, {
        workflowId: uniqueName('file'),
        taskQueue,
        args: [outbound],
      });
      await env.sleep(day + hour);
      assert.equal(calls.includes('processed'), false);
      world.cured = true;
      const result = await handle.result();
      assert.equal(result.outcome, 'processed');
      assert.deepEqual(result.records, { applied: 3, unchanged: 0, superseded: 0, ignored: 0, parked: 0 });
      const took = Number((await handle.describe()).closeTime) - start;
      assert.ok(took >= 2 * day && took < 2 * day + hour, `${took} ms`);
    });
    assert.deepEqual(
      tried,
      [
        [0, 1, 2],
        [1, 2],
        [1, 2],
      ],
      'records that are saved are not written again',
    );
    assert.equal(calls.at(-1), 'processed');
  });

  it('tries only the records that a person names, and stays parked for the others', async () => {
    const { env, withWorkers } = await skippedTime();
    const { mocks, tried, world } = parkedFile();
    await withWorkers(mocks, async (taskQueue) => {
      const handle = await env.client.workflow.start(processOutboundFile, {
        workflowId: uniqueName('file'),
        taskQueue,
        args: [outbound],
      });
      await env.sleep(hour);
      world.cured = true;
      await handle.signal(retry, [2]);
      await env.sleep(hour);
      const { outcomes, step } = await handle.query(fileState);
      assert.equal(step, 'waiting for retry');
      assert.deepEqual(
        outcomes.map((one) => one.outcome),
        ['applied', 'parked', 'applied'],
      );
      await handle.signal(retry, []);
      assert.equal((await handle.result()).outcome, 'processed');
    });
    assert.deepEqual(tried, [[0, 1, 2], [2], [1]]);
  });

  for (const content of [5, '1', ['1'], { index: 1 }]) {
    it(`ignores a retry with ${JSON.stringify(content)}, and hears the next one`, async () => {
      const { env, withWorkers } = await skippedTime();
      const { mocks, tried, world } = parkedFile();
      await withWorkers(mocks, async (taskQueue) => {
        const handle = await env.client.workflow.start(processOutboundFile, {
          workflowId: uniqueName('file'),
          taskQueue,
          args: [outbound],
        });
        await waitUntil('the wait', async () => (await handle.query(fileState)).step === 'waiting for retry');
        world.cured = true;
        await handle.signal(retry.name, content);
        assert.equal((await handle.query(fileState)).step, 'waiting for retry');
        await handle.signal(retry, [1]);
        await handle.signal(retry, [2]);
        assert.equal((await handle.result()).outcome, 'processed');
      });
      assert.deepEqual(tried.flat().toSorted(), [0, 1, 1, 2, 2]);
    });
  }

  it('does not lose a retry that comes while the records are being written', async () => {
    const { env, withWorkers } = await skippedTime();
    const { mocks, tried, world } = parkedFile();
    const gate = Promise.withResolvers<void>();
    const entered = Promise.withResolvers<void>();
    const held: Mocks = {
      ...mocks,
      upsertRecords: async (input) => {
        entered.resolve();
        await gate.promise;
        const written = await mocks.upsertRecords?.(input);
        world.cured = true;
        return written;
      },
    };
    await withWorkers(held, async (taskQueue) => {
      const handle = await env.client.workflow.start(processOutboundFile, {
        workflowId: uniqueName('file'),
        taskQueue,
        args: [outbound],
      });
      await entered.promise;
      await handle.signal(retry, []);
      gate.resolve();
      const start = await env.currentTimeMs();
      await handle.result();
      assert.ok(Number((await handle.describe()).closeTime) - start < hour, 'it did not wait for the day');
    });
    assert.deepEqual(tried, [
      [0, 1, 2],
      [1, 2],
    ]);
  });
});

describe('a result file', { skip, timeout: 120_000 }, () => {
  const input: ResultFileInput = { connection: 'main', object: 'opportunity', file, waits };
  const part = (crmId: string) => ({
    crmId,
    evidence: { name: 'a.json', index: 0, journalSha: 'a', processedAt: '2026-03-02T09:05:00.000Z', success: true },
  });

  it('is delivered again, ever more slowly, until every upload has handled its part, then deleted', async () => {
    const { env, withWorkers } = await skippedTime();
    const delivered: (readonly string[])[] = [];
    let deleted = 0;
    const mocks: Mocks = {
      readResult: async () => ({ kind: 'readable', parts: [part('one'), part('two')] }),
      deliverResult: async ({ parts }) => {
        delivered.push(parts.map(({ crmId }) => crmId));
      },
      deleteFile: async () => {
        deleted += 1;
        return { kind: 'deleted' };
      },
    };
    await withWorkers(mocks, async (taskQueue) => {
      const handle = await env.client.workflow.start(processResultFile, {
        workflowId: uniqueName('result'),
        taskQueue,
        args: [input],
      });
      await waitUntil('the first delivery', () => delivered.length > 0);
      await env.sleep(5 * minute);
      await handle.signal(resultHandled, { crmId: 'one', name: 'a.json' });
      await handle.signal(resultHandled, { crmId: 'one', name: 'a.json' });
      await handle.signal(resultHandled.name);
      await env.sleep(35 * minute);
      assert.equal(deleted, 0);
      await handle.signal(resultHandled, { crmId: 'two', name: 'a.json' });
      assert.equal((await handle.result()).outcome, 'handled');
    });
    assert.deepEqual(delivered, [['one', 'two'], ['two'], ['two']]);
    assert.equal(deleted, 1);
  });
});

describe('the detector', { skip, timeout: 120_000 }, () => {
  it('begins with a full sweep, goes on from its cursors, and sweeps again after a day', async () => {
    const { env, withWorkers } = await skippedTime();
    const sweeps: number[] = [];
    let rounds = 0;
    const cursor = { opportunity: { since: '2026-03-02T09:00:00.000Z' } };
    const mocks: Mocks = {
      detectChanges: async ({ cursors, sweep }) => {
        rounds += 1;
        if (sweep === true) sweeps.push(await env.currentTimeMs());
        assert.deepEqual(cursors, rounds === 1 ? {} : cursor);
        return {
          cursors: cursor,
          seen: 0,
          signalled: 0,
          actions: 0,
          missed: 0,
          waits: { ...waits, detectInterval: hour },
          reason: null,
          refused: 'The CRM refuses writes on a row, which is no reason to sweep again.',
        };
      },
    };
    await withWorkers(mocks, async (taskQueue) => {
      const handle = await env.client.workflow.start(detectChanges, {
        workflowId: uniqueName('detector'),
        taskQueue,
        args: [{ connection: 'main' }],
      });
      await waitUntil('the first round', () => rounds > 0);
      await env.sleep(49 * hour);
      const before = rounds;
      await handle.signal(detectNow);
      await env.sleep(minute);
      assert.ok(rounds > before, 'looks at once when asked to');
      await handle.terminate('The test is done.');
    });
    assert.ok(sweeps.length >= 2);
    for (const [position, at] of sweeps.slice(1).entries()) assert.ok(at - Number(sweeps[position]) >= day);
    assert.ok(rounds > 10 * sweeps.length, 'most rounds look at what changed only');
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import type { HeldMark } from '../../src/activities/decide-upload.ts';
import type { Evidence } from '../../src/activities/look-for-evidence.ts';
import type { UploadPlan } from '../../src/activities/plan-upload.ts';
import type { Send } from '../../src/mapping/sync-state.ts';
import {
  processedResult,
  type ResultEvidence,
  recordChanged,
  retry,
  type UploadInput,
  uploadState,
  type Waits,
} from '../../src/workflows/messages.ts';
import { uploadRecord } from '../../src/workflows/upload-record.ts';
import { uniqueName } from '../support/shared-stack.ts';
import { day, hour, type Mocks, minute, skip, skippedTime } from './skipped-time.ts';

const waits: Waits = {
  resultTimeLimit: 30 * minute,
  probeInterval: day,
  parkedProbeInterval: day,
  detectInterval: minute,
  sweepInterval: day,
  deliverInterval: 10 * minute,
};
const input: UploadInput = { connection: 'main', object: 'opportunity', crmId: '006000000000001AAA' };
const mark = (code: string, status: HeldMark['status'] = 'Needs data'): HeldMark => ({
  status,
  code,
  reason: `Because of ${code}.`,
  fixBy: 'salesPerson',
  problems: [],
});
const send = (attempt: number, kind: Send['kind'] = 'update'): Send => ({
  name: `one-opportunity-006000000000001AAA-0a1b2c3d-${attempt}_03022026090000.json`,
  sha: '0a1b2c3d',
  at: '2026-03-02T09:00:00.000Z',
  kind,
  fields: {},
});
const result = (name: string): ResultEvidence => ({
  name,
  index: 0,
  journalSha: 'a'.repeat(64),
  processedAt: '2026-03-02T09:05:00.000Z',
  success: true,
  replyTo: null,
});
const common = { waits, aceId: null } as const;
const nothing: UploadPlan = { kind: 'settled', outcome: 'nothing', mark: null, ...common };
const hold: UploadPlan = { kind: 'hold', mark: mark('ACE_STATE_REQUIRED'), ...common };
const inReview: UploadPlan = { kind: 'wait', mark: mark('ACE_IN_REVIEW', 'In AWS review'), ...common };
const inFlight = (kind: Send['kind'] = 'update'): UploadPlan => ({
  kind: 'inFlight',
  send: send(1, kind),
  shared: false,
  ...common,
});

/** Plans in order; the last stands for ever. */
function story(plans: readonly UploadPlan[], evidence: readonly Evidence[] = []) {
  const calls: string[] = [];
  let planned = 0;
  let looked = 0;
  let settled = false;
  const note = (call: string) => {
    calls.push(call);
  };
  const mocks: Mocks = {
    planUpload: async ({ retry: wanted }) => {
      note(wanted ? 'plan (retry)' : 'plan');
      return plans[settled ? plans.length - 1 : Math.min(planned++, plans.length - 1)];
    },
    writeIntent: async () => ({ kind: 'written' }),
    putFile: async ({ adopted }) => {
      note(adopted ? 'put (adopted)' : 'put');
      return { kind: 'put' };
    },
    markUpload: async ({ mark: shown }) => note(`mark ${shown?.code ?? 'nothing'}`),
    lookForEvidence: async () => {
      note('look');
      return evidence[Math.min(looked++, evidence.length - 1)];
    },
    releaseIntent: async () => note('release'),
    settleUpload: async () => {
      note('settle');
      settled = true;
      return { accepted: true, code: 'ACCEPTED' };
    },
  };
  return { mocks, calls };
}

async function run(
  told: ReturnType<typeof story>,
  act: (handle: {
    signal: (name: typeof retry | typeof recordChanged | typeof processedResult, ...args: never[]) => Promise<void>;
    state: () => Promise<{ phase: string; code: string | null; since: string | null }>;
    sleep: (milliseconds: number) => Promise<void>;
  }) => Promise<void> = async () => {},
): Promise<number> {
  const { env, withWorkers } = await skippedTime();
  return withWorkers(told.mocks, async (taskQueue) => {
    const start = await env.currentTimeMs();
    const handle = await env.client.workflow.start(uploadRecord, {
      workflowId: uniqueName('upload'),
      taskQueue,
      args: [input],
    });
    await act({
      signal: (signal, ...args) => handle.signal(signal as typeof retry, ...(args as [])),
      state: () => handle.query(uploadState),
      sleep: (milliseconds) => env.sleep(milliseconds),
    });
    await handle.result();
    const { closeTime } = await handle.describe();
    return Number(closeTime) - start;
  });
}

describe('an upload', { skip, timeout: 240_000 }, () => {
  it('that is held looks again after a day though nobody acted', async () => {
    const told = story([hold, nothing]);
    const took = await run(told);
    assert.ok(took >= day && took < day + hour, `${took} ms`);
    assert.deepEqual(told.calls, ['plan', 'mark ACE_STATE_REQUIRED', 'plan', 'mark nothing']);
  });

  for (const [signal, second] of [
    [recordChanged, 'plan'],
    [retry, 'plan (retry)'],
  ] as const) {
    it(`that is held wakes on ${signal.name} and does not wait for the day`, async () => {
      const told = story([hold, nothing]);
      const took = await run(told, async (upload) => {
        await upload.sleep(hour);
        const state = await upload.state();
        assert.deepEqual([state.phase, state.code], ['held', 'ACE_STATE_REQUIRED']);
        await upload.signal(signal);
      });
      assert.ok(took < 2 * hour, `${took} ms`);
      assert.deepEqual(told.calls.slice(2), [second, 'mark nothing']);
    });
  }

  it('waits through a review of ten days, and remembers since when', async () => {
    const told = story([...Array.from({ length: 10 }, () => inReview), nothing]);
    let since: string | null = null;
    const took = await run(told, async (upload) => {
      await upload.sleep(hour);
      since = (await upload.state()).since;
      await upload.sleep(5 * day);
      const later = await upload.state();
      assert.deepEqual([later.phase, later.since], ['waiting', since]);
    });
    assert.ok(since);
    assert.ok(took >= 10 * day && took < 11 * day, `${took} ms`);
  });

  it('that ACE was too busy for is sent again after the pause, which its timer says', async () => {
    const later: UploadPlan = {
      kind: 'wait',
      mark: mark('TRY_AGAIN_LATER', 'Sending'),
      milliseconds: 10 * minute,
      ...common,
    };
    const told = story([later, nothing]);
    const took = await run(told);
    assert.ok(took >= 10 * minute && took < hour, `${took} ms`);
    assert.deepEqual(told.calls, ['plan', 'mark TRY_AGAIN_LATER', 'plan', 'mark nothing']);
  });

  it('without a result looks for evidence after the time limit, and settles what it finds', async () => {
    const told = story([inFlight(), inFlight(), nothing], [{ kind: 'result', evidence: result(send(1).name) }]);
    const took = await run(told);
    assert.ok(took >= 30 * minute && took < hour, `${took} ms`);
    assert.deepEqual(told.calls, ['plan', 'put (adopted)', 'plan', 'look', 'settle', 'plan', 'mark nothing']);
  });

  it('whose file ACE has not taken sends nothing else, and looks again', async () => {
    const pending: Evidence = { kind: 'pending', mark: mark('INBOUND_PRESENT', 'Sending'), milliseconds: 30 * minute };
    const found: Evidence = { kind: 'result', evidence: result(send(1).name) };
    const told = story([inFlight(), inFlight(), inFlight(), inFlight(), nothing], [pending, pending, found]);
    await run(told);
    assert.equal(told.calls.filter((call) => call.startsWith('put')).length, 1);
    assert.equal(told.calls.filter((call) => call === 'look').length, 3);
    assert.ok(!told.calls.includes('release'));
  });

  it('whose file could not be put, and whose fate nobody could see, knows later that it never went out', async () => {
    const pending: Evidence = { kind: 'pending', mark: mark('INBOUND_UNKNOWN', 'Sending'), milliseconds: 30 * minute };
    const told = story([inFlight('create'), inFlight('create'), nothing], [pending, { kind: 'neverSent' }]);
    const acknowledged: boolean[] = [];
    const changed = ApplicationFailure.nonRetryable('The record changed.', 'RENDER_CHANGED');
    await run({
      ...told,
      mocks: {
        ...told.mocks,
        putFile: () => Promise.reject(changed),
        lookForEvidence: (asked) => {
          acknowledged.push(asked.acknowledged);
          return told.mocks.lookForEvidence?.(asked) ?? assert.fail();
        },
      },
    });
    assert.deepEqual(acknowledged, [false, false]);
  });

  it('whose file may have been put already, which nobody can see, waits instead of putting it', async () => {
    const pending: Evidence = { kind: 'pending', mark: mark('INBOUND_UNKNOWN', 'Sending'), milliseconds: 30 * minute };
    const told = story([inFlight('create'), inFlight('create'), nothing], [pending]);
    const unseen: Mocks = { ...told.mocks, putFile: async () => ({ kind: 'unseen' }) };
    await run({ ...told, mocks: unseen }, async (upload) => {
      await upload.sleep(10 * minute);
      assert.deepEqual(told.calls, ['plan', 'look', 'mark INBOUND_UNKNOWN']);
      await upload.signal(processedResult, result(send(1).name) as never);
    });
    assert.deepEqual(told.calls.slice(3), ['settle', 'plan', 'mark nothing']);
  });

  it('whose update ACE took without an answer renders anew', async () => {
    const told = story([inFlight(), inFlight(), nothing], [{ kind: 'released' }]);
    await run(told);
    assert.deepEqual(told.calls, ['plan', 'put (adopted)', 'plan', 'look', 'release', 'plan', 'mark nothing']);
  });

  it('whose new record ACE took without an answer is never sent again by itself, only by a person', async () => {
    const lost: Evidence = { kind: 'lost', mark: mark('CREATE_WITHOUT_RESULT', 'Held'), milliseconds: day };
    const create = inFlight('create');
    const told = story([create, create, create, create, create, nothing], [lost]);
    await run(told, async (upload) => {
      await upload.sleep(2 * day);
      assert.ok(!told.calls.includes('release'));
      const state = await upload.state();
      assert.deepEqual([state.phase, state.code], ['held', 'CREATE_WITHOUT_RESULT']);
      await upload.signal(retry);
    });
    assert.equal(told.calls.filter((call) => call === 'release').length, 1);
    assert.equal(told.calls[told.calls.indexOf('release') + 1], 'plan (retry)', 'also what ACE refused before');
  });

  it('whose new record ACE is working on is not sent again because an impatient person says retry', async () => {
    const lost: Evidence = { kind: 'lost', mark: mark('CREATE_WITHOUT_RESULT', 'Held'), milliseconds: day };
    const told = story([inFlight('create'), inFlight('create'), nothing], [lost]);
    await run(told, async (upload) => {
      for (const _ of [1, 2, 3]) {
        await upload.sleep(minute);
        await upload.signal(retry);
      }
      await upload.sleep(minute);
      await upload.signal(processedResult, result(send(1).name) as never);
    });
    assert.equal(told.calls.includes('release'), false);
    assert.equal(told.calls.includes('mark CREATE_WITHOUT_RESULT'), false, 'nobody is alarmed within the time limit');
  });

  it('takes a result that comes hours after the time limit', async () => {
    const pending: Evidence = { kind: 'pending', mark: mark('INBOUND_UNKNOWN', 'Sending'), milliseconds: day };
    const told = story([inFlight(), inFlight(), nothing], [pending]);
    const took = await run(told, async (upload) => {
      await upload.sleep(6 * hour);
      await upload.signal(processedResult, result(send(1).name) as never);
    });
    assert.ok(took < 7 * hour, `${took} ms`);
    assert.deepEqual(told.calls.slice(-3), ['settle', 'plan', 'mark nothing']);
  });

  it('takes the same result twice as one', async () => {
    const told = story([inFlight(), inFlight(), nothing], [{ kind: 'released' }]);
    await run(told, async (upload) => {
      await upload.signal(processedResult, result(send(1).name) as never);
      await upload.signal(processedResult, result(send(1).name) as never);
    });
    assert.equal(told.calls.includes('look'), false);
  });
});

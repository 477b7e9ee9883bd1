import type { UploadPlan } from '../../src/activities/plan-upload.ts';
import type { Send } from '../../src/mapping/sync-state.ts';
import type { ResultEvidence } from '../../src/workflows/messages.ts';
import { uploadRecord } from '../../src/workflows/upload-record.ts';
import { uniqueName } from '../support/shared-stack.ts';
import { day, hour, type Mocks, minute, skippedTime } from './skipped-time.ts';

export const file: Send = {
  name: 'one-opportunity-006000000000001AAA-0a1b2c3d-1_03022026090000.json',
  sha: '0a1b2c3d',
  at: '2026-03-02T09:00:00.000Z',
  kind: 'update',
  fields: {},
};
export const evidence: ResultEvidence = {
  name: file.name,
  index: 0,
  journalSha: 'a'.repeat(64),
  processedAt: '2026-03-02T09:05:00.000Z',
  success: true,
  replyTo: null,
};
export const mark = { code: 'SOME_CODE', reason: 'Because.', fixBy: 'salesPerson', problems: [] } as const;
export const common = {
  waits: {
    resultTimeLimit: 30 * minute,
    probeInterval: day,
    parkedProbeInterval: day,
    detectInterval: minute,
    sweepInterval: day,
    deliverInterval: minute,
  },
  aceId: null,
} as const;
export const nothing: UploadPlan = { kind: 'settled', outcome: 'nothing', mark: null, ...common };
export const onItsWay = (resultTimeLimit: number): UploadPlan => ({
  kind: 'inFlight',
  send: file,
  shared: true,
  ...common,
  waits: { ...common.waits, resultTimeLimit },
});

/** The plan with which an upload comes into each state, and the step in which it is held there. */
export const ways: Readonly<Record<string, { readonly plan: UploadPlan; readonly stuckIn?: keyof Mocks }>> = {
  planning: { plan: { kind: 'send', send: file, ...common }, stuckIn: 'planUpload' },
  sending: { plan: { kind: 'send', send: file, ...common }, stuckIn: 'putFile' },
  waitingForResult: { plan: onItsWay(hour) },
  'held for a person': { plan: { kind: 'hold', mark: { ...mark, status: 'Needs data' }, ...common } },
  'waiting for a result': { plan: onItsWay(1) },
  'waiting for a time': {
    plan: { kind: 'wait', mark: { ...mark, status: 'Sending' }, milliseconds: hour, ...common },
  },
  'waiting for a state': { plan: { kind: 'wait', mark: { ...mark, status: 'In AWS review' }, ...common } },
};

/** An upload of the record whose file and evidence stand above. */
export async function start(taskQueue: string) {
  const { env } = await skippedTime();
  return env.client.workflow.start(uploadRecord, {
    workflowId: uniqueName('upload'),
    taskQueue,
    args: [{ connection: 'main', object: 'opportunity', crmId: '006000000000001AAA' }],
  });
}

import { type Client, QueryNotRegisteredError, ServiceError, WorkflowNotFoundError } from '@temporalio/client';
import type { OutcomeLine } from '../journal/journal.ts';
import { detectorState, type RecordOutcomeKind, recordOutcomeKinds } from '../workflows/messages.ts';
import { searchAttributeOf } from '../workflows/search-attributes.ts';
import { detectorWorkflowId, schedulesOf } from './schedules.ts';

/** Something that waits for a person or a state, and the way to it. */
export interface HeldItem {
  readonly workflowId: string;
  readonly kind: 'upload' | 'outboundFile' | 'resultFile';
  readonly outcome: string;
  readonly reason: string;
  readonly crmId: string | null;
  readonly file: string | null;
  readonly since: string;
}

export interface ConnectionStatus {
  readonly outboundFiles: number;
  readonly outboundRecords: Readonly<Record<RecordOutcomeKind, number>>;
  readonly filesRejected: number;
  readonly uploads: { readonly accepted: number; readonly held: number; readonly waiting: number };
  /** Why nothing goes to AWS at present: a hold, the API limit, a fault of the CRM; null when it does. */
  readonly heldConnection: string | null;
  /** Workflows that work right now. */
  readonly working: number;
  /** Workflows that ended otherwise than they should, and running ones that wait without a reason. */
  readonly unexplained: number;
  readonly held: readonly HeldItem[];
  readonly pausedSchedules: readonly string[];
}

/** What a running workflow with one of these outcomes does is explained: it waits and says why. */
const explained = new Set(['held', 'waiting', 'parked', 'rejected']);

const kinds = { uploadRecord: 'upload', processOutboundFile: 'outboundFile', processResultFile: 'resultFile' } as const;

/** The state of a connection from the client's side: computed from Temporal and the journal, not told by workers. */
export async function readStatus(
  client: Client,
  connection: string,
  outcomes: readonly OutcomeLine[],
): Promise<ConnectionStatus> {
  const mine = `AceConnection = '${connection}'`;
  const types = `WorkflowType IN (${Object.keys(kinds)
    .map((type) => `'${type}'`)
    .join(', ')})`;
  const held: HeldItem[] = [];
  let working = 0;
  for await (const run of client.workflow.list({ query: `${mine} AND ${types} AND ExecutionStatus = 'Running'` })) {
    const outcome = searchAttributeOf(run.typedSearchAttributes, 'AceOutcome');
    if (outcome === null || !explained.has(outcome)) {
      working += 1;
      continue;
    }
    held.push({
      workflowId: run.workflowId,
      kind: kinds[run.type as keyof typeof kinds],
      outcome,
      reason: searchAttributeOf(run.typedSearchAttributes, 'AceReason') ?? '',
      crmId: searchAttributeOf(run.typedSearchAttributes, 'AceCrmId'),
      file: searchAttributeOf(run.typedSearchAttributes, 'AceFile'),
      since: run.startTime.toISOString(),
    });
  }
  const ended = `ExecutionStatus IN ('Failed', 'Terminated', 'TimedOut')`;
  const { count: failed } = await client.workflow.count(`${mine} AND ${ended}`);
  return {
    ...countLedger(outcomes.filter((line) => line.connection === connection)),
    uploads: {
      accepted: new Set(
        outcomes.filter((line) => line.kind === 'upload' && line.outcome === 'accepted').map((line) => line.file),
      ).size,
      held: held.filter((item) => item.kind === 'upload' && item.outcome === 'held').length,
      waiting: held.filter((item) => item.kind === 'upload' && item.outcome === 'waiting').length,
    },
    heldConnection: await heldConnection(client, connection),
    working,
    unexplained: failed,
    held,
    pausedSchedules: await pausedSchedules(client, connection),
  };
}

/** What the detector said last. Without an answer no worker runs, which is the most important thing to know. */
async function heldConnection(client: Client, connection: string): Promise<string | null> {
  try {
    const { reason } = await client.workflow.getHandle(detectorWorkflowId(connection)).query(detectorState);
    return reason;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError)
      return 'Change detection does not run: start it with ace-sync schedules.';
    if (error instanceof ServiceError || error instanceof QueryNotRegisteredError)
      return 'No worker answers: start ace-sync worker.';
    throw error;
  }
}

function countLedger(outcomes: readonly OutcomeLine[]) {
  const files = outcomes.filter((line) => line.kind === 'outboundFile');
  const records = outcomes.filter((line) => line.kind === 'outboundRecord');
  const count = (kind: RecordOutcomeKind) => records.filter((line) => line.outcome === kind).length;
  return {
    outboundFiles: files.length,
    outboundRecords: Object.fromEntries(recordOutcomeKinds.map((kind) => [kind, count(kind)])) as Record<
      RecordOutcomeKind,
      number
    >,
    filesRejected: files.filter((line) => line.outcome === 'rejected').length,
  };
}

async function pausedSchedules(client: Client, connection: string): Promise<readonly string[]> {
  const paused: string[] = [];
  for (const handle of await schedulesOf(client, connection)) {
    const { state } = await handle.describe();
    if (state.paused) paused.push(handle.scheduleId);
  }
  return paused;
}

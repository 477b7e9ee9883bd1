import type { AceRecord } from '../ace/ace-record.ts';
import type { CrmRecord, CrmValue, Linked, SharedObject, WriteOutcome } from '../crm/crm.ts';
import { fixByLabels, type Problem } from '../errors.ts';
import { finishInbound, type InboundInput, type InboundPlan, planDuplicate, planInbound } from '../mapping/inbound.ts';
import type { ReasonCode } from '../mapping/reasons.ts';
import { decideLife, isLifeDue } from '../mapping/record-life.ts';
import { reasonWrites, saysParked } from '../mapping/row-status.ts';
import { saysTheSame } from '../mapping/says-the-same.ts';
import { type ReceivedState, writeState } from '../mapping/sync-state.ts';
import type { FileReference, RecordOutcome, RecordOutcomeKind } from '../workflows/messages.ts';
import { awaitedSend } from './awaited-send.ts';
import { decideUpload, isDue, markOf, obstacles } from './decide-upload.ts';
import type { Dependencies } from './dependencies.ts';
import { expectWritten } from './expect-written.ts';
import { inboundChanges } from './inbound-changes.ts';
import { inboundInput } from './inbound-input.ts';
import { type LinkedState, readRecord, writeRow } from './linked-records.ts';
import { nobodyMakes, withRowMade } from './maker.ts';
import { sayForeign } from './mark-upload.ts';
import { retryParkedRecord } from './retry-parked-files.ts';
import { settleDuplicates } from './settle-duplicates.ts';
import { endReferralLead, settleReferralLead } from './settle-referral-lead.ts';
import { noteWrites } from './settle-relations.ts';
import { signalUpload } from './signal-upload.ts';
import { wakeAnswer } from './wake-answer.ts';
import { announced } from './write-journaled.ts';
import { prepareRecord, type WrittenRecord, writeRecord } from './write-record.ts';

export type AppliedRecord = Omit<RecordOutcome, 'index' | 'aceId'>;

export interface RecordInput {
  readonly object: SharedObject;
  readonly file: FileReference;
  readonly record: AceRecord;
  readonly aceId: string | null;
  readonly state: LinkedState;
}

const outcomeOf: Readonly<Record<InboundPlan['outcome'], RecordOutcomeKind>> = {
  apply: 'applied',
  unchanged: 'unchanged',
  superseded: 'superseded',
  ignored: 'ignored',
  parked: 'parked',
};

/** One record of an outbound file: plan, CRM record, read back, companion row, and whoever that wakes. */
export async function applyRecord(deps: Dependencies, input: RecordInput): Promise<AppliedRecord> {
  const { obstacle, linked } = input.state;
  if (obstacle !== null) {
    const mark = markOf('Held', [obstacles[obstacle]]);
    if (obstacle === 'foreign' && deps.config.mode !== 'observe') await sayForeign(deps, input.state, mark);
    return { crmId: linked.record?.id ?? null, ...parkedBy(obstacles[obstacle]) };
  }
  if (isLifeDue(linked)) await wakeForLife(deps, input.object, input.state);
  const plan = await planInbound(await planningOf(deps, input));
  if (deps.config.mode === 'observe') return { crmId: linked.record?.id ?? null, ...outcomeOfPlan(plan) };
  const { object, file, record, aceId, state } = input;
  if (!plan.creates || aceId === null) return writePlan(deps, input, plan);

  const duplicate = await settleDuplicates(deps, { object, file, record, aceId, state });
  switch (duplicate.kind) {
    case 'create':
      return writePlan(deps, input, plan);
    case 'plan':
      return writePlan(deps, input, planDuplicate(await planningOf(deps, input), duplicate.verdict));
    case 'linked': {
      const linkedInput = { ...input, state: duplicate.state };
      return writePlan(deps, linkedInput, await planInbound(await planningOf(deps, linkedInput)));
    }
  }
}

async function planningOf(
  deps: Dependencies,
  { object, file, record, aceId, state }: RecordInput,
): Promise<InboundInput> {
  const stamped = { ...state, stamp: { ...state.stamp, aceId: state.stamp.aceId ?? aceId } };
  return inboundInput(deps, object, record, file, stamped, await awaitedSend(deps, object, state));
}

async function writePlan(deps: Dependencies, input: RecordInput, plan: InboundPlan): Promise<AppliedRecord> {
  const lead = await settleReferralLead(deps, input, plan);
  if (lead.kind === 'refused' || lead.kind === 'later') return parkRecord(deps, input, plan, lead);
  const settled = await prepareRecord(deps, input, plan);
  if (settled.refused !== null) return notWritten(deps, input, plan, settled.refused);
  const rowWrites = { ...plan.rowWrites, ...(lead.kind === 'written' ? { Referral_Lead__c: lead.id } : {}) };
  const changes = inboundChanges(deps, input, plan, settled.fields, rowWrites);
  return announced(deps, [...changes.record, ...changes.row], async (answered) => {
    const { outcome, notes } = await writeRecord(deps, input, plan, settled, changes.record, answered);
    if (outcome.kind !== 'written' && outcome.kind !== 'none') {
      answered(changes.row, outcome.kind);
      return notWritten(deps, input, plan, outcome);
    }
    const told = [...notes, ...(await endReferralLead(deps, input, plan))];
    const noteRow = (answer: WriteOutcome['kind'], made: string | null) => answered(changes.row, answer, made);
    return finishPlan(deps, input, plan, outcome, { ...rowWrites, ...noteWrites(told) }, noteRow);
  });
}

async function notWritten(
  deps: Dependencies,
  input: RecordInput,
  plan: InboundPlan,
  outcome: Exclude<WriteOutcome, { kind: 'written' }>,
): Promise<AppliedRecord> {
  if (outcome.kind !== 'older') return parkRecord(deps, input, plan, outcome);
  return { crmId: input.state.linked.record?.id ?? null, outcome: 'superseded', code: 'OLDER_VERSION' };
}

/** The companion row, once the record is written, and whoever that wakes. */
async function finishPlan(
  deps: Dependencies,
  input: RecordInput,
  plan: InboundPlan,
  written: Extract<WrittenRecord['outcome'], { kind: 'written' | 'none' }>,
  writes: Readonly<Record<string, CrmValue>>,
  answered: (answer: WriteOutcome['kind'], made: string | null) => void,
): Promise<AppliedRecord> {
  const { object, state } = input;
  const recordId = written.kind === 'written' ? written.id : (state.linked.record?.id ?? null);
  const after = await readAfter(deps, input, recordId, written.kind === 'written' ? written.record : undefined);
  const received = plan.finish === null ? null : receivedNow(input, finishInbound(plan, withRowWrites(after, plan)));
  const rowWrites = {
    ...writes,
    ...nobodyMakes(plan),
    ...(received === null ? {} : { Received_State__c: writeState(received) }),
  };
  if (Object.keys(rowWrites).length > 0) {
    const outcome = await writeRow(deps, object, after, rowWrites);
    answered(outcome.kind, recordId);
    expectWritten(outcome, `companion row of ${plan.aceId}`);
  }
  const settled = { ...after, linked: withRowWrites(after, plan), received };
  if (recordId !== null && received !== null) await wakeUpload(deps, object, recordId, state, settled);
  else if (recordId === null) await wakeAnswer(deps, object, settled);
  // An earlier version that waits in a parked file is overtaken now.
  if (received !== null && saysParked(state.linked.row?.fields ?? null)) await retryParkedRecord(deps, plan.aceId);
  return { crmId: recordId, ...outcomeOfPlan(plan) };
}

/**
 * The state to keep; null when a replayed file agrees on nothing new. Of delivered files the state names the last one
 * also when nothing differs, because versions of the same second are told apart by it (design.md, rule 6).
 */
function receivedNow({ file, state }: RecordInput, received: ReceivedState): ReceivedState | null {
  return file.replayed === true && saysTheSame(state.sent, state.received, received) ? null : received;
}

function outcomeOfPlan(plan: InboundPlan): Omit<AppliedRecord, 'crmId'> {
  const outcome = outcomeOf[plan.outcome];
  const [problem] = plan.problems;
  const code = plan.reasonCode;
  if (outcome !== 'parked' || problem === undefined) return { outcome, code };
  return { outcome, code, problem, ...(soonOver.has(code) ? { retryAfterMs: momentsMs } : {}) };
}

/** What the upload of the record puts right within moments, and after how many milliseconds it is tried again. */
const soonOver: ReadonlySet<string> = new Set<ReasonCode>(['ANSWER_AWAITED', 'CRM_RECORD_MERGED', 'CRM_LINK_COPIED']);
const momentsMs = 60_000;

/** A row the CRM refuses is parked with its reason, on the companion row too, so that a create without record has a place for it. */
async function parkRecord(
  deps: Dependencies,
  { object, aceId, state }: RecordInput,
  plan: InboundPlan,
  written: Extract<WriteOutcome, { kind: 'refused' | 'later' }>,
): Promise<AppliedRecord> {
  const { problem } = written;
  const now = deps.now().toISOString();
  const row = state.linked.row?.fields ?? null;
  const parked: LinkedState = { ...state, stamp: { ...state.stamp, aceId: state.stamp.aceId ?? aceId } };
  const writes = {
    ...reasonWrites(row, 'Needs attention', null, now),
    Reason_Code__c: problem.code,
    Reason__c: `${problem.message} ${problem.fix}`.slice(0, 255),
    Fix_By__c: fixByLabels[problem.fixBy],
    Details__c: `From AWS, not written: ${problem.message} ${problem.fix} [${problem.code}]`,
    ...nobodyMakes(plan),
  };
  if (parked.stamp.aceId !== null || parked.stamp.recordId !== null) {
    expectWritten(await writeRow(deps, object, parked, writes), `companion row of ${plan.aceId}`);
  }
  const life = decideLife(state.linked, written);
  const later = life.do === 'wait' ? { retryAfterMs: life.retryAfterMs } : {};
  return { crmId: state.linked.record?.id ?? null, ...parkedBy(problem), ...later };
}

const parkedBy = (problem: Problem): Omit<AppliedRecord, 'crmId'> => ({
  outcome: 'parked',
  code: problem.code,
  problem,
});

/** What became of the record is its upload's to follow; what came in for it waits for that. */
async function wakeForLife(deps: Dependencies, object: SharedObject, { linked, stamp }: LinkedState): Promise<void> {
  const id = linked.record?.id ?? stamp.recordId;
  if (deps.config.mode === 'live' && id !== null) await signalUpload(deps, object, id, { signal: 'recordChanged' });
}

/** The record as the CRM holds it after the write: its own normalisation is part of what both sides agree on. */
async function readAfter(
  deps: Dependencies,
  { object, aceId, state }: RecordInput,
  recordId: string | null,
  readBack: CrmRecord | undefined,
): Promise<LinkedState> {
  const record = readBack ?? (recordId === null ? null : await readRecord(deps, object, recordId));
  const stamp = { ...state.stamp, recordId: recordId ?? state.stamp.recordId, aceId: state.stamp.aceId ?? aceId };
  const after = { ...state, linked: { ...state.linked, record }, stamp };
  return state.linked.record === null ? withRowMade(after, object, stamp.aceId) : after;
}

/** What the row will hold once the plan's writes are done; they go out in one call with the state that describes them. */
function withRowWrites({ linked, stamp }: LinkedState, plan: InboundPlan): Linked {
  const row = linked.row ?? { id: '', aceId: stamp.aceId, crmId: stamp.recordId, fields: {}, systemModstamp: '' };
  return { record: linked.record, row: { ...row, fields: { ...row.fields, ...plan.rowWrites } } };
}

/** Follow-ups come from state, never from "created": whatever is due now wakes the record's upload (design.md, rule 10). */
async function wakeUpload(
  deps: Dependencies,
  object: SharedObject,
  crmId: string,
  before: LinkedState,
  after: LinkedState,
): Promise<void> {
  if (deps.config.mode !== 'live') return;
  const [was, is] = await Promise.all(
    [before, after].map((state) => decideUpload(deps, object, state, { retry: false })),
  );
  if (was === undefined || is === undefined) return;
  // An upload that waited or was held for what this export changes is told, also when nothing is left to send.
  const over = (was.kind === 'wait' || was.kind === 'hold') && is.kind !== was.kind;
  if (over || isDue(is, after)) await signalUpload(deps, object, crmId, { signal: 'recordChanged' });
}

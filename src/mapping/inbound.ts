import { isBlank } from '../ace/ace-record.ts';
import { identityOf } from '../ace/identity.ts';
import type { CrmValue, CrmWriteFields, Linked } from '../crm/crm.ts';
import type { Problem } from '../errors.ts';
import { acceptanceOf, aceStatusOf, originOf } from './ace-status.ts';
import type { ObjectMapping } from './compile.ts';
import { type Conflict, readConflicts, writeConflicts } from './conflicts.ts';
import { type DuplicateVerdict, writeDuplicates } from './duplicates.ts';
import { type Arrival, decideArrival } from './inbound-arrival.ts';
import type { Decision, InboundInput, InboundPlan } from './inbound-plan.ts';
import { type MergedRecord, mergeRecord } from './merge-record.ts';
import { planNewRecord } from './new-record.ts';
import { relationOf } from './new-record-rules.ts';
import { problemOf, type ReasonCode } from './reasons.ts';
import { withRuleAnswer } from './referral-answer.ts';
import { planReferralLead } from './referral-lead.ts';
import { planRelated } from './related-records.ts';
import { detailsOf, disregardedWrites, reasonWrites, statusWrites } from './row-status.ts';
import { openConflict, type ReceivedState, refusedSinceExport } from './sync-state.ts';

export type { Decision, InboundInput, InboundOutcome, InboundPlan } from './inbound-plan.ts';

/**
 * Plans what one ACE record of an outbound file does to the CRM. Pure: reads its input, decides, writes nothing.
 * Never throws on any ACE record; what cannot be decided is parked with its problem.
 */
export async function planInbound(input: InboundInput): Promise<InboundPlan> {
  const mapping = input.mapping[input.object];
  const arrival = await decideArrival(input, mapping);
  switch (arrival.kind) {
    case 'parked':
      return parked(input, arrival.code, [arrival.problem], []);
    case 'settled':
      return {
        ...emptyPlan(input),
        outcome: arrival.outcome,
        reasonCode: arrival.code,
        rowWrites: leftOut(input, arrival.code),
      };
    case 'rowOnly':
      return withRuleAnswer(input, mapping, await planRowOnly(input, mapping, arrival));
    case 'answerAwaited':
      return { ...emptyPlan(input), outcome: 'parked', reasonCode: 'ANSWER_AWAITED', problems: [arrival.problem] };
    case 'merge':
      return withRuleAnswer(input, mapping, await planMerge(input, mapping, arrival.at, arrival.creates));
  }
}

/** The plan for a new ACE record that the CRM may hold already, and that is neither linked nor created by itself. */
export function planDuplicate(
  input: InboundInput,
  verdict: Extract<DuplicateVerdict, { readonly candidates: unknown }> | 'taken',
): InboundPlan {
  if (verdict === 'taken') return parked(input, 'DUPLICATE_TAKEN', [problemOf('DUPLICATE_TAKEN')], []);
  const asks = verdict.kind === 'ask';
  const code = asks ? 'DUPLICATE_FOUND' : 'DUPLICATE_IGNORED';
  const plan = parked(input, code, [problemOf(code)], []);
  const said = {
    ...(asks ? {} : reasonWrites(input.linked.row?.fields ?? null, 'Stopped', code, input.now)),
    Duplicate__c: writeDuplicates(verdict.candidates),
  };
  const rowWrites = { ...plan.rowWrites, ...onlyChanged(input, said) };
  return asks ? { ...plan, rowWrites } : { ...plan, outcome: 'ignored', problems: [], rowWrites };
}

/**
 * The received state after the plan's writes, with the CRM's halves taken from record and row as read back.
 * @throws Error when the plan does not count as received (`finish` is null).
 */
export function finishInbound(plan: InboundPlan, linkedAfterWrite: Linked): ReceivedState {
  if (plan.finish === null) throw new Error(`A plan that ends as ${plan.reasonCode} leaves no received state.`);
  return plan.finish(linkedAfterWrite);
}

function emptyPlan({ object, aceRecord }: InboundInput): InboundPlan {
  return {
    outcome: 'ignored',
    reasonCode: 'NO_DIFFERENCE',
    problems: [],
    aceId: identityOf(object, aceRecord).aceId,
    creates: false,
    recordWrites: {},
    rowWrites: {},
    related: [],
    owner: null,
    referralLead: null,
    decisions: [],
    finish: null,
  };
}

function leftOut(input: InboundInput, code: ReasonCode): InboundPlan['rowWrites'] {
  const row = input.linked.row?.fields ?? null;
  return code === 'DISREGARDED' ? onlyChanged(input, disregardedWrites(row, input.now)) : {};
}

function parked(
  input: InboundInput,
  code: ReasonCode,
  problems: readonly Problem[],
  decisions: readonly Decision[],
): InboundPlan {
  const plan = emptyPlan(input);
  const rowWrites: Record<string, CrmValue> = {
    ...reasonWrites(input.linked.row?.fields ?? null, 'Needs attention', code, input.now),
    Details__c: detailsOf(problems),
    Object__c: input.object,
    // A row that belongs to another ACE record keeps that record's id.
    ...(code === 'LINKED_TO_ANOTHER' ? {} : { ACE_Id__c: plan.aceId }),
  };
  const writes = plan.aceId === null ? {} : onlyChanged(input, rowWrites);
  return { ...plan, outcome: 'parked', reasonCode: code, problems, rowWrites: writes, decisions };
}

async function planMerge(
  input: InboundInput,
  mapping: ObjectMapping,
  at: string,
  creates: boolean,
): Promise<InboundPlan> {
  const { aceRecord, linked, now } = input;
  const merged = await mergeRecord(input, mapping, at, creates);
  const created = creates ? await planNewRecord(mapping, aceRecord, now, merged.recordWrites) : null;
  const problems = [...merged.problems, ...(created?.problems ?? [])];
  const [first] = problems;
  if (first !== undefined) return parked(input, first.code as ReasonCode, problems, merged.decisions);

  const plan = emptyPlan(input);
  const related = planRelated(mapping, aceRecord, linked, input.hash);
  for (const { reference } of related) {
    // What an account or contact holds is no edit of ours: today's difference to ACE's words of the customer is agreed on.
    const relation = `${relationOf(reference)}.`;
    for (const { crm } of mapping.fields) if (crm.startsWith(relation)) merged.written.add(crm);
  }
  const references = related.map(({ reference, externalId, value }) => [reference, { externalId, value }] as const);
  const fieldWrites: CrmWriteFields = {
    ...created?.fields,
    ...merged.recordWrites,
    ...(creates ? {} : leavePendingStage(input, mapping)),
    ...Object.fromEntries(references),
  };
  const conflicts = openConflicts(input, merged, at);
  const rowWrites = {
    ...commonRowWrites(input, at, conflicts.keys.length),
    ...merged.rowWrites,
    Conflict__c: writeConflicts(conflicts.shown),
  };
  const reasons: readonly (readonly [boolean, ReasonCode])[] = [
    [creates, 'CREATED'],
    [!creates && !isBlank(linked.row?.fields.Duplicate__c ?? null), 'LINKED_DUPLICATE'],
    [merged.conflicts.size > 0, 'BOTH_CHANGED'],
    [Object.keys(fieldWrites).length > 0 || merged.decisions.some((one) => one.writes), 'APPLIED'],
  ];
  const [, reason] = reasons.find(([applies]) => applies) ?? [];
  return {
    ...plan,
    outcome: reason === undefined ? 'unchanged' : 'apply',
    reasonCode: reason ?? 'NO_DIFFERENCE',
    creates,
    recordWrites: withVersion(input, fieldWrites, at),
    rowWrites: onlyChanged(input, rowWrites),
    related,
    referralLead: await planReferralLead(input, mapping),
    owner: created?.owner ?? null,
    decisions: merged.decisions,
    finish: (after) => receivedState(input, at, merged.halvesAfter(after), conflicts.state, after),
  };
}

/**
 * The version goes along with every write, because the CRM's guard reads it, and alone where the record does not hold
 * it yet. A record that holds it and gets no other value is left alone: each write wakes the org's own automation.
 */
function withVersion({ object, aceRecord, linked }: InboundInput, writes: CrmWriteFields, at: string): CrmWriteFields {
  const { aceId } = identityOf(object, aceRecord);
  const held = linked.record?.aceLastModified ?? null;
  const current = linked.record?.aceId === aceId && held !== null && Date.parse(held) === Date.parse(at);
  if (current && Object.keys(writes).length === 0) return {};
  return { ...writes, ACE_Id__c: aceId, ACE_Last_Modified__c: at };
}

async function planRowOnly(
  input: InboundInput,
  mapping: ObjectMapping,
  { at, outcome, code }: Extract<Arrival, { kind: 'rowOnly' }>,
): Promise<InboundPlan> {
  const mirrors: ObjectMapping = { ...mapping, fields: mapping.fields.filter((field) => field.mirror) };
  const merged = await mergeRecord(input, mirrors, at, false);
  const row = input.linked.row?.fields ?? null;
  // AWS's word ends it, also where an upload still says that the answer was sent.
  const ended = outcome === 'ignored' ? reasonWrites(row, 'Stopped', code, input.now) : {};
  return {
    ...emptyPlan(input),
    outcome,
    reasonCode: code,
    referralLead: await planReferralLead(input, mapping),
    rowWrites: onlyChanged(input, { ...commonRowWrites(input, at, 0), ...merged.rowWrites, ...ended }),
    decisions: merged.decisions,
    finish: (after) => receivedState(input, at, {}, {}, after),
  };
}

function receivedState(
  input: InboundInput,
  at: string,
  fields: ReceivedState['fields'],
  conflicts: ReceivedState['conflicts'],
  after: Linked,
): ReceivedState {
  const { object, aceRecord, received, stamp, fileKey, fileLastModified } = input;
  const { aceId } = identityOf(object, aceRecord);
  return {
    v: 1,
    stamp: { ...stamp, recordId: after.record?.id ?? stamp.recordId, aceId },
    at,
    file: { key: fileKey, lastModified: fileLastModified },
    aceStatus: aceStatusOf(object, aceRecord, received?.aceStatus ?? null),
    fields,
    conflicts,
  };
}

/** Conflicts after this export: its own, and earlier ones that it says nothing about. */
function openConflicts({ sent, received, linked }: InboundInput, merged: MergedRecord, at: string) {
  const earlier = Object.entries(received?.conflicts ?? {}).filter(
    ([key]) => openConflict(sent, received, key) !== null && !merged.conflicts.has(key) && !merged.settled.has(key),
  );
  const state: ReceivedState['conflicts'] = Object.fromEntries(earlier);
  const shown: Conflict[] = readConflicts(linked.row?.fields.Conflict__c).filter(({ key }) => key in state);
  for (const { ace, ...conflict } of merged.conflicts.values()) {
    state[conflict.key] = { ace, at };
    shown.push(conflict);
  }
  return { state, shown, keys: Object.keys(state) };
}

function commonRowWrites(input: InboundInput, at: string, conflicts: number): Record<string, CrmValue> {
  const { object, linked, sent, received, aceRecord, now } = input;
  const status = aceStatusOf(object, aceRecord, received?.aceStatus ?? null);
  const overtaken = conflicts === 0 && refusedSinceExport(sent, at);
  const origin = originOf(object, status);
  return {
    ACE_Id__c: identityOf(object, aceRecord).aceId,
    Object__c: object,
    ACE_Last_Modified__c: at,
    Tombstone__c: null,
    Duplicate__c: null,
    ...(origin === null ? {} : { Origin__c: origin }),
    ...(overtaken ? {} : statusWrites(object, linked.row?.fields ?? null, status, conflicts, now)),
  };
}

/** Row values that differ from what the row holds; the version always goes along, because the CRM's guard reads it. */
function onlyChanged({ linked }: InboundInput, writes: Readonly<Record<string, CrmValue>>): Record<string, CrmValue> {
  const current = linked.row?.fields;
  return Object.fromEntries(
    Object.entries(writes).filter(
      ([name, value]) => name === 'ACE_Last_Modified__c' || current === undefined || (current[name] ?? null) !== value,
    ),
  );
}

/**
 * A referral leaves the pending stage with the answer to it: for the stage of new records when it is accepted, for
 * `endedStage` when it is not; unless a person moved it already.
 */
function leavePendingStage(input: InboundInput, mapping: ObjectMapping): Record<string, CrmValue> {
  const { pendingStage, endedStage, stageField } = mapping.referral;
  const { object, received, aceRecord, linked, now } = input;
  if (pendingStage === undefined || received === null || linked.record?.fields[stageField] !== pendingStage) return {};
  const before = received.aceStatus.acceptance;
  const status = aceStatusOf(object, aceRecord, received.aceStatus);
  if (before === status.acceptance) return {};
  const answer = acceptanceOf(object, status, now);
  const started = mapping.create.find((rule) => rule.field === stageField)?.value;
  const stage = answer === 'accepted' ? started : answer === 'rejected' ? endedStage : undefined;
  return stage === undefined || stage === pendingStage ? {} : { [stageField]: stage };
}

import { identityFields } from '../ace/identity.ts';
import { acceptanceOf } from './ace-status.ts';
import type { ObjectMapping } from './compile.ts';
import { nest } from './expressions.ts';
import { allFields } from './linked-values.ts';
import { planAnswer } from './outbound-answer.ts';
import {
  type FieldsInput,
  fieldsOfCreate,
  fieldsOfUpdate,
  type OutboundDecision,
  payloadOf,
} from './outbound-fields.ts';
import { type Contract, type Gate, gateOf } from './outbound-gates.ts';
import { type OutboundInput, type OutboundPlan, stop } from './outbound-plan.ts';
import type { ReasonCode } from './reasons.ts';
import { decideLife } from './record-life.ts';
import { stoppedByPerson } from './row-status.ts';
import type { FieldKey, HashPair } from './sync-state.ts';

export type { OutboundDecision } from './outbound-fields.ts';
export type { AcceptanceIntent, OutboundInput, OutboundPlan } from './outbound-plan.ts';

/** Plans what is due to ACE for one CRM record. Pure: the same input gives the same payload, byte for byte. */
export async function planOutbound(input: OutboundInput): Promise<OutboundPlan> {
  const mapping = input.mapping[input.object];
  const contract: Contract = { ...input, now: input.now ?? `${input.today}T00:00:00.000Z` };
  const aceId = input.linked.record?.aceId ?? input.linked.row?.aceId ?? null;
  const obstacle = lifeObstacle(input);
  if (obstacle !== null) return obstacle;
  const answer = planAnswer(input, mapping, contract, aceId);
  if (answer !== null) return answer;
  const unshared = await sharingObstacle(input, mapping, aceId);
  if (unshared !== null) return unshared;
  const partnerId = partnerIdOf(input, mapping);
  if (partnerId === null) return stop('hold', 'PARTNER_ID_EMPTY', aceId, null);
  return aceId === null
    ? planCreate(input, mapping, contract, partnerId)
    : planUpdate(input, mapping, contract, aceId, partnerId);
}

function lifeObstacle({ linked }: OutboundInput): OutboundPlan | null {
  const { record, row } = linked;
  const aceId = record?.aceId ?? row?.aceId ?? null;
  const ended = (decision: 'hold' | 'notShared', code: ReasonCode) => stop(decision, code, aceId, null);
  if (record === null && (row === null || aceId === null)) return ended('notShared', 'NOT_SHARED');
  if (stoppedByPerson(row?.fields ?? null)) return ended('notShared', 'STOPPED');
  const life = decideLife(linked);
  switch (life.do) {
    case 'ignore':
      return ended('notShared', life.code);
    case 'follow':
      return ended('notShared', 'CRM_RECORD_MERGED');
    case 'wipeLink':
      return ended('notShared', 'CRM_LINK_COPIED');
    case 'hold':
      return ended('hold', life.problem.code);
    default:
      break;
  }
  const tombstone = row?.fields.Tombstone__c ?? '';
  return record === null && tombstone !== '' ? ended('notShared', 'TOMBSTONE') : null;
}

async function sharingObstacle(
  { object, linked }: OutboundInput,
  mapping: ObjectMapping,
  aceId: string | null,
): Promise<OutboundPlan | null> {
  if (linked.record === null) return stop('wait', 'CREATED_ON_ACCEPTANCE', aceId, null);
  if (object === 'lead' && aceId === null) return stop('notShared', 'LEADS_COME_FROM_AWS', aceId, null);
  if (mapping.share === null) {
    const shared = aceId !== null || linked.row?.fields.Shared__c === true;
    return shared ? null : stop('notShared', 'NOT_SHARED', aceId, null);
  }
  try {
    const says = await mapping.share.evaluate(nest(allFields(linked)));
    return says === true ? null : stop('notShared', 'SHARE_RULE_SAYS_NO', aceId, null);
  } catch {
    return stop('hold', 'EXPRESSION_FAILED', aceId, null);
  }
}

/** Frozen at the first send (rule 8): later changes of the field that it came from are of no effect. */
function partnerIdOf({ sent, linked }: OutboundInput, mapping: ObjectMapping): string | null {
  if (sent?.partnerId) return sent.partnerId;
  const value = mapping.partnerId === 'Id' ? linked.record?.id : linked.record?.fields[mapping.partnerId];
  const text = value === null || value === undefined ? '' : String(value).trim();
  return text === '' ? null : text;
}

const partnerKey = (mapping: ObjectMapping): FieldKey =>
  `${identityFields[mapping.object].partner}>${mapping.partnerId}`;

function partnerHashes(input: OutboundInput, mapping: ObjectMapping, partnerId: string): Record<FieldKey, HashPair> {
  const key = partnerKey(mapping);
  return { [key]: { ace: input.hash(key, 'ace', partnerId), crm: input.hash(key, 'crm', partnerId) } };
}

async function planCreate(
  input: OutboundInput,
  mapping: ObjectMapping,
  contract: Contract,
  partnerId: string,
): Promise<OutboundPlan> {
  const { sent, received } = input;
  // An accepted create without an ACE id: another file would be a second create.
  if (sent !== null && Object.keys(sent.fields).length > 0) return stop('wait', 'ACE_ID_AWAITED', null, partnerId);
  const gate = gateOf(input.object, 'create', received, sent, contract);
  const plan = await fieldsOfCreate({ ...fieldsInput(input, mapping), gate, contract });
  const [first] = plan.problems;
  if (first !== undefined) {
    const { problems, decisions } = plan;
    const payload = payloadOf(mapping, { aceId: null, partnerId }, plan.changes);
    return stop('hold', first.code as ReasonCode, null, partnerId, { payload, problems, decisions });
  }
  return {
    decision: 'send',
    reasonCode: 'SENT_CREATE',
    kind: 'create',
    partnerId,
    payload: payloadOf(mapping, { aceId: null, partnerId }, plan.changes),
    fields: { ...plan.hashes, ...partnerHashes(input, mapping, partnerId) },
    baseline: {},
    problems: [],
    decisions: plan.decisions,
  };
}

async function planUpdate(
  input: OutboundInput,
  mapping: ObjectMapping,
  contract: Contract,
  aceId: string,
  partnerId: string,
): Promise<OutboundPlan> {
  const { object, received, sent } = input;
  const gate = gateOf(object, 'update', received, sent, contract);
  const plan = await fieldsOfUpdate({ ...fieldsInput(input, mapping), gate, contract });
  const { baseline, decisions, problems } = plan;
  const keptHere = keptHereOf(decisions, gate);
  const hasChanges = Object.keys(plan.changes).length > 0;
  if (hasChanges || idIsDue(input, mapping, contract)) {
    return {
      decision: 'send',
      reasonCode: hasChanges ? 'SENT_UPDATE' : 'SENT_PARTNER_ID',
      kind: 'update',
      partnerId,
      payload: payloadOf(mapping, { aceId, partnerId }, plan.changes),
      fields: { ...plan.hashes, ...partnerHashes(input, mapping, partnerId) },
      baseline,
      problems,
      decisions,
      keptHere,
    };
  }
  const rest = { baseline, decisions, keptHere };
  const [first] = problems;
  if (first !== undefined) return stop('hold', first.code as ReasonCode, aceId, partnerId, { ...rest, problems });
  if (plan.closed) return stop(gate.closed.decision, gate.closed.code, aceId, partnerId, rest);
  return stop('nothing', 'NOTHING_TO_SEND', aceId, partnerId, rest);
}

/** Length of `Kept_Here__c`. */
const longestKeptHere = 4_000;

function keptHereOf(decisions: readonly OutboundDecision[], gate: Gate): string | null {
  const closed = gate.closed.decision === 'wait' ? [] : decisions.filter(({ decision }) => decision === 'closed');
  const lines = closed.map(({ label, rule }) => `${label}: ${rule}`);
  return lines.length === 0 ? null : lines.join('\n').slice(0, longestKeptHere).trimEnd();
}

/** Our identifier goes to ACE by itself once an AWS referral or lead is accepted and ACE shows none (rule 8). */
function idIsDue({ object, received, sent }: OutboundInput, mapping: ObjectMapping, contract: Contract): boolean {
  if (received === null || received.aceStatus.partnerIdKnown) return false;
  if (acceptanceOf(object, received.aceStatus, contract.now) !== 'accepted') return false;
  return sent?.fields[partnerKey(mapping)] === undefined;
}

const fieldsInput = (
  { linked, sent, received, hash }: OutboundInput,
  mapping: ObjectMapping,
): Omit<FieldsInput, 'gate' | 'contract'> => ({ mapping, linked, sent, received, hash });

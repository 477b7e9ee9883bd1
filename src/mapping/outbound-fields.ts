import type { AceRecord } from '../ace/ace-record.ts';
import { identityFields } from '../ace/identity.ts';
import type { Linked } from '../crm/crm.ts';
import type { Problem } from '../errors.ts';
import { aceTakes } from './ace-types.ts';
import { canonicalAce, type Hasher } from './canonical.ts';
import { type CompiledField, type ObjectMapping, sentFields } from './compile.ts';
import { dueSide } from './conflicts.ts';
import { type AceValue, type Converted, toAce } from './field-values.ts';
import { allFields, crmHash, crmValueOf } from './linked-values.ts';
import type { Contract, Gate } from './outbound-gates.ts';
import { problemOf, reasons } from './reasons.ts';
import {
  agreedHalf,
  beforeAll,
  type Half,
  type HashPair,
  justAfter,
  openConflict,
  type ReceivedState,
  type SentState,
  unknownSide,
} from './sync-state.ts';

/** What is due of each field, and what is agreed on without sending. */
export interface OutboundFields {
  /** Changes by ACE field, in the order of the mapping. */
  readonly changes: Record<string, AceValue>;
  readonly hashes: Record<string, HashPair>;
  /** Halves to adopt without sending, so that later edits are seen as changes. */
  readonly baseline: Record<string, Half>;
  readonly decisions: OutboundDecision[];
  readonly problems: Problem[];
  /** True when changes wait for ACE to open their fields. */
  closed: boolean;
}

/** What happens to one field on the way out, and by which rule; no values. */
export interface OutboundDecision {
  readonly aceField: string;
  readonly path: string;
  readonly label: string;
  readonly decision:
    | 'send'
    | 'unchanged'
    | 'same'
    | 'baseline'
    | 'conflict'
    | 'closed'
    | 'ownedByAce'
    | 'blank'
    | 'notInVersion'
    | 'held';
  readonly rule: string;
  readonly sends: boolean;
}

export interface FieldsInput {
  readonly mapping: ObjectMapping;
  readonly linked: Linked;
  readonly sent: SentState | null;
  readonly received: ReceivedState | null;
  readonly hash: Hasher;
  readonly gate: Gate;
  readonly contract: Contract;
}

function start(): OutboundFields {
  return { changes: {}, hashes: {}, baseline: {}, decisions: [], problems: [], closed: false };
}

const say = (
  plan: OutboundFields,
  field: CompiledField,
  decision: OutboundDecision['decision'],
  rule: string,
): void => {
  const { ace: aceField, crm: path, label } = field;
  plan.decisions.push({ aceField, path, label, decision, rule, sends: decision === 'send' });
};

const aceHash = (field: CompiledField, value: AceValue, hash: Hasher): string =>
  hash(field.key, 'ace', canonicalAce(field.type, value));

function addChange(
  plan: OutboundFields,
  field: CompiledField,
  value: AceValue,
  crm: string,
  rule: string,
  hash: Hasher,
): void {
  plan.changes[field.ace] = value;
  plan.hashes[field.key] = { ace: aceHash(field, value, hash), crm };
  say(plan, field, 'send', rule);
}

const notes = (converted: Converted<AceValue>): string =>
  converted.ok && converted.notes.length > 0 ? ` (${converted.notes.join(', ')})` : '';

/** Everything mapped that has a value, for a record that ACE does not know. */
export async function fieldsOfCreate(input: FieldsInput): Promise<OutboundFields> {
  const { mapping, linked, hash, gate, contract } = input;
  const plan = start();
  const all = allFields(linked);
  for (const field of sentFields(mapping)) {
    const crm = crmHash(field, linked, hash);
    if (!aceTakes(mapping.object, field.ace, contract.payloadVersion)) {
      say(plan, field, 'notInVersion', `not in payload version ${contract.payloadVersion}`);
      continue;
    }
    const converted = await toAce(field, crmValueOf(field, linked), all, true);
    if (!gate.opens(field.ace)) {
      // ACE drops these on create; they are due as soon as it opens them.
      plan.hashes[field.key] = { ace: unknownSide, crm: dueSide };
      say(plan, field, 'closed', 'not taken on create, sent afterwards');
    } else if (!converted.ok) {
      plan.problems.push(problemOf(converted.code, field.crm));
      say(plan, field, 'held', converted.code);
    } else if (isEmpty(converted.value)) {
      plan.hashes[field.key] = { ace: aceHash(field, null, hash), crm };
      say(plan, field, 'blank', 'nothing to send');
    } else addChange(plan, field, converted.value, crm, `new record${notes(converted)}`, hash);
  }
  return plan;
}

const isEmpty = (value: AceValue): boolean =>
  value === null || value === '' || (Array.isArray(value) && value.length === 0);

/** What changed on our side since both sides last agreed, for a record that ACE knows. */
export async function fieldsOfUpdate(input: FieldsInput): Promise<OutboundFields> {
  const plan = start();
  for (const field of sentFields(input.mapping)) await planChange(input, field, plan);
  if (Object.keys(plan.changes).length > 0) await addDemanded(input, plan);
  return plan;
}

async function planChange(input: FieldsInput, field: CompiledField, plan: OutboundFields): Promise<void> {
  const { mapping, linked, sent, received, hash, gate, contract } = input;
  const crm = crmHash(field, linked, hash);
  const base = agreedHalf(sent, received, field.key);
  if (!aceTakes(mapping.object, field.ace, contract.payloadVersion)) {
    return say(plan, field, 'notInVersion', `not in payload version ${contract.payloadVersion}`);
  }
  if (base === null) {
    plan.baseline[field.key] = { ace: unknownSide, crm, at: beforeAll };
    return say(plan, field, 'baseline', "newly mapped field: today's values are agreed");
  }
  if (openConflict(sent, received, field.key) !== null) return say(plan, field, 'conflict', 'a person decides');
  if (crm === base.crm) return say(plan, field, 'unchanged', 'we did not change it');
  if (field.owner === 'ace') return say(plan, field, 'ownedByAce', 'ACE owns it');
  const converted = await toAce(field, crmValueOf(field, linked), allFields(linked), false);
  if (!converted.ok) {
    plan.problems.push(problemOf(converted.code, field.crm));
    return say(plan, field, 'held', converted.code);
  }
  const adopt = (): void => {
    // Adopted halves win over the half that they come from, and over nothing newer.
    plan.baseline[field.key] = { ace: base.ace, crm, at: justAfter(base.at) };
  };
  if (isEmpty(converted.value) && !field.clearWithNull) {
    adopt();
    return say(plan, field, 'blank', 'an emptied field does not clear ACE');
  }
  const value = isEmpty(converted.value) ? null : converted.value;
  if (aceHash(field, value, hash) === base.ace) {
    adopt();
    return say(plan, field, 'same', 'ACE holds this value already');
  }
  if (!gate.opens(field.ace)) {
    plan.closed = true;
    return say(plan, field, 'closed', reasons[gate.closed.code].message);
  }
  addChange(plan, field, value, crm, `we changed it${notes(converted)}`, hash);
}

/**
 * Fields that ACE wants in an update as long as it holds nothing in them (acceptance scenario B3.2), and fields that
 * must go along with a changed one, by the field they depend on (contract, conditional fields).
 */
const neverEmpty = [
  'useCase',
  'targetCloseDate',
  'stage',
  'partnerPrimaryNeedFromAws',
  'expectedMonthlyAwsRevenue',
  'deliveryModel',
] as const;
const companions: Readonly<Record<string, readonly string[]>> = {
  stage: ['closedLostReason'],
  industry: ['industryOther'],
  competitiveTracking: ['competitiveTrackingOther'],
  solutionOffered: ['otherSolutionOffered'],
  IsOppFromMarketingActivity: ['isMarketingDevelopmentFunded'],
  country: ['state', 'postalCode'],
  state: ['country'],
  customerSoftwareValue: ['customerSoftwareValueCurrency'],
};

async function addDemanded(input: FieldsInput, plan: OutboundFields): Promise<void> {
  const { mapping, linked, sent, received, hash, gate } = input;
  const wanted = new Set(Object.keys(plan.changes).flatMap((name) => companions[name] ?? []));
  for (const field of sentFields(mapping)) {
    if (field.ace in plan.changes || !gate.opens(field.ace) || field.owner === 'ace') continue;
    const held = agreedHalf(sent, received, field.key)?.ace;
    const empty = held === aceHash(field, null, hash);
    const demanded = empty && (neverEmpty as readonly string[]).includes(field.ace) && mapping.object === 'opportunity';
    if (!demanded && !wanted.has(field.ace)) continue;
    const converted = await toAce(field, crmValueOf(field, linked), allFields(linked), false);
    if (!converted.ok || isEmpty(converted.value)) continue;
    const rule = demanded ? 'ACE wants a value' : 'goes along with a changed field';
    addChange(plan, field, converted.value, crmHash(field, linked, hash), rule, hash);
  }
}

/** The record as ACE's files hold it: identifiers first, then the fields in the order of the mapping. */
export function payloadOf(
  mapping: ObjectMapping,
  ids: { readonly aceId: string | null; readonly partnerId: string | null },
  changes: Readonly<Record<string, AceValue>>,
): AceRecord {
  const names = identityFields[mapping.object];
  const order = [...new Set(mapping.fields.map((field) => field.ace))];
  const ordered = Object.entries(changes).sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
  return {
    ...(ids.aceId === null ? {} : { [names.ace]: ids.aceId }),
    ...(ids.partnerId === null ? {} : { [names.partner]: ids.partnerId }),
    ...Object.fromEntries(ordered),
  };
}

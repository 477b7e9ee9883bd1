import { type AceRecord, isBlank } from '../ace/ace-record.ts';
import { identityOf } from '../ace/identity.ts';
import { isMasked } from '../ace/life-cycle.ts';
import type { CrmFields, CrmValue, CrmWriteFields, Linked } from '../crm/crm.ts';
import type { Problem } from '../errors.ts';
import { acceptanceOf, aceStatusOf } from './ace-status.ts';
import { aceTypeOf } from './ace-types.ts';
import { toDate } from './canonical.ts';
import type { NewRecordRule, ObjectMapping } from './compile.ts';
import type { Expression } from './expressions.ts';
import { problemOf } from './reasons.ts';

/** A record beside the shared one that must exist first, made by upsert on an external id (design.md, rule 10). */
export interface RelatedWrite {
  readonly sobject: string;
  readonly externalId: string;
  readonly value: string;
  readonly fields: CrmFields;
  /** Lookup field of the shared record that names it; already part of `recordWrites`. */
  readonly reference: string;
  /** Name by which a record without the external id is taken; null when it may not be. */
  readonly name: string | null;
  /** Only to be written where no such record exists: an account that is there keeps what people wrote on it. */
  readonly createOnly: true;
}

/** Who owns a new record: an id, or an e-mail whose user the CRM knows, with what to do without one. */
export interface OwnerWanted {
  readonly email: string | null;
  readonly fallback: string | null;
}

/** Values of a new CRM record from the `create` part of the mapping, its record type and owner. */
export async function planNewRecord(
  mapping: ObjectMapping,
  record: AceRecord,
  now: string,
  mapped: Readonly<Record<string, CrmValue>>,
): Promise<{ readonly fields: CrmWriteFields; readonly owner: OwnerWanted; readonly problems: readonly Problem[] }> {
  const fields: Record<string, CrmValue> = {};
  const problems: Problem[] = [];
  for (const rule of mapping.create) {
    try {
      const value = await newValue(mapping, rule, record, now);
      if (value !== null) fields[rule.field] = value;
    } catch {
      problems.push(problemOf('EXPRESSION_FAILED', rule.field));
    }
  }
  const { pendingStage, stageField } = mapping.referral;
  const pending = acceptanceOf(mapping.object, aceStatusOf(mapping.object, record, null), now) === 'pending';
  if (pendingStage !== undefined && pending && mapping.object === 'opportunity') fields[stageField] = pendingStage;
  const recordType = (await firstThatHolds(mapping.recordTypes, record))?.recordTypeId ?? mapping.recordTypeId;
  if (recordType !== undefined) fields.RecordTypeId = recordType;
  const ruled = (await firstThatHolds(mapping.owner.rules, record))?.owner ?? null;
  const { byEmail, fallback } = mapping.owner;
  const owner = { email: ruled === null && byEmail !== null ? emailIn(record[byEmail]) : null, fallback };
  const ownerId = ruled ?? fallback;
  if (ownerId !== null) fields.OwnerId = ownerId;
  for (const name of mapping.required) {
    if (isBlank(fields[name]) && isBlank(mapped[name])) problems.push(problemOf('REQUIRED_FIELD_EMPTY', name));
  }
  return { fields, owner, problems };
}

/** The value that a rule gives a field of a new record; null for none. Throws when its expression fails. */
export async function newValue(
  mapping: ObjectMapping,
  rule: NewRecordRule,
  record: AceRecord,
  now: string,
): Promise<CrmValue> {
  const own = rule.value ?? (rule.ace === undefined ? undefined : dayOr(mapping, rule.ace, record[rule.ace]));
  const value = rule.expression === null ? own : await rule.expression.evaluate(record);
  const usable = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  if (usable && !isBlank(value) && !isMasked(value)) return value;
  return typeof rule.fallback === 'string' ? fillIn(rule.fallback, mapping, record, now) : (rule.fallback ?? null);
}

/** ACE writes some dates as GMT date-times; the CRM's date fields take the day. */
function dayOr(mapping: ObjectMapping, name: string, value: unknown): unknown {
  const isDay = aceTypeOf(mapping.object, name).kind === 'date' && typeof value === 'string';
  return isDay ? (toDate(value) ?? value) : value;
}

const dayInMs = 86_400_000;

function fillIn(template: string, mapping: ObjectMapping, record: AceRecord, now: string): string {
  const { aceId } = identityOf(mapping.object, record);
  return template
    .replaceAll('{aceId}', aceId ?? '')
    .replace(/\{today(?:\+(\d{1,4}))?\}/g, (_all, days: string | undefined) =>
      new Date(Date.parse(now) + Number(days ?? 0) * dayInMs).toISOString().slice(0, 10),
    );
}

const emailIn = (value: unknown): string | null =>
  typeof value === 'string' && value.includes('@') ? value.trim() : null;

/** A rule that fails on this record does not hold: what is there without it is better than no record. */
async function firstThatHolds<Rule extends { readonly when: Expression }>(
  rules: readonly Rule[],
  record: AceRecord,
): Promise<Rule | null> {
  for (const rule of rules) {
    if ((await rule.when.evaluate(record).catch(() => false)) === true) return rule;
  }
  return null;
}

/** The account of a new AWS record, or of one that has none yet because AWS hid the customer until now. */
export function planRelated(mapping: ObjectMapping, record: AceRecord, linked: Linked): readonly RelatedWrite[] {
  const { account } = mapping;
  if (account === undefined) return [];
  const current = linked.record?.fields[account.reference] ?? null;
  if (linked.record !== null && (current !== null || record.opportunityOwnership !== 'AWS Referral')) return [];
  const parts = account.keyedBy.map((name) => record[name]);
  const [first] = parts;
  if (typeof first !== 'string' || parts.some(isMasked) || keyPart(first) === '') return [];
  const fields = Object.entries(account.fields).flatMap(([name, ace]) => {
    const value = record[ace];
    return typeof value === 'string' && value.trim() !== '' && !isMasked(value) ? [[name, value.trim()] as const] : [];
  });
  return [
    {
      sobject: 'Account',
      externalId: account.externalId,
      value: parts.map(keyPart).join('|').slice(0, maxKeyLength),
      fields: Object.fromEntries(fields),
      name: account.byName ? (fields.find(([name]) => name === 'Name')?.[1] ?? null) : null,
      reference: account.reference,
      createOnly: true,
    },
  ];
}

/** Salesforce's longest external id. */
const maxKeyLength = 255;

/** One customer, one key: case, accents and punctuation aside. */
const keyPart = (value: unknown): string =>
  typeof value === 'string'
    ? value
        .normalize('NFKD')
        .replace(/\p{Diacritic}/gu, '')
        .toLowerCase()
        .replace(/[^\p{Letter}\p{Number}]+/gu, ' ')
        .trim()
    : '';

import { type AceRecord, isBlank } from '../ace/ace-record.ts';
import { identityOf } from '../ace/identity.ts';
import { isMasked } from '../ace/life-cycle.ts';
import type { CrmValue, CrmWriteFields } from '../crm/crm.ts';
import type { Problem } from '../errors.ts';
import { acceptanceOf, aceStatusOf } from './ace-status.ts';
import { aceTypeOf } from './ace-types.ts';
import { toDate } from './canonical.ts';
import type { NewRecordRule, ObjectMapping } from './compile.ts';
import type { Expression } from './expressions.ts';
import { problemOf } from './reasons.ts';

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

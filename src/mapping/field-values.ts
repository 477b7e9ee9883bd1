import type { AceRecord } from '../ace/ace-record.ts';
import { isBlank } from '../ace/ace-record.ts';
import type { CrmFields, CrmValue } from '../crm/crm.ts';
import { isListType } from './ace-types.ts';
import { canonicalAce, canonicalCrm, plainNumber, toDate, toDateTime, toList, toNumber } from './canonical.ts';
import type { CompiledField } from './compile.ts';
import { conversion } from './conversions.ts';
import { type Expression, nest } from './expressions.ts';
import type { ReasonCode } from './reasons.ts';

/** The value of one field made ready for the other side, or why it cannot be. */
export type Converted<Value> =
  | { readonly ok: true; readonly value: Value; readonly notes: readonly Note[] }
  | { readonly ok: false; readonly code: ReasonCode };

/** What was done to the value on its way, for the decisions that people see. */
export type Note = 'cut' | 'rounded' | 'defaulted';

/** A value as ACE's files hold it. */
export type AceValue = string | number | readonly string[] | null;

/**
 * ACE's value for the CRM.
 * @param creating a default stands in for a blank value only when the CRM record is new.
 */
export async function toCrm(field: CompiledField, record: AceRecord, creating: boolean): Promise<Converted<CrmValue>> {
  const value = record[field.ace];
  const fallback = field.default?.crm;
  if (isBlank(value) || (typeof value === 'string' && value.trim() === '')) {
    return creating && fallback !== undefined ? done(fallback, 'defaulted') : done(null);
  }
  const mapped = mapValue(
    field,
    value,
    (member) => field.values?.toCrm.get(canonicalAce(memberType(field), member) ?? ''),
    fallback,
  );
  if (!mapped.ok) return mapped;
  const converted = field.convert === undefined ? mapped.value : conversion(field.convert).in(mapped.value);
  const transformed = await transform(field.transform.in, converted, { ace: record });
  if (!transformed.ok) return transformed;
  const fitted = fitCrm(field, transformed.value);
  return fitted.ok ? { ...fitted, notes: [...mapped.notes, ...fitted.notes] } : fitted;
}

/** The CRM's value for ACE. A default stands in for a blank value only when the record is new to ACE. */
export async function toAce(
  field: CompiledField,
  value: CrmValue | undefined,
  fields: CrmFields,
  creating: boolean,
): Promise<Converted<AceValue>> {
  const fallback = field.default?.ace;
  const blank = value === null || value === undefined || (typeof value === 'string' && value.trim() === '');
  const transformed =
    blank && field.transform.out === null
      ? { ok: true as const, value: null }
      : await transform(field.transform.out, value ?? null, { crm: nest(fields) });
  if (!transformed.ok) return transformed;
  if (transformed.value === null || transformed.value === '') {
    return creating && fallback !== undefined ? fitAce(field, fallback, ['defaulted']) : done(null);
  }
  const converted = field.convert === undefined ? transformed.value : conversion(field.convert).out(transformed.value);
  const mapped = mapValue(
    field,
    converted,
    (member) => field.values?.toAce.get(canonicalCrm(memberType(field), member as CrmValue) ?? ''),
    fallback,
  );
  return mapped.ok ? fitAce(field, mapped.value, mapped.notes) : mapped;
}

function done<Value>(value: Value, ...notes: Note[]): Converted<Value> {
  return { ok: true, value, notes };
}

const failed = (code: ReasonCode): { readonly ok: false; readonly code: ReasonCode } => ({ ok: false, code });

/** Lists are mapped member by member. */
const memberType = (field: CompiledField) => (isListType(field.type) ? ({ kind: 'pick' } as const) : field.type);

function mapValue(
  field: CompiledField,
  value: unknown,
  lookUp: (member: unknown) => CrmValue | undefined,
  fallback: string | number | boolean | undefined,
): Converted<unknown> {
  if (field.values === null) return done(value);
  const isList = isListType(field.type);
  const notes = new Set<Note>();
  const members: unknown[] = [];
  for (const member of isList ? toList(value) : [value]) {
    const found = lookUp(member);
    if (found !== undefined) members.push(found);
    else if (field.unknownValue === 'pass') members.push(member);
    else if (field.unknownValue === 'leaveOut') continue;
    else if (field.unknownValue === 'default' && fallback !== undefined) {
      notes.add('defaulted');
      members.push(fallback);
    } else return failed('VALUE_UNKNOWN');
  }
  return { ok: true, value: isList ? members : members[0], notes: [...notes] };
}

async function transform(
  expression: Expression | null,
  value: unknown,
  input: Readonly<Record<string, unknown>>,
): Promise<{ readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly code: ReasonCode }> {
  if (expression === null) return { ok: true, value };
  try {
    // JSONata's functions pass a missing value on and refuse null, so a blank value is left out.
    const given = value === null || value === '' ? input : { ...input, value };
    return { ok: true, value: (await expression.evaluate(given)) ?? null };
  } catch {
    return failed('EXPRESSION_FAILED');
  }
}

/** Gives the value the type that the CRM takes: of the row's field where it is one of ours, else of ACE's type. */
function fitCrm(field: CompiledField, value: unknown): Converted<CrmValue> {
  const target = field.rowDefinition?.type.kind;
  if (value === null || value === undefined || value === '') return done(null);
  if (Array.isArray(value)) return fitCrm(field, toList(value).join(';'));
  if (typeof value === 'boolean') return done(value);
  if (typeof value === 'number') {
    if (target === 'text' || target === 'longText') return fitText(field, plainNumber(value));
    return field.rowDefinition?.type.kind === 'number' ? rounded(value, field.rowDefinition.type.scale) : done(value);
  }
  if (typeof value !== 'string') return failed('VALUE_UNUSABLE');
  const untouched = field.transform.in === null && field.values === null;
  if (target === 'date') return orUnusable(toDate(value));
  if (target === 'dateTime') return orUnusable(toDateTime(value));
  if (target === 'number' || (target === undefined && field.type.kind === 'number' && untouched)) {
    const number = toNumber(value);
    return number === null ? failed('VALUE_UNUSABLE') : fitCrm(field, number);
  }
  if (target === undefined && untouched && field.type.kind === 'dateTime' && field.convert === undefined) {
    return orUnusable(toDateTime(value));
  }
  return fitText(field, value.trim());
}

const orUnusable = (value: string | null): Converted<CrmValue> =>
  value === null ? failed('VALUE_UNUSABLE') : done(value);

function fitText(field: CompiledField, text: string): Converted<CrmValue> {
  const type = field.rowDefinition?.type;
  const length = type?.kind === 'text' || type?.kind === 'longText' ? type.length : null;
  // The mirror shows what AWS says; a cut mirror is better than a held record, and nothing of it is ever sent.
  const allowed = field.cutTo?.crm ?? (field.mirror ? length : null);
  if (allowed !== null && [...text].length > allowed) return done(cut(text, allowed), 'cut');
  if (length !== null && [...text].length > length) return failed('VALUE_TOO_LONG');
  return done(text);
}

const cut = (text: string, length: number): string => [...text].slice(0, length).join('').trimEnd();

function rounded(value: number, scale: number | null): Converted<number> {
  if (scale === null) return done(value);
  const shifted = Math.round(Number(`${plainNumber(value)}e${scale}`));
  if (!Number.isFinite(shifted)) return failed('VALUE_UNUSABLE');
  // Adding zero turns -0 into 0.
  const result = Number(`${plainNumber(shifted)}e-${scale}`) + 0;
  return result === value ? done(value) : done(result, 'rounded');
}

/** Gives the value the type that ACE takes. */
function fitAce(field: CompiledField, value: unknown, notes: readonly Note[]): Converted<AceValue> {
  const fitted = fitAceType(field, value);
  return fitted.ok ? { ...fitted, notes: [...notes, ...fitted.notes] } : fitted;
}

function fitAceType(field: CompiledField, value: unknown): Converted<AceValue> {
  const { type } = field;
  switch (type.kind) {
    case 'array':
      return done(toList(value));
    case 'list':
      return done(toList(value).join(';'));
    case 'number': {
      const number = toNumber(value);
      return number === null ? failed('VALUE_UNUSABLE') : rounded(number, type.scale);
    }
    case 'date':
      return typeof value === 'string' ? orUnusableText(toDate(value)) : failed('VALUE_UNUSABLE');
    case 'dateTime':
      return typeof value === 'string' ? orUnusableText(toDateTime(value)) : failed('VALUE_UNUSABLE');
    case 'pick':
    case 'text': {
      const text = plainText(value);
      if (text === null) return failed('VALUE_UNUSABLE');
      const limit = type.kind === 'text' ? type.maxLength : null;
      const allowed = field.cutTo?.ace;
      if (allowed !== undefined && [...text].length > allowed) return done(cut(text, allowed), 'cut');
      return limit !== null && [...text].length > limit ? failed('VALUE_TOO_LONG') : done(text);
    }
  }
}

const orUnusableText = (value: string | null): Converted<AceValue> =>
  value === null ? failed('VALUE_UNUSABLE') : done(value);

/** Text of a value: numbers in plain digits, a checkbox as ACE's Yes or No. */
function plainText(value: unknown): string | null {
  if (typeof value === 'string') return value.replace(/\r\n?/g, '\n').trim();
  if (typeof value === 'number') return plainNumber(value);
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  return null;
}

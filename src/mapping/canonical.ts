import type { CrmValue } from '../crm/crm.ts';
import type { AceType } from './ace-types.ts';

/**
 * Canonical values: two spellings of one value become one text, so that comparing means comparing content. Missing,
 * null, blank text and an empty list are one thing, `null`.
 */

export type Side = 'ace' | 'crm';

/** Keyed hash of a canonical value (see `createKeyedHasher`). `field` is the state's field key. */
export type Hasher = (field: string, side: Side, canonical: string | null) => string;

/** The decimal text of a number: never scientific notation, no trailing zeros, so that 1041.00 equals 1041. */
export function plainNumber(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError('Expected a finite number.');
  const text = String(value);
  const match = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (match === null) return text === '-0' ? '0' : text;
  const [, sign = '', whole = '', fraction = '', power = '0'] = match;
  const digits = whole + fraction;
  const point = whole.length + Number(power);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return `${sign}${digits.slice(0, point).padEnd(point, '0')}${point < digits.length ? `.${digits.slice(point)}` : ''}`;
}

const numberText = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A number, or the number a text writes; null for everything else. Grouping commas are not guessed at. */
export function toNumber(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string' || !numberText.test(value.trim())) return null;
  return Number(value.trim());
}

const text = (value: string): string | null => {
  const trimmed = value.normalize('NFC').replace(/\r\n?/g, '\n').trim();
  return trimmed === '' ? null : trimmed;
};

const dateText = /^(\d{4}-\d{2}-\d{2})(?:[T ].*)?$/;
const dateTimeText = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/;

/** The calendar day a date or GMT date-time names, never shifted through a time zone; null when it names none. */
export function toDate(value: string): string | null {
  const match = dateText.exec(value.trim());
  if (match === null) return null;
  const time = toTime(value.trim());
  return time === null ? (match[1] ?? null) : new Date(time).toISOString().slice(0, 10);
}

/** Milliseconds of a date-time; one without zone is GMT, as ACE's are. */
function toTime(value: string): number | null {
  if (!dateTimeText.test(value)) return null;
  const zoned = /(Z|[+-]\d{2}:?\d{2})$/.test(value) ? value.replace(/([+-]\d{2})(\d{2})$/, '$1:$2') : `${value}Z`;
  const time = Date.parse(zoned);
  return Number.isNaN(time) ? null : time;
}

/** A date-time in ISO 8601 with milliseconds in UTC; a bare date is its first moment in GMT. */
export function toDateTime(value: string): string | null {
  const trimmed = value.trim();
  const time = /^\d{4}-\d{2}-\d{2}$/.test(trimmed) ? Date.parse(`${trimmed}T00:00:00Z`) : toTime(trimmed);
  return time === null || Number.isNaN(time) ? null : new Date(time).toISOString();
}

/** The members of a `;` list or array: trimmed, without blanks and doubles, in their order. */
export function toList(value: unknown): readonly string[] {
  const parts = Array.isArray(value) ? value : typeof value === 'string' ? value.split(';') : [value];
  const texts = parts.map(memberText);
  return [...new Set(texts.filter((part) => part !== ''))];
}

/** Anything a file may hold as a member; what is no plain value keeps its JSON, so that it is compared and not lost. */
function memberText(member: unknown): string {
  if (member === null || member === undefined) return '';
  return typeof member === 'object' ? JSON.stringify(member) : String(member).trim();
}

function fromList(value: unknown): string | null {
  const members = toList(value);
  return members.length === 0 ? null : [...members].sort().join(';');
}

function plain(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number') return plainNumber(value);
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value) && value.length === 0) return null;
  return JSON.stringify(value);
}

/** The canonical value of ACE's side. The type decides: digits in a text field stay text. */
export function canonicalAce(type: AceType, value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null;
  switch (type.kind) {
    case 'number': {
      const number = toNumber(value);
      return number === null ? plain(value) : plainNumber(number);
    }
    case 'date':
      return typeof value === 'string' ? (toDate(value) ?? text(value)) : plain(value);
    case 'dateTime':
      return typeof value === 'string' ? (toDateTime(value) ?? text(value)) : plain(value);
    case 'list':
    case 'array':
      return fromList(value);
    case 'text':
    case 'pick':
      return plain(value);
  }
}

/**
 * The canonical value of the CRM's side. ACE's type says only whether order matters (`;` lists) and whether a text is
 * a date; a text of digits stays a text, a number a number.
 */
export function canonicalCrm(type: AceType, value: CrmValue | undefined): string | null {
  if (typeof value !== 'string') return plain(value);
  switch (type.kind) {
    case 'list':
    case 'array':
      return fromList(value);
    case 'date':
      return toDate(value) ?? text(value);
    case 'dateTime':
      return toDateTime(value) ?? text(value);
    case 'number': {
      const number = toNumber(value);
      return number === null ? text(value) : plainNumber(number);
    }
    case 'text':
    case 'pick':
      return text(value);
  }
}

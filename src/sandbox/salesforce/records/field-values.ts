import { toId18 } from '../org/record-id.ts';
import { errors, SalesforceError } from '../org/salesforce-error.ts';
import type { FieldDefinition, FieldType, Value } from '../org/schema.ts';

const textTypes: ReadonlySet<FieldType> = new Set([
  'string',
  'textarea',
  'picklist',
  'multipicklist',
  'email',
  'phone',
  'url',
  'reference',
  'id',
]);
const numberTypes: ReadonlySet<FieldType> = new Set(['int', 'double', 'currency', 'percent']);

const jsonToken = (value: unknown): string => {
  if (Array.isArray(value)) return 'START_ARRAY';
  if (typeof value === 'object') return 'START_OBJECT';
  if (typeof value === 'boolean') return value ? 'VALUE_TRUE' : 'VALUE_FALSE';
  if (typeof value === 'number') return Number.isInteger(value) ? 'VALUE_NUMBER_INT' : 'VALUE_NUMBER_FLOAT';
  return 'VALUE_STRING';
};

function cannotDeserialize(field: FieldDefinition, value: unknown): SalesforceError {
  const shown = typeof value === 'object' ? '' : ` value ${String(value)}`;
  const what = `Cannot deserialize instance of ${field.type} from ${jsonToken(value)}${shown}`;
  return errors.malformedJson(`${what} at [line:1, column:2]`);
}

/**
 * Reads a value as JSON carries it. A type that does not fit ends the whole request, as on an org; what a row may
 * hold is checked later by `storable`.
 */
export function deserialize(field: FieldDefinition, value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (textTypes.has(field.type)) {
    if (typeof value !== 'string') throw cannotDeserialize(field, value);
    return value;
  }
  if (numberTypes.has(field.type)) {
    if (typeof value === 'string' && value.trim() === '') return null;
    const parsed = typeof value === 'string' ? Number(value) : value;
    if (typeof parsed !== 'number' || !Number.isFinite(parsed)) throw cannotDeserialize(field, value);
    return parsed;
  }
  if (field.type === 'boolean') {
    if (value === 'true' || value === 'false') return value === 'true';
    if (typeof value !== 'boolean') throw cannotDeserialize(field, value);
    return value;
  }
  if (field.type === 'date' || field.type === 'datetime') {
    if (value === '') return null;
    const read = typeof value === 'string' ? readTime(field.type, value) : null;
    if (read === null) throw cannotDeserialize(field, value);
    return read;
  }
  throw cannotDeserialize(field, value);
}

const isoDate = /^(\d{4})-(\d{2})-(\d{2})/;
const isoDateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})?$/;

/** @returns the date as `YYYY-MM-DD` or the date-time in UTC with milliseconds; null when it is none. */
export function readTime(type: 'date' | 'datetime', text: string): string | null {
  const day = isoDate.exec(text);
  if (day === null) return null;
  const utcDay = new Date(`${day[0]}T00:00:00.000Z`);
  if (Number.isNaN(utcDay.getTime()) || utcDay.toISOString().slice(0, 10) !== day[0]) return null;
  if (type === 'date') return text.length === 10 || isoDateTime.test(text) ? day[0] : null;
  if (text.length === 10) return utcDay.toISOString();
  if (!isoDateTime.test(text)) return null;
  const zoned = /(Z|[+-]\d{2}:?\d{2})$/.test(text) ? text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2') : `${text}Z`;
  const time = new Date(zoned);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}

const emailPattern = /^[^\s@<>(),;:"[\]]+@[^\s@<>(),;:"[\]]+\.[^\s@<>(),;:"[\].]+$/;

/** Turns a deserialized value into what the org keeps: trimmed, rounded, checked. Errors concern the row alone. */
export function storable(field: FieldDefinition, value: Value): Value {
  if (field.type === 'boolean') return value ?? false;
  if (value === null) return null;
  if (typeof value === 'string' && textTypes.has(field.type)) return storableText(field, value);
  if (typeof value === 'number') return storableNumber(field, value);
  return value;
}

function storableText(field: FieldDefinition, raw: string): Value {
  const value = raw.trim();
  if (value === '') return null;
  if (field.type === 'reference') {
    const id = toId18(value);
    if (id === null)
      throw new SalesforceError('MALFORMED_ID', `${field.label}: id value of incorrect type: ${value}`, {
        fields: [field.name],
      });
    return id;
  }
  if (field.type === 'picklist' || field.type === 'multipicklist') return storableChoice(field, value);
  if (field.length !== undefined && value.length > field.length)
    throw new SalesforceError(
      'STRING_TOO_LONG',
      `${field.label}: data value too large: ${value} (max length=${field.length})`,
      { fields: [field.name] },
    );
  if (field.type === 'email' && !emailPattern.test(value))
    throw new SalesforceError('INVALID_EMAIL_ADDRESS', `${field.label}: invalid email address: ${value}`, {
      fields: [field.name],
    });
  return value;
}

function storableChoice(field: FieldDefinition, value: string): string {
  const choices = field.type === 'multipicklist' ? value.split(';').map((one) => one.trim()) : [value];
  const known = (field.picklist ?? []).filter((one) => !one.inactive).map((one) => one.value);
  const stored = choices.map((choice) => known.find((one) => one.toLowerCase() === choice.toLowerCase()) ?? choice);
  const bad = stored.find((choice) => !known.includes(choice));
  if (bad !== undefined && field.restricted)
    throw new SalesforceError(
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      `${field.label}: bad value for restricted picklist field: ${bad}`,
      { fields: [field.name] },
    );
  if (stored.some((choice) => choice.length > 255))
    throw new SalesforceError('STRING_TOO_LONG', `${field.label}: data value too large: ${value} (max length=255)`, {
      fields: [field.name],
    });
  const order = (choice: string) => (known.includes(choice) ? known.indexOf(choice) : known.length);
  return [...new Set(stored)].sort((a, b) => order(a) - order(b)).join(';');
}

function storableNumber(field: FieldDefinition, value: number): number {
  const scale = field.scale ?? 0;
  const precision = field.precision ?? 18;
  const rounded = roundHalfUp(value, scale);
  if (!Number.isFinite(rounded) || Math.abs(rounded) >= 10 ** (precision - scale))
    throw new SalesforceError(
      'NUMBER_OUTSIDE_VALID_RANGE',
      `${field.label}: value outside of valid range on numeric field: ${value}`,
      { fields: [field.name] },
    );
  return rounded === 0 ? 0 : rounded;
}

/** Rounds away from zero at one half, in decimal digits: 1.005 with scale 2 is 1.01, which binary arithmetic misses. */
function roundHalfUp(value: number, scale: number): number {
  const digits = String(Math.abs(value));
  if (digits.includes('e')) return Math.abs(value) < 1 ? 0 : value;
  return Math.sign(value) * Number(`${Math.round(Number(`${digits}e${scale}`))}e-${scale}`);
}

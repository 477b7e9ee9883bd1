import { childPath } from '../child-path.ts';

/**
 * SOQL text. jsforce's builder drops a condition on an empty list and does not escape backslashes, so queries are
 * written here by hand.
 */

/** A SOQL string literal; backslash first, as it is the escape character (SOQL reference, "Quoted string escape sequences"). */
export function literal(value: string): string {
  const escaped = value
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "\\'")
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
  return `'${escaped}'`;
}

/**
 * `field IN (…)`.
 * @throws RangeError for an empty list: leaving the condition out would read the whole table.
 */
export function isOneOf(field: string, values: readonly string[]): string {
  if (values.length === 0) throw new RangeError(`expected at least one value for ${field}`);
  return `${field} IN (${values.map(literal).join(', ')})`;
}

/** `field LIKE '%…%'`; the value's own wildcards are escaped. */
export function like(field: string, part: string): string {
  const text = literal(part).slice(1, -1).replaceAll('%', '\\%').replaceAll('_', '\\_');
  return `${field} LIKE '%${text}%'`;
}

/** A date-time literal; they stand without quotes. */
export function dateTime(iso: string): string {
  return new Date(iso).toISOString();
}

/** Salesforce cuts request lines and headers at about 16 KB; the rest is for the path and the headers. */
export const maxEncodedQuery = 14_000;

/**
 * Splits keys so that every query stays below the limit of a request line.
 * @param build makes the query for some of the keys.
 */
export function splitByLength<K>(keys: readonly K[], build: (keys: readonly K[]) => string): readonly (readonly K[])[] {
  if (keys.length === 0) return [];
  if (keys.length === 1 || encodeURIComponent(build(keys)).length <= maxEncodedQuery) return [keys];
  const middle = Math.ceil(keys.length / 2);
  return [...splitByLength(keys.slice(0, middle), build), ...splitByLength(keys.slice(middle), build)];
}

const idAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** The 18-character form of a record id, or null for what is none: a malformed id would fail the whole query. */
export function recordId(id: string): string | null {
  if (!/^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$/.test(id)) return null;
  if (id.length === 18) return id;
  let suffix = '';
  for (let part = 0; part < 3; part++) {
    let bits = 0;
    for (let position = 0; position < 5; position++) {
      if (/[A-Z]/.test(id.charAt(part * 5 + position))) bits |= 1 << position;
    }
    suffix += idAlphabet.charAt(bits);
  }
  return id + suffix;
}

const plainPath = /^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*){0,4}$/;

/** The names that a path may hold: anything else would become part of the query's text. */
export function isPath(path: string): boolean {
  return plainPath.test(childPath(path)?.path ?? path);
}

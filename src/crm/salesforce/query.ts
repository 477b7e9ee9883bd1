import { AceSyncError } from '../../errors.ts';
import type { CrmFields, CrmValue } from '../crm.ts';
import { readSalesforceError } from './classify-error.ts';
import type { SalesforceSession } from './session.ts';

/** A row as the query API gives it: nested objects for relations, null where a relation is empty. */
export type QueryRow = Readonly<Record<string, unknown>>;

interface QueryAnswer {
  readonly done: boolean;
  readonly nextRecordsUrl?: string;
  readonly records: readonly QueryRow[];
}

/**
 * All rows of a query. Follows every page by itself: jsforce's `autoFetch` stops at 10,000 rows without saying so.
 * @param deleted also reads the recycle bin (`queryAll`).
 */
export async function query(
  session: SalesforceSession,
  place: string,
  soql: string,
  options: { readonly deleted?: boolean; readonly priority?: 'normal' | 'urgent' } = {},
): Promise<readonly QueryRow[]> {
  const rows: QueryRow[] = [];
  let next: string | undefined = `/${options.deleted === true ? 'queryAll' : 'query'}?q=${encodeURIComponent(soql)}`;
  while (next !== undefined) {
    const url: string = next;
    const answer = await onePage(session, place, url, options.priority);
    rows.push(...answer.records);
    next = answer.done ? undefined : answer.nextRecordsUrl;
  }
  return rows;
}

async function onePage(
  session: SalesforceSession,
  place: string,
  url: string,
  priority: 'normal' | 'urgent' | undefined,
): Promise<QueryAnswer> {
  try {
    return await session.call(place, (connection) => connection.request<QueryAnswer>(url), priority);
  } catch (thrown) {
    // A query holds nothing that Salesforce could stumble over for ever.
    if (readSalesforceError(thrown)?.code === 'UNKNOWN_EXCEPTION')
      throw new AceSyncError('CRM_UNAVAILABLE', `${place}.`);
    throw thrown;
  }
}

/** The value at a path such as `Account.Name`; null through an empty relation, whatever the case of the names. */
export function valueAt(row: QueryRow, path: string): unknown {
  let value: unknown = row;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null) return null;
    value = Reflect.get(value, name) ?? anyCase(value, name);
  }
  return value ?? null;
}

function anyCase(value: object, name: string): unknown {
  const found = Object.keys(value).find((key) => key.toLowerCase() === name.toLowerCase());
  return found === undefined ? null : Reflect.get(value, found);
}

export function textAt(row: QueryRow, path: string): string | null {
  const value = valueAt(row, path);
  return typeof value === 'string' ? value : null;
}

/** Salesforce writes date-times as `2026-11-21T04:30:00.000+0000`; everything else here writes `Z`. */
export function isoTime(value: string): string {
  return /^\d{4}-\d{2}-\d{2}T[\d:.]+\+0000$/.test(value) ? value.replace('+0000', 'Z') : value;
}

export function timeAt(row: QueryRow, path: string): string | null {
  const value = textAt(row, path);
  return value === null ? null : isoTime(value);
}

/** The values at the paths, in the form of the CRM interface. */
export function crmFields(row: QueryRow, paths: readonly string[]): CrmFields {
  return Object.fromEntries(paths.map((path) => [path, crmValue(valueAt(row, path))]));
}

function crmValue(value: unknown): CrmValue {
  if (typeof value === 'string') return isoTime(value);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return value === null || value === undefined ? null : JSON.stringify(value);
}

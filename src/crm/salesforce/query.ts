import { AceSyncError } from '../../errors.ts';
import { type ChildPath, childPath } from '../child-path.ts';
import type { CrmFields, CrmValue } from '../crm.ts';
import { readSalesforceError } from './classify-error.ts';
import { bodyOf, mayTravelTogether, mostParts, type Part, sendTogether } from './send-together.ts';
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
  const [rows] = await queryTogether(session, place, [{ soql, deleted: options.deleted === true }], options.priority);
  return rows ?? [];
}

export interface Query {
  readonly soql: string;
  /** Also reads the recycle bin. */
  readonly deleted: boolean;
}

/** The rows of several queries, up to five of which share a call; their later pages follow by themselves. */
export async function queryTogether(
  session: SalesforceSession,
  place: string,
  queries: readonly Query[],
  priority?: 'normal' | 'urgent',
): Promise<readonly (readonly QueryRow[])[]> {
  const parts = queries.map(queryPart);
  const calls: Promise<readonly (readonly QueryRow[])[]>[] = [];
  const size = mayTravelTogether(parts.slice(0, mostParts)) ? mostParts : 1;
  for (let start = 0; start < parts.length; start += size) {
    calls.push(firstPages(session, place, parts.slice(start, start + size), priority));
  }
  return (await Promise.all(calls)).flat();
}

/** A query as a request, alone or as a part of a shared call. */
export function queryPart({ soql, deleted }: Query): Part {
  return { method: 'GET', path: `/${deleted ? 'queryAll' : 'query'}?q=${encodeURIComponent(soql)}` };
}

async function firstPages(
  session: SalesforceSession,
  place: string,
  parts: readonly Part[],
  priority: 'normal' | 'urgent' | undefined,
): Promise<readonly (readonly QueryRow[])[]> {
  const send = async (asked: readonly Part[]) =>
    answered(place, () =>
      session.call(
        place,
        async (connection) => (await sendTogether(connection, asked)).map((one) => bodyOf(one) as QueryAnswer),
        priority,
      ),
    );
  const first = await send(parts);
  return Promise.all(
    first.map(async (page) => {
      const rows = [...page.records];
      let next = page.done ? undefined : page.nextRecordsUrl;
      while (next !== undefined) {
        const [more] = await send([{ method: 'GET', path: next }]);
        rows.push(...(more?.records ?? []));
        next = more?.done === false ? more.nextRecordsUrl : undefined;
      }
      return rows;
    }),
  );
}

async function answered<T>(place: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
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
  return Object.fromEntries(
    paths.map((path) => {
      const child = childPath(path);
      return [path, child === null ? crmValue(valueAt(row, path)) : childValues(row, child)];
    }),
  );
}

/** The values of all children, each once and in order, so that their number and sequence do not look like changes. */
function childValues(row: QueryRow, { relationship, only, path }: ChildPath): CrmValue {
  const rows = valueAt(row, `${relationship}.records`);
  const alive = (Array.isArray(rows) ? (rows as readonly QueryRow[]) : []).filter(
    (child) => valueAt(child, 'IsDeleted') !== true && (only === null || valueAt(child, only) === true),
  );
  const values = alive.map((child) => crmValue(valueAt(child, path))).filter((value) => value !== null);
  const texts = [...new Set(values.map(String))].sort();
  return texts.length === 0 ? null : texts.join(';');
}

function crmValue(value: unknown): CrmValue {
  if (typeof value === 'string') return isoTime(value);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return value === null || value === undefined ? null : JSON.stringify(value);
}

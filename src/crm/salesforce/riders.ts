import type { SharedObject, WriteOutcome } from '../crm.ts';
import { syncObject } from '../data-model.ts';
import type { CollectionsRow } from './collections-row.ts';
import { type QueryRow, queryPart } from './query.ts';
import { selectRecords, toRecord } from './read-linked.ts';
import { sobjectOf } from './record-objects.ts';
import type { Part, PartAnswer } from './send-together.ts';
import { isOneOf, maxEncodedQuery, recordId } from './soql.ts';

/**
 * What rides in the call of a batch of rows: the update of another record that refers to a row, and the reading of the
 * records that the rows write. A rider that fails costs nothing but a call of its own later: the outcome of a row is
 * never worse for it.
 */

export type Written = Extract<WriteOutcome, { kind: 'written' }>;

export interface Rider {
  readonly part: Part;
  /** What the answer adds to the outcomes of the rows that were written, by row. */
  add(answer: PartAnswer | undefined, outcomes: Map<CollectionsRow, Written>): void;
}

export function ridersOf(
  rows: readonly CollectionsRow[],
  externalId: string | null,
  headers: Readonly<Record<string, string>>,
): readonly Rider[] {
  const following = followRider(rows, headers);
  const reading = readRider(rows, externalId);
  return [following, reading].filter((rider) => rider !== null);
}

interface SaveResult {
  readonly success?: boolean;
}

/** Updates the records that name the rows of this call. */
function followRider(rows: readonly CollectionsRow[], headers: Readonly<Record<string, string>>): Rider | null {
  const followed = rows.flatMap((row) => (row.follow === undefined ? [] : [{ row, json: row.follow.json }]));
  if (followed.length === 0) return null;
  const body = { allOrNone: false, records: followed.map(({ json }) => json) };
  return {
    part: { method: 'PATCH', path: '/composite/sobjects', headers, body },
    add(answer, outcomes) {
      if (answer?.ok !== true || !Array.isArray(answer.body)) return;
      const results = answer.body as readonly SaveResult[];
      for (const [index, { row }] of followed.entries()) {
        const outcome = outcomes.get(row);
        if (outcome !== undefined && results[index]?.success === true)
          outcomes.set(row, { ...outcome, followed: true });
      }
    },
  };
}

/** Reads the written records as the org holds them now, when all of them fit into one query. */
function readRider(rows: readonly CollectionsRow[], externalId: string | null): Rider | null {
  const asked = rows.flatMap((row) => (row.readBack === undefined ? [] : [{ row, ...row.readBack }]));
  const [first] = asked;
  if (first === undefined) return null;
  const object: SharedObject = first.object;
  const paths = [...new Set(asked.flatMap((one) => one.paths))];
  const field = externalId ?? 'Id';
  const keys = asked.map(({ row }) => String(row.json[externalId ?? 'id']));
  const soql = `${selectRecords({ object, paths: [...paths, field] })} WHERE ${isOneOf(field, keys)}`;
  const part = queryPart({ soql, deleted: false });
  if (part.path.length > maxEncodedQuery) return null;
  return {
    part,
    add(answer, outcomes) {
      if (answer?.ok !== true) return;
      const { done, records } = answer.body as { done: boolean; records: readonly QueryRow[] };
      if (!done) return;
      const byId = new Map(records.map((record) => [recordId(String(record.Id ?? '')), record]));
      for (const { row, paths: wanted } of asked) {
        const outcome = outcomes.get(row);
        const found = outcome === undefined ? undefined : byId.get(outcome.id);
        if (outcome === undefined || found === undefined) continue;
        outcomes.set(row, { ...outcome, record: toRecord({ object, paths: wanted }, found) });
      }
    },
  };
}

/**
 * The insertion of the companion rows that go ahead of the rows of a call. One that finds its unique values taken changes
 * nothing: the record that names it is refused then.
 */
export function partAhead(rows: readonly CollectionsRow[], headers: Readonly<Record<string, string>>): Part | null {
  const records = rows.flatMap(({ ahead }) => ahead ?? []);
  if (records.length === 0) return null;
  return { method: 'POST', path: '/composite/sobjects', headers, body: { allOrNone: false, records } };
}

/** The objects that travel along with the rows, for taking turns. */
export const companionObjects = (rows: readonly CollectionsRow[]): readonly string[] => [
  ...new Set(
    rows.flatMap(({ ahead, follow }) => [
      ...(ahead === undefined ? [] : [syncObject]),
      ...(follow === undefined ? [] : [sobjectOf[follow.object]]),
    ]),
  ),
];

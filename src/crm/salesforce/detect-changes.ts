import type { ChangeCursor, CrmChange, CrmVersion, SharedObject } from '../crm.ts';
import { syncObject } from '../data-model.ts';
import type { DescribeCache } from './describe-cache.ts';
import { type QueryRow, query, queryTogether, textAt, timeAt } from './query.ts';
import { sobjectOf } from './record-objects.ts';
import { type WatchedRelation, watchedRelations } from './related-objects.ts';
import type { SalesforceSession } from './session.ts';
import { dateTime, isOneOf, literal, recordId } from './soql.ts';

/** Rows per query. Salesforce's own page size: one call each, and no server-side cursor that could expire. */
const pageSize = 2_000;
/** Ids of changed users or queues in one condition; their changes are few. */
const idsPerQuery = 200;

/** Records that take part in the sync; a sweep without a cursor looks at no others. */
const isShared = '(ACE_Id__c != null OR ACE_Sync__c != null)';

interface Detection {
  readonly session: SalesforceSession;
  readonly object: SharedObject;
  /** Lower end of the window in ISO 8601; null for a sweep of everything shared. */
  readonly since: string | null;
}

/**
 * What changed since the cursor: records (also deleted ones), companion rows, and records whose related objects changed.
 * Every list is read in keyset pages on SystemModstamp and Id, so that nothing is skipped however many rows there are.
 * Rows with an Action are given each time until it is cleared, whenever it was set.
 */
export async function detectChanges(
  session: SalesforceSession,
  cache: DescribeCache,
  object: SharedObject,
  cursor: ChangeCursor | null,
  options: { readonly overlapMs: number; readonly relatedPaths: readonly string[] },
): Promise<{ readonly changes: readonly CrmChange[]; readonly cursor: ChangeCursor }> {
  // A sweep takes its cursor before it reads, so that what changes meanwhile is read again.
  const start = cursor?.since ?? (await latestModstamp(session, object));
  const since = cursor === null ? null : new Date(Date.parse(cursor.since) - options.overlapMs).toISOString();
  const detection: Detection = { session, object, since };
  const relations = since === null ? [] : await watchedRelations(cache, sobjectOf[object], options.relatedPaths);
  // All lists of a round travel together: a round in which nothing changed is the most frequent of all calls.
  const [recordPages = [], rowPages = [], ...relatedPages] = await readLists(session, [
    recordList(detection),
    rowList(detection),
    ...relations.map((relation) => relationList(detection, relation)),
  ]);
  const records = recordPages.map((row) => recordChange(object, row));
  const lookup = lookupOf(object);
  const rows = rowPages.map((row) => rowChange(object, lookup, row));
  const ofRelated = await Promise.all(
    relations.map((relation, index) => relatedChanges(detection, relation, relatedPages[index] ?? [])),
  );
  const changes = merge([...records, ...rows, ...ofRelated.flat()]);
  const seen = [...records, ...rows].flatMap(({ versions }) => versions.map(({ systemModstamp }) => systemModstamp));
  return { changes, cursor: { since: [start, ...seen].reduce(later) } };
}

async function latestModstamp(session: SalesforceSession, object: SharedObject): Promise<string> {
  const soql = `SELECT SystemModstamp FROM ${sobjectOf[object]} ORDER BY SystemModstamp DESC LIMIT 1`;
  const [latest] = await query(session, `query of ${sobjectOf[object]}`, soql);
  return (latest && timeAt(latest, 'SystemModstamp')) ?? '2000-01-01T00:00:00.000Z';
}

const recordFields = 'Id, ACE_Id__c, SystemModstamp';

function recordList({ object, since }: Detection): List {
  const where = since === null ? isShared : `SystemModstamp >= ${dateTime(since)}`;
  return { sobject: sobjectOf[object], select: recordFields, where };
}

const versionAt = (row: QueryRow, path = ''): CrmVersion => ({
  id: recordId(textAt(row, `${path}Id`) ?? '') ?? '',
  systemModstamp: timeAt(row, `${path}SystemModstamp`) ?? '',
});

function recordChange(object: SharedObject, row: QueryRow, version: CrmVersion = versionAt(row)): CrmChange {
  return {
    object,
    crmId: recordId(textAt(row, 'Id') ?? ''),
    aceId: textAt(row, 'ACE_Id__c'),
    versions: [version],
    action: null,
    rowId: null,
  };
}

const lookupOf = (object: SharedObject) => `${sobjectOf[object]}__c`;

const rowFields = (lookup: string) => `Id, ACE_Id__c, CRM_Record_Id__c, ${lookup}, Action__c, SystemModstamp`;

/**
 * A row that a person made by quick action has only the lookup; the sync fills Object__c. A converted lead's row names
 * the opportunity as well, and stays the lead's.
 */
const rowsOf = (object: SharedObject, lookup: string) =>
  `(Object__c = ${literal(object)} OR (Object__c = null AND ${lookup} != null))`;

function rowList({ object, since }: Detection): List {
  const lookup = lookupOf(object);
  const window = since === null ? '' : ` AND (SystemModstamp >= ${dateTime(since)} OR Action__c != null)`;
  const rows = rowsOf(object, lookup) + window;
  const where = object === 'opportunity' ? `(${rows}) OR ${rowsOfNobody}` : rows;
  return { sobject: syncObject, select: rowFields(lookup), where: `(${where})` };
}

/**
 * A record was deleted before the sync saw the row that a person had made for it: the org empties the lookup, and nothing
 * but the Action is left. They are given with the opportunities, which alone are shared by hand.
 */
const rowsOfNobody =
  '(Object__c = null AND ACE_Id__c = null AND Opportunity__c = null AND Lead__c = null AND Action__c != null)';

/** Answers to referrals, with the calls held in reserve. */
export async function answeredRows(session: SalesforceSession, object: SharedObject): Promise<CrmChange[]> {
  const lookup = lookupOf(object);
  const where = `${rowsOf(object, lookup)} AND ${isOneOf('Action__c', ['Accept', 'Reject'])}`;
  const soql = `SELECT ${rowFields(lookup)} FROM ${syncObject} WHERE ${where} LIMIT ${pageSize}`;
  const rows = await query(session, `query of ${syncObject}`, soql, { priority: 'urgent' });
  return rows.map((row) => rowChange(object, lookup, row));
}

function rowChange(object: SharedObject, lookup: string, row: QueryRow): CrmChange {
  return {
    object,
    crmId: recordId(textAt(row, 'CRM_Record_Id__c') ?? textAt(row, lookup) ?? ''),
    aceId: textAt(row, 'ACE_Id__c'),
    versions: [versionAt(row)],
    action: textAt(row, 'Action__c'),
    rowId: textAt(row, 'Id'),
  };
}

/** Records whose parent changed, or the changed parents or children where the records are found by a lookup only. */
function relationList({ object, since }: Detection, relation: WatchedRelation): List {
  const changed = `SystemModstamp >= ${dateTime(since ?? '')}`;
  if (relation.kind === 'byId') return { sobject: relation.sobject, select: 'Id, SystemModstamp', where: changed };
  if (relation.kind === 'children') {
    const { sobject, lookup, through } = relation;
    const select = `Id, SystemModstamp, ${lookup}${through === '' ? '' : `, ${through}Id, ${through}SystemModstamp`}`;
    return { sobject, select, where: `${through}${changed}` };
  }
  const { path } = relation;
  const select = `${recordFields}, ${path}.Id, ${path}.SystemModstamp`;
  return { sobject: sobjectOf[object], select, where: `${isShared} AND ${path}.${changed}` };
}

/** The records of a relation's list, each with the version of its parent. */
async function relatedChanges(
  { session, object }: Detection,
  relation: WatchedRelation,
  rows: readonly QueryRow[],
): Promise<readonly CrmChange[]> {
  if (relation.kind === 'traverse')
    return rows.map((row) => recordChange(object, row, versionAt(row, `${relation.path}.`)));
  // Of children their record is wanted, which they name; of parents the records that name them.
  const ofChildren = relation.kind === 'children';
  const named = ofChildren ? 'Id' : relation.lookup;
  const related = new Map(
    rows.map((row) =>
      ofChildren
        ? ([recordId(textAt(row, relation.lookup) ?? '') ?? '', versionAt(row, relation.through)] as const)
        : ([versionAt(row).id, versionAt(row)] as const),
    ),
  );
  const ids = [...related.keys()].filter((id) => id !== '');
  const lists = Array.from({ length: Math.ceil(ids.length / idsPerQuery) }, (_, part) => {
    const some = isOneOf(named, ids.slice(part * idsPerQuery, (part + 1) * idsPerQuery));
    return {
      sobject: sobjectOf[object],
      select: named === 'Id' ? recordFields : `${recordFields}, ${named}`,
      where: `${isShared} AND ${some}`,
    };
  });
  const records = (await readLists(session, lists)).flat();
  const relatedTo = (row: QueryRow) => related.get(recordId(textAt(row, named) ?? '') ?? '');
  return records.map((row) => recordChange(object, row, relatedTo(row)));
}

/** What a keyset list selects; every one has SystemModstamp and Id. */
interface List {
  readonly sobject: string;
  readonly select: string;
  readonly where: string;
}

/** Reads all pages of the lists; pages of several lists share calls. */
async function readLists(session: SalesforceSession, lists: readonly List[]): Promise<readonly QueryRow[][]> {
  const readings = lists.map((list) => ({ list, rows: [] as QueryRow[], after: '' }));
  for (let open = readings; open.length > 0; ) {
    const queries = open.map(({ list: { sobject, select, where }, after }) => ({
      soql: `SELECT ${select} FROM ${sobject} WHERE ${where}${after} ORDER BY SystemModstamp, Id LIMIT ${pageSize}`,
      deleted: true,
    }));
    const place = `query of ${[...new Set(open.map(({ list }) => list.sobject))].join(', ')}`;
    const answers = await queryTogether(session, place, queries);
    open = open.filter((reading, index) => {
      const page = answers[index] ?? [];
      reading.rows.push(...page);
      const last = page.at(-1);
      const stamp = last && timeAt(last, 'SystemModstamp');
      if (page.length < pageSize || last === undefined || !stamp) return false;
      const time = dateTime(stamp);
      const id = literal(textAt(last, 'Id') ?? '');
      reading.after = ` AND (SystemModstamp > ${time} OR (SystemModstamp = ${time} AND Id > ${id}))`;
      return true;
    });
  }
  return readings.map(({ rows }) => rows);
}

/** One change per record and row, oldest first; a row's own change also stands for its record. */
function merge(changes: readonly CrmChange[]): readonly CrmChange[] {
  const byKey = new Map<string, CrmChange>();
  for (const change of changes) {
    const key = change.crmId ?? `row ${change.rowId}`;
    const other = byKey.get(key);
    if (other === undefined) {
      byKey.set(key, change);
      continue;
    }
    byKey.set(key, {
      ...other,
      aceId: other.aceId ?? change.aceId,
      action: other.action ?? change.action,
      rowId: other.action === null && change.action !== null ? change.rowId : (other.rowId ?? change.rowId),
      versions: [...other.versions, ...change.versions],
    });
  }
  const lastOf = ({ versions }: CrmChange) => versions.map(({ systemModstamp }) => systemModstamp).reduce(later);
  return [...byKey.values()].sort((one, other) => lastOf(one).localeCompare(lastOf(other)));
}

/** Of two times in the same ISO form. */
function later(one: string, other: string): string {
  return one.localeCompare(other) < 0 ? other : one;
}

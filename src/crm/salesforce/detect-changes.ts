import type { ChangeCursor, CrmChange, SharedObject } from '../crm.ts';
import { syncObject } from '../data-model.ts';
import type { DescribeCache } from './describe-cache.ts';
import { type QueryRow, query, textAt, timeAt } from './query.ts';
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
  const [records, rows, ...related] = await Promise.all([
    changedRecords(detection),
    changedRows(detection),
    ...relations.map((relation) => recordsWithChangedRelation(detection, relation)),
  ]);
  const changes = merge([...records, ...rows, ...related.flat()]);
  const seen = [...records, ...rows].map((change) => change.systemModstamp);
  return { changes, cursor: { since: [start, ...seen].reduce(later) } };
}

async function latestModstamp(session: SalesforceSession, object: SharedObject): Promise<string> {
  const soql = `SELECT SystemModstamp FROM ${sobjectOf[object]} ORDER BY SystemModstamp DESC LIMIT 1`;
  const [latest] = await query(session, `query of ${sobjectOf[object]}`, soql);
  return (latest && timeAt(latest, 'SystemModstamp')) ?? '2000-01-01T00:00:00.000Z';
}

async function changedRecords(detection: Detection): Promise<CrmChange[]> {
  const sobject = sobjectOf[detection.object];
  const window = detection.since === null ? isShared : `SystemModstamp >= ${dateTime(detection.since)}`;
  const rows = await pages(detection.session, sobject, 'Id, ACE_Id__c, SystemModstamp', window);
  return rows.map((row) => ({
    object: detection.object,
    crmId: recordId(textAt(row, 'Id') ?? ''),
    aceId: textAt(row, 'ACE_Id__c'),
    systemModstamp: timeAt(row, 'SystemModstamp') ?? '',
    action: null,
    rowId: null,
  }));
}

const rowFields = (lookup: string) => `Id, ACE_Id__c, CRM_Record_Id__c, ${lookup}, Action__c, SystemModstamp`;

/**
 * A row that a person made by quick action has only the lookup; the sync fills Object__c. A converted lead's row names
 * the opportunity as well, and stays the lead's.
 */
const rowsOf = (object: SharedObject, lookup: string) =>
  `(Object__c = ${literal(object)} OR (Object__c = null AND ${lookup} != null))`;

async function changedRows({ session, object, since }: Detection): Promise<CrmChange[]> {
  const lookup = `${sobjectOf[object]}__c`;
  const window = since === null ? '' : ` AND (SystemModstamp >= ${dateTime(since)} OR Action__c != null)`;
  const rows = await pages(session, syncObject, rowFields(lookup), rowsOf(object, lookup) + window);
  return rows.map((row) => rowChange(object, lookup, row));
}

/** Answers to referrals, with the calls held in reserve. */
export async function answeredRows(session: SalesforceSession, object: SharedObject): Promise<CrmChange[]> {
  const lookup = `${sobjectOf[object]}__c`;
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
    systemModstamp: timeAt(row, 'SystemModstamp') ?? '',
    action: textAt(row, 'Action__c'),
    rowId: textAt(row, 'Id'),
  };
}

async function recordsWithChangedRelation(detection: Detection, relation: WatchedRelation): Promise<CrmChange[]> {
  const { session, since } = detection;
  const sobject = sobjectOf[detection.object];
  if (since === null) return [];
  const changed = `SystemModstamp >= ${dateTime(since)}`;
  const select = 'Id, ACE_Id__c, SystemModstamp';
  let rows: readonly QueryRow[];
  if (relation.kind === 'traverse') {
    rows = await pages(session, sobject, select, `${isShared} AND ${relation.path}.${changed}`);
  } else {
    const parents = await pages(session, relation.sobject, 'Id, SystemModstamp', changed);
    const ids = parents.flatMap((parent) => textAt(parent, 'Id') ?? []);
    const answers: QueryRow[] = [];
    for (let from = 0; from < ids.length; from += idsPerQuery) {
      const some = isOneOf(relation.lookup, ids.slice(from, from + idsPerQuery));
      answers.push(...(await pages(session, sobject, select, `${isShared} AND ${some}`)));
    }
    rows = answers;
  }
  return rows.map((row) => ({
    object: detection.object,
    crmId: recordId(textAt(row, 'Id') ?? ''),
    aceId: textAt(row, 'ACE_Id__c'),
    systemModstamp: timeAt(row, 'SystemModstamp') ?? '',
    action: null,
    rowId: null,
  }));
}

async function pages(session: SalesforceSession, sobject: string, select: string, where: string): Promise<QueryRow[]> {
  const rows: QueryRow[] = [];
  let after = '';
  for (;;) {
    const soql = `SELECT ${select} FROM ${sobject} WHERE ${where}${after} ORDER BY SystemModstamp, Id LIMIT ${pageSize}`;
    const page = await query(session, `query of ${sobject}`, soql, { deleted: true });
    rows.push(...page);
    const last = page.at(-1);
    const stamp = last && timeAt(last, 'SystemModstamp');
    if (page.length < pageSize || last === undefined || !stamp) return rows;
    const time = dateTime(stamp);
    const id = literal(textAt(last, 'Id') ?? '');
    after = ` AND (SystemModstamp > ${time} OR (SystemModstamp = ${time} AND Id > ${id}))`;
  }
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
      systemModstamp: later(other.systemModstamp, change.systemModstamp),
    });
  }
  return [...byKey.values()].sort((one, other) => one.systemModstamp.localeCompare(other.systemModstamp));
}

/** Of two times in the same ISO form. */
function later(one: string, other: string): string {
  return one.localeCompare(other) < 0 ? other : one;
}

import type { CrmCallOptions, CrmRecord, Linked, SharedObject, SyncRow } from '../crm.ts';
import { syncObject } from '../data-model.ts';
import { createLane, type Lane } from './coalescer.ts';
import { schemaError } from './collections-row.ts';
import type { DescribeCache } from './describe-cache.ts';
import type { SalesforceOptions } from './options.ts';
import { crmFields, type QueryRow, query, textAt, timeAt, valueAt } from './query.ts';
import type { SalesforceSession } from './session.ts';
import { isOneOf, isPath, recordId, splitByLength } from './soql.ts';

export type FindKey = { readonly aceId: string } | { readonly crmId: string };

export interface RecordFinder {
  find(
    object: SharedObject,
    keys: readonly FindKey[],
    paths: readonly string[],
    rowFields: readonly string[],
    options?: CrmCallOptions,
  ): Promise<readonly Linked[]>;
  drain(): Promise<void>;
}

export const sobjectOf: Readonly<Record<SharedObject, 'Opportunity' | 'Lead'>> = {
  opportunity: 'Opportunity',
  lead: 'Lead',
};

/** Read with every record: identity, version, and what became of the record. */
const recordPaths: Readonly<Record<SharedObject, readonly string[]>> = {
  opportunity: ['Id', 'ACE_Id__c', 'ACE_Last_Modified__c', 'SystemModstamp', 'IsDeleted'],
  lead: [
    'Id',
    'ACE_Id__c',
    'ACE_Last_Modified__c',
    'SystemModstamp',
    'IsDeleted',
    'MasterRecordId',
    'IsConverted',
    'ConvertedOpportunityId',
  ],
};
const rowPaths = ['Id', 'ACE_Id__c', 'CRM_Record_Id__c', 'SystemModstamp'];

/**
 * Reads records with their companion rows. Callers that want the same fields share calls: one query for the records and
 * one for the rows per up to 200 keys, and a second pair only for halves that are linked through the other half.
 */
export function createRecordFinder(
  session: SalesforceSession,
  cache: DescribeCache,
  options: SalesforceOptions,
): RecordFinder {
  const lanes = new Map<string, Lane<FindKey, Linked>>();

  function laneOf(object: SharedObject, paths: readonly string[], rowFields: readonly string[]): Lane<FindKey, Linked> {
    const name = JSON.stringify([object, paths, rowFields]);
    const existing = lanes.get(name);
    if (existing !== undefined) return existing;
    const lane = createLane<FindKey, Linked>({
      maxRecords: () => options.batch.maxRecords,
      loneWindowMs: () =>
        session.budget.state() === 'free' ? options.batch.loneWindowMs : options.batch.backlogWindowMs,
      backlogWindowMs: () => options.batch.backlogWindowMs,
      meet: () => 'replace',
      send: (keys, urgent) =>
        readLinked({ session, object, paths, rowFields, priority: urgent ? 'urgent' : 'normal' }, keys),
    });
    lanes.set(name, lane);
    return lane;
  }

  return {
    async find(object, keys, paths, rowFields, callOptions = {}) {
      await refuseUnknownPaths(cache, session, sobjectOf[object], paths);
      await refuseUnknownPaths(cache, session, syncObject, rowFields);
      const lane = laneOf(object, paths, rowFields);
      return Promise.all(
        keys.map((key) =>
          lane.submit(
            'aceId' in key ? `ace ${key.aceId.toLowerCase()}` : `crm ${recordId(key.crmId) ?? key.crmId}`,
            key,
            {
              urgent: callOptions.priority === 'urgent',
              ...(callOptions.signal === undefined ? {} : { signal: callOptions.signal }),
            },
          ),
        ),
      );
    },
    async drain() {
      await Promise.all([...lanes.values()].map((lane) => lane.drain()));
    },
  };
}

/** Names the missing field or relation before the call; Salesforce would refuse the query as a whole. */
async function refuseUnknownPaths(
  cache: DescribeCache,
  session: SalesforceSession,
  sobject: string,
  paths: readonly string[],
): Promise<void> {
  for (const path of paths) {
    const object = await cache.describe(sobject);
    const [name = '', ...rest] = path.split('.');
    const found =
      rest.length === 0
        ? object?.fields.has(name.toLowerCase())
        : [...(object?.fields.values() ?? [])].some(
            (field) => field.relationshipName?.toLowerCase() === name.toLowerCase(),
          );
    if (isPath(path) && found === true) continue;
    const detail = isPath(path)
      ? `${sobject}.${path} is missing or hidden`
      : `a path of the mapping for ${sobject} is no name`;
    await session.breaker.run(() => Promise.reject(schemaError(detail)));
  }
}

interface Reading {
  readonly session: SalesforceSession;
  readonly object: SharedObject;
  readonly paths: readonly string[];
  readonly rowFields: readonly string[];
  readonly priority: 'normal' | 'urgent';
}

async function readLinked(reading: Reading, keys: readonly FindKey[]): Promise<readonly Linked[]> {
  const aceIds = keys.flatMap((key) => ('aceId' in key && key.aceId !== '' ? [key.aceId] : []));
  const crmIds = keys.flatMap((key) => ('crmId' in key ? (recordId(key.crmId) ?? []) : []));
  const [records, rows] = await Promise.all([readRecords(reading, aceIds, crmIds), readRows(reading, aceIds, crmIds)]);
  const linkedRow = (record: CrmRecord) =>
    rows.find((row) => row.crmId === record.id || sameId(row.aceId, record.aceId));
  const linkedRecord = (row: SyncRow) =>
    records.find((record) => record.id === row.crmId || sameId(record.aceId, row.aceId));
  const [moreRecords, moreRows] = await Promise.all([
    readRecords(
      reading,
      [],
      rows.filter((row) => linkedRecord(row) === undefined).flatMap((row) => row.crmId ?? []),
    ),
    readRows(
      reading,
      records.filter((record) => linkedRow(record) === undefined).flatMap((record) => record.aceId ?? []),
      records.filter((record) => linkedRow(record) === undefined).map((record) => record.id),
    ),
  ]);
  return join(keys, [...records, ...moreRecords], [...rows, ...moreRows]);
}

/** A record is found by its key first, and through the other half only when it has none of its own. */
function join(keys: readonly FindKey[], records: readonly CrmRecord[], rows: readonly SyncRow[]): readonly Linked[] {
  return keys.map((key) => {
    if ('aceId' in key) {
      const row = rows.find((row) => sameId(row.aceId, key.aceId)) ?? null;
      // The living record comes first: a deleted one keeps its ACE id in the recycle bin.
      const byKey = records.filter((record) => sameId(record.aceId, key.aceId));
      const record =
        byKey.find((record) => !record.deleted) ??
        byKey.find((record) => record.id === row?.crmId) ??
        byKey[0] ??
        records.find((record) => record.id === row?.crmId) ??
        null;
      return { record, row: row ?? (record === null ? null : (rows.find((row) => row.crmId === record.id) ?? null)) };
    }
    const id = recordId(key.crmId);
    const record = records.find((record) => record.id === id) ?? null;
    const row =
      rows.find((row) => row.crmId === id) ??
      rows.find((row) => record !== null && record.aceId !== null && sameId(row.aceId, record.aceId)) ??
      null;
    return { record, row };
  });
}

/** Salesforce compares external ids without case. */
function sameId(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && one.toLowerCase() === other.toLowerCase();
}

async function readRecords(
  reading: Reading,
  aceIds: readonly string[],
  crmIds: readonly string[],
): Promise<CrmRecord[]> {
  const sobject = sobjectOf[reading.object];
  const select = unique([...recordPaths[reading.object], ...reading.paths]).join(', ');
  const rows = await readByKeys(reading, sobject, select, { ACE_Id__c: aceIds, Id: crmIds }, true);
  return rows.map((row) => toRecord(reading, row));
}

async function readRows(reading: Reading, aceIds: readonly string[], crmIds: readonly string[]): Promise<SyncRow[]> {
  // A row that a person made by quick action has only the lookup, until the sync fills in the record id.
  const lookup = `${sobjectOf[reading.object]}__c`;
  const select = unique([...rowPaths, lookup, ...reading.rowFields]).join(', ');
  const keys = { ACE_Id__c: aceIds, CRM_Record_Id__c: crmIds, [lookup]: crmIds };
  const rows = await readByKeys(reading, syncObject, select, keys, false);
  return rows.map((row) => ({
    id: textAt(row, 'Id') ?? '',
    aceId: textAt(row, 'ACE_Id__c'),
    crmId: recordId(textAt(row, 'CRM_Record_Id__c') ?? textAt(row, lookup) ?? ''),
    fields: crmFields(row, reading.rowFields),
    systemModstamp: timeAt(row, 'SystemModstamp') ?? '',
  }));
}

async function readByKeys(
  reading: Reading,
  sobject: string,
  select: string,
  keys: Readonly<Record<string, readonly string[]>>,
  deleted: boolean,
): Promise<QueryRow[]> {
  const flat = Object.entries(keys).flatMap(([field, values]) => unique(values).map((value) => ({ field, value })));
  const build = (part: readonly { field: string; value: string }[]) => {
    const conditions = Object.keys(keys).flatMap((field) => {
      const values = part.filter((key) => key.field === field).map((key) => key.value);
      return values.length === 0 ? [] : [isOneOf(field, values)];
    });
    return `SELECT ${select} FROM ${sobject} WHERE ${conditions.join(' OR ')}`;
  };
  const parts = splitByLength(flat, build);
  const answers = await Promise.all(
    parts.map((part) =>
      query(reading.session, `query of ${sobject}`, build(part), { deleted, priority: reading.priority }),
    ),
  );
  return answers.flat();
}

function toRecord(reading: Reading, row: QueryRow): CrmRecord {
  const converted = valueAt(row, 'IsConverted') === true;
  return {
    id: recordId(textAt(row, 'Id') ?? '') ?? '',
    object: reading.object,
    fields: crmFields(row, reading.paths),
    aceId: textAt(row, 'ACE_Id__c'),
    aceLastModified: timeAt(row, 'ACE_Last_Modified__c'),
    systemModstamp: timeAt(row, 'SystemModstamp') ?? '',
    deleted: valueAt(row, 'IsDeleted') === true,
    mergedInto: recordId(textAt(row, 'MasterRecordId') ?? ''),
    converted: converted ? { opportunityId: recordId(textAt(row, 'ConvertedOpportunityId') ?? '') } : null,
  };
}

/** Salesforce refuses a field that is selected twice, and ignores case in names and keys. */
function unique(values: readonly string[]): string[] {
  return values.filter(
    (value, index) => index === values.findIndex((other) => other.toLowerCase() === value.toLowerCase()),
  );
}

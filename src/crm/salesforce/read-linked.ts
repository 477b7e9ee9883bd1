import { childPath } from '../child-path.ts';
import type { CrmRecord, Linked, SharedObject, SyncRow } from '../crm.ts';
import { syncObject } from '../data-model.ts';
import { crmFields, type Query, type QueryRow, queryTogether, textAt, timeAt, valueAt } from './query.ts';
import { sobjectOf } from './record-objects.ts';
import type { SalesforceSession } from './session.ts';
import { isOneOf, recordId, splitByLength } from './soql.ts';

export type FindKey = { readonly aceId: string } | { readonly crmId: string };

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
const rowPaths = ['Id', 'ACE_Id__c', 'CRM_Record_Id__c', 'Object__c', 'SystemModstamp'];
/** The lookup of a row to its record: all that a row made by a person's quick action carries. */
const rowLookups: Readonly<Record<SharedObject, string>> = { opportunity: 'Opportunity__c', lead: 'Lead__c' };

export interface Reading {
  readonly session: SalesforceSession;
  readonly object: SharedObject;
  readonly paths: readonly string[];
  readonly rowFields: readonly string[];
  readonly priority: 'normal' | 'urgent';
}

/** Reads by keys in the first round, and in a second one the halves that only the other half knows of; each is one call. */
export async function readLinked(reading: Reading, keys: readonly FindKey[]): Promise<readonly Linked[]> {
  const aceIds = keys.flatMap((key) => ('aceId' in key && key.aceId !== '' ? [key.aceId] : []));
  const crmIds = keys.flatMap((key) => ('crmId' in key ? (recordId(key.crmId) ?? []) : []));
  const { records, rows } = await readHalves(reading, { aceIds, crmIds }, { aceIds, crmIds });
  const linkedRow = (record: CrmRecord) =>
    rows.find((row) => row.crmId === record.id || sameId(row.aceId, record.aceId));
  const linkedRecord = (row: SyncRow) =>
    records.find((record) => record.id === row.crmId || sameId(record.aceId, row.aceId));
  const loose = records.filter((record) => linkedRow(record) === undefined);
  const more = await readHalves(
    reading,
    {
      aceIds: [],
      crmIds: rows.filter((row) => linkedRecord(row) === undefined).flatMap((row) => row.crmId ?? []),
    },
    { aceIds: loose.flatMap((record) => record.aceId ?? []), crmIds: loose.map((record) => record.id) },
  );
  return join(keys, [...records, ...more.records], [...rows, ...more.rows]);
}

interface Ids {
  readonly aceIds: readonly string[];
  readonly crmIds: readonly string[];
}

async function readHalves(
  reading: Reading,
  ofRecords: Ids,
  ofRows: Ids,
): Promise<{ records: readonly CrmRecord[]; rows: readonly SyncRow[] }> {
  const recordQueries = queriesForRecords(reading, ofRecords);
  const queries = [...recordQueries, ...queriesForRows(reading, ofRows)];
  if (queries.length === 0) return { records: [], rows: [] };
  const place = `query of ${sobjectOf[reading.object]} and ${syncObject}`;
  const answers = await queryTogether(reading.session, place, queries, reading.priority);
  return {
    records: answers
      .slice(0, recordQueries.length)
      .flat()
      .map((row) => toRecord(reading, row)),
    rows: toRows(reading, answers.slice(recordQueries.length).flat()),
  };
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

function queriesForRecords(reading: Reading, { aceIds, crmIds }: Ids): readonly Query[] {
  return queriesByKeys(selectRecords(reading), { ACE_Id__c: aceIds, Id: crmIds }, true);
}

/** The beginning of a query that gives what `toRecord` reads. */
export function selectRecords({ object, paths }: Pick<Reading, 'object' | 'paths'>): string {
  return `SELECT ${selectOf([...recordPaths[object], ...paths])} FROM ${sobjectOf[object]}`;
}

function queriesForRows({ object, rowFields }: Reading, { aceIds, crmIds }: Ids): readonly Query[] {
  // A caller that wants no field of the row wants no row.
  if (rowFields.length === 0) return [];
  const lookup = rowLookups[object];
  const select = `SELECT ${unique([...rowPaths, lookup, ...rowFields]).join(', ')} FROM ${syncObject}`;
  return queriesByKeys(select, { ACE_Id__c: aceIds, CRM_Record_Id__c: crmIds, [lookup]: crmIds }, false);
}

function toRows({ object, rowFields }: Reading, found: readonly QueryRow[]): readonly SyncRow[] {
  // The sync's own row comes before one that a person made beside it.
  const rows = found
    // A converted lead's row names the opportunity as well, and stays the lead's.
    .filter((row) => [null, '', object].includes(textAt(row, 'Object__c')))
    .sort((one, other) => Number(!textAt(one, 'CRM_Record_Id__c')) - Number(!textAt(other, 'CRM_Record_Id__c')));
  return rows.map((row) => ({
    id: textAt(row, 'Id') ?? '',
    aceId: textAt(row, 'ACE_Id__c'),
    crmId: recordId(textAt(row, 'CRM_Record_Id__c') ?? textAt(row, rowLookups[object]) ?? ''),
    fields: crmFields(row, rowFields),
    systemModstamp: timeAt(row, 'SystemModstamp') ?? '',
  }));
}

function queriesByKeys(
  select: string,
  keys: Readonly<Record<string, readonly string[]>>,
  deleted: boolean,
): readonly Query[] {
  const flat = Object.entries(keys).flatMap(([field, values]) => unique(values).map((value) => ({ field, value })));
  const build = (part: readonly { field: string; value: string }[]) => {
    const conditions = Object.keys(keys).flatMap((field) => {
      const values = part.filter((key) => key.field === field).map((key) => key.value);
      return values.length === 0 ? [] : [isOneOf(field, values)];
    });
    return `${select} WHERE ${conditions.join(' OR ')}`;
  };
  return splitByLength(flat, build).map((part) => ({ soql: build(part), deleted }));
}

/** What a query selects to read the paths. */
export function selectOf(paths: readonly string[]): string {
  return [...unique(paths.filter((path) => childPath(path) === null)), ...childQueries(paths)].join(', ');
}

/** Children read of one record: more are no list that people made, and a longer one would need pages of its own. */
const mostChildren = 200;

/** One sub-query per relation to children, because Salesforce takes no second one; checkboxes are looked at afterwards. */
function childQueries(paths: readonly string[]): readonly string[] {
  const fields = new Map<string, string[]>();
  for (const { relationship, only, path } of paths.map(childPath).filter((child) => child !== null)) {
    const known = fields.get(relationship) ?? ['IsDeleted'];
    fields.set(relationship, [...known, path, ...(only === null ? [] : [only])]);
  }
  return [...fields].map(
    ([relationship, names]) =>
      `(SELECT ${unique(names).join(', ')} FROM ${relationship} ORDER BY Id LIMIT ${mostChildren})`,
  );
}

/** A record as a row of `selectRecords` gives it. */
export function toRecord(reading: Pick<Reading, 'object' | 'paths'>, row: QueryRow): CrmRecord {
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

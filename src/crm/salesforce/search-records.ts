import type { FoundRecord, SearchCondition, SharedObject } from '../crm.ts';
import { createLane, type Lane } from './coalescer.ts';
import type { SalesforceOptions } from './options.ts';
import { crmFields, type QueryRow, queryTogether, textAt, valueAt } from './query.ts';
import { sobjectOf } from './record-objects.ts';
import type { SalesforceSession } from './session.ts';
import { isOneOf, like, recordId, splitByLength } from './soql.ts';

export interface RecordSearch {
  search(
    object: SharedObject,
    conditions: readonly SearchCondition[],
    paths: readonly string[],
  ): Promise<readonly FoundRecord[]>;
  drain(): Promise<void>;
}

type Conditions = readonly SearchCondition[];

/** Records that work is still done on, and that belong to no ACE record. */
const open: Readonly<Record<SharedObject, string>> = {
  opportunity: 'ACE_Id__c = null AND IsClosed = false',
  lead: 'ACE_Id__c = null AND IsConverted = false',
};

/** Searches by values. All searches of a moment for the same paths are one query; each caller gets what fits its own. */
export function createRecordSearch(session: SalesforceSession, options: SalesforceOptions): RecordSearch {
  const lanes = new Map<string, Lane<Conditions, readonly FoundRecord[]>>();

  function laneOf(object: SharedObject, paths: readonly string[]): Lane<Conditions, readonly FoundRecord[]> {
    const name = JSON.stringify([object, paths]);
    const existing = lanes.get(name);
    if (existing !== undefined) return existing;
    const sobject = sobjectOf[object];
    const select = [...new Set(['Id', ...paths])].join(', ');
    const build = (conditions: Conditions) =>
      `SELECT ${select} FROM ${sobject} WHERE ${open[object]} AND (${anyOf(conditions)})`;
    const lane = createLane<Conditions, readonly FoundRecord[]>({
      maxRecords: () => options.batch.maxRecords,
      loneWindowMs: () => options.batch.loneWindowMs,
      backlogWindowMs: () => options.batch.backlogWindowMs,
      meet: () => 'replace',
      send: async (searches) => {
        const all = [...new Map(searches.flat().map((one) => [JSON.stringify(one), one])).values()];
        const parts = splitByLength(all, build);
        const queries = parts.map((part) => ({ soql: build(part), deleted: false }));
        const answers = await queryTogether(session, `search of ${sobject}`, queries);
        const rows = [...new Map(answers.flat().map((row) => [textAt(row, 'Id'), row])).values()];
        return searches.map((conditions) =>
          rows
            .filter((row) => conditions.some((condition) => meets(row, condition)))
            .map((row) => ({ id: recordId(textAt(row, 'Id') ?? '') ?? '', fields: crmFields(row, paths) })),
        );
      },
    });
    lanes.set(name, lane);
    return lane;
  }

  return {
    search: (object, conditions, paths) =>
      conditions.length === 0
        ? Promise.resolve([])
        : laneOf(object, paths).submit(JSON.stringify(conditions), conditions),
    async drain() {
      await Promise.all([...lanes.values()].map((lane) => lane.drain()));
    },
  };
}

function anyOf(conditions: Conditions): string {
  const paths = [...new Set(conditions.map(({ path }) => path))];
  return paths
    .flatMap((path) => {
      const mine = conditions.filter((condition) => condition.path === path);
      const exact = mine.filter(({ how }) => how === 'is').map(({ value }) => value);
      const parts = mine.filter(({ how }) => how === 'contains').map(({ value }) => like(path, value));
      return [...(exact.length === 0 ? [] : [isOneOf(path, exact)]), ...parts];
    })
    .join(' OR ');
}

/** Salesforce compares texts without case. */
function meets(row: QueryRow, { path, how, value }: SearchCondition): boolean {
  const held = String(valueAt(row, path) ?? '').toLowerCase();
  return how === 'is' ? held === value.toLowerCase() : held.includes(value.toLowerCase());
}

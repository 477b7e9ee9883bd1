import { createLane, type Lane } from './coalescer.ts';
import type { SalesforceOptions } from './options.ts';
import { query, textAt } from './query.ts';
import type { SalesforceSession } from './session.ts';
import { isOneOf, recordId, splitByLength } from './soql.ts';

export interface RelatedIds {
  /** Ids of the records whose field holds the value. Concurrent callers share one query per object and field. */
  find(sobject: string, field: string, value: string): Promise<readonly string[]>;
  drain(): Promise<void>;
}

/** Users that may own a record: people of the company, and not those who left it. */
const only: Readonly<Record<string, string>> = { User: "IsActive = true AND UserType = 'Standard' AND " };

export function createRelatedIds(session: SalesforceSession, options: SalesforceOptions): RelatedIds {
  const lanes = new Map<string, Lane<string, readonly string[]>>();

  function laneOf(sobject: string, field: string): Lane<string, readonly string[]> {
    const name = `${sobject} ${field}`;
    const existing = lanes.get(name);
    if (existing !== undefined) return existing;
    const build = (values: readonly string[]) =>
      `SELECT Id, ${field} FROM ${sobject} WHERE ${only[sobject] ?? ''}${isOneOf(field, values)}`;
    const lane = createLane<string, readonly string[]>({
      maxRecords: () => options.batch.maxRecords,
      loneWindowMs: () => options.batch.loneWindowMs,
      backlogWindowMs: () => options.batch.backlogWindowMs,
      meet: () => 'replace',
      send: async (values) => {
        const parts = splitByLength(values, build);
        const rows = (
          await Promise.all(parts.map((part) => query(session, `query of ${sobject}`, build(part))))
        ).flat();
        // Texts are compared without case, as Salesforce does.
        return values.map((value) =>
          rows
            .filter((row) => textAt(row, field)?.toLowerCase() === value.toLowerCase())
            .flatMap((row) => recordId(textAt(row, 'Id') ?? '') ?? []),
        );
      },
    });
    lanes.set(name, lane);
    return lane;
  }

  return {
    find: (sobject, field, value) =>
      value === '' ? Promise.resolve([]) : laneOf(sobject, field).submit(value.toLowerCase(), value),
    async drain() {
      await Promise.all([...lanes.values()].map((lane) => lane.drain()));
    },
  };
}

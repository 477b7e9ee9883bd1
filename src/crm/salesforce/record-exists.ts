import { createLane, type Lane } from './coalescer.ts';
import type { SalesforceOptions } from './options.ts';
import { queryTogether, textAt } from './query.ts';
import type { SalesforceSession } from './session.ts';
import { isOneOf, splitByLength } from './soql.ts';

export interface ExistenceFinder {
  /** Whether a record with this external id is there. Concurrent callers share one query per object and key field. */
  exists(sobject: string, externalId: string, value: string): Promise<boolean>;
  drain(): Promise<void>;
}

export function createExistenceFinder(session: SalesforceSession, options: SalesforceOptions): ExistenceFinder {
  const lanes = new Map<string, Lane<string, boolean>>();

  function laneOf(sobject: string, externalId: string): Lane<string, boolean> {
    const name = `${sobject} ${externalId}`;
    const existing = lanes.get(name);
    if (existing !== undefined) return existing;
    const build = (values: readonly string[]) =>
      `SELECT ${externalId} FROM ${sobject} WHERE ${isOneOf(externalId, values)}`;
    const lane = createLane<string, boolean>({
      maxRecords: () => options.batch.maxRecords,
      loneWindowMs: () => options.batch.loneWindowMs,
      backlogWindowMs: () => options.batch.backlogWindowMs,
      meet: () => 'replace',
      send: async (values) => {
        const parts = splitByLength(values, build);
        const queries = parts.map((part) => ({ soql: build(part), deleted: false }));
        const rows = await queryTogether(session, `query of ${sobject}`, queries);
        // External ids are compared without case, as Salesforce does.
        const found = new Set(rows.flat().map((row) => textAt(row, externalId)?.toLowerCase()));
        return values.map((value) => found.has(value.toLowerCase()));
      },
    });
    lanes.set(name, lane);
    return lane;
  }

  return {
    exists: (sobject, externalId, value) =>
      value === '' ? Promise.resolve(false) : laneOf(sobject, externalId).submit(value.toLowerCase(), value),
    async drain() {
      await Promise.all([...lanes.values()].map((lane) => lane.drain()));
    },
  };
}

import { childPath } from '../child-path.ts';
import type { CrmCallOptions, Linked, SharedObject } from '../crm.ts';
import { syncObject } from '../data-model.ts';
import { createLane, type Lane } from './coalescer.ts';
import { schemaError } from './collections-row.ts';
import type { DescribeCache } from './describe-cache.ts';
import type { SalesforceOptions } from './options.ts';
import { type FindKey, readLinked } from './read-linked.ts';
import { sobjectOf } from './record-objects.ts';
import type { SalesforceSession } from './session.ts';
import { isPath, recordId } from './soql.ts';

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
      // An object of its own stands for this caller.
      const company = callOptions.backlog === undefined ? {} : { company: { ...callOptions.backlog } };
      return Promise.all(
        keys.map((key) =>
          lane.submit(
            'aceId' in key ? `ace ${key.aceId.toLowerCase()}` : `crm ${recordId(key.crmId) ?? key.crmId}`,
            key,
            {
              urgent: callOptions.priority === 'urgent',
              ...company,
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
    if (isPath(path) && (await startsSomewhere(cache, sobject, path))) continue;
    const detail = isPath(path)
      ? `${sobject}.${path} is missing or hidden`
      : `a path of the mapping for ${sobject} is no name`;
    await session.breaker.run(() => Promise.reject(schemaError(detail)));
  }
}

/** Whether the first name of the path is there; what lies behind relations is for Salesforce to say. */
async function startsSomewhere(cache: DescribeCache, sobject: string, path: string): Promise<boolean> {
  const object = await cache.describe(sobject);
  const child = childPath(path);
  if (child !== null) return object?.children.has(child.relationship.toLowerCase()) === true;
  const [name = '', ...rest] = path.toLowerCase().split('.');
  const fields = [...(object?.fields.values() ?? [])];
  return rest.length === 0
    ? object?.fields.has(name) === true
    : fields.some(({ relationshipName }) => relationshipName?.toLowerCase() === name);
}

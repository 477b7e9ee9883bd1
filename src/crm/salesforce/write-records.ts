import { setTimeout as sleep } from 'node:timers/promises';
import type { Problem } from '../../errors.ts';
import { type CrmWriteFields, type CrmWriteOptions, sharedObjects, type WriteKey, type WriteOutcome } from '../crm.ts';
import { syncObject } from '../data-model.ts';
import { type AdaptiveSlice, createAdaptiveSlice } from './adaptive-slice.ts';
import { createLane, type Lane } from './coalescer.ts';
import { buildRow, type CollectionsRow, meetingRows, type RowCheck, schemaError } from './collections-row.ts';
import type { DescribeCache, DescribedObject } from './describe-cache.ts';
import type { SalesforceOptions } from './options.ts';
import { sobjectOf } from './record-objects.ts';
import { companionObjects } from './riders.ts';
import { sendCollection } from './send-collection.ts';
import type { SalesforceSession } from './session.ts';

export interface RecordWriter {
  write(sobject: string, key: WriteKey, fields: CrmWriteFields, options?: CrmWriteOptions): Promise<WriteOutcome>;
  drain(): Promise<void>;
}

/** A row with the description that it was checked against. */
type Prepared =
  | (Extract<RowCheck, { ok: true }> & { readonly object: DescribedObject })
  | Extract<RowCheck, { ok: false }>;

/** A description this fresh is not read again for one unknown name: the name is missing. */
const freshDescriptionMs = 10_000;

/** Writes single records through shared calls: one lane per object and operation, one call at a time per object. */
export function createRecordWriter(
  session: SalesforceSession,
  cache: DescribeCache,
  options: SalesforceOptions,
  pause: (ms: number) => Promise<void> = sleep,
): RecordWriter {
  const lanes = new Map<string, Lane<CollectionsRow, WriteOutcome>>();
  const slices = new Map<string, AdaptiveSlice>();
  const turns = new Map<string, Promise<unknown>>();

  function laneOf(object: DescribedObject, externalId: string | null): Lane<CollectionsRow, WriteOutcome> {
    const name = `${object.name} ${externalId ?? 'Id'}`;
    const existing = lanes.get(name);
    if (existing !== undefined) return existing;
    const slice = slices.get(object.name) ?? createAdaptiveSlice(options.batch.maxRecords);
    slices.set(object.name, slice);
    const lane = createLane<CollectionsRow, WriteOutcome>({
      maxRecords: slice.size,
      // Near the share of API calls a lone record waits for company as long as a backlog does.
      loneWindowMs: () =>
        session.budget.state() === 'free' ? options.batch.loneWindowMs : options.batch.backlogWindowMs,
      backlogWindowMs: () => options.batch.backlogWindowMs,
      meet: meetingRows,
      send: (rows, urgent) =>
        inTurn([object.name, ...companionObjects(rows)], async () => {
          const labels = (await cache.describe(object.name)) ?? object;
          const labelOf = (field: string) => labels.fields.get(field.toLowerCase())?.label ?? field;
          return sendCollection(
            { session, retry: options.retry, duplicateAlerts: options.duplicateAlerts, slice, sleep: pause },
            {
              sobject: object.name,
              externalId,
              rows,
              labelOf,
              mayWrite: (fields) => mayWrite(object.name, fields),
              urgent,
            },
          );
        }),
    });
    lanes.set(name, lane);
    return lane;
  }

  async function mayWrite(sobject: string, fields: readonly string[]): Promise<boolean> {
    cache.refresh(sobject, freshDescriptionMs);
    const object = await cache.describe(sobject);
    return fields.every((name) => object?.fields.get(name.toLowerCase())?.updateable === true);
  }

  /** Two calls on one object at once would only meet each other's row locks. */
  function inTurn<T>(sobjects: readonly string[], call: () => Promise<T>): Promise<T> {
    const mine = Promise.allSettled(sobjects.map((sobject) => turns.get(sobject))).then(call);
    for (const sobject of sobjects) turns.set(sobject, mine);
    return mine;
  }

  /** The row with what shall ride along; an update that cannot be built is left to a call of its own, which says why. */
  async function withRiders(
    row: CollectionsRow,
    sobject: string,
    { readBack, follow }: CrmWriteOptions,
  ): Promise<CollectionsRow> {
    const object = sharedObjects.find((one) => sobjectOf[one] === sobject);
    const followed = follow === undefined ? null : await cache.describe(sobjectOf[follow.object]);
    const check = follow === undefined || followed === null ? null : buildRow(followed, follow, follow.fields);
    return {
      ...row,
      ...(readBack === undefined || object === undefined ? {} : { readBack: { object, paths: readBack } }),
      ...(check?.ok === true && follow !== undefined
        ? { follow: { object: follow.object, json: check.row.json } }
        : {}),
    };
  }

  async function prepare(sobject: string, key: WriteKey, fields: CrmWriteFields): Promise<Prepared> {
    const read = async (): Promise<Prepared> => {
      const object = await cache.describe(sobject);
      if (object === null) return { ok: false, schema: `${sobject} is missing or hidden` };
      const check = buildRow(object, key, fields);
      return check.ok ? { ...check, object } : check;
    };
    const first = await read();
    const unknownName = !first.ok && 'schema' in first;
    return unknownName && cache.refresh(sobject, freshDescriptionMs) ? read() : first;
  }

  async function refuse(check: Extract<RowCheck, { ok: false }>): Promise<WriteOutcome> {
    if ('schema' in check) return session.breaker.run(() => Promise.reject(schemaError(check.schema)));
    return { kind: 'refused', problem: keyProblem(check.row.field, check.row.problem) };
  }

  return {
    async write(sobject, key, fields, callOptions = {}) {
      const own = await prepare(sobject, key, fields);
      if (!own.ok) return refuse(own);
      const first = callOptions.ahead;
      const ahead = first === undefined ? null : await prepare(syncObject, first.key, first.fields);
      if (ahead?.ok === false) return refuse(ahead);
      const row = { ...own.row, ...(ahead === null ? {} : { ahead: ahead.row.json }) };
      const lane = laneOf(own.object, 'id' in key ? null : key.externalId);
      return lane.submit(row.key, await withRiders(row, own.object.name, callOptions), {
        urgent: callOptions.priority === 'urgent',
        ...(callOptions.signal === undefined ? {} : { signal: callOptions.signal }),
      });
    },
    async drain() {
      await Promise.all([...lanes.values()].map((lane) => lane.drain()));
    },
  };
}

function keyProblem(field: string, problem: 'emptyKey' | 'malformedId'): Problem {
  const empty = problem === 'emptyKey';
  return {
    code: empty ? 'CRM_KEY_EMPTY' : 'CRM_ID_MALFORMED',
    field,
    message: empty ? `${field} is empty, so the record cannot be found.` : 'The record id is none of Salesforce.',
    fix: 'Report the record to the integration engineer.',
    fixBy: 'engineer',
  };
}

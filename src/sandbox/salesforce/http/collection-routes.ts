import { toId18 } from '../org/record-id.ts';
import { asRowError, errors, SalesforceError } from '../org/salesforce-error.ts';
import type { FieldDefinition, ObjectDefinition } from '../org/schema.ts';
import type { Row } from '../org/store.ts';
import { deleteRecords } from '../records/delete-records.ts';
import { isJsonObject, type JsonObject, readRecordInput } from '../records/record-input.ts';
import { jsonRecord } from '../records/record-output.ts';
import { type PendingSave, type SaveContext, type SaveOutcome, saveRecords } from '../records/save-records.ts';
import { type ApiCall, bodyOf, type HttpAnswer, saveContextOf } from './http-messages.ts';

class RollBack extends Error {}

const limitError = (most: number) =>
  new SalesforceError(
    'EXCEEDED_ID_LIMIT',
    `record limit reached. cannot submit more than ${most} records into this call`,
    { fields: null },
  );

/** Runs the work; with `allOrNone` one failure takes everything back, and the others say so. */
function together(context: SaveContext, allOrNone: boolean, work: () => SaveOutcome[]): SaveOutcome[] {
  let outcomes: SaveOutcome[] = [];
  try {
    context.org.transaction(() => {
      outcomes = work();
      if (allOrNone && outcomes.some((one) => !one.ok)) throw new RollBack();
    });
    return outcomes;
  } catch (error) {
    if (!(error instanceof RollBack)) throw error;
    const rolledBack = new SalesforceError(
      'ALL_OR_NONE_OPERATION_ROLLED_BACK',
      'Record rolled back because not all records were valid and the request was using AllOrNone header',
    );
    return outcomes.map((one) => (one.ok ? { ok: false, errors: [rolledBack], created: one.created } : one));
  }
}

function answer(outcomes: readonly SaveOutcome[], kind: 'upsert' | 'other', allOrNone: boolean): HttpAnswer {
  const rolledBack = allOrNone && outcomes.some((one) => !one.ok);
  const body = outcomes.map((one) => {
    // With allOrNone an org says `created: true` of every row that was taken back (jsforce's own tests assert it).
    const created = rolledBack ? { created: true } : kind === 'upsert' ? { created: one.created } : {};
    return one.ok
      ? { id: one.id, success: true, errors: [], ...created }
      : { success: false, errors: one.errors.map(asRowError), ...created };
  });
  return { status: 200, body };
}

function recordsOf(call: ApiCall): { readonly records: readonly JsonObject[]; readonly allOrNone: boolean } {
  const body = bodyOf(call);
  const records = Array.isArray(body.records) ? body.records : [];
  if (!records.every(isJsonObject))
    throw errors.malformedJson('Every record must be a JSON object at [line:1, column:2]');
  const most = call.usage.settings.collectionRecords;
  if (records.length > most) throw limitError(most);
  return { records, allOrNone: body.allOrNone === true };
}

function objectOf(call: ApiCall, record: JsonObject, fallback: ObjectDefinition | null): ObjectDefinition {
  const { attributes } = record;
  const type = isJsonObject(attributes) ? attributes.type : undefined;
  if (typeof type === 'string') return call.org.objectNamed(type);
  if (fallback !== null) return fallback;
  throw new SalesforceError('INVALID_INPUT', 'The attributes.type of a record is missing', { fields: null });
}

/** Saves rows in chunks of one object each, as an org does; the order of the answer is that of the rows. */
function saveInChunks(call: ApiCall, context: SaveContext, pending: readonly PendingSave[]): SaveOutcome[] {
  const chunks: PendingSave[][] = [];
  for (const one of pending) {
    const last = chunks[chunks.length - 1];
    const sameObject = last?.[0]?.input.object === one.input.object;
    if (last !== undefined && sameObject) last.push(one);
    else chunks.push([one]);
  }
  if (chunks.length > call.usage.settings.collectionChunks)
    throw new SalesforceError(
      'INVALID_INPUT',
      `Unable to process your request: more than ${call.usage.settings.collectionChunks} chunks of different object types`,
      { fields: null },
    );
  return chunks.flatMap((chunk) => saveRecords(context, chunk));
}

/** `POST /composite/sobjects` creates, `PATCH /composite/sobjects` updates. */
export function saveCollection(call: ApiCall, kind: 'create' | 'update'): HttpAnswer {
  const { records, allOrNone } = recordsOf(call);
  const context = saveContextOf(call);
  const pending = records.map((record): PendingSave => {
    const input = readRecordInput(call.org, call.access, objectOf(call, record, null), record);
    return { input, id: kind === 'create' ? null : (input.id ?? '') };
  });
  return answer(
    together(context, allOrNone, () => saveInChunks(call, context, pending)),
    'other',
    allOrNone,
  );
}

/** Rows that the caller can see: an upsert takes a record that is not shared for a new one. */
export const sharedWith = (call: ApiCall, rows: readonly Row[]): Row[] =>
  rows.filter((row) => call.org.shares(row.id, call.access.userId));

export function externalIdField(call: ApiCall, object: ObjectDefinition, name: string): FieldDefinition {
  const field = call.org.schema.field(object, name);
  const visible = field !== undefined && call.access.readsField(object, field);
  if (!visible || !(field.externalId || field.unique || field.type === 'id')) throw errors.noSuchRecord(name);
  return field;
}

/** `PATCH /composite/sobjects/T/ExtField`. */
export function upsertCollection(call: ApiCall, objectName: string, fieldName: string): HttpAnswer {
  const { records, allOrNone } = recordsOf(call);
  const object = call.org.objectNamed(objectName);
  const key = externalIdField(call, object, fieldName);
  const context = saveContextOf(call);
  const inputs = records.map((record) =>
    readRecordInput(call.org, call.access, objectOf(call, record, object), record),
  );
  const keys = inputs.map((input) => {
    const value = key.type === 'id' ? input.id : (input.values.get(key) ?? null);
    return value === null ? '' : String(value).trim();
  });
  const timesSeen = new Map<string, number>();
  const fold = (text: string) => (key.caseSensitive ? text : text.toLowerCase());
  for (const one of keys) timesSeen.set(fold(one), (timesSeen.get(fold(one)) ?? 0) + 1);

  const work = (): SaveOutcome[] => {
    const early: (SaveOutcome | null)[] = inputs.map((input, index): SaveOutcome | null => {
      const value = keys[index] ?? '';
      const problem = keyProblem(call, input.object, key, value, timesSeen.get(fold(value)) ?? 0);
      return problem === null ? null : { ok: false, errors: [problem], created: false };
    });
    const pending: PendingSave[] = [];
    inputs.forEach((input, index) => {
      if (early[index] !== null) return;
      const value = keys[index] ?? '';
      const [found] = key.type === 'id' ? [] : sharedWith(call, call.org.store.findBy(input.object, key, value));
      const values = new Map(input.values);
      if (found !== undefined) values.delete(key);
      const id = key.type === 'id' ? (value === '' ? null : value) : (found?.id ?? null);
      pending.push({ input: { ...input, values }, id });
    });
    const saved = saveInChunks(call, context, pending).values();
    return early.map((one) => one ?? (saved.next().value as SaveOutcome));
  };
  return answer(together(context, allOrNone, work), 'upsert', allOrNone);
}

function keyProblem(
  call: ApiCall,
  object: ObjectDefinition,
  key: FieldDefinition,
  value: string,
  times: number,
): SalesforceError | null {
  if (key.type === 'id') return null;
  if (value === '') return new SalesforceError('MISSING_ARGUMENT', `${key.name} not specified`);
  if (times > 1)
    return new SalesforceError('DUPLICATE_VALUE', `Duplicate external id specified: ${value}`, { fields: [key.name] });
  const found = sharedWith(call, call.org.store.findBy(object, key, value));
  if (found.length < 2) return null;
  return new SalesforceError(
    'DUPLICATE_EXTERNAL_ID',
    `${key.label}: more than one record found for external id field: [${found.map((row) => row.id).join(', ')}]`,
    { fields: [key.name] },
  );
}

/** `DELETE /composite/sobjects?ids=a,b`. */
export function deleteCollection(call: ApiCall): HttpAnswer {
  const ids = (call.request.query.get('ids') ?? '').split(',').filter((id) => id !== '');
  const most = call.usage.settings.collectionRecords;
  if (ids.length > most) throw limitError(most);
  const allOrNone = call.request.query.get('allOrNone') === 'true';
  const context = saveContextOf(call);
  return answer(
    together(context, allOrNone, () => deleteRecords(context, ids)),
    'other',
    allOrNone,
  );
}

/** `POST /composite/sobjects/T` with ids and fields: null for what is missing, deleted or not visible yet. */
export function retrieveCollection(call: ApiCall, objectName: string): HttpAnswer {
  const { org, access } = call;
  const body = bodyOf(call);
  const object = org.objectNamed(objectName);
  const ids = Array.isArray(body.ids) ? body.ids.map(String) : [];
  const names = Array.isArray(body.fields) ? body.fields.map(String) : [];
  if (ids.length > call.usage.settings.retrieveIds) throw limitError(call.usage.settings.retrieveIds);
  const fields = names.map((name) => {
    const field = org.schema.field(object, name);
    if (field === undefined || !access.readsField(object, field)) throw errors.noSuchColumn(name, object.name);
    return field;
  });
  const records = ids.map((id) => {
    const row = org.store.get(object.name, toId18(id) ?? '');
    const values = row && org.store.visible(row);
    const seen = values !== undefined && values !== null && org.shares(String(values.Id), access.userId);
    if (!seen || values.IsDeleted === true) return null;
    return jsonRecord(org, access, call.version, object, values, fields);
  });
  return { status: 200, body: records };
}

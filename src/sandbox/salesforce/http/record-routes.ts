import { toId18 } from '../org/record-id.ts';
import { asRequestErrorBody, errors, SalesforceError } from '../org/salesforce-error.ts';
import type { ObjectDefinition, Value } from '../org/schema.ts';
import type { Row } from '../org/store.ts';
import { deleteRecords } from '../records/delete-records.ts';
import { deserialize } from '../records/field-values.ts';
import { readRecordInput } from '../records/record-input.ts';
import { jsonRecord, recordUrl } from '../records/record-output.ts';
import { type SaveOutcome, saveRecords } from '../records/save-records.ts';
import { externalIdField, sharedWith } from './collection-routes.ts';
import { type ApiCall, bodyOf, type HttpAnswer, saveContextOf } from './http-messages.ts';

/** One record's failure: the status of its first error, and every error in the body. */
function failure(outcome: Extract<SaveOutcome, { ok: false }>): HttpAnswer {
  const [first] = outcome.errors;
  const bodies = outcome.errors.flatMap((error) => asRequestErrorBody(error));
  return { status: first?.status ?? 400, body: bodies };
}

const nothing: SaveOutcome = { ok: false, errors: [], created: false };

/** `POST /sobjects/T`. */
export function createRecord(call: ApiCall, object: ObjectDefinition): HttpAnswer {
  const input = readRecordInput(call.org, call.access, object, bodyOf(call));
  const [outcome = nothing] = saveRecords(saveContextOf(call), [{ input, id: null }]);
  return outcome.ok ? { status: 201, body: { id: outcome.id, success: true, errors: [] } } : failure(outcome);
}

function existing(call: ApiCall, object: ObjectDefinition, rawId: string): Row {
  const id = toId18(rawId);
  const row = id === null ? undefined : call.org.store.get(object.name, id);
  if (row === undefined || !call.org.shares(row.id, call.access.userId)) throw errors.noSuchRecord(rawId);
  if (row.values.IsDeleted === true) throw errors.entityDeleted();
  return row;
}

function fieldsAsked(call: ApiCall, object: ObjectDefinition) {
  const asked = call.request.query.get('fields');
  if (asked === null) return null;
  return asked.split(',').map((name) => {
    const field = call.org.schema.field(object, name.trim());
    if (field === undefined || !call.access.readsField(object, field)) throw errors.noSuchColumn(name, object.name);
    return field;
  });
}

function readRow(call: ApiCall, object: ObjectDefinition, row: Row, key: string): HttpAnswer {
  const values = call.org.store.visible(row);
  if (values === null) throw errors.noSuchRecord(key);
  return {
    status: 200,
    body: jsonRecord(call.org, call.access, call.version, object, values, fieldsAsked(call, object)),
  };
}

/** `GET`, `PATCH` and `DELETE /sobjects/T/{id}`. */
export function recordById(call: ApiCall, object: ObjectDefinition, id: string): HttpAnswer {
  const { method } = call.request;
  if (method === 'GET' || method === 'HEAD') return readRow(call, object, existing(call, object, id), id);
  if (method === 'PATCH') {
    const input = readRecordInput(call.org, call.access, object, bodyOf(call));
    const row = existing(call, object, id);
    const [outcome = nothing] = saveRecords(saveContextOf(call), [{ input, id: row.id }]);
    return outcome.ok ? { status: 204 } : failure(outcome);
  }
  if (method === 'DELETE') {
    const [outcome = nothing] = deleteRecords(saveContextOf(call), [existing(call, object, id).id]);
    return outcome.ok ? { status: 204 } : failure(outcome);
  }
  throw errors.methodNotAllowed(method);
}

/** Versions before 46 answered an updating upsert with 204 and no id. */
const upsertAnswersSince = 46;

/** `GET`, `PATCH` and `DELETE /sobjects/T/ExtField/{value}`. */
export function recordByExternalId(
  call: ApiCall,
  object: ObjectDefinition,
  fieldName: string,
  text: string,
): HttpAnswer {
  const { method } = call.request;
  const key = externalIdField(call, object, fieldName);
  const value: Value = key.type === 'id' ? toId18(text) : deserialize(key, text);
  const found =
    key.type === 'id' ? [existing(call, object, text)] : sharedWith(call, call.org.store.findBy(object, key, value));
  if (found.length > 1) return { status: 300, body: found.map((row) => recordUrl(call.version, object.name, row.id)) };
  const [row] = found;
  if (method === 'PATCH') {
    const body = bodyOf(call);
    if (Object.keys(body).some((name) => name.toLowerCase() === key.name.toLowerCase()))
      throw new SalesforceError('INVALID_FIELD', `The ${key.name} field should not be specified in the sobject data.`, {
        fields: [key.name],
      });
    const input = readRecordInput(call.org, call.access, object, body);
    const values = new Map(input.values);
    if (row === undefined) values.set(key, value);
    const [outcome = nothing] = saveRecords(saveContextOf(call), [
      { input: { ...input, values }, id: row?.id ?? null },
    ]);
    if (!outcome.ok) return failure(outcome);
    if (!outcome.created && Number(call.version) < upsertAnswersSince) return { status: 204 };
    const { id, created } = outcome;
    return { status: created ? 201 : 200, body: { id, success: true, errors: [], created } };
  }
  if (row === undefined) throw errors.noSuchRecord(fieldName);
  if (method === 'GET') return readRow(call, object, row, text);
  return recordById(call, object, row.id);
}

/** `GET /sobjects/T/deleted` and `/updated`, by the time of the change. */
export function changedBetween(call: ApiCall, object: ObjectDefinition, kind: 'deleted' | 'updated'): HttpAnswer {
  const start = Date.parse(call.request.query.get('start') ?? '');
  const end = Date.parse(call.request.query.get('end') ?? '');
  if (Number.isNaN(start) || Number.isNaN(end))
    throw new SalesforceError('INVALID_REPLICATION_DATE', 'startDate and endDate must be valid dates', {
      fields: null,
    });
  const rows = [];
  for (const row of call.org.store.table(object.name).values()) {
    const values = call.org.store.visible(row);
    const at = Date.parse(String(values?.SystemModstamp ?? ''));
    if (values === null || at < start || at > end || (values.IsDeleted === true) !== (kind === 'deleted')) continue;
    rows.push({ id: row.id, deletedDate: new Date(at).toISOString().replace('Z', '+0000') });
  }
  const latestDateCovered = new Date(end).toISOString().replace('Z', '+0000');
  if (kind === 'updated') return { status: 200, body: { ids: rows.map((row) => row.id), latestDateCovered } };
  const earliestDateAvailable = new Date(0).toISOString().replace('Z', '+0000');
  return { status: 200, body: { deletedRecords: rows, earliestDateAvailable, latestDateCovered } };
}

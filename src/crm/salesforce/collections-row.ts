import { AceSyncError } from '../../errors.ts';
import type { CrmWriteFields, SharedObject, WriteKey } from '../crm.ts';
import type { DescribedField, DescribedObject } from './describe-cache.ts';
import { recordId } from './soql.ts';

/** One row of a sObject Collections call, checked against the description of the object before it is sent. */
export interface CollectionsRow {
  /** JSON of the row as it travels, with `attributes`. */
  readonly json: Readonly<Record<string, unknown>>;
  /** What may not come twice in one call: record id or external id, in the case-insensitive sense of Salesforce. */
  readonly key: string;
  /** Fields the row writes, for deciding whether a later row contains it. */
  readonly fields: ReadonlySet<string>;
  /** The ACE version that the row carries in `ACE_Last_Modified__c`, where it does. */
  readonly version: string | null;
  /** What the caller wants to read of the record once it is written. */
  readonly readBack?: { readonly object: SharedObject; readonly paths: readonly string[] };
  /** JSON of the companion row to insert before this row is written. */
  readonly ahead?: Readonly<Record<string, unknown>>;
  /** Update of a record that names this row, to be sent behind it. */
  readonly follow?: { readonly object: SharedObject; readonly json: Readonly<Record<string, unknown>> };
}

export type RowCheck =
  | { readonly ok: true; readonly row: CollectionsRow }
  /** A name that the org does not have or does not let the integration user write: a fault of the connection. */
  | { readonly ok: false; readonly schema: string }
  /** What is wrong with this row alone. */
  | { readonly ok: false; readonly row: { readonly field: string; readonly problem: 'emptyKey' | 'malformedId' } };

export const versionField = 'ACE_Last_Modified__c';

/**
 * Builds the row. Found here, before the call: unknown, hidden and read-only fields, empty keys (jsforce would refuse the
 * whole call for one), malformed ids, and a field named `type`, which jsforce takes for the object's type.
 */
export function buildRow(object: DescribedObject, key: WriteKey, fields: CrmWriteFields): RowCheck {
  const json: Record<string, unknown> = {};
  let rowKey: string;
  const written = new Set<string>();
  const byId = 'id' in key;
  if (byId) {
    const id = recordId(key.id);
    if (id === null) return { ok: false, row: { field: 'Id', problem: 'malformedId' } };
    json.id = id;
    rowKey = id;
  } else {
    const field = object.fields.get(key.externalId.toLowerCase());
    if (field === undefined || !(field.externalId || field.idLookup === true)) {
      return { ok: false, schema: `${object.name}.${key.externalId} is no external id` };
    }
    if (key.value.trim() === '') return { ok: false, row: { field: field.name, problem: 'emptyKey' } };
    json[field.name] = key.value;
    rowKey = field.caseSensitive === true ? key.value : key.value.toLowerCase();
  }
  json.attributes = { type: object.name };

  for (const [name, value] of Object.entries(fields)) {
    if (name.toLowerCase() === 'id' || (!byId && name.toLowerCase() === key.externalId.toLowerCase())) continue;
    const field = object.fields.get(name.toLowerCase());
    if (field === undefined) return { ok: false, schema: `${object.name}.${name} is missing or hidden` };
    if (!field.updateable && !(field.createable && !byId)) {
      return { ok: false, schema: `${object.name}.${field.name} is read-only for the integration user` };
    }
    written.add(field.name);
    if (typeof value === 'object' && value !== null) {
      const relation = referenceOf(field, value);
      if (relation === null) return { ok: false, schema: `${object.name}.${field.name} is no lookup` };
      Object.assign(json, relation);
    } else {
      json[field.name] = value;
    }
  }
  const version = fields[versionField];
  return {
    ok: true,
    row: { json, key: rowKey, fields: written, version: typeof version === 'string' ? version : null },
  };
}

/** `{AccountId: {externalId: 'X__c', value}}` travels as `{Account: {X__c: value}}`. */
function referenceOf(
  field: DescribedField,
  reference: { readonly externalId: string; readonly value: string },
): Readonly<Record<string, unknown>> | null {
  if (field.relationshipName === null || reference.value.trim() === '') return null;
  const targets = field.referenceTo ?? [];
  // A field that can point to several objects must name the one meant; owners are users here, never queues.
  const attributes = targets.length > 1 ? { attributes: { type: targets.includes('User') ? 'User' : targets[0] } } : {};
  return { [field.relationshipName]: { ...attributes, [reference.externalId]: reference.value } };
}

/**
 * What becomes of two rows of one record that wait together. A row with at least the same fields replaces the earlier one
 * unless it carries an older ACE version; everything else keeps its turn, so that nothing of the earlier one is lost.
 */
export function meetingRows(waiting: CollectionsRow, later: CollectionsRow): 'replace' | 'after' {
  if (!waiting.fields.isSubsetOf(later.fields)) return 'after';
  if (waiting.follow?.json.id !== later.follow?.json.id) return 'after';
  if (waiting.version === null || later.version === null)
    return waiting.version === later.version ? 'replace' : 'after';
  return Date.parse(later.version) === Date.parse(waiting.version) ? 'replace' : 'after';
}

export function schemaError(detail: string): AceSyncError {
  return new AceSyncError('CRM_SCHEMA', `${detail}.`);
}

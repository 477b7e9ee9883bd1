import type { Access } from '../org/access.ts';
import type { Org } from '../org/org.ts';
import type { FieldDefinition, ObjectDefinition, Value, Values } from '../org/schema.ts';
import { readValue } from './record-values.ts';

export type JsonRecord = Record<string, unknown>;

export const recordUrl = (version: string, object: string, id: string): string =>
  `/services/data/v${version}/sobjects/${object}/${id}`;

/** A value as the REST API writes it: date-times with `+0000` in place of `Z`. */
export function jsonValue(field: FieldDefinition, value: Value): Value {
  return field.type === 'datetime' && typeof value === 'string' ? value.replace('Z', '+0000') : value;
}

export function attributesOf(version: string, object: string, id: string): { type: string; url: string } {
  return { type: object, url: recordUrl(version, object, id) };
}

const addressParts = ['street', 'city', 'state', 'postalCode', 'country'] as const;

/** A field of a row as JSON, with the compound address fields put together. */
export function jsonField(
  org: Org,
  object: ObjectDefinition,
  values: Readonly<Values>,
  field: FieldDefinition,
): unknown {
  if (field.type !== 'address') return jsonValue(field, readValue(org, object, values, field));
  const prefix = field.name.replace(/Address$/, '');
  const address: JsonRecord = { geocodeAccuracy: null, latitude: null, longitude: null };
  for (const part of addressParts)
    address[part] = values[prefix + part.charAt(0).toUpperCase() + part.slice(1)] ?? null;
  return addressParts.every((part) => address[part] === null) ? null : address;
}

/** A whole record as `GET /sobjects/T/{id}` answers it; only fields that the user sees. */
export function jsonRecord(
  org: Org,
  access: Access,
  version: string,
  object: ObjectDefinition,
  values: Readonly<Values>,
  fields: readonly FieldDefinition[] | null,
): JsonRecord {
  const record: JsonRecord = { attributes: attributesOf(version, object.name, String(values.Id)) };
  for (const field of fields ?? object.fields.values())
    if (access.readsField(object, field)) record[field.name] = jsonField(org, object, values, field);
  return record;
}

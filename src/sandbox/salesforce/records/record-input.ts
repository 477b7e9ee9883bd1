import type { Access } from '../org/access.ts';
import type { Org } from '../org/org.ts';
import { errors, SalesforceError } from '../org/salesforce-error.ts';
import type { FieldDefinition, ObjectDefinition, Value } from '../org/schema.ts';
import { deserialize } from './field-values.ts';

export type JsonObject = Readonly<Record<string, unknown>>;
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A record as a caller sent it, with names resolved and JSON types checked. */
export interface RecordInput {
  readonly object: ObjectDefinition;
  readonly id: string | null;
  readonly values: ReadonlyMap<FieldDefinition, Value>;
  /** Lookups given by another record's external id: `Account: {Ext__c: 'x'}`. */
  readonly references: readonly {
    readonly lookup: FieldDefinition;
    readonly target: ObjectDefinition | null;
    readonly key: FieldDefinition;
    readonly value: Value;
  }[];
}

/** @throws SalesforceError INVALID_FIELD, JSON_PARSER_ERROR, which end the whole request as on an org. */
export function readRecordInput(org: Org, access: Access, object: ObjectDefinition, json: JsonObject): RecordInput {
  const values = new Map<FieldDefinition, Value>();
  const references: RecordInput['references'][number][] = [];
  let id: string | null = null;
  for (const [name, value] of Object.entries(json)) {
    const lower = name.toLowerCase();
    if (lower === 'attributes') continue;
    if (lower === 'id') {
      id = typeof value === 'string' ? value : null;
      continue;
    }
    if (isJsonObject(value)) {
      const lookup = org.schema.lookup(object, name);
      if (lookup === undefined || !access.readsField(object, lookup)) throw errors.noSuchColumn(name, object.name);
      references.push(readReference(org, access, lookup, value));
      continue;
    }
    const field = org.schema.field(object, name);
    if (field === undefined || !access.readsField(object, field)) throw errors.noSuchColumn(name, object.name);
    values.set(field, deserialize(field, value));
  }
  return { object, id, values, references };
}

function readReference(
  org: Org,
  access: Access,
  lookup: FieldDefinition,
  json: JsonObject,
): RecordInput['references'][number] {
  const attributes = json.attributes;
  const named = isJsonObject(attributes) && typeof attributes.type === 'string' ? attributes.type : null;
  const candidates = lookup.referenceTo ?? [];
  const targetName = named ?? candidates[0] ?? '';
  const target = org.objectNamed(targetName);
  const keys = Object.entries(json).filter(([name]) => name !== 'attributes' && name !== 'type');
  const [name, value] = keys[0] ?? ['', null];
  if (keys.length !== 1)
    throw errors.malformedJson(
      `The ${lookup.relationshipName} reference needs exactly one external id at [line:1, column:2]`,
    );
  const key = org.schema.field(target, name);
  if (key === undefined || !access.readsField(target, key)) throw errors.noSuchColumn(name, target.name);
  if (!key.externalId && !key.unique)
    throw new SalesforceError('INVALID_FIELD', `${key.name} is not an External ID or indexed field for ${target.name}`);
  return { lookup, target, key, value: deserialize(key, value) };
}

/** Turns the external ids of parents into lookups' ids; an error concerns the row alone. */
export function resolveReferences(org: Org, input: RecordInput): Map<FieldDefinition, Value> {
  const values = new Map(input.values);
  for (const { lookup, target, key, value } of input.references) {
    const found = target === null ? [] : org.store.findBy(target, key, value);
    const [first] = found;
    if (first === undefined)
      throw new SalesforceError(
        'INVALID_FIELD',
        `Foreign key external ID: ${String(value).toLowerCase()} not found for field ${key.name} in entity ${target?.name ?? ''}`,
      );
    if (found.length > 1)
      throw new SalesforceError(
        'DUPLICATE_EXTERNAL_ID',
        `${key.label}: more than one record found for external id field: [${found.map((row) => row.id).join(', ')}]`,
        { fields: [key.name] },
      );
    values.set(lookup, first.id);
  }
  return values;
}

import type { Access } from '../org/access.ts';
import type { Org } from '../org/org.ts';
import { toId18 } from '../org/record-id.ts';
import { errors, SalesforceError } from '../org/salesforce-error.ts';
import type { FieldDefinition, ObjectDefinition, Value, Values } from '../org/schema.ts';
import type { Row } from '../org/store.ts';

/** Finds the row that an update means. @throws SalesforceError as a collection reports it for one row. */
export function rowToUpdate(org: Org, object: ObjectDefinition, rawId: string | null, userId: string): Row {
  if (rawId === null || rawId === '')
    throw new SalesforceError('MISSING_ARGUMENT', 'Id not specified in an update call', { fields: ['Id'] });
  const id = toId18(rawId);
  if (id === null) throw new SalesforceError('MALFORMED_ID', `malformed id ${rawId}`, { fields: ['Id'] });
  const row = org.store.get(object.name, id);
  if (row === undefined) throw errors.invalidCrossReference();
  if (!org.shares(id, userId)) throw errors.notShared(id);
  if (row.values.IsDeleted === true) throw errors.entityDeleted();
  return row;
}

export function checkObjectRights(org: Org, access: Access, object: ObjectDefinition, before: Row | null): void {
  const rights = access.object(object);
  if (before === null ? !rights.create : !rights.edit) {
    if (!rights.read) throw errors.noSuchObject(object.name);
    throw new SalesforceError(
      'INSUFFICIENT_ACCESS_OR_READONLY',
      before === null ? `entity type cannot be inserted: ${object.label}` : 'insufficient access rights on object id',
    );
  }
  if (before === null) return;
  const lock = org.automation.locks.find((one) => one.id === before.id);
  if (lock !== undefined && !(lock.administratorsMayEdit && access.administrator))
    throw new SalesforceError('ENTITY_IS_LOCKED', 'This record is locked. If you need to edit it, contact your admin.');
  if (object.name === 'Lead' && before.values.IsConverted === true)
    throw new SalesforceError('CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead');
}

export function checkFieldRights(
  access: Access,
  object: ObjectDefinition,
  input: ReadonlyMap<FieldDefinition, Value>,
  before: Row | null,
): void {
  const refusedFields = [];
  for (const field of input.keys()) {
    const allowed = before === null ? field.createable !== false : field.updateable !== false;
    if (!allowed || field.formula !== undefined || !access.editsField(object, field)) refusedFields.push(field.name);
  }
  if (refusedFields.length === 0) return;
  throw new SalesforceError(
    'INVALID_FIELD_FOR_INSERT_UPDATE',
    `Unable to create/update fields: ${refusedFields.join(', ')}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`,
    { fields: refusedFields },
  );
}

export function checkReference(
  org: Org,
  access: Access,
  object: ObjectDefinition,
  field: FieldDefinition,
  id: string,
): void {
  const target = org.schema.objectOfId(id);
  if (target === undefined || !field.referenceTo?.includes(target.name))
    throw new SalesforceError('MALFORMED_ID', `${field.label}: id value of incorrect type: ${id}`, {
      fields: [field.name],
    });
  const row = org.store.get(target.name, id);
  if (target.name === 'RecordType') {
    if (row?.values.SobjectType === object.name && row.values.IsActive === true) return;
    throw new SalesforceError(
      'INVALID_CROSS_REFERENCE_KEY',
      `Record Type ID: this ID value isn't valid for the user: ${id}`,
      { fields: ['RecordTypeId'] },
    );
  }
  if (row === undefined) throw errors.invalidCrossReference();
  if (!org.shares(id, access.userId)) throw errors.notShared(id);
  if (row.values.IsDeleted === true) throw errors.entityDeleted();
  if (field.name === 'OwnerId' && target.name === 'User' && row.values.IsActive !== true)
    throw new SalesforceError(
      'INACTIVE_OWNER_OR_USER',
      `operation performed with inactive user [${id}] as owner of ${object.name.toLowerCase()}`,
    );
}

export function checkRequired(object: ObjectDefinition, values: Readonly<Values>): void {
  const missing = [];
  for (const field of object.fields.values())
    if (field.required && (values[field.name] ?? null) === null) missing.push(field.name);
  if (missing.length > 0)
    throw new SalesforceError('REQUIRED_FIELD_MISSING', `Required fields are missing: [${missing.join(', ')}]`, {
      fields: missing,
    });
}

export function checkUnique(
  org: Org,
  access: Access,
  object: ObjectDefinition,
  id: string,
  values: Readonly<Values>,
): void {
  for (const field of object.fields.values()) {
    if (!field.unique) continue;
    const other = org.store.findBy(object, field, values[field.name] ?? null).find((row) => row.id !== id);
    if (other === undefined) continue;
    // Of a record that is not shared with the caller, an org tells nothing but that it is in the way.
    const [name, twin] = org.shares(other.id, access.userId)
      ? [field.name, other.id.slice(0, 15)]
      : ['<unknown>', '<unknown>'];
    throw new SalesforceError(
      'DUPLICATE_VALUE',
      `duplicate value found: ${name} duplicates value on record with id: ${twin}`,
    );
  }
}

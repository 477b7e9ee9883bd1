import { listOf } from '../http/soap-xml.ts';
import { isoOf } from '../org/clock.ts';
import type { Org } from '../org/org.ts';
import { SalesforceError } from '../org/salesforce-error.ts';
import { isJsonObject, type JsonObject } from '../records/record-input.ts';

const isTrue = (value: unknown): boolean => value === true || value === 'true';

/** Parts of a permission set that name a thing each: a later call replaces the entry of the same name. */
const namedParts: readonly (readonly [part: string, name: string])[] = [
  ['fieldPermissions', 'field'],
  ['objectPermissions', 'object'],
  ['userPermissions', 'name'],
  ['customPermissions', 'name'],
  ['tabSettings', 'tab'],
  ['recordTypeVisibilities', 'recordType'],
];

/** Creates a permission set or adds to one that is there, and keeps its `PermissionSet` row. */
export function putPermissionSet(org: Org, fullName: string, metadata: JsonObject, userId: string): void {
  const label = metadata.label;
  if (typeof label !== 'string' || label === '')
    throw new SalesforceError('REQUIRED_FIELD_MISSING', 'Required fields are missing: [Label]', { fields: ['Label'] });
  checkFields(org, metadata);
  checkObjects(org, metadata);
  const before = org.components('PermissionSet').get(fullName) ?? {};
  const merged: Record<string, unknown> = { ...before, ...metadata };
  for (const [part, name] of namedParts) {
    const entries = new Map<unknown, unknown>();
    for (const one of [...listOf(before[part]), ...listOf(metadata[part])].filter(isJsonObject))
      entries.set(one[name], one);
    if (entries.size > 0) merged[part] = [...entries.values()];
  }
  org.putComponent('PermissionSet', fullName, merged);
  const object = org.objectNamed('PermissionSet');
  const existing = [...org.store.table('PermissionSet').values()].find(
    (row) => row.values.Name === fullName && row.values.IsDeleted !== true,
  );
  const now = isoOf(org.clock.now());
  const id = existing?.id ?? org.nextId(object.keyPrefix);
  org.transaction(() =>
    org.store.put(object, id, {
      CreatedDate: now,
      CreatedById: userId,
      ...existing?.values,
      Id: id,
      Name: fullName,
      Label: label,
      Description: typeof metadata.description === 'string' ? metadata.description : null,
      IsOwnedByProfile: false,
      IsDeleted: false,
      LastModifiedDate: now,
      LastModifiedById: userId,
      SystemModstamp: now,
    }),
  );
}

export function removePermissionSet(org: Org, fullName: string): void {
  const object = org.objectNamed('PermissionSet');
  const assignment = org.objectNamed('PermissionSetAssignment');
  org.transaction(() => {
    for (const row of [...org.store.table('PermissionSet').values()]) {
      if (row.values.Name !== fullName) continue;
      for (const given of [...org.store.table('PermissionSetAssignment').values()])
        if (given.values.PermissionSetId === row.id) org.store.remove(assignment, given.id);
      org.store.remove(object, row.id);
    }
  });
  org.putComponent('PermissionSet', fullName, null);
}

function checkFields(org: Org, metadata: JsonObject): void {
  for (const one of listOf(metadata.fieldPermissions).filter(isJsonObject)) {
    const fullName = String(one.field);
    const [objectName = '', name = ''] = fullName.split('.');
    const object = org.schema.object(objectName);
    const field = object && org.schema.field(object, name);
    if (field === undefined)
      throw new SalesforceError(
        'INVALID_CROSS_REFERENCE_KEY',
        `In field: field - no CustomField named ${fullName} found`,
      );
    if (field.required)
      throw new SalesforceError('FIELD_INTEGRITY_EXCEPTION', `You cannot deploy to a required field: ${fullName}`);
    const fixed = field.formula !== undefined || field.autoNumber !== undefined || field.updateable === false;
    if (isTrue(one.editable) && fixed && field.createable === false)
      throw new SalesforceError('FIELD_INTEGRITY_EXCEPTION', `Field ${fullName} is not editable`);
  }
}

/** Rights that an org grants only together with others. */
const dependsOn: Readonly<Record<string, readonly string[]>> = {
  allowCreate: ['allowRead'],
  allowEdit: ['allowRead'],
  allowDelete: ['allowRead', 'allowEdit'],
  viewAllRecords: ['allowRead'],
  modifyAllRecords: ['allowRead', 'allowEdit', 'allowDelete', 'viewAllRecords'],
};

function checkObjects(org: Org, metadata: JsonObject): void {
  for (const one of listOf(metadata.objectPermissions).filter(isJsonObject)) {
    const name = String(one.object);
    if (org.schema.object(name) === undefined)
      throw new SalesforceError(
        'INVALID_CROSS_REFERENCE_KEY',
        `In field: object - no CustomObject named ${name} found`,
      );
    for (const [right, needed] of Object.entries(dependsOn)) {
      const missing = isTrue(one[right]) ? needed.filter((other) => !isTrue(one[other])) : [];
      if (missing.length > 0)
        throw new SalesforceError(
          'FIELD_INTEGRITY_EXCEPTION',
          `Permission ${right} on ${name} depends on permission(s): ${missing.join(', ')}`,
        );
    }
  }
}

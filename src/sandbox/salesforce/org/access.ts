import type { FieldDefinition, ObjectDefinition } from './schema.ts';

/** What a user's profile gives before any permission set. */
export type ProfileKind = 'administrator' | 'standard' | 'apiOnly';

export interface ObjectAccess {
  readonly read: boolean;
  readonly create: boolean;
  readonly edit: boolean;
  readonly delete: boolean;
}

export interface Access {
  readonly userId: string;
  readonly administrator: boolean;
  object(object: ObjectDefinition): ObjectAccess;
  readsField(object: ObjectDefinition, field: FieldDefinition): boolean;
  editsField(object: ObjectDefinition, field: FieldDefinition): boolean;
}

const all: ObjectAccess = { read: true, create: true, edit: true, delete: true };
const none: ObjectAccess = { read: false, create: false, edit: false, delete: false };
const readOnly: ObjectAccess = { ...none, read: true };

/** Setup data that every user can read; only administrators write it. */
const setupObjects = new Set([
  'Organization',
  'User',
  'Profile',
  'UserRole',
  'Group',
  'RecordType',
  'PermissionSet',
  'PermissionSetAssignment',
  'OpportunityStage',
  'LeadStatus',
]);

/** Setup data that only administrators see (permission View Setup and Configuration). */
const viewSetupObjects = new Set([
  'EntityDefinition',
  'ValidationRule',
  'ApexTrigger',
  'FlowDefinitionView',
  'DuplicateRule',
]);

/** Fields whose visibility an org does not let anybody take away: the ones it keeps itself, and required ones. */
const alwaysVisible = (field: FieldDefinition): boolean =>
  field.required === true ||
  field.type === 'id' ||
  /^(IsDeleted|CreatedDate|CreatedById|LastModifiedDate|LastModifiedById|SystemModstamp|Name|FirstName|Salutation|OwnerId|RecordTypeId|MasterRecordId|IsClosed|IsWon|IsConverted|Converted\w+)$/.test(
    field.name,
  );

/** Objects without rights of their own: who may do something with all of these may do it with them. */
const followed: Readonly<Record<string, readonly string[]>> = {
  OpportunityContactRole: ['Opportunity', 'Contact'],
  OpportunityLineItem: ['Opportunity', 'Product2'],
};

export type PermissionSetMetadata = Readonly<Record<string, unknown>>;

export interface Grants {
  readonly objects: ReadonlyMap<string, ObjectAccess>;
  readonly readable: ReadonlySet<string>;
  readonly editable: ReadonlySet<string>;
}

const listOf = (value: unknown): Record<string, unknown>[] =>
  (Array.isArray(value) ? value : value === undefined || value === null || value === '' ? [] : [value]) as Record<
    string,
    unknown
  >[];
const isTrue = (value: unknown): boolean => value === true || value === 'true';

/** Adds up what several permission sets give; they can only ever add. */
export function grantsOf(permissionSets: readonly PermissionSetMetadata[]): Grants {
  const objects = new Map<string, ObjectAccess>();
  const readable = new Set<string>();
  const editable = new Set<string>();
  for (const set of permissionSets) {
    for (const one of listOf(set.objectPermissions)) {
      const name = String(one.object).toLowerCase();
      const before = objects.get(name) ?? none;
      objects.set(name, {
        read: before.read || isTrue(one.allowRead),
        create: before.create || isTrue(one.allowCreate),
        edit: before.edit || isTrue(one.allowEdit),
        delete: before.delete || isTrue(one.allowDelete),
      });
    }
    for (const one of listOf(set.fieldPermissions)) {
      const name = String(one.field).toLowerCase();
      if (isTrue(one.readable) || isTrue(one.editable)) readable.add(name);
      if (isTrue(one.editable)) editable.add(name);
    }
  }
  return { objects, readable, editable };
}

/**
 * @param administratorSeesNewFields false makes custom fields invisible even to administrators until they are granted,
 * as fields deployed through the metadata API are on an org.
 */
export function createAccess(options: {
  readonly userId: string;
  readonly profile: ProfileKind;
  readonly grants: Grants;
  readonly administratorSeesNewFields: boolean;
}): Access {
  const { userId, profile, grants } = options;
  const administrator = profile === 'administrator';
  const key = (object: ObjectDefinition, field: FieldDefinition) => `${object.name}.${field.name}`.toLowerCase();
  const hasField = (object: ObjectDefinition, field: FieldDefinition): boolean => {
    if (administrator && (options.administratorSeesNewFields || !field.custom)) return true;
    if (alwaysVisible(field) || setupObjects.has(object.name) || object.name in followed) return true;
    return profile === 'standard' && !field.custom && !object.custom;
  };
  return {
    userId,
    administrator,
    object: (object) => {
      if (administrator) return object.readOnly ? readOnly : all;
      if (setupObjects.has(object.name)) return readOnly;
      if (viewSetupObjects.has(object.name)) return none;
      if (profile === 'standard' && !object.custom) return all;
      const [first = object.name, ...others] = followed[object.name] ?? [];
      const granted = (name: string) => grants.objects.get(name.toLowerCase()) ?? none;
      const readable = [first, ...others].every((name) => granted(name).read);
      return readable ? granted(first) : none;
    },
    readsField: (object, field) => hasField(object, field) || grants.readable.has(key(object, field)),
    editsField: (object, field) => hasField(object, field) || grants.editable.has(key(object, field)),
  };
}

/** The org's own hand: flows, conversions and merges run in system mode. */
export const systemAccess = (userId: string): Access => ({
  userId,
  administrator: true,
  object: () => all,
  readsField: () => true,
  editsField: () => true,
});

import type { Access } from '../org/access.ts';
import { isoOf } from '../org/clock.ts';
import type { Org } from '../org/org.ts';
import { toId18 } from '../org/record-id.ts';
import { errors, SalesforceError } from '../org/salesforce-error.ts';
import type { FieldDefinition, ObjectDefinition, Value, Values } from '../org/schema.ts';
import type { Row } from '../org/store.ts';
import { storable } from './field-values.ts';
import { type RecordInput, resolveReferences } from './record-input.ts';
import {
  checkAddresses,
  checkDuplicateRules,
  checkValidationRules,
  failingTriggerFor,
  rewriteFields,
} from './save-rules.ts';
import { applyStandardBehaviour } from './standard-behaviour.ts';

export interface SaveContext {
  readonly org: Org;
  readonly access: Access;
  /** The caller passes duplicate rules that only alert. */
  readonly allowDuplicates: boolean;
  /** An injected fault for this row, such as a row lock. */
  readonly rowFault: (object: string, id: string | null, values: Readonly<Values>) => SalesforceError | null;
}

export type SaveOutcome =
  | { readonly ok: true; readonly id: string; readonly created: boolean }
  | { readonly ok: false; readonly errors: readonly SalesforceError[]; readonly created: boolean };

/** A row to save: `id` of the row to update, null for an insert. */
export interface PendingSave {
  readonly input: RecordInput;
  readonly id: string | null;
}

interface Prepared {
  readonly object: ObjectDefinition;
  readonly id: string;
  readonly before: Row | null;
  readonly values: Values;
  readonly given: ReadonlySet<string>;
}

const refused = (error: unknown, created: boolean): SaveOutcome => {
  if (error instanceof SalesforceError) return { ok: false, errors: [error], created };
  throw error;
};

/**
 * Saves rows of one object as one transaction of at most 200 rows, in an org's order: values, flows before the save,
 * triggers, required fields, validation rules, duplicate rules, unique fields. Each row stands or falls alone, except
 * that a trigger that throws fails them all.
 */
export function saveRecords(context: SaveContext, pending: readonly PendingSave[]): SaveOutcome[] {
  const { org } = context;
  return org.transaction(() => {
    const prepared = pending.map((one): Prepared | SaveOutcome => {
      try {
        return prepare(context, one);
      } catch (error) {
        return refused(error, one.id === null);
      }
    });
    const ready = prepared.filter((one): one is Prepared => !('ok' in one));
    const thrown = failingTriggerFor(org, ready);
    return prepared.map((one) => {
      if ('ok' in one) return one;
      const created = one.before === null;
      if (thrown !== null) return { ok: false, errors: [thrown], created };
      try {
        return store(context, one);
      } catch (error) {
        return refused(error, created);
      }
    });
  });
}

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

function prepare(context: SaveContext, pending: PendingSave): Prepared {
  const { org, access } = context;
  const { object } = pending.input;
  const before = pending.id === null ? null : rowToUpdate(org, object, pending.id, access.userId);
  checkObjectRights(context, object, before);
  const input = resolveReferences(org, pending.input);
  checkFieldRights(access, object, input, before);
  const values: Values = before === null ? defaultsOf(access, object) : { ...before.values };
  const given = new Set<string>();
  for (const [field, raw] of input) {
    const value = storable(field, raw);
    if (field.type === 'reference' && value !== null && value !== before?.values[field.name])
      checkReference(org, access, object, field, String(value));
    values[field.name] = value;
    given.add(field.name);
  }
  if (before !== null && before.values.HasOpportunityLineItem === true)
    // The amount of an opportunity with products is their sum: an org ignores another one without an error.
    values.Amount = before.values.Amount ?? null;
  const id = before?.id ?? org.nextId(object.keyPrefix);
  applyStandardBehaviour(object, values, before?.values ?? null, given);
  rewriteFields(org, access, object, values, before?.values ?? null);
  return { object, id, before, values, given };
}

function checkObjectRights(context: SaveContext, object: ObjectDefinition, before: Row | null): void {
  const rights = context.access.object(object);
  if (before === null ? !rights.create : !rights.edit) {
    if (!rights.read) throw errors.noSuchObject(object.name);
    throw new SalesforceError(
      'INSUFFICIENT_ACCESS_OR_READONLY',
      before === null ? `entity type cannot be inserted: ${object.label}` : 'insufficient access rights on object id',
    );
  }
  if (before === null) return;
  const lock = context.org.automation.locks.find((one) => one.id === before.id);
  if (lock !== undefined && !(lock.administratorsMayEdit && context.access.administrator))
    throw new SalesforceError('ENTITY_IS_LOCKED', 'This record is locked. If you need to edit it, contact your admin.');
  if (object.name === 'Lead' && before.values.IsConverted === true)
    throw new SalesforceError('CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead');
}

function checkFieldRights(
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

function defaultsOf(access: Access, object: ObjectDefinition): Values {
  const values: Values = {};
  for (const field of object.fields.values()) {
    const choice = field.picklist?.find((one) => one.isDefault)?.value;
    if (field.defaultValue !== undefined) values[field.name] = field.defaultValue;
    else if (choice !== undefined) values[field.name] = choice;
    else if (field.name === 'OwnerId') values[field.name] = access.userId;
  }
  return values;
}

function checkReference(org: Org, access: Access, object: ObjectDefinition, field: FieldDefinition, id: string): void {
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

function store(context: SaveContext, prepared: Prepared): SaveOutcome {
  const { org, access } = context;
  const { object, id, before, values } = prepared;
  const fault = context.rowFault(object.name, before?.id ?? null, values);
  if (fault !== null) throw fault;
  checkRequired(object, values);
  if (org.settings.stateAndCountryPicklists) checkAddresses(object, values, before?.values ?? null);
  const broken = checkValidationRules(org, access, object, values, before?.values ?? null);
  if (broken.length > 0) return { ok: false, errors: broken, created: before === null };
  checkDuplicateRules(org, object, id, values, before?.values ?? null, context.allowDuplicates);
  checkUnique(org, access, object, id, values);
  const now = isoOf(org.clock.now());
  if (before === null) {
    values.Id = id;
    values.IsDeleted = false;
    values.CreatedDate = now;
    values.CreatedById = access.userId;
    autoNumber(org, object, values);
    // An org names a row of a custom object after its id when nobody names it.
    if (object.custom && values.Name === undefined) values.Name = id;
  }
  values.LastModifiedDate = now;
  values.LastModifiedById = access.userId;
  values.SystemModstamp = now;
  org.store.put(object, id, values, unseenUntil(org, object));
  if (object.name === 'OpportunityLineItem') sumLineItems(org, String(values.OpportunityId));
  return { ok: true, id, created: before === null };
}

/** Numbers a new row; a row that failed before leaves no gap here, though it may on an org. */
function autoNumber(org: Org, object: ObjectDefinition, values: Values): void {
  const next = String(org.store.table(object.name).size + 1);
  for (const field of object.fields.values())
    if (field.autoNumber !== undefined)
      values[field.name] = field.autoNumber.replace(/\{(0+)\}/, (_, zeros: string) => next.padStart(zeros.length, '0'));
}

function checkRequired(object: ObjectDefinition, values: Readonly<Values>): void {
  const missing = [];
  for (const field of object.fields.values())
    if (field.required && (values[field.name] ?? null) === null) missing.push(field.name);
  if (missing.length > 0)
    throw new SalesforceError('REQUIRED_FIELD_MISSING', `Required fields are missing: [${missing.join(', ')}]`, {
      fields: missing,
    });
}

function checkUnique(org: Org, access: Access, object: ObjectDefinition, id: string, values: Readonly<Values>): void {
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

function unseenUntil(org: Org, object: ObjectDefinition): number | null {
  const late = org.lateVisibility.find(
    (one) => one.times > 0 && one.object.toLowerCase() === object.name.toLowerCase(),
  );
  if (late === undefined) return null;
  late.times--;
  return org.clock.now() + late.milliseconds;
}

/** The amount of an opportunity with products is the sum of their prices. */
export function sumLineItems(org: Org, opportunityId: string): void {
  const opportunity = org.objectNamed('Opportunity');
  const lineItem = org.objectNamed('OpportunityLineItem');
  const link = org.schema.field(lineItem, 'OpportunityId');
  const row = org.store.get('Opportunity', opportunityId);
  if (link === undefined || row === undefined) return;
  const items = org.store.findBy(lineItem, link, opportunityId);
  const total = items.reduce((sum, item) => sum + Number(item.values.TotalPrice ?? 0), 0);
  org.store.put(opportunity, opportunityId, {
    ...row.values,
    HasOpportunityLineItem: items.length > 0,
    Amount: items.length > 0 ? Math.round(total * 100) / 100 : (row.values.Amount ?? null),
    SystemModstamp: isoOf(org.clock.now()),
  });
}

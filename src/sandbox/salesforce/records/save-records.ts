import type { Access } from '../org/access.ts';
import { isoOf } from '../org/clock.ts';
import type { Org } from '../org/org.ts';
import { SalesforceError } from '../org/salesforce-error.ts';
import type { ObjectDefinition, Values } from '../org/schema.ts';
import type { Row } from '../org/store.ts';
import { storable } from './field-values.ts';
import { sumLineItems } from './line-items.ts';
import { type RecordInput, resolveReferences } from './record-input.ts';
import {
  checkFieldRights,
  checkObjectRights,
  checkReference,
  checkRequired,
  checkUnique,
  rowToUpdate,
} from './save-checks.ts';
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

function prepare(context: SaveContext, pending: PendingSave): Prepared {
  const { org, access } = context;
  const { object } = pending.input;
  const before = pending.id === null ? null : rowToUpdate(org, object, pending.id, access.userId);
  checkObjectRights(org, access, object, before);
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

function unseenUntil(org: Org, object: ObjectDefinition): number | null {
  const late = org.lateVisibility.find(
    (one) => one.times > 0 && one.object.toLowerCase() === object.name.toLowerCase(),
  );
  if (late === undefined) return null;
  late.times--;
  return org.clock.now() + late.milliseconds;
}

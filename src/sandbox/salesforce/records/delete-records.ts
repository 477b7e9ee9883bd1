import { isoOf } from '../org/clock.ts';
import type { Org } from '../org/org.ts';
import { toId18 } from '../org/record-id.ts';
import { errors, SalesforceError } from '../org/salesforce-error.ts';
import type { ObjectDefinition } from '../org/schema.ts';
import type { Row } from '../org/store.ts';
import { sumLineItems } from './line-items.ts';
import type { SaveContext, SaveOutcome } from './save-records.ts';

/** Puts rows into the recycle bin, with what belongs to them; lookups from elsewhere are cleared. */
export function deleteRecords(context: SaveContext, ids: readonly string[]): SaveOutcome[] {
  return context.org.transaction(() =>
    ids.map((id): SaveOutcome => {
      try {
        const { object, row } = rowToDelete(context, id);
        discard(context, object, row, new Set());
        return { ok: true, id: row.id, created: false };
      } catch (error) {
        if (error instanceof SalesforceError) return { ok: false, errors: [error], created: false };
        throw error;
      }
    }),
  );
}

function rowToDelete(context: SaveContext, rawId: string): { readonly object: ObjectDefinition; readonly row: Row } {
  const { org, access } = context;
  const id = toId18(rawId);
  if (id === null) throw new SalesforceError('MALFORMED_ID', `malformed id ${rawId}`, { fields: ['Id'] });
  const object = org.schema.objectOfId(id);
  const row = object && org.store.get(object.name, id);
  if (object === undefined || row === undefined) throw errors.invalidCrossReference();
  if (!org.shares(id, access.userId)) throw errors.notShared(id);
  if (row.values.IsDeleted === true) throw errors.entityDeleted();
  if (!access.object(object).delete)
    throw new SalesforceError('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id');
  if (org.automation.locks.some((lock) => lock.id === id && !(lock.administratorsMayEdit && access.administrator)))
    throw new SalesforceError('ENTITY_IS_LOCKED', 'This record is locked. If you need to edit it, contact your admin.');
  const fault = context.rowFault(object.name, id, row.values);
  if (fault !== null) throw fault;
  return { object, row };
}

/** Key under which a row remembers whose deletion took it along; no field, so no client sees it. */
const deletedWith = '$deletedWith';

function discard(context: SaveContext, object: ObjectDefinition, row: Row, seen: Set<string>, root = row.id): void {
  if (seen.has(row.id)) return;
  seen.add(row.id);
  const { org, access } = context;
  for (const { child, field, rows } of childrenOf(org, object, row.id)) {
    for (const own of rows) {
      if (field.onParentDelete === 'cascade') discard(context, child, own, seen, root);
      else if (field.onParentDelete === 'restrict')
        throw new SalesforceError(
          'DELETE_FAILED',
          `Your attempt to delete ${String(row.values.Name ?? row.id)} could not be completed because it is associated with the following ${child.label.toLowerCase()}.: ${own.id}`,
        );
      else if (field.updateable !== false) org.store.put(child, own.id, { ...own.values, [field.name]: null });
    }
  }
  const now = isoOf(org.clock.now());
  org.store.put(object, row.id, {
    ...row.values,
    ...(root === row.id ? {} : { [deletedWith]: root }),
    IsDeleted: true,
    LastModifiedDate: now,
    LastModifiedById: access.userId,
    SystemModstamp: now,
  });
  if (object.name === 'OpportunityLineItem') sumLineItems(org, String(row.values.OpportunityId));
}

/** Rows that refer to a row, by lookup. */
export function childrenOf(org: Org, object: ObjectDefinition, id: string) {
  const found = [];
  for (const child of org.schema.objects()) {
    for (const field of child.fields.values()) {
      if (field.type !== 'reference' || !field.referenceTo?.includes(object.name)) continue;
      const rows = org.store.findBy(child, field, id);
      if (rows.length > 0) found.push({ child, field, rows });
    }
  }
  return found;
}

/** Takes a row out of the recycle bin; its unique fields must still be free. */
export function undeleteRecord(context: SaveContext, rawId: string): SaveOutcome {
  const { org } = context;
  const id = toId18(rawId);
  const object = id === null ? undefined : org.schema.objectOfId(id);
  const row = object && id !== null ? org.store.get(object.name, id) : undefined;
  if (object === undefined || row === undefined || row.values.IsDeleted !== true)
    return {
      ok: false,
      errors: [new SalesforceError('UNDELETE_FAILED', 'Entity is not in the recycle bin')],
      created: false,
    };
  for (const field of object.fields.values()) {
    const [twin] = field.unique ? org.store.findBy(object, field, row.values[field.name] ?? null) : [];
    if (twin !== undefined)
      return {
        ok: false,
        created: false,
        errors: [
          new SalesforceError(
            'DUPLICATE_VALUE',
            `duplicate value found: ${field.name} duplicates value on record with id: ${twin.id.slice(0, 15)}`,
          ),
        ],
      };
  }
  org.transaction(() => {
    restore(org, object, row);
    for (const child of org.schema.objects())
      for (const own of [...org.store.table(child.name).values()])
        if (own.values[deletedWith] === row.id && own.values.IsDeleted === true) restore(org, child, own);
  });
  return { ok: true, id: row.id, created: false };
}

function restore(org: Org, object: ObjectDefinition, row: Row): void {
  const { [deletedWith]: _, ...values } = row.values;
  const now = isoOf(org.clock.now());
  org.store.put(object, row.id, { ...values, IsDeleted: false, LastModifiedDate: now, SystemModstamp: now });
}

import { systemAccess } from '../org/access.ts';
import { isoOf } from '../org/clock.ts';
import type { Org } from '../org/org.ts';
import { toId18 } from '../org/record-id.ts';
import { SalesforceError } from '../org/salesforce-error.ts';
import type { ObjectDefinition, Values } from '../org/schema.ts';
import { convertedLeadStatus } from '../org/standard-picklists.ts';
import type { Row } from '../org/store.ts';
import { childrenOf } from './delete-records.ts';
import { readRecordInput } from './record-input.ts';
import { type SaveContext, saveRecords } from './save-records.ts';

/** Lead conversion, merge and clone: what people do in the browser and no REST call of the product does. */

/** Finds any row by id, in the recycle bin or not. @throws SalesforceError NOT_FOUND */
export function rowById(org: Org, rawId: string): { readonly object: ObjectDefinition; readonly row: Row } {
  const id = toId18(rawId);
  const object = id === null ? undefined : org.schema.objectOfId(id);
  const row = object && id !== null ? org.store.get(object.name, id) : undefined;
  if (object === undefined || row === undefined)
    throw new SalesforceError('NOT_FOUND', `no record with id ${rawId}`, { fields: null });
  return { object, row };
}

/** Saves one row and throws its first error. @returns the id */
export function saveOne(context: SaveContext, object: ObjectDefinition, id: string | null, values: Values): string {
  const input = readRecordInput(context.org, context.access, object, values);
  const [outcome] = saveRecords(context, [{ input, id }]);
  if (outcome?.ok) return outcome.id;
  throw outcome?.errors[0] ?? new SalesforceError('UNKNOWN_EXCEPTION', 'nothing was saved');
}

const contextOf = (org: Org, userId: string): SaveContext => ({
  org,
  access: systemAccess(userId),
  allowDuplicates: true,
  rowFault: () => null,
});

/** Writes fields that nobody can edit, as the org itself does. */
function stamp(org: Org, object: ObjectDefinition, row: Row, userId: string, values: Values): void {
  const now = isoOf(org.clock.now());
  const current = org.store.get(object.name, row.id)?.values ?? row.values;
  org.store.put(object, row.id, {
    ...current,
    ...values,
    LastModifiedDate: now,
    LastModifiedById: userId,
    SystemModstamp: now,
  });
}

export interface Conversion {
  readonly leadId: string;
  /** @default true */
  readonly createOpportunity?: boolean;
  readonly opportunityName?: string;
  /** An account that is there; left out, one is made of the lead's company. */
  readonly accountId?: string;
  /** Lead fields that the org's field mapping copies to the opportunity. */
  readonly fieldMapping?: Readonly<Record<string, string>>;
}

/** Days from the conversion to the close date of the new opportunity; an org takes the end of the quarter. */
const opportunityDays = 90;

/** Converts a lead to account, contact and, unless told otherwise, opportunity. */
export function convertLead(
  org: Org,
  userId: string,
  conversion: Conversion,
): { readonly accountId: string; readonly contactId: string; readonly opportunityId: string | null } {
  return org.transaction(() => {
    const { object, row } = rowById(org, conversion.leadId);
    const lead = row.values;
    if (object.name !== 'Lead' || lead.IsDeleted === true || lead.IsConverted === true)
      throw new SalesforceError('CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead');
    const context = contextOf(org, userId);
    const owner = { OwnerId: lead.OwnerId ?? userId };
    const accountId =
      conversion.accountId ??
      saveOne(context, org.objectNamed('Account'), null, { Name: lead.Company ?? null, ...owner });
    const contactId = saveOne(context, org.objectNamed('Contact'), null, {
      FirstName: lead.FirstName ?? null,
      LastName: lead.LastName ?? null,
      Email: lead.Email ?? null,
      Phone: lead.Phone ?? null,
      AccountId: accountId,
      ...owner,
    });
    let opportunityId: string | null = null;
    if (conversion.createOpportunity ?? true) {
      const mapped: Values = {};
      for (const [from, to] of Object.entries(conversion.fieldMapping ?? {})) mapped[to] = lead[from] ?? null;
      opportunityId = saveOne(context, org.objectNamed('Opportunity'), null, {
        Name: conversion.opportunityName ?? `${String(lead.Company)}-`,
        StageName: 'Prospecting',
        CloseDate: isoOf(org.clock.now() + opportunityDays * 86_400_000).slice(0, 10),
        AccountId: accountId,
        LeadSource: lead.LeadSource ?? null,
        ...owner,
        ...mapped,
      });
    }
    stamp(org, object, row, userId, {
      IsConverted: true,
      Status: convertedLeadStatus,
      ConvertedDate: isoOf(org.clock.now()).slice(0, 10),
      ConvertedAccountId: accountId,
      ConvertedContactId: contactId,
      ConvertedOpportunityId: opportunityId,
    });
    return { accountId, contactId, opportunityId };
  });
}

const mergeable = new Set(['Account', 'Contact', 'Lead']);

/** Merges up to two rows into a survivor: they are deleted with `MasterRecordId`, what refers to them moves over. */
export function mergeRecords(
  org: Org,
  userId: string,
  merge: { readonly survivorId: string; readonly loserIds: readonly string[]; readonly values?: Values },
): void {
  org.transaction(() => {
    const { object, row: survivor } = rowById(org, merge.survivorId);
    if (!mergeable.has(object.name) || merge.loserIds.length > 2)
      throw new SalesforceError('INVALID_OPERATION', `${object.label} cannot be merged this way`);
    for (const loserId of merge.loserIds) {
      const { object: other, row: loser } = rowById(org, loserId);
      if (other !== object || loser.values.IsDeleted === true)
        throw new SalesforceError('ENTITY_IS_DELETED', 'entity is deleted');
      for (const { child, field, rows } of childrenOf(org, object, loser.id)) {
        // An org moves children without touching who modified them last, but with a new SystemModstamp.
        const moved = { [field.name]: survivor.id, SystemModstamp: isoOf(org.clock.now()) };
        for (const own of rows) org.store.put(child, own.id, { ...own.values, ...moved });
      }
      stamp(org, object, loser, userId, { IsDeleted: true, MasterRecordId: survivor.id });
    }
    if (merge.values !== undefined) saveOne(contextOf(org, userId), object, survivor.id, merge.values);
    else stamp(org, object, survivor, userId, {});
  });
}

/**
 * Clones a row as the Clone button does: fields that the user may not edit stay blank. An administrator's clone carries
 * everything over, external ids included, and then meets the unique fields.
 */
export function cloneRecord(org: Org, userId: string, sourceId: string, values: Values = {}): string {
  const { object, row } = rowById(org, sourceId);
  const access = org.access(userId);
  const copied: Values = {};
  for (const field of object.fields.values()) {
    const editable = field.createable !== false && field.formula === undefined && field.type !== 'address';
    const value = row.values[field.name] ?? null;
    if (editable && value !== null && access.readsField(object, field) && access.editsField(object, field))
      copied[field.name] = value;
  }
  const context: SaveContext = { org, access, allowDuplicates: true, rowFault: () => null };
  return saveOne(context, object, null, { ...copied, OwnerId: userId, ...values });
}

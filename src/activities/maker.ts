import { createHash } from 'node:crypto';
import type { CrmValue, CrmWriteFields, CrmWriteOptions, SharedObject } from '../crm/crm.ts';
import type { InboundPlan } from '../mapping/inbound.ts';
import type { FileReference } from '../workflows/messages.ts';
import type { Dependencies } from './dependencies.ts';
import { expectWritten } from './expect-written.ts';
import type { LinkedState } from './linked-records.ts';

/**
 * Of several exports of a new record, worked on at once by any number of workers, one makes the CRM record. An upsert by
 * ACE id alone would make it again when a person deletes it between two of them, because Salesforce's unique fields do
 * not count the recycle bin. So the row comes first, in the same call: it names the export that inserted it, the record
 * names the row by that name, and Salesforce refuses the record of everybody else.
 */

/** One version of a file for one record; what `Maker__c` holds while the record is made. */
export function makerOf({ config }: Pick<Dependencies, 'config'>, file: FileReference, aceId: string): string {
  const named = [config.installation, config.connection, file.key, file.etag, file.lastModified, aceId];
  // Salesforce compares external ids without case.
  return createHash('sha256').update(JSON.stringify(named)).digest('hex').slice(0, 32);
}

/** The lookup of a new record to the row that says who makes it. */
export const madeBy = (maker: string): CrmWriteFields => ({ ACE_Sync__c: { externalId: 'Maker__c', value: maker } });

/** A row of another maker that nobody has written yet: its record is being made, or whoever made it was cut short. */
export function isMadeByOther({ linked: { record, row } }: LinkedState, maker: string): boolean {
  const other = row?.fields.Maker__c ?? null;
  return record === null && row?.crmId === null && other !== null && other !== maker && !row.fields.Status__c;
}

/**
 * Gives the row of a record that is about to be made its maker: a new row in the call that writes the record, one that
 * waited without a record, such as a referral's before its acceptance, in a call before it.
 */
export async function becomeMaker(
  { crm }: Pick<Dependencies, 'crm'>,
  object: SharedObject,
  { linked: { row } }: LinkedState,
  aceId: string,
  maker: string,
): Promise<Pick<CrmWriteOptions, 'ahead'>> {
  if (row === null)
    return {
      ahead: { key: { externalId: 'ACE_Id__c', value: aceId }, fields: { Object__c: object, Maker__c: maker } },
    };
  if (row.fields.Maker__c !== maker)
    expectWritten(await crm.write('sync', { id: row.id }, { Maker__c: maker }), `companion row of ${aceId}`);
  return {};
}

/** The state of a record that was just made, with the row that was inserted before it. */
export function withRowMade(state: LinkedState, object: SharedObject, aceId: string | null): LinkedState {
  const { record, row } = state.linked;
  const id = record?.fields.ACE_Sync__c;
  if (row !== null || typeof id !== 'string') return state;
  const fields = { Object__c: object, ACE_Id__c: aceId };
  return { ...state, linked: { record, row: { id, aceId, crmId: null, fields, systemModstamp: '' } } };
}

/** The last word on a record that was to be made: from now on nobody makes it, or whoever comes next. */
export const nobodyMakes = ({ creates }: InboundPlan): Readonly<Record<string, CrmValue>> =>
  creates ? { Maker__c: null } : {};

import assert from 'node:assert/strict';
import { unsharedOpportunities } from '../../../src/sandbox/crm-seed-data.ts';
import type { MainJob } from './main-job.ts';

export interface SharedOpportunity {
  readonly crmId: string;
  readonly accountId: string;
  readonly rowId: string;
}

/** How many of the sandbox's unshared opportunities ACE accepts as they are. */
export const acceptableOpportunities = 7;

/** A sales person shares an opportunity: record, account, and the row that the quick action makes. */
export async function shareOpportunity(
  { crm }: MainJob,
  number: number,
  fields: Readonly<Record<string, string | number>> = {},
): Promise<SharedOpportunity> {
  const draft = unsharedOpportunities(new Date())[number];
  if (draft === undefined) throw new Error(`There is no draft ${number}.`);
  const accountId = await crm.create('Account', draft.account);
  const crmId = await crm.create('Opportunity', { ...draft.opportunity, AccountId: accountId, ...fields });
  const rowId = await crm.create('ACE_Sync__c', { ...draft.details, Opportunity__c: crmId, Action__c: 'Share' });
  return { crmId, accountId, rowId };
}

/** The record with what the sync wrote on it and its companion row. */
export async function readRecord(job: MainJob, crmId: string): Promise<Readonly<Record<string, unknown>>> {
  const object = crmId.startsWith('00Q') ? 'Lead' : 'Opportunity';
  const [record] = await job.query(`SELECT FIELDS(ALL) FROM ${object} WHERE Id = '${crmId}' LIMIT 1`);
  return record ?? {};
}

export async function readRow(job: MainJob, crmId: string): Promise<Readonly<Record<string, unknown>>> {
  const [row] = await job.query(`SELECT FIELDS(ALL) FROM ACE_Sync__c WHERE CRM_Record_Id__c = '${crmId}' LIMIT 1`);
  return row ?? {};
}

/** Everything that ACE knows of a CRM record: more than one is the accident that ACE never takes back. */
export const atAce = async ({ ace }: MainJob, crmId: string) =>
  (await ace.records()).filter(({ fields }) => fields.partnerCrmUniqueIdentifier === crmId);

/** Files that were sent for a record. */
export const sentFor = async ({ ace }: MainJob, crmId: string) =>
  (await ace.files()).filter(({ key }) => key.includes(crmId));

/** A CRM record that ACE took, AWS approved, and an export has shown. */
export async function agreedRecord(
  job: MainJob,
  number: number,
): Promise<{ crmId: string; rowId: string; aceId: string }> {
  const { crmId, rowId } = await shareOpportunity(job, number);
  await job.settle();
  const [record] = await atAce(job, crmId);
  assert.ok(record, 'ACE took the record');
  await job.ace.approve({ id: record.aceId });
  await job.ace.step({ minutes: 1 });
  await job.ace.exportNow();
  await job.settle();
  return { crmId, rowId, aceId: record.aceId };
}

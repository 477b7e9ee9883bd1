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

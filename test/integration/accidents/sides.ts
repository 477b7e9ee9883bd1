import assert from 'node:assert/strict';
import { parseInboundFileName } from '../../../src/ace/file-name.ts';
import { aceFolders } from '../../../src/bucket/folders.ts';
import { unsharedOpportunities } from '../../../src/sandbox/crm-seed-data.ts';
import type { MainJob } from '../main-job/main-job.ts';

/** What stands in Salesforce, as changes to an opportunity that ACE accepts. */
export interface Changes {
  readonly account?: Readonly<Record<string, string | null>>;
  readonly opportunity?: Readonly<Record<string, string | number>>;
  readonly details?: Readonly<Record<string, string | number>>;
}

/** A sales person shares an opportunity for a customer in Germany, with these changes. */
export async function share(
  { crm }: MainJob,
  changes: Changes = {},
): Promise<{ crmId: string; rowId: string; accountId: string }> {
  const draft = unsharedOpportunities(new Date())[2];
  assert.ok(draft);
  const accountId = await crm.create('Account', { ...draft.account, ...changes.account });
  const opportunity = { ...draft.opportunity, AccountId: accountId, ...changes.opportunity };
  const crmId = await crm.create('Opportunity', opportunity);
  const details = { ...draft.details, ...changes.details, Opportunity__c: crmId, Action__c: 'Share' };
  return { crmId, accountId, rowId: await crm.create('ACE_Sync__c', details) };
}

/** Everything that ACE knows under a CRM record's id. */
export async function atAce({ ace }: MainJob, crmId: string) {
  return (await ace.records()).filter(({ partnerId }) => partnerId === crmId);
}

/** The one record at ACE. */
export async function oneAtAce(job: MainJob, crmId: string) {
  const found = await atAce(job, crmId);
  assert.equal(found.length, 1, 'ACE has one record');
  const [record] = found;
  assert.ok(record);
  return record;
}

/** Texts of the files that ACE took for a record, in the order of sending. */
export async function filesOf({ bucket }: MainJob, crmId: string): Promise<readonly string[]> {
  const { inboundArchive } = aceFolders.opportunity;
  const { objects } = await bucket.list(inboundArchive);
  const files = objects
    .filter(({ key }) => key.includes(crmId))
    .map(async (file) => ({
      attempt: parseInboundFileName(file.key.slice(inboundArchive.length))?.attempt ?? 0,
      text: (await bucket.get(file)).toString('utf8'),
    }));
  return (await Promise.all(files)).sort((one, other) => one.attempt - other.attempt).map(({ text }) => text);
}

/** What those files say of the record. */
export async function sentTo(job: MainJob, crmId: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return (await filesOf(job, crmId)).map((text) => {
    const { opportunities } = JSON.parse(text) as { opportunities: [Readonly<Record<string, unknown>>] };
    return opportunities[0];
  });
}

/** AWS approves a record, exports it, and the sync takes the export. */
export async function approve(job: MainJob, ...crmIds: readonly string[]): Promise<void> {
  for (const crmId of crmIds) await job.ace.approve({ id: (await oneAtAce(job, crmId)).aceId });
  await exported(job);
}

/** AWS exports what changed, and the sync takes it. */
export async function exported(job: MainJob): Promise<void> {
  await job.ace.step({ minutes: 1 });
  await job.ace.exportNow();
  await job.settle();
}

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { createJournal } from '../../../src/journal/journal.ts';
import { exported } from '../accidents/sides.ts';
import { newOpportunity } from '../crm/prepared-org.ts';
import { readRecord, readRow } from '../main-job/crm-records.ts';
import { type MainJob, startMainJob } from '../main-job/main-job.ts';

const withKeys = (shipped: string): string =>
  shipped
    .replace(
      'opportunity:\n  partnerId: Id\n',
      'opportunity:\n  partnerId: Id\n  duplicates: { keys: [[{ ace: partnerProjectTitle, crm: Name }]] }\n',
    )
    .replace(
      'lead:\n  partnerId: Id\n',
      `lead:
  partnerId: Id
  referral: { createAs: onAcceptance }
  duplicates: { keys: [[{ ace: email, crm: Email }]], onMatch: mergeAce }
`,
    );

/** AWS records that the CRM holds already: workflow, S3 and Salesforce, to the person's answer and back to AWS. */
describe('a new AWS record that is in the CRM already', { timeout: 600_000 }, () => {
  let job: MainJob;

  const rowOf = async (aceId: string) => {
    const fields = 'Id, CRM_Record_Id__c, Status__c, Reason_Code__c, Duplicate__c';
    const [row] = await job.query(`SELECT ${fields} FROM ACE_Sync__c WHERE ACE_Id__c = '${aceId}'`);
    return row ?? {};
  };
  const named = (title: string) => job.query(`SELECT Id, ACE_Id__c FROM Opportunity WHERE Name = '${title}'`);
  const refer = async (title: string) =>
    (await job.ace.referOpportunity({ fields: { partnerProjectTitle: title } })).aceId;
  const act = async (aceId: string, fields: Readonly<Record<string, string>>) => {
    await job.crm.update('ACE_Sync__c', String((await rowOf(aceId)).Id), fields);
    await job.settle();
  };

  before(async () => {
    job = await startMainJob({ seed: 41, mapping: withKeys });
  });

  it('is asked about with the record that fits, and linked when a person says so', async () => {
    const ours = await job.crm.create('Opportunity', newOpportunity({ Name: 'Known here' }));
    const aceId = await refer('known here');
    await exported(job);
    const asked = await rowOf(aceId);
    assert.deepEqual([asked.Status__c, asked.Reason_Code__c], ['Needs attention', 'DUPLICATE_FOUND']);
    assert.ok(String(asked.Duplicate__c).startsWith(`Known here (${ours})`));
    assert.equal((await named('Known here')).length, 1, 'nothing is created while the question is open');
    await act(aceId, { Action__c: 'Link' });
    const row = await rowOf(aceId);
    assert.deepEqual([row.CRM_Record_Id__c, row.Duplicate__c, row.Reason_Code__c], [ours, null, 'ACE_NOT_ACCEPTED']);
    const lines = await createJournal(job.config.journal).changes();
    const linked = lines.find(({ crmId, field }) => crmId === ours && field === 'ACE_Sync__r.ACE_Id__c');
    assert.deepEqual([linked?.after, linked?.actor, linked?.answer], [aceId, 'person', 'written']);
    assert.deepEqual(await named('Known here').then((rows) => rows.map(({ ACE_Id__c }) => ACE_Id__c)), [aceId]);
  });

  it('becomes a record of its own when a person says so', async () => {
    await job.crm.create('Opportunity', newOpportunity({ Name: 'Twice wanted' }));
    const aceId = await refer('Twice wanted');
    await exported(job);
    await act(aceId, { Action__c: 'Create new' });
    const linked = (await named('Twice wanted')).map(({ ACE_Id__c }) => ACE_Id__c);
    assert.deepEqual(linked.toSorted(), [aceId, null].toSorted());
  });

  it('is linked with the record that the person chose among several', async () => {
    await job.crm.create('Opportunity', newOpportunity({ Name: 'One of two' }));
    const chosen = await job.crm.create('Opportunity', newOpportunity({ Name: 'One of two' }));
    const aceId = await refer('One of two');
    await exported(job);
    await act(aceId, { Action__c: 'Link' });
    assert.equal((await rowOf(aceId)).Reason_Code__c, 'DUPLICATE_FOUND', 'which of the two is not said');
    await act(aceId, { Action__c: 'Link', Opportunity__c: chosen });
    assert.equal((await rowOf(aceId)).CRM_Record_Id__c, chosen);
    assert.equal((await readRecord(job, chosen)).ACE_Id__c, aceId);
  });

  it('never takes a record that another ACE record has', async () => {
    const first = await refer('Referred twice');
    await exported(job);
    const second = await refer('Referred twice');
    await exported(job);
    const linked = (await named('Referred twice')).map(({ ACE_Id__c }) => ACE_Id__c);
    assert.deepEqual(linked.toSorted(), [first, second].toSorted());
  });

  it('lets two leads that find one person at once not both have the record', async () => {
    const ours = await job.crm.create('Lead', { LastName: 'Known', Company: 'Ours', Email: 'Jo@Example.com' });
    const leads = [];
    for (const company of ['First', 'Second']) {
      leads.push((await job.ace.referLead({ fields: { email: 'jo@example.com', company } })).aceId);
    }
    await exported(job);
    assert.deepEqual((await job.query('SELECT Id FROM Lead')).length, 1, 'no stand-in before the acceptance');
    for (const aceId of leads)
      await job.crm.update('ACE_Sync__c', String((await rowOf(aceId)).Id), { Action__c: 'Accept' });
    await job.settle();
    await exported(job);
    const rows = await Promise.all(leads.map(rowOf));
    assert.equal(rows.filter((row) => row.CRM_Record_Id__c === ours).length, 1);
    const { ACE_Id__c: holder, Company: company } = await readRecord(job, ours);
    assert.ok(leads.includes(String(holder)));
    assert.equal(company, leads.indexOf(String(holder)) === 0 ? 'First' : 'Second', 'AWS leads in what was merged');
    assert.equal((await readRow(job, ours)).Status__c, 'Synced');
  });
});

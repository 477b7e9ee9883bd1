import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { type Change, createJournal } from '../../../src/journal/journal.ts';
import { approve, exported, oneAtAce, share } from '../accidents/sides.ts';
import { readRow } from './crm-records.ts';
import { type MainJob, startMainJob } from './main-job.ts';
import { runCommand } from './run-command.ts';

/** What the sync writes in the CRM is in the journal: before, after, cause, rule, mapping version, and the CRM's answer. */
describe('every change of the CRM', { timeout: 600_000 }, () => {
  let job: MainJob;
  let crmId: string;

  const changes = () => createJournal(job.config.journal).changes();
  const changesOf = async (id: string, field: string) =>
    (await changes()).filter((change) => change.crmId === id && change.field === field);
  const lastOf = async (id: string, field: string): Promise<Change> => {
    const found = (await changesOf(id, field)).at(-1);
    assert.ok(found, `${field} is in the journal`);
    return found;
  };
  const explain = (id: string, field: string) => runCommand(job.configPath, 'explain', id, field);

  before(async () => {
    job = await startMainJob({ seed: 61 });
    ({ crmId } = await share(job, { details: { Monthly_AWS_Revenue__c: 4000 } }));
    await job.settle();
    await approve(job, crmId);
    await exported(job);
  });

  it('that an export makes on the record, on its row and in what AWS says is journaled with the file and its rule', async () => {
    const [was] = await job.query(`SELECT Name FROM Opportunity WHERE Id = '${crmId}'`);
    const shown = (await readRow(job, crmId)).AWS_Next_Step__c;
    const { aceId } = await oneAtAce(job, crmId);
    const fields = { partnerProjectTitle: 'Named by AWS', expectedMonthlyAwsRevenue: 5100, nextStep: 'Written by AWS' };
    await job.ace.edit({ id: aceId, fields });
    await exported(job);
    const expected = [
      ['Name', was?.Name, 'Named by AWS'],
      ['ACE_Sync__r.Monthly_AWS_Revenue__c', 4000, 5100],
      ['ACE_Sync__r.AWS_Next_Step__c', shown, 'Written by AWS'],
    ] as const;
    for (const [field, before, after] of expected) {
      const change = await lastOf(crmId, field);
      assert.deepEqual([change.before, change.after, change.answer], [before, after, 'written'], field);
      assert.match(change.cause, /^opportunity-outbound\/.+@/);
      assert.notEqual(change.rule, 'state');
      assert.match(change.mappingVersion, /^1-[0-9a-f]{16}$/);
      assert.equal(change.actor, 'aws');
    }
    const row = await readRow(job, crmId);
    assert.deepEqual([row.Monthly_AWS_Revenue__c, row.AWS_Next_Step__c], [5100, 'Written by AWS']);
    const told = await explain(crmId, 'Monthly_AWS_Revenue__c');
    assert.match(told.stdout, /confirmed by the CRM\n.*value of AWS\n +before +4000\n +after +5100/s);
  });

  it('that is only of the sync itself, such as status and state, is no field change', async () => {
    const names = new Set((await changes()).map(({ field }) => field));
    const state = ['Status__c', 'Reason__c', 'Received_State__c', 'Sent_State__c', 'Sending__c'];
    assert.deepEqual(
      state.filter((name) => names.has(name) || names.has(`ACE_Sync__r.${name}`)),
      [],
    );
  });

  it('that links a record is journaled: its lookup to the row, and ACE’s id', async () => {
    const [record] = await job.query(`SELECT ACE_Sync__c, ACE_Id__c FROM Opportunity WHERE Id = '${crmId}'`);
    const lookup = await lastOf(crmId, 'ACE_Sync__c');
    assert.deepEqual([lookup.after, lookup.answer, lookup.actor], [record?.ACE_Sync__c, 'written', 'sync']);
    const { after, answer } = await lastOf(crmId, 'ACE_Id__c');
    assert.deepEqual([after, answer], [record?.ACE_Id__c, 'written']);
  });

  it('that makes a record bears the id that the CRM gave it, and so do the account and contact made with it', async () => {
    const { aceId } = await job.ace.referOpportunity({ fields: { customerCompanyName: 'A New Customer' } });
    await exported(job);
    const read = () => job.query(`SELECT Id, Name, AccountId FROM Opportunity WHERE ACE_Id__c = '${aceId}'`);
    const [record] = await read();
    const name = await lastOf(String(record?.Id), 'Name');
    assert.deepEqual([name.after, name.before, name.answer], [record?.Name, null, 'written']);
    const row = await readRow(job, String(record?.Id));
    await job.crm.update('ACE_Sync__c', String(row.Id), { Action__c: 'Accept' });
    await job.settle();
    await exported(job);
    const [accepted] = await read();
    assert.ok(accepted?.AccountId);
    const account = await lastOf(String(accepted.AccountId), 'Name');
    assert.deepEqual([account.after, account.answer], ['A New Customer', 'written']);
  });

  it('that a person chose is journaled as theirs, on the row too', async () => {
    const row = await readRow(job, crmId);
    const { aceId } = await oneAtAce(job, crmId);
    await job.crm.update('ACE_Sync__c', String(row.Id), { Monthly_AWS_Revenue__c: 6000 });
    await job.crm.update('Opportunity', crmId, { Name: 'Named by sales' });
    await job.ace.edit({ id: aceId, fields: { expectedMonthlyAwsRevenue: 7000, partnerProjectTitle: 'Named twice' } });
    await exported(job);
    assert.equal((await readRow(job, crmId)).Status__c, 'Conflict');
    await job.crm.update('ACE_Sync__c', String(row.Id), { Action__c: "Take AWS's" });
    await job.settle();
    const revenue = await lastOf(crmId, 'ACE_Sync__r.Monthly_AWS_Revenue__c');
    assert.deepEqual([revenue.before, revenue.after, revenue.actor, revenue.answer], [6000, 7000, 'person', 'written']);
  });
});

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { createJournal } from '../../../src/journal/journal.ts';
import { exported } from '../accidents/sides.ts';
import { type MainJob, startMainJob } from '../main-job/main-job.ts';

/** A referral that is a lead until somebody accepts it, so that nothing of it stands in the forecast before. */
describe('an AWS referral as a lead', { timeout: 600_000 }, () => {
  let job: MainJob;

  const rowOf = async (aceId: string) => {
    const fields = 'Id, CRM_Record_Id__c, Referral_Lead__c, Status__c, Reason_Code__c, Note__c, AWS_Next_Step__c';
    const [row] = await job.query(`SELECT ${fields} FROM ACE_Sync__c WHERE ACE_Id__c = '${aceId}'`);
    return row ?? {};
  };
  const leadsOf = (aceId: string) =>
    job.query(`SELECT Id, LastName, Company, Status FROM Lead WHERE ACE_Referral_Id__c = '${aceId}'`);
  const opportunities = () => job.query('SELECT Id, ACE_Id__c FROM Opportunity ORDER BY CreatedDate');
  const refer = async (company: string): Promise<string> => {
    const { aceId } = await job.ace.referOpportunity({ fields: { customerCompanyName: company } });
    await exported(job);
    return aceId;
  };
  const answer = async (aceId: string, fields: Readonly<Record<string, string>>) => {
    await job.crm.update('ACE_Sync__c', String((await rowOf(aceId)).Id), fields);
    await job.settle();
    await exported(job);
  };

  before(async () => {
    const asLead = `createAs: lead
    endedLeadStatus: Closed - Not Converted
    lead:
      LastName: { fallback: 'AWS referral {aceId}' }
      Company: { ace: customerCompanyName, fallback: 'AWS referral {aceId}' }
      Status: { value: Working - Contacted }`;
    job = await startMainJob({ seed: 43, mapping: (text) => text.replace('createAs: opportunity', asLead) });
  });

  it('is one lead until it is accepted, however often AWS exports it, and an opportunity then', async () => {
    const aceId = await refer('First Company');
    await job.ace.edit({ id: aceId, fields: { nextStep: 'Changed before the answer' } });
    await exported(job);
    const [lead, ...others] = await leadsOf(aceId);
    assert.deepEqual([lead?.LastName, lead?.Company, others], [`AWS referral ${aceId}`, 'First Company', []]);
    assert.deepEqual(await opportunities(), []);
    assert.equal((await rowOf(aceId)).Referral_Lead__c, lead?.Id);
    await answer(aceId, { Action__c: 'Accept' });
    const made = await opportunities();
    assert.deepEqual(
      made.map(({ ACE_Id__c }) => ACE_Id__c),
      [aceId],
    );
    assert.equal((await rowOf(aceId)).CRM_Record_Id__c, made[0]?.Id);
  });

  it('has the status of a referral that ended once it is an opportunity or rejected, journaled', async () => {
    for (const fields of [{ Action__c: 'Accept' }, { Rejection_Reason__c: 'Unable to support', Action__c: 'Reject' }]) {
      const aceId = await refer('Closed Company');
      assert.equal((await leadsOf(aceId))[0]?.Status, 'Working - Contacted');
      await answer(aceId, fields);
      const [lead] = await leadsOf(aceId);
      assert.equal(lead?.Status, 'Closed - Not Converted', fields.Action__c);
      const lines = await createJournal(job.config.journal).changes();
      const of = lines.filter(({ crmId, rule }) => crmId === lead?.Id && rule !== 'referral.lead');
      const made = lines.filter(({ crmId, rule }) => crmId === lead?.Id && rule === 'referral.lead');
      assert.ok(made.some(({ field, answer: said }) => field === 'Status' && said === 'written'));
      assert.deepEqual(
        of.map(({ field, before, after, rule, answer: said }) => [field, before, after, rule, said]),
        [['Status', 'Working - Contacted', 'Closed - Not Converted', 'referral.endedLeadStatus', 'written']],
      );
      // What people do afterwards is theirs: the next export leaves it alone.
      await job.crm.update('Lead', String(lead?.Id), { Status: 'Working - Contacted' });
      await job.ace.edit({ id: aceId, fields: { nextStep: 'Changed after the answer' } });
      await exported(job);
      assert.equal((await leadsOf(aceId))[0]?.Status, 'Working - Contacted');
    }
  });

  it('can be stopped and resumed before anybody answered it', async () => {
    const aceId = await refer('Patient Company');
    const act = (Action__c: string) => answer(aceId, { Action__c });
    await act('Stop');
    assert.equal((await rowOf(aceId)).Status__c, 'Stopped');
    await job.ace.edit({ id: aceId, fields: { nextStep: 'Changed while it was stopped' } });
    await exported(job);
    assert.notEqual((await rowOf(aceId)).AWS_Next_Step__c, 'Changed while it was stopped');
    await act('Resume');
    const { Status__c, AWS_Next_Step__c } = await rowOf(aceId);
    assert.deepEqual([Status__c, AWS_Next_Step__c], ['Needs attention', 'Changed while it was stopped']);
    await act('Accept');
    assert.equal(
      (await opportunities()).some(({ ACE_Id__c }) => ACE_Id__c === aceId),
      true,
    );
  });

  it('keeps the status that a person gave it, and its referral ends all the same', async () => {
    const aceId = await refer('Nurtured Company');
    await job.crm.update('Lead', String((await leadsOf(aceId))[0]?.Id), { Status: 'Open - Not Contacted' });
    await answer(aceId, { Rejection_Reason__c: 'Unable to support', Action__c: 'Reject' });
    assert.equal((await leadsOf(aceId))[0]?.Status, 'Open - Not Contacted');
    assert.equal((await rowOf(aceId)).Status__c, 'Stopped');
  });

  it('is told on the row of a lead whose status Salesforce refuses to change, and goes on', async () => {
    const aceId = await refer('Refused Company');
    await job.crm.connection.metadata.create('ValidationRule', {
      fullName: 'Lead.Keep_Open',
      active: true,
      errorConditionFormula: `AND(Company = 'Refused Company', ISPICKVAL(Status, 'Closed - Not Converted'))`,
      errorMessage: 'Ask a.person@example.com.',
    });
    await answer(aceId, { Action__c: 'Accept' });
    assert.equal((await leadsOf(aceId))[0]?.Status, 'Working - Contacted');
    const row = await rowOf(aceId);
    assert.match(String(row.Note__c), /refused to change the status of the lead/);
    assert.equal((await opportunities()).at(-1)?.Id, row.CRM_Record_Id__c);
  });

  it('takes the opportunity that people made of the lead', async () => {
    const aceId = await refer('Second Company');
    const [lead] = await leadsOf(aceId);
    const before = (await opportunities()).length;
    const conversion = {
      leadId: String(lead?.Id),
      convertedStatus: 'Closed - Converted',
      opportunityName: 'Converted',
    };
    job.standIn.administration.convertLead(conversion);
    await answer(aceId, { Action__c: 'Accept' });
    const after = await opportunities();
    assert.equal(after.length, before + 1);
    assert.equal(after.at(-1)?.ACE_Id__c, aceId);
  });

  it('never becomes an opportunity when it is rejected, and its row says how it ended', async () => {
    const aceId = await refer('Third Company');
    const before = await opportunities();
    await answer(aceId, { Rejection_Reason__c: 'Unable to support', Action__c: 'Reject' });
    assert.deepEqual(await opportunities(), before);
    const { Status__c, Reason_Code__c } = await rowOf(aceId);
    assert.deepEqual([Status__c, Reason_Code__c], ['Stopped', 'ACE_REFERRAL_REJECTED']);
  });
});

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { before, describe, it } from 'node:test';
import { createJournal } from '../../../src/journal/journal.ts';
import { exported } from '../accidents/sides.ts';
import { type MainJob, startMainJob } from '../main-job/main-job.ts';
import { runCommand } from '../main-job/run-command.ts';

/** Referrals that the mapping answers by rule, without a person, once they arrive. */
describe('an answer by rule', { timeout: 600_000 }, () => {
  let job: MainJob;

  const rowOf = async (aceId: string) => {
    const fields = 'Id, CRM_Record_Id__c, Rule_Answer__c, Status__c, Reason_Code__c, Acceptance__c, Action__c';
    const [row] = await job.query(`SELECT ${fields} FROM ACE_Sync__c WHERE ACE_Id__c = '${aceId}'`);
    return row ?? {};
  };
  const recordAtAce = async (aceId: string) =>
    (await job.ace.records()).find((record) => record.aceId === aceId)?.fields;
  const refer = async (fields: Readonly<Record<string, string>>): Promise<string> => {
    const { aceId } = await job.ace.referOpportunity({ fields });
    await exported(job);
    return aceId;
  };

  before(async () => {
    const opportunityRules = `createAs: opportunity
    answer:
      - { when: "industry = 'Gaming'", reject: Unable to support }
      - { when: "industry = 'Healthcare'", accept: true }`;
    const leadRules = `lead:
  referral: { createAs: onAcceptance, answer: [{ when: "campaignName = 'Known campaign'", accept: true }] }`;
    job = await startMainJob({
      seed: 47,
      mapping: (text) => text.replace('createAs: opportunity', opportunityRules).replace(/^lead:/m, leadRules),
    });
  });

  it('is accepted, shown on the row and journaled with the rule', async () => {
    const aceId = await refer({ industry: 'Healthcare' });
    const row = await rowOf(aceId);
    assert.equal(row.Rule_Answer__c, 'Accepted by rule 2');
    assert.equal((await recordAtAce(aceId))?.partnerAcceptanceStatus, 'Accepted');
    const lines = await createJournal(job.config.journal).changes();
    const answer = lines.find(
      ({ field, crmId }) => field === 'ACE_Sync__r.Rule_Answer__c' && crmId === row.CRM_Record_Id__c,
    );
    assert.deepEqual(
      [answer?.rule, answer?.actor, answer?.after, answer?.answer],
      ['referral.answer[1]', 'rule', 'Accepted by rule 2', 'written'],
    );
    await exported(job);
    const { Status__c, Acceptance__c } = await rowOf(aceId);
    assert.deepEqual([Status__c, Acceptance__c], ['Synced', 'Accepted']);
  });

  it('is rejected with the reason of the rule', async () => {
    const aceId = await refer({ industry: 'Gaming' });
    const fields = await recordAtAce(aceId);
    assert.deepEqual([fields?.partnerAcceptanceStatus, fields?.rejectionReason], ['Rejected', 'Unable to support']);
    await exported(job);
    const { Status__c, Reason_Code__c, Rule_Answer__c } = await rowOf(aceId);
    assert.deepEqual(
      [Status__c, Reason_Code__c, Rule_Answer__c],
      ['Stopped', 'ACE_REFERRAL_REJECTED', 'Rejected by rule 1: Unable to support'],
    );
  });

  it('is left to a person where no rule holds', async () => {
    const aceId = await refer({ industry: 'Retail' });
    const { Rule_Answer__c, Status__c, Reason_Code__c } = await rowOf(aceId);
    assert.deepEqual([Rule_Answer__c, Status__c, Reason_Code__c], [null, 'Needs attention', 'ACE_NOT_ACCEPTED']);
    assert.equal((await recordAtAce(aceId))?.partnerAcceptanceStatus, null);
  });

  it('is awaited with the days that are left on the row, and with none once it was given', async () => {
    const daysLeft = async (aceId: string) =>
      (await job.query(`SELECT Days_Left__c FROM ACE_Sync__c WHERE ACE_Id__c = '${aceId}'`))[0]?.Days_Left__c;
    const { aceId } = await job.ace.referOpportunity({ fields: { industry: 'Retail' }, acceptWithinHours: 60 });
    await exported(job);
    assert.equal(await daysLeft(aceId), 2);
    await job.crm.update('ACE_Sync__c', String((await rowOf(aceId)).Id), { Action__c: 'Accept' });
    await job.settle();
    await exported(job);
    assert.equal(await daysLeft(aceId), null);
  });

  it('goes out for a lead that gets its record on acceptance only', async () => {
    const { aceId } = await job.ace.referLead({ fields: { campaignName: 'Known campaign' } });
    await exported(job);
    assert.equal((await recordAtAce(aceId))?.currentLeadStage, 'Accepted');
    await exported(job);
    const made = await job.query(`SELECT Id FROM Lead WHERE ACE_Id__c = '${aceId}'`);
    assert.equal(made.length, 1);
    assert.equal((await rowOf(aceId)).CRM_Record_Id__c, made[0]?.Id);
  });

  it('is counted before a new rule is released, also for a lead without a record, and gives none by itself', async () => {
    const waiting = [await refer({ industry: 'Aerospace' }), await refer({ industry: 'Aerospace' })];
    const byPerson = await refer({ industry: 'Aerospace' });
    await job.ace.referLead({ fields: { campaignName: 'Another campaign' } });
    await exported(job);
    // AWS has this answer, and has not exported it yet.
    await job.crm.update('ACE_Sync__c', String((await rowOf(byPerson)).Id), { Action__c: 'Accept' });
    await job.settle();
    const path = `${job.config.mapping}.next`;
    const rules = 'reject: Unable to support }\n      - { when: "industry = \'Aerospace\'", reject: Other }';
    const text = (await readFile(job.config.mapping, 'utf8'))
      .replace('reject: Unable to support }', rules)
      .replace("'Known campaign'", "'Another campaign'");
    await writeFile(path, text);
    const dryRun = (...words: string[]) =>
      runCommand(job.configPath, 'mapping', 'activate', path, '--dry-run', ...words);
    const { effects } = JSON.parse((await dryRun('--json')).stdout) as { effects: { answered: unknown } };
    assert.deepEqual(effects.answered, [
      { object: 'opportunity', direction: 'out', what: 'Rejected', rule: 'rule 2 (Other)', records: 2 },
      { object: 'lead', direction: 'out', what: 'Accepted', rule: 'rule 1', records: 1 },
    ]);
    assert.match((await dryRun()).stdout, /for good:\n +2 x opportunity to AWS +Rejected: rule 2 \(Other\)\n/);
    for (const aceId of waiting) assert.equal((await rowOf(aceId)).Rule_Answer__c, null);
  });
});

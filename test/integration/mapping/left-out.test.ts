import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { approve, atAce, exported, oneAtAce, sentTo, share } from '../accidents/sides.ts';
import { readRow } from '../main-job/crm-records.ts';
import { type MainJob, startMainJob } from '../main-job/main-job.ts';

const rules = `opportunity:
  share: "ACE_Sync__r.Shared__c and NextStep != 'Private'"
  disregard: "nextStep = 'Only for AWS'"`;

/** Records that a rule of the mapping leaves out: their rows say so, and take it back. */
describe('a record that the mapping leaves out', { timeout: 600_000 }, () => {
  let job: MainJob;

  const saidOf = async (crmId: string) => {
    const { Status__c, Reason_Code__c } = await readRow(job, crmId);
    return [Status__c, Reason_Code__c];
  };
  const nextStep = async (crmId: string, NextStep: string) => {
    await job.crm.update('Opportunity', crmId, { NextStep });
    await job.settle();
  };
  const shared = async () => {
    const { crmId } = await share(job, { opportunity: { NextStep: 'Call' } });
    await job.settle();
    await approve(job, crmId);
    assert.deepEqual(await saidOf(crmId), ['Synced', null]);
    return crmId;
  };

  before(async () => {
    job = await startMainJob({ seed: 67, mapping: (text) => text.replace('opportunity:', rules) });
  });

  it('says so where a person chose Share, and goes out once the rule lets it', async () => {
    const { crmId } = await share(job, { opportunity: { NextStep: 'Private' } });
    await job.settle();
    assert.deepEqual(await saidOf(crmId), ['Not shared', 'SHARE_RULE_SAYS_NO']);
    assert.match(String((await readRow(job, crmId)).Reason__c), /sharing rule of the mapping/);
    assert.deepEqual(await atAce(job, crmId), []);
    await nextStep(crmId, 'Call');
    assert.equal((await atAce(job, crmId)).length, 1);
    assert.deepEqual(await saidOf(crmId), ['In AWS review', 'ACE_IN_REVIEW']);
  });

  it('stops when it no longer matches, also over exports, and goes on when it does again', async () => {
    const crmId = await shared();
    await nextStep(crmId, 'Private');
    assert.deepEqual(await saidOf(crmId), ['Not shared', 'SHARE_RULE_SAYS_NO']);
    const sent = (await sentTo(job, crmId)).length;
    const since = (await readRow(job, crmId)).Since__c;
    await job.ace.edit({ id: (await oneAtAce(job, crmId)).aceId, fields: { industryOther: 'Something' } });
    await exported(job);
    assert.deepEqual(await saidOf(crmId), ['Not shared', 'SHARE_RULE_SAYS_NO']);
    assert.equal((await readRow(job, crmId)).Since__c, since, 'the export did not take it away in between');
    assert.equal((await sentTo(job, crmId)).length, sent);
    await nextStep(crmId, 'Meet');
    assert.deepEqual(await saidOf(crmId), ['Synced', null]);
    assert.equal((await oneAtAce(job, crmId)).fields.nextStep, 'Meet');
  });

  it("says that AWS's version is left out, until one is taken in again", async () => {
    const crmId = await shared();
    const { aceId } = await oneAtAce(job, crmId);
    await job.ace.edit({ id: aceId, fields: { nextStep: 'Only for AWS' } });
    await exported(job);
    assert.deepEqual(await saidOf(crmId), ['Not shared', 'DISREGARDED']);
    assert.equal((await readRow(job, crmId)).AWS_Next_Step__c, 'Call', 'and nothing of it is written');
    await job.ace.edit({ id: aceId, fields: { nextStep: 'For both' } });
    await exported(job);
    assert.deepEqual(await saidOf(crmId), ['Synced', null]);
    assert.equal((await readRow(job, crmId)).AWS_Next_Step__c, 'For both');
  });

  it('does not hide a referral that waits for its answer', async () => {
    const { aceId } = await job.ace.referOpportunity({ fields: {} });
    await exported(job);
    const [row] = await job.query(
      `SELECT Reason_Code__c, CRM_Record_Id__c FROM ACE_Sync__c WHERE ACE_Id__c = '${aceId}'`,
    );
    await nextStep(String(row?.CRM_Record_Id__c), 'Private');
    assert.deepEqual(await saidOf(String(row?.CRM_Record_Id__c)), ['Needs attention', 'ACE_NOT_ACCEPTED']);
  });
});

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { aceFolders } from '../../../src/bucket/folders.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { approve, exported, oneAtAce, share } from '../accidents/sides.ts';
import { readRow } from './crm-records.ts';
import { startMainJob } from './main-job.ts';

it('at the limit of API calls everything waits in its place, an acceptance still goes through, and it resumes by itself', {
  timeout: 600_000,
}, async () => {
  const job = await startMainJob({
    seed: 41,
    // One look at the usage in twenty seconds is all that ordinary work gets while it is held.
    salesforce: { apiShare: { slowAt: 0.7, holdAt: 0.8, reserveTo: 0.9, probeIntervalMs: 20_000 } },
  });
  const { crmId } = await share(job);
  await job.settle();
  await approve(job, crmId);
  const { aceId } = await oneAtAce(job, crmId);
  const referral = (await job.ace.referOpportunity()).aceId;
  await exported(job);
  const rowOf = async (id: string) =>
    (await job.query(`SELECT FIELDS(ALL) FROM ACE_Sync__c WHERE ACE_Id__c = '${id}' LIMIT 1`))[0] ?? {};
  const connection = async () => (await job.query('SELECT FIELDS(ALL) FROM ACE_Connection__c LIMIT 1'))[0] ?? {};
  const acceptance = async () => (await job.ace.record({ id: referral })).acceptance;
  assert.notEqual(await acceptance(), 'Accepted');
  assert.equal((await connection()).Hold_Reason__c, null);

  // Others use the org's calls up: 83 % of the day, more than the sync may help to use, less than its reserve.
  const { usage } = job.standIn;
  usage.used = Math.round(usage.settings.dailyApiRequests * 0.83);
  await job.crm.update('Opportunity', crmId, { NextStep: 'Ordinary work' });
  await job.ace.edit({ id: aceId, fields: { nextStep: 'An ordinary export' } });
  await job.ace.step({ minutes: 1 });
  await job.ace.exportNow();
  await job.crm.update('ACE_Sync__c', String((await rowOf(referral)).Id), { Action__c: 'Accept' });
  await waitUntil('AWS has the acceptance', async () => {
    await job.scan();
    await job.detect();
    await job.ace.step({ seconds: 2 });
    return (await acceptance()) === 'Accepted';
  });

  const { heldConnection, held } = await job.status();
  assert.match(String(heldConnection), /API/, 'the status says it');
  assert.match(String((await connection()).Hold_Reason__c), /API/, 'and the connection record');
  // The acceptance's own upload waits for its answer, which is read once the scans go on.
  const stuck = held.filter(({ outcome }) => outcome !== 'waiting');
  assert.deepEqual(stuck, [], 'nothing is parked or held for it');
  assert.notEqual((await oneAtAce(job, crmId)).fields.nextStep, 'Ordinary work');
  assert.equal((await job.names(aceFolders.opportunity.outbound)).length, 1, 'the bucket is the queue');
  assert.equal((await readRow(job, crmId)).Reason_Code__c, null);
  assert.ok(usage.used < usage.settings.dailyApiRequests * 0.9, 'the reserve was enough');

  usage.used = 100;
  await job.settle();
  assert.equal((await job.status()).heldConnection, null);
  assert.equal((await connection()).Hold_Reason__c, null);
  assert.equal((await oneAtAce(job, crmId)).fields.nextStep, 'Ordinary work');
  assert.deepEqual(await job.names(aceFolders.opportunity.outbound), []);
  await exported(job);
  assert.equal((await rowOf(referral)).Status__c, 'Synced');
});

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { approve, oneAtAce, sentTo, share } from '../accidents/sides.ts';
import { readRecord } from './crm-records.ts';
import { startMainJob } from './main-job.ts';

it('two edits that an org stamps with one second are both seen, and nothing is sent twice', {
  timeout: 600_000,
}, async () => {
  const job = await startMainJob({ seed: 51, org: { wholeSecondStamps: true } });
  const { crmId } = await share(job);
  await job.settle();
  await approve(job, crmId);
  const { clock } = job.standIn;
  const stamp = async () => String((await readRecord(job, crmId)).SystemModstamp);

  // The first edit is judged, and is nothing to AWS; the second one comes within the same second of the org.
  clock.stop();
  await job.crm.update('Opportunity', crmId, { Probability: 11 });
  const first = await stamp();
  assert.equal(await job.detect(), 0, 'nothing of it is due');
  const sent = (await sentTo(job, crmId)).length;
  await job.crm.update('Opportunity', crmId, { NextStep: 'Within the same second' });
  assert.equal(await stamp(), first, 'the org shows the same version');
  await job.detect();
  clock.start();
  await job.settle();
  assert.equal((await oneAtAce(job, crmId)).fields.nextStep, 'Within the same second');

  // Two edits that one round finds together are one file, and later rounds send nothing more.
  await job.crm.update('Opportunity', crmId, { NextStep: 'First of two' });
  await job.crm.update('Opportunity', crmId, { NextStep: 'Second of two' });
  await job.settle();
  await job.settle();
  const payloads = await sentTo(job, crmId);
  assert.equal(payloads.at(-1)?.nextStep, 'Second of two');
  assert.equal(payloads.length, sent + 2, 'one file for each of the two rounds that had something to send');
});

it('an edit of the account is seen at once, though its opportunity was edited a moment before', {
  timeout: 600_000,
}, async () => {
  const job = await startMainJob({ seed: 52 });
  const { crmId } = await share(job);
  await job.settle();
  await approve(job, crmId);
  await job.crm.update('Opportunity', crmId, { NextStep: 'A moment before' });
  await job.settle();
  const sent = (await sentTo(job, crmId)).length;
  await job.crm.update('Account', String((await readRecord(job, crmId)).AccountId), { BillingCity: 'Boulder' });
  assert.equal(await job.detect(), 1);
  await job.settle();
  assert.equal((await oneAtAce(job, crmId)).fields.city, 'Boulder');
  assert.equal((await sentTo(job, crmId)).length, sent + 1);
});

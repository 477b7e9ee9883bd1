import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failuresOf } from '../../../src/activities/temporal-evidence.ts';
import { backfillState, confirmBackfill } from '../../../src/workflows/messages.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { startMainJob } from './main-job.ts';
import { startBackfill } from './start-backfill.ts';

test('a backfill sends only what both sides confirm, only once it is confirmed, and is verified by the next export', {
  timeout: 300_000,
}, async () => {
  const job = await startMainJob({ switches: { recordsPerFile: 1 } });
  const pairs: { aceId: string; crmId: string }[] = [];
  for (const number of [1, 2, 3]) {
    const { aceId } = await job.ace.enterOpportunity({ fields: { partnerProjectTitle: `Typed by hand ${number}` } });
    const crmId = await job.crm.create('Opportunity', {
      Name: `Typed by hand ${number}`,
      StageName: 'Prospecting',
      CloseDate: '2030-01-31',
    });
    pairs.push({ aceId, crmId });
  }
  await job.ace.exportNow();
  await job.settle();
  const parked = await job.status();
  assert.equal(
    parked.held.filter(({ reason }) => reason === 'WAITS_FOR_MATCHING').length,
    3,
    'nothing is created by itself',
  );

  const more = ['O1,006000000000000AAA', 'no ACE id,006000000000000AAA', `${pairs[0]?.aceId},${pairs[0]?.crmId}`];
  const handle = await startBackfill(job, pairs, { more, verifyInterval: 1_000, verifyRounds: 60 });
  const plan = await waitUntil('the plan', async () => (await handle.query(backfillState)).plan);
  assert.equal(plan.waves, 2);
  assert.deepEqual(
    [plan.counts.ready, plan.counts.unknownInCrm, plan.counts.unreadable, plan.counts.duplicate],
    [3, 1, 1, 1],
  );
  assert.deepEqual(await job.names('opportunity-inbound/'), [], 'nothing goes out before it is confirmed');

  const rowOf = async (aceId = '') =>
    (await job.query(`SELECT Id, Sending__c FROM ACE_Sync__c WHERE ACE_Id__c = '${aceId}'`))[0] ?? {};
  const busy = await rowOf(pairs[0]?.aceId);
  const other = JSON.stringify({ name: 'another.json', sha: 'a', at: '2030-01-01', kind: 'update', fields: {} });
  await job.crm.update('ACE_Sync__c', String(busy.Id), { Sending__c: other });
  await handle.signal(confirmBackfill, undefined);
  await waitUntil('wave 1 waits for a record that has a file on its way', async () =>
    failuresOf(await handle.describe(), 2).some(({ code }) => code === 'WAVE_RECORD_BUSY'),
  );
  assert.equal((await rowOf(pairs[0]?.aceId)).Sending__c, other);
  assert.deepEqual(await job.names('opportunity-inbound/'), []);
  await job.crm.update('ACE_Sync__c', String(busy.Id), { Sending__c: null });
  // ACE's dates have whole seconds, and its clock stands still unless it is moved.
  await job.ace.step({ minutes: 5 });
  for (const wave of [1, 2]) {
    await waitUntil(`wave ${wave} is put`, async () => (await job.names('opportunity-inbound/')).length > 0);
    await job.ace.processInbound();
    await job.scan();
    await waitUntil(`wave ${wave} is answered`, async () => (await handle.query(backfillState)).wavesSent >= wave);
  }
  await job.ace.exportNow();
  await job.scan();
  const result = (await handle.result()) as { accepted: number; refused: number; verified: number };
  assert.deepEqual([result.accepted, result.refused, result.verified], [3, 0, 3]);

  await job.settle();
  for (const { aceId, crmId } of pairs) {
    assert.equal((await job.ace.record({ id: aceId })).partnerId, crmId);
    const [record] = await job.query(`SELECT ACE_Id__c FROM Opportunity WHERE Id = '${crmId}'`);
    assert.equal(record?.ACE_Id__c, aceId);
    const rows = await job.query(`SELECT Id, Sending__c FROM ACE_Sync__c WHERE ACE_Id__c = '${aceId}'`);
    assert.equal(rows.length, 1, 'the parked row became the row of the record');
    assert.equal(rows[0]?.Sending__c ?? null, null);
  }
  assert.equal((await job.status()).held.length, 0, 'the parked exports found their records');
  assert.equal((await job.query('SELECT Id FROM Opportunity')).length, 3, 'no second record');
});

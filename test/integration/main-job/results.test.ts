import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { signalUpload } from '../../../src/activities/signal-upload.ts';
import { failuresOf } from '../../../src/activities/temporal-evidence.ts';
import { aceFolders } from '../../../src/bucket/folders.ts';
import { confirmBackfill, uploadHistory } from '../../../src/workflows/messages.ts';
import { historyText } from '../../support/history-text.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { agreedRecord, atAce, readRecord, readRow, sentFor, shareOpportunity } from './crm-records.ts';
import { answer, oneOnItsWay, onTheirWay, resultOf } from './forged-answers.ts';
import { type MainJob, startMainJob } from './main-job.ts';
import { startBackfill } from './start-backfill.ts';

const { inbound, processedResults } = aceFolders.opportunity;

/** How the workflows of result files ended, newest first. */
async function fileOutcomes({ client, config }: MainJob, outcome: string): Promise<number> {
  const query = `WorkflowType = 'processResultFile' AND AceConnection = '${config.connection}' AND AceOutcome = '${outcome}'`;
  return (await client.workflow.count(query)).count;
}

describe('a processed result', { timeout: 400_000 }, () => {
  let job: MainJob;
  before(async () => {
    job = await startMainJob({ seed: 31 });
  });

  it('for a record that the CRM does not know makes nothing, and goes', async () => {
    const crmId = '006000000000009AAA';
    const name = `test-opportunity-${crmId}-0a1b2c3d-1_03022026090000.json`;
    const row = { isSuccess: true, partnerCrmUniqueIdentifier: crmId, apnCrmUniqueIdentifier: 'O7654321' };
    await answer(job, name, resultOf(job, name, row));
    await job.settle();
    assert.deepEqual(await job.names(processedResults), []);
    const result = await job.client.workflow.getHandle(job.uploadId(crmId)).result();
    assert.deepEqual(result, { outcome: 'gone', sent: 0 });
    assert.deepEqual(await job.query(`SELECT Id FROM ACE_Sync__c WHERE ACE_Id__c = 'O7654321'`), []);
    const [line] = (await job.outcomes()).filter(({ file }) => file === name);
    assert.deepEqual([line?.kind, line?.outcome, line?.code], ['upload', 'notTaken', 'RECORD_GONE']);
  });

  it('for a file that its record did not send says nothing over what stands there, and goes', async () => {
    const { crmId } = await agreedRecord(job, 0);
    const before = await readRow(job, crmId);
    const name = `test-opportunity-${crmId}-0a1b2c3d-7_03022026090000.json`;
    await answer(job, name, resultOf(job, name, { isSuccess: false, errors: ['Required: Customer Website'] }));
    await job.settle();
    assert.deepEqual(await job.names(processedResults), []);
    const after = await readRow(job, crmId);
    assert.deepEqual(
      [after.Status__c, after.Reason_Code__c, after.Sent_State__c],
      [before.Status__c, before.Reason_Code__c, before.Sent_State__c],
    );
    assert.equal((await sentFor(job, crmId)).length, 1, 'and nothing is sent because of it');
    const lines = (await job.outcomes()).filter((line) => line.kind === 'upload' && line.file === name);
    assert.deepEqual(
      lines.map(({ outcome, code }) => [outcome, code]),
      [['refused', 'ACE_REQUIRED']],
    );
  });

  for (const [number, suffix] of ['_result', '_error'].entries()) {
    it(`of a rejected whole file (${suffix}) holds its record, and Retry sends the record once more`, async () => {
      await job.ace.setSwitches({ inboundPaused: true });
      const { crmId, rowId } = await shareOpportunity(job, 1 + number);
      await job.detect();
      const name = await oneOnItsWay(job, crmId);
      const text = '[{"customerEmail":"planted.person@example.com"}] is not of type "object"';
      await answer(job, name, { error: text, fileName: inbound + name }, suffix);
      const [file] = (await job.awsBucket.list(inbound + name)).objects;
      assert.ok(file);
      await job.awsBucket.delete(file);
      await job.settle();
      assert.deepEqual(await job.names(processedResults), []);
      const held = await readRow(job, crmId);
      assert.deepEqual([held.Status__c, held.Sending__c], ['Needs attention', null]);
      assert.match(
        String(held.Details__c),
        /planted\.person@example\.com/,
        'ACE is quoted to whoever may read the row',
      );
      const upload = job.client.workflow.getHandle(job.uploadId(crmId));
      assert.equal(historyText(await upload.fetchHistory()).includes('planted.person'), false);
      const waits = (await job.status()).held.filter((one) => one.crmId === crmId);
      assert.deepEqual(
        waits.map(({ outcome, reason }) => [outcome, reason]),
        [['held', held.Reason_Code__c]],
      );

      await job.ace.setSwitches({ inboundPaused: false });
      await job.settle();
      assert.deepEqual(await sentFor(job, crmId), [], 'nothing goes by itself');
      await job.crm.update('ACE_Sync__c', rowId, { Action__c: 'Retry' });
      await job.settle();
      assert.equal((await sentFor(job, crmId)).length, 1);
      assert.equal((await atAce(job, crmId)).length, 1);
      assert.match(String((await readRecord(job, crmId)).ACE_Id__c), /^O\d+$/);
      assert.equal((await readRow(job, crmId)).Reason_Code__c, 'ACE_IN_REVIEW');
    });
  }

  it('of an upload that has ended starts it again, which settles it and sends nothing', async () => {
    const { crmId } = await agreedRecord(job, 3);
    const [{ key } = { key: '' }] = await sentFor(job, crmId);
    const [{ aceId } = { aceId: '' }] = await atAce(job, crmId);
    const upload = job.client.workflow.getHandle(job.uploadId(crmId));
    const ended = await upload.describe();
    assert.equal(ended.status.name, 'COMPLETED');
    const before = await readRow(job, crmId);
    const row = { isSuccess: true, partnerCrmUniqueIdentifier: crmId, apnCrmUniqueIdentifier: aceId };
    const name = key.slice(inbound.length);
    await answer(job, name, resultOf(job, name, row));
    await job.settle();
    const again = await upload.describe();
    assert.notEqual(again.runId, ended.runId);
    assert.equal(again.status.name, 'COMPLETED');
    const steps = (await upload.query(uploadHistory)).map(({ step, code }) => `${step} ${code}`);
    assert.deepEqual(steps.slice(-2), ['answered ACCEPTED', 'planned settled']);
    assert.equal((await readRow(job, crmId)).Status__c, before.Status__c);
    assert.equal((await sentFor(job, crmId)).length, 1);
    assert.deepEqual(await job.names(processedResults), []);
  });

  it('for a record whose intent this release cannot read waits for the one that can, and nothing else is sent', async () => {
    await job.ace.setSwitches({ inboundPaused: true });
    const { crmId, rowId } = await shareOpportunity(job, 4);
    await job.detect();
    const name = await oneOnItsWay(job, crmId);
    const { Sending__c: intent } = await readRow(job, crmId);
    const upload = job.client.workflow.getHandle(job.uploadId(crmId));
    await upload.terminate('The worker is rolled back to an older release.');
    await job.crm.update('ACE_Sync__c', rowId, { Sending__c: '{"v":2}', Monthly_AWS_Revenue__c: 3333 });
    await job.detect();
    const code = async () => (await readRow(job, crmId)).Reason_Code__c;
    await waitUntil('the record is held', async () => (await code()) === 'STATE_UNREADABLE');
    assert.deepEqual(await onTheirWay(job, crmId), [name]);

    await job.ace.setSwitches({ inboundPaused: false });
    await job.ace.processInbound();
    await job.scan();
    await waitUntil('the answer cannot be settled', async () =>
      failuresOf(await upload.describe(), 2).some((failure) => failure.code === 'STATE_UNREADABLE'),
    );
    assert.equal((await job.names(processedResults)).length, 1, 'the answer is kept');

    await job.crm.update('ACE_Sync__c', rowId, { Sending__c: String(intent) });
    await job.settle();
    assert.deepEqual([await code(), (await readRow(job, crmId)).Sending__c], ['ACE_IN_REVIEW', null]);
    assert.deepEqual([(await sentFor(job, crmId)).length, (await atAce(job, crmId)).length], [1, 1]);
    assert.deepEqual(await job.names(processedResults), []);
  });
});

describe('after the time limit a processed result', { timeout: 400_000 }, () => {
  let job: MainJob;
  before(async () => {
    job = await startMainJob({ seed: 32, timing: { resultTimeLimit: 3 } });
  });

  it('that comes while the next file is in flight is settled beside it, and one that comes after it speaks over nothing', async () => {
    const { crmId, rowId, aceId } = await agreedRecord(job, 0);
    await job.ace.setSwitches({ resultDelivery: 'late', resultDelayMinutes: 30 });
    await job.crm.update('ACE_Sync__c', rowId, { Monthly_AWS_Revenue__c: 1111 });
    await job.detect();
    const first = await oneOnItsWay(job, crmId);
    await job.ace.processInbound();
    // ACE took the update without an answer, so after the time limit it is sent anew, under the next name.
    const second = await oneOnItsWay(job, crmId, first);
    await job.ace.setSwitches({ inboundPaused: true });
    await job.ace.step({ minutes: 31 });
    assert.equal((await job.names(processedResults)).length, 1, 'the late answer is there');
    await job.scan();
    await waitUntil('it was handled', async () => (await job.names(processedResults)).length === 0);
    const between = await readRow(job, crmId);
    assert.match(String(between.Sending__c), new RegExp(second), 'the next file is still awaited');
    assert.deepEqual([between.Status__c, await onTheirWay(job, crmId)], ['Sending', [second]]);

    await job.ace.setSwitches({ inboundPaused: false, resultDelivery: 'normal' });
    await job.settle();
    const settled = await readRow(job, crmId);
    assert.deepEqual([settled.Status__c, settled.Sending__c], ['Synced', null]);
    assert.equal((await job.ace.record({ id: aceId })).fields.expectedMonthlyAwsRevenue, 1111);

    await answer(job, first, resultOf(job, first, { isSuccess: false, errors: ['Required: Customer Website'] }));
    await job.settle();
    assert.deepEqual(await job.names(processedResults), []);
    const after = await readRow(job, crmId);
    assert.deepEqual([after.Status__c, after.Sent_State__c], [settled.Status__c, settled.Sent_State__c]);
    assert.equal((await sentFor(job, crmId)).length, 3, 'the new record, and the update twice');
  });

  it('that nobody can read stays with a tag, is read once, and the update goes out once more', async () => {
    const { crmId, rowId, aceId } = await agreedRecord(job, 1);
    await job.ace.setSwitches({ resultDelivery: 'lost' });
    await job.crm.update('ACE_Sync__c', rowId, { Monthly_AWS_Revenue__c: 2222 });
    await job.detect();
    const first = await oneOnItsWay(job, crmId);
    const broken = await answer(job, first, '{"inboundApiResults": [{"isSuccess": tr');
    await job.ace.processInbound();
    await job.ace.setSwitches({ resultDelivery: 'normal' });
    await oneOnItsWay(job, crmId, first);
    await job.settle();
    const second = (await sentFor(job, crmId)).filter(({ key }) => key !== inbound + first);
    assert.equal(second.length, 2, 'the new record, and the update once more');
    assert.equal((await job.ace.record({ id: aceId })).fields.expectedMonthlyAwsRevenue, 2222);
    assert.deepEqual([(await readRow(job, crmId)).Status__c, (await readRow(job, crmId)).Sending__c], ['Synced', null]);
    assert.deepEqual(await job.names(processedResults), [broken], 'only the broken file is left');
    assert.equal(await fileOutcomes(job, 'unreadable'), 1, 'however often it is scanned');
  });

  it('that nobody can read leaves a new record held for a person, who alone sends it again', async () => {
    await job.ace.setSwitches({ resultDelivery: 'lost' });
    const { crmId, rowId } = await shareOpportunity(job, 2);
    await job.detect();
    const name = await oneOnItsWay(job, crmId);
    await answer(job, name, '<html>');
    await job.ace.processInbound();
    await job.ace.setSwitches({ resultDelivery: 'normal' });
    const code = async () => (await readRow(job, crmId)).Reason_Code__c;
    await waitUntil('the record is held', async () => (await code()) === 'CREATE_WITHOUT_RESULT');
    await job.settle();
    assert.equal(await code(), 'CREATE_WITHOUT_RESULT');
    assert.equal((await sentFor(job, crmId)).length, 1, 'nothing goes by itself');

    await job.crm.update('ACE_Sync__c', rowId, { Action__c: 'Retry' });
    await job.settle();
    assert.equal((await sentFor(job, crmId)).length, 2);
    assert.equal((await atAce(job, crmId)).length, 1, 'ACE knows it by its identifier');
    assert.equal(await code(), 'ACE_IN_REVIEW', 'so it is not editable, which is answered without an id');
    await job.ace.exportNow();
    await job.settle();
    assert.match(String((await readRecord(job, crmId)).ACE_Id__c), /^O\d+$/);
  });
});

it('a processed result of several records, one refused, goes to the upload of each', { timeout: 300_000 }, async () => {
  const job = await startMainJob({ seed: 33, switches: { recordsPerFile: 1 } });
  const pairs = await Promise.all(
    [1, 2].map(async (number) => {
      const Name = `Typed by hand ${number}`;
      const { aceId } = await job.ace.enterOpportunity({ fields: { partnerProjectTitle: Name } });
      const crmId = await job.crm.create('Opportunity', {
        Name,
        StageName: 'Prospecting',
        CloseDate: '2030-01-31',
      });
      return { aceId, crmId };
    }),
  );
  const [taken, refused] = pairs;
  assert.ok(taken && refused);
  await job.ace.exportNow();
  await job.settle();
  const handle = await startBackfill(job, pairs);
  await handle.signal(confirmBackfill, undefined);
  await waitUntil('the wave is put', async () => (await job.names(inbound)).length === 1);
  await job.ace.edit({ id: refused.aceId, fields: { status: 'In review' } });
  await job.ace.processInbound();
  await job.scan();
  await waitUntil('the result is handled', async () => (await job.names(processedResults)).length === 0);
  const result = (await handle.result()) as { accepted: number; refused: number };
  assert.deepEqual([result.accepted, result.refused], [1, 1]);

  const [left, right] = [await readRow(job, taken.crmId), await readRow(job, refused.crmId)];
  assert.deepEqual([left.Sending__c, right.Sending__c], [null, null]);
  // The export from before waited until now for the record.
  assert.deepEqual([right.Status__c, right.Reason_Code__c], ['In AWS review', 'ACE_NOT_EDITABLE']);
  assert.equal((await readRecord(job, taken.crmId)).ACE_Id__c, taken.aceId);
  const settled = (await job.outcomes()).filter((line) => line.kind === 'upload');
  assert.deepEqual(
    pairs.map(({ crmId }) => settled.filter((line) => line.crmId === crmId).map((line) => line.outcome)),
    [['accepted'], ['refused']],
  );
  assert.equal((await job.ace.record({ id: taken.aceId })).partnerId, taken.crmId);

  await job.ace.step({ minutes: 1 });
  await job.ace.edit({ id: refused.aceId, fields: { status: 'Approved' } });
  await job.ace.exportNow();
  await job.settle();
  const over = await readRow(job, refused.crmId);
  assert.deepEqual([over.Status__c, over.Reason_Code__c, over.Details__c], ['Synced', null, null]);
});

describe('a record that ACE cannot take for now', { timeout: 400_000 }, () => {
  let job: MainJob;
  before(async () => {
    job = await startMainJob({
      seed: 33,
      timing: { resultTimeLimit: 5 },
      configuration: { tryAgain: { after: 1, most: 3 } },
    });
  });
  const code = async (crmId: string) => (await readRow(job, crmId)).Reason_Code__c;

  /** What follows the third attempt: nothing by itself, and all of it again after a person's retry. */
  async function waitsForAPerson(crmId: string, rowId: string, aceId: string, revenue: number): Promise<void> {
    await waitUntil('the record is held', async () => (await code(crmId)) === 'TRIED_ENOUGH');
    const sent = (await sentFor(job, crmId)).length;
    await job.settle();
    assert.deepEqual([await code(crmId), await onTheirWay(job, crmId)], ['TRIED_ENOUGH', []]);
    assert.equal((await sentFor(job, crmId)).length, sent, 'nothing goes by itself');
    await job.ace.setSwitches({ inboundPaused: false, resultDelivery: 'normal' });
    await job.crm.update('ACE_Sync__c', rowId, { Action__c: 'Retry' });
    await job.settle();
    assert.equal((await job.ace.record({ id: aceId })).fields.expectedMonthlyAwsRevenue, revenue);
    const { Status__c, Sent_State__c } = await readRow(job, crmId);
    assert.equal(Status__c, 'Synced');
    assert.equal(JSON.parse(String(Sent_State__c)).attempts, null);
  }

  it('because it is busy is sent a few times, then held with the words of AWS until a person says Retry', async () => {
    const { crmId, rowId, aceId } = await agreedRecord(job, 0);
    await job.ace.setSwitches({ inboundPaused: true });
    await job.crm.update('ACE_Sync__c', rowId, { Monthly_AWS_Revenue__c: 1111 });
    await job.detect();
    const names = new Set<string>();
    for (const _ of [1, 2, 3]) {
      const name = await oneOnItsWay(job, crmId);
      names.add(name);
      await answer(job, name, resultOf(job, name, { isSuccess: false, errors: ['UNABLE_TO_LOCK_ROW: try again'] }));
      for (const file of (await job.awsBucket.list(inbound + name)).objects) await job.awsBucket.delete(file);
      await job.scan();
    }
    assert.equal(names.size, 3, 'each attempt has a name of its own');
    await waitUntil('the record is held', async () => (await code(crmId)) === 'TRIED_ENOUGH');
    assert.match(String((await readRow(job, crmId)).Details__c), /UNABLE_TO_LOCK_ROW/);
    await waitsForAPerson(crmId, rowId, aceId, 1111);
  });

  it('and whose answer the journal lost is held until a person says Retry', async () => {
    const { crmId, rowId, aceId } = await agreedRecord(job, 2);
    await job.ace.setSwitches({ inboundPaused: true });
    await job.crm.update('ACE_Sync__c', rowId, { Monthly_AWS_Revenue__c: 3333 });
    await job.detect();
    const name = await oneOnItsWay(job, crmId);
    const processedAt = new Date().toISOString();
    const result = { name, index: 0, journalSha: 'f'.repeat(64), processedAt, success: false, replyTo: null };
    await signalUpload(job, 'opportunity', crmId, { signal: 'processedResult', result });
    await waitUntil('the record is held', async () => (await code(crmId)) === 'ANSWER_LOST');
    for (const file of (await job.awsBucket.list(inbound + name)).objects) await job.awsBucket.delete(file);
    await job.ace.setSwitches({ inboundPaused: false });
    await job.crm.update('ACE_Sync__c', rowId, { Action__c: 'Retry' });
    await job.settle();
    assert.equal((await job.ace.record({ id: aceId })).fields.expectedMonthlyAwsRevenue, 3333);
    assert.equal((await readRow(job, crmId)).Status__c, 'Synced');
  });

  it('because its answers never come is sent a few times, then held until a person says Retry', async () => {
    const { crmId, rowId, aceId } = await agreedRecord(job, 1);
    await job.ace.setSwitches({ resultDelivery: 'lost' });
    await job.crm.update('ACE_Sync__c', rowId, { Monthly_AWS_Revenue__c: 2222 });
    await job.detect();
    for (const _ of [1, 2, 3]) {
      await oneOnItsWay(job, crmId);
      await job.ace.processInbound();
    }
    await waitsForAPerson(crmId, rowId, aceId, 2222);
  });
});

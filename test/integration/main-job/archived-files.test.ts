import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { describeArchived, runArchived } from '../../../src/activities/run-archived.ts';
import { uploadWorkflowId } from '../../../src/activities/signal-upload.ts';
import { aceFolders } from '../../../src/bucket/folders.ts';
import { newerThanCrm, readArchive } from '../../../src/client/commands/recover.ts';
import { createSalesforceCrm } from '../../../src/crm/salesforce/create-salesforce-crm.ts';
import { createJournal } from '../../../src/journal/journal.ts';
import { abandon, uploadState } from '../../../src/workflows/messages.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { agreedRecord, atAce, readRecord, readRow, sentFor, shareOpportunity } from './crm-records.ts';
import { type MainJob, startMainJob } from './main-job.ts';
import { runCommand } from './run-command.ts';

const { inbound, outbound, outboundArchive } = aceFolders.opportunity;

describe('archived files', { timeout: 300_000 }, () => {
  let job: MainJob;
  let crmId = '';
  const act = async (rowId: string, Action__c: string) => {
    await job.crm.update('ACE_Sync__c', rowId, { Action__c });
    await job.detect();
    await job.settle();
  };
  before(async () => {
    job = await startMainJob({ seed: 12 });
    crmId = (await shareOpportunity(job, 0)).crmId;
    await job.settle();
    const [record] = (await job.ace.records()).filter(({ fields }) => fields.partnerCrmUniqueIdentifier === crmId);
    assert.ok(record);
    await job.ace.approve({ id: record.aceId });
    await job.ace.step({ minutes: 1 });
    await job.ace.exportNow();
    await job.settle();
  });

  it('run again change nothing that the CRM holds already, and touch nothing in the bucket', async () => {
    const journal = createJournal(job.config.journal);
    const [archived] = (await job.bucket.list(outboundArchive)).objects;
    assert.ok(archived);
    const bytes = await job.bucket.get(archived);
    const file = describeArchived(bytes);
    assert.ok(file);
    assert.deepEqual(await journal.read(file.sha), bytes, 'the journal kept it when it was delivered');
    const content = async () => [await readRecord(job, crmId), await readRow(job, crmId)];
    const before = await content();
    assert.ok(before.every((record) => record.SystemModstamp !== undefined));
    const result = await runArchived(job, file, archived.lastModified, new Date());
    assert.ok(result !== 'waits' && result.outcome === 'processed');
    assert.equal(result.records.applied, 0);
    assert.deepEqual(await content(), before, 'not even its modification stamp, which wakes automation of the org');
  });

  it('bring in what AWS exported while a person had stopped the record, once that person resumes it', async () => {
    const { crmId: stopped, rowId, aceId } = await agreedRecord(job, 3);
    await act(rowId, 'Stop');
    for (const nextStep of ['Wait for the budget', 'Sign the contract']) {
      await job.ace.step({ minutes: 5 });
      await job.ace.edit({ id: aceId, fields: { nextStep } });
      await job.ace.exportNow();
      await job.settle();
    }
    const { AWS_Next_Step__c: before } = await readRow(job, stopped);
    assert.ok(before !== 'Wait for the budget' && before !== 'Sign the contract', String(before));
    assert.equal((await job.names(outbound)).length, 0, 'both files are settled');
    const replays = async () =>
      (await job.outcomes()).filter(({ file, kind }) => kind === 'outboundFile' && file.includes('replayed')).length;
    const replaysBefore = await replays();
    await act(rowId, 'Resume');
    const row = await readRow(job, stopped);
    assert.deepEqual([row.AWS_Next_Step__c, row.Status__c], ['Sign the contract', 'Synced']);
    await act(rowId, 'Stop');
    await act(rowId, 'Resume');
    assert.equal(await replays(), replaysBefore + 1, 'the newest alone runs again');
  });

  it('bring in a new record whose answer was lost and which AWS showed only while it was stopped', async () => {
    await job.ace.setSwitches({ resultDelivery: 'lost' });
    const { crmId: stopped, rowId } = await shareOpportunity(job, 4);
    await job.settle();
    const [known] = await atAce(job, stopped);
    assert.ok(known, 'AWS took it');
    await act(rowId, 'Stop');
    await job.ace.approve({ id: known.aceId });
    await job.ace.step({ minutes: 1 });
    await job.ace.exportNow();
    await job.settle();
    assert.equal((await readRow(job, stopped)).ACE_Id__c, null);
    await job.ace.setSwitches({ resultDelivery: 'normal' });
    await act(rowId, 'Resume');
    const { ACE_Id__c, Status__c } = await readRow(job, stopped);
    assert.deepEqual([ACE_Id__c, Status__c], [known.aceId, 'Synced']);
    assert.equal((await sentFor(job, stopped)).length, 1, 'nothing went out again');
  });

  it('are no younger for running again: of one second, what was exported later stands', async () => {
    const { rowId, aceId, crmId: agreed } = await agreedRecord(job, 5);
    await job.ace.setSwitches({ equalLastModified: true });
    const shas: string[] = [];
    for (const nextStep of ['First of the second', 'Last of the second']) {
      await job.ace.edit({ id: aceId, fields: { nextStep } });
      await job.ace.exportNow();
      await job.ace.step({ minutes: 5 });
      await job.settle();
      const lines = (await job.outcomes()).filter((line) => line.kind === 'outboundRecord' && line.aceId === aceId);
      shas.push(lines.at(-1)?.sha ?? '');
    }
    await job.ace.setSwitches({ equalLastModified: false });
    assert.equal(rowId, (await readRow(job, agreed)).Id);
    assert.notEqual(shas[0], shas[1]);
    const { stdout } = await runCommand(job.configPath, 'replay', String(shas[0]), '--yes', '--json');
    assert.equal((JSON.parse(stdout) as { result: { outcome: string } }).result.outcome, 'processed');
    assert.equal((await readRow(job, agreed)).AWS_Next_Step__c, 'Last of the second');
  });

  it('show what AWS exported and nobody took in, and bring it into the CRM', async () => {
    const since = new Date(Date.now() - 3_600_000);
    const journal = createJournal(job.config.journal);
    const crm = createSalesforceCrm(job.config.salesforce);
    try {
      const missed = async () => newerThanCrm(crm, await readArchive(job.bucket, journal, 'opportunity', since));
      const settled = (await missed()).map(({ aceId }) => aceId);
      const { ACE_Id__c: aceId } = await readRecord(job, crmId);
      assert.equal(settled.includes(String(aceId)), false);
      await job.ace.step({ minutes: 5 });
      await job.ace.edit({ id: String(aceId), fields: { nextStep: 'Meet the customer again' } });
      await job.ace.exportNow();
      for (const file of (await job.bucket.list(outbound)).objects.filter(({ size }) => size > 0))
        await job.bucket.delete(file);
      const [found] = (await missed()).filter((record) => record.aceId === aceId);
      assert.ok(found, 'the lost version is found');
      const bytes = await journal.read(found.sha);
      const file = bytes === null ? null : describeArchived(bytes);
      assert.ok(file);
      await runArchived(job, file, found.archivedAt, new Date());
      assert.equal(
        (await missed()).some((record) => record.aceId === aceId),
        false,
      );
    } finally {
      await crm.close();
    }
  });

  it('an upload that is given up while its file is on its way stops the row, keeps the intent, and sends nothing more', async () => {
    const { crmId: given } = await shareOpportunity(job, 1);
    await job.detect();
    await waitUntil('the file is put', async () => (await job.names(inbound)).some((name) => name.includes(given)));
    const handle = job.client.workflow.getHandle(uploadWorkflowId(job.config.connection, 'opportunity', given));
    await waitUntil('the wait', async () => (await handle.query(uploadState)).phase === 'waitingForResult');
    await handle.executeUpdate(abandon, { args: [{ reason: 'Not a co-sell deal' }] });
    await waitUntil('the end', async () => (await handle.describe()).status.name === 'COMPLETED');
    const row = await readRow(job, given);
    assert.deepEqual([row.Status__c, row.Reason__c], ['Stopped', 'Stopped by an operator: Not a co-sell deal']);
    assert.ok(row.Sending__c, 'a late answer still finds its file');
    await job.settle();
    const after = await readRow(job, given);
    assert.deepEqual([after.Status__c, after.Sending__c], ['Stopped', null]);
    assert.equal(
      (await job.ace.files()).filter(({ key }) => key.includes(given) && key.startsWith(inbound)).length <= 1,
      true,
    );
  });
});

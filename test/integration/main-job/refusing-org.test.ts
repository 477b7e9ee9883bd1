import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { aceFolders } from '../../../src/bucket/folders.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { readRecord, readRow, shareOpportunity } from './crm-records.ts';
import { type MainJob, startMainJob } from './main-job.ts';

const { inbound, processedResults } = aceFolders.opportunity;

/** Rules of an org that refuse the sync's own write on the record, by what they let pass. */
const rules = [
  { what: "AWS's identifier", formula: 'AND(NOT(ISNEW()), NOT(ISBLANK(ACE_Id__c)))' },
  { what: 'every write on the record', formula: 'NOT(ISNEW())' },
];

describe('an org that refuses', { timeout: 400_000 }, () => {
  let job: MainJob;
  before(async () => {
    job = await startMainJob({ seed: 21 });
  });

  const atAce = async (crmId: string) => (await job.ace.records()).filter(({ partnerId }) => partnerId === crmId);
  const sentFor = async (crmId: string) => (await job.ace.files()).filter(({ key }) => key.includes(crmId));

  for (const [number, { what, formula }] of rules.entries()) {
    it(`${what} holds the upload with its reason, keeps the accepted result, and makes no second record`, async () => {
      const { metadata } = job.crm.connection;
      const fullName = 'Opportunity.No_Writes';
      const { crmId, rowId } = await shareOpportunity(job, number);
      const active = {
        fullName,
        active: true,
        errorConditionFormula: formula,
        errorMessage: 'Ask a.person@example.com.',
      };
      await metadata.create('ValidationRule', active);
      await job.detect();
      await waitUntil('the file is put', async () => (await job.names(inbound)).length > 0);
      await job.settle();

      const [accepted] = await atAce(crmId);
      assert.ok(accepted, 'ACE took the record');
      const held = await readRow(job, crmId);
      assert.deepEqual(
        [held.Status__c, held.Reason_Code__c, held.Fix_By__c, held.Sending__c],
        ['Needs attention', 'ACE_ID_NOT_WRITTEN', 'Salesforce administrator', null],
      );
      assert.equal(held.ACE_Id__c, accepted.aceId, 'the row keeps the identifier');
      assert.match(String(held.Details__c), /validation rule/i, 'and says what the CRM said');
      assert.equal((await readRecord(job, crmId)).ACE_Id__c, null);
      assert.deepEqual(await job.names(processedResults), [], 'the result was taken in');
      const [waiting] = (await job.status()).held.filter((one) => one.crmId === crmId);
      assert.equal(waiting?.reason, 'ACE_ID_NOT_WRITTEN');

      // Somebody acts too early, and the run is lost on top.
      await job.crm.update('ACE_Sync__c', rowId, { Action__c: 'Retry' });
      await job.settle();
      await job.client.workflow.getHandle(job.uploadId(crmId)).terminate('An operator did so.');
      await job.crm.update('ACE_Sync__c', rowId, { Action__c: 'Retry' });
      await job.settle();
      assert.equal((await sentFor(crmId)).length, 1, 'nothing is sent again');
      assert.equal((await readRow(job, crmId)).Reason_Code__c, 'ACE_ID_NOT_WRITTEN');

      await metadata.delete('ValidationRule', [fullName]);
      await job.crm.update('ACE_Sync__c', rowId, { Action__c: 'Retry' });
      await job.settle();
      const record = await readRecord(job, crmId);
      assert.deepEqual([record.ACE_Id__c, record.ACE_Sync__c], [accepted.aceId, rowId]);
      const row = await readRow(job, crmId);
      assert.deepEqual([row.Status__c, row.Reason_Code__c], ['In AWS review', 'ACE_IN_REVIEW']);
      assert.equal((await atAce(crmId)).length, 1);
      assert.equal((await sentFor(crmId)).length, 1);
    });
  }

  it('every write on one ACE Sync row holds up nobody else, and is tried again until the Action is taken up', async () => {
    const { metadata } = job.crm.connection;
    const fullName = 'ACE_Sync__c.No_Writes';
    const [stuck, other] = [await shareOpportunity(job, 2), await shareOpportunity(job, 3)];
    await job.settle();
    await job.crm.update('ACE_Sync__c', stuck.rowId, { Other_Solution__c: 'No writes', Action__c: 'Stop' });
    await metadata.create('ValidationRule', {
      fullName,
      active: true,
      errorConditionFormula: 'Other_Solution__c = "No writes"',
      errorMessage: 'Closed.',
    });
    await job.crm.update('ACE_Sync__c', other.rowId, { Action__c: 'Stop' });
    for (const _ of [1, 2]) {
      await job.detect();
      assert.equal((await readRow(job, stuck.crmId)).Action__c, 'Stop', 'it still waits');
      assert.match(String((await job.status()).heldConnection), new RegExp(stuck.rowId));
    }
    const row = await readRow(job, other.crmId);
    assert.deepEqual([row.Action__c, row.Status__c], [null, 'Stopped']);
    await metadata.delete('ValidationRule', [fullName]);
    await job.detect();
    assert.equal((await readRow(job, stuck.crmId)).Status__c, 'Stopped');
    assert.equal((await job.status()).heldConnection, null);
  });
});

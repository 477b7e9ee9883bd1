import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { aceFolders } from '../../../src/bucket/folders.ts';
import { readDrift } from '../../../src/client/drift.ts';
import { createFolderStore } from '../../../src/journal/folder-store.ts';
import { readRecord, readRow } from '../main-job/crm-records.ts';
import { type MainJob, startMainJob } from '../main-job/main-job.ts';
import { approve, atAce, exported, oneAtAce, share } from './sides.ts';

const { outbound, processedResults } = aceFolders.opportunity;

/** Accidents that integrations of this kind have had, on the way from ACE to the CRM; each must not happen here. */
describe('on the way from AWS', { timeout: 600_000 }, () => {
  let job: MainJob;
  let referral: string;
  let crmId: string;
  let accountId: string;

  const crmRecords = (aceId: string) => job.query(`SELECT Id FROM Opportunity WHERE ACE_Id__c = '${aceId}'`);
  const outcomeOf = async (aceId: string) =>
    (await job.outcomes()).filter((line) => line.kind === 'outboundRecord' && line.aceId === aceId).at(-1);

  before(async () => {
    job = await startMainJob({ seed: 22 });
    ({ crmId, accountId } = await share(job));
    await job.settle();
    await approve(job, crmId);
    ({ aceId: referral } = await job.ace.referOpportunity());
    await job.ace.exportNow();
    await job.ace.edit({ id: referral, fields: { nextStep: 'Changed at once' } });
    await exported(job);
  });

  it('a referral that AWS changes at once becomes one CRM record, with the newest values', async () => {
    const [record, ...others] = await crmRecords(referral);
    assert.equal(others.length, 0);
    assert.equal((await readRow(job, String(record?.Id))).AWS_Next_Step__c, 'Changed at once');
  });

  it('an AWS referral is not handled as a partner referral', async () => {
    const [record] = await crmRecords(referral);
    const id = String(record?.Id);
    const row = await readRow(job, id);
    assert.deepEqual([row.Origin__c, row.Review_Status__c], ['AWS Referral', null]);
    await job.crm.update('Opportunity', id, { NextStep: 'Edited before the answer' });
    await job.settle();
    assert.deepEqual(await atAce(job, id), [], 'nothing is sent before it is accepted');
    await job.crm.update('ACE_Sync__c', String(row.Id), { Action__c: 'Accept' });
    await job.settle();
    await exported(job);
    assert.equal((await oneAtAce(job, id)).acceptance, 'Accepted');
  });

  it('our id is written back to ACE after the acceptance', async () => {
    const [record] = await crmRecords(referral);
    assert.equal((await oneAtAce(job, String(record?.Id))).aceId, referral);
  });

  it('a sparse update does not set the review status to null', async () => {
    const { aceId, lastModifiedDate } = await oneAtAce(job, crmId);
    await job.ace.step({ minutes: 2 });
    const later = {
      apnCrmUniqueIdentifier: aceId,
      partnerCrmUniqueIdentifier: crmId,
      nextStep: 'Only this',
      status: null,
    };
    await deliver('sparse.json', [{ ...later, lastModifiedDate: secondAfter(lastModifiedDate) }]);
    await job.settle();
    const row = await readRow(job, crmId);
    assert.deepEqual([row.AWS_Next_Step__c, row.Review_Status__c], ['Only this', 'Approved']);
  });

  it('texts longer than their fields are cut, and the rest of the record is written', async () => {
    const { aceId } = await oneAtAce(job, crmId);
    await job.ace.edit({
      id: aceId,
      fields: { nextStep: 'n'.repeat(2000), apnReviewerComments: 'c'.repeat(40_000), stage: 'Technical Validation' },
    });
    await exported(job);
    const row = await readRow(job, crmId);
    assert.deepEqual([String(row.AWS_Next_Step__c).length, row.AWS_Stage__c], [255, 'Technical Validation']);
    assert.ok(String(row.Reviewer_Comments__c).length <= 32_000);
  });

  it('the account is not overwritten, by a default or at all', async () => {
    const read = () => job.query(`SELECT Name, Website, Industry, BillingCity FROM Account WHERE Id = '${accountId}'`);
    const [account] = await read();
    const { aceId } = await oneAtAce(job, crmId);
    await job.ace.edit({
      id: aceId,
      fields: {
        customerCompanyName: 'Another name',
        customerWebsite: 'https://other.example',
        industry: 'Retail',
        city: null,
      },
    });
    await exported(job);
    assert.deepEqual((await read())[0], account);
  });

  it('a standard value that AWS renamed is kept as it is, not replaced by another', async () => {
    const { aceId } = await oneAtAce(job, crmId);
    await job.ace.edit({ id: aceId, fields: { stage: 'Solution Validation' } });
    await exported(job);
    assert.equal((await readRow(job, crmId)).AWS_Stage__c, 'Solution Validation');
    assert.equal((await readRecord(job, crmId)).StageName, 'Qualification', 'sales keeps its own');
    await job.ace.edit({ id: aceId, fields: { stage: 'Qualified' } });
    await exported(job);
  });

  it('a field and a standard value that AWS brought in are kept and told once', async () => {
    const { fields } = await oneAtAce(job, crmId);
    const version = secondAfter(String(fields.lastModifiedDate));
    await deliver('drift.json', [{ ...fields, brandNewField: 'x', lastModifiedDate: version }]);
    await job.settle();
    const { ace, org } = await readDrift(createFolderStore(job.config.journal.folder));
    const told = ace.map(({ field, value }) => [field, value]);
    assert.deepEqual(told.toSorted(), [
      ['brandNewField', null],
      ['stage', 'Solution Validation'],
    ]);
    assert.deepEqual(
      org?.findings.filter(({ severity }) => severity === 'error'),
      [],
    );
    assert.equal(job.worker.log().split('brandNewField').length, 2, 'logged once');
  });

  it('a validation rule of the org that blocks a write parks that record alone, with its reason, and it moves on by itself', async () => {
    const { metadata } = job.crm.connection;
    const fullName = 'Opportunity.No_Blocked';
    await metadata.create('ValidationRule', {
      fullName,
      active: true,
      errorConditionFormula: 'CONTAINS(Name, "Blocked")',
      errorMessage: 'Not allowed.',
    });
    const blocked = await job.ace.referOpportunity({ fields: { partnerProjectTitle: 'Blocked by a rule' } });
    const free = await job.ace.referOpportunity({ fields: { partnerProjectTitle: 'Free to pass' } });
    await exported(job);
    assert.equal((await crmRecords(free.aceId)).length, 1);
    assert.deepEqual(await crmRecords(blocked.aceId), []);
    const line = await outcomeOf(blocked.aceId);
    assert.deepEqual([line?.outcome, line?.aceId], ['parked', blocked.aceId]);
    const [row] = await job.query(
      `SELECT Id, Status__c, Reason_Code__c, Fix_By__c FROM ACE_Sync__c WHERE ACE_Id__c = '${blocked.aceId}'`,
    );
    assert.equal(row?.Status__c, 'Needs attention');
    assert.ok(row?.Reason_Code__c);
    assert.equal((await job.names(outbound)).length, 1, 'its file stays');
    await metadata.delete('ValidationRule', [fullName]);
    await job.crm.update('ACE_Sync__c', String(row?.Id), { Action__c: 'Retry' });
    await job.settle();
    assert.equal((await crmRecords(blocked.aceId)).length, 1);
    assert.deepEqual(await job.names(outbound), []);
  });

  it('a partial failure names the record that failed, not another one of its file', async () => {
    const { fields, aceId } = await oneAtAce(job, crmId);
    const good = {
      ...fields,
      nextStep: 'First of three',
      lastModifiedDate: secondAfter(String(fields.lastModifiedDate)),
    };
    const bad = { ...fields, apnCrmUniqueIdentifier: 'O9999999', partnerCrmUniqueIdentifier: null };
    const key = await deliver('partial.json', [
      good,
      { ...bad, lastModifiedDate: null },
      { ...bad, apnCrmUniqueIdentifier: 'O9999998' },
    ]);
    await job.settle();
    const lines = (await job.outcomes()).filter((line) => line.file === key && line.kind === 'outboundRecord');
    const told = lines.map(({ index, aceId: id, outcome, code }) => [index, id, outcome, code]);
    assert.deepEqual(
      told.toSorted(([one], [other]) => Number(one) - Number(other)),
      [
        [0, aceId, 'applied', 'APPLIED'],
        [1, 'O9999999', 'parked', 'LAST_MODIFIED_MISSING'],
        [2, 'O9999998', 'parked', 'WAITS_FOR_MATCHING'],
      ],
    );
    assert.equal((await readRow(job, crmId)).AWS_Next_Step__c, 'First of three');
  });

  it('a listing does not stop at the first page', async () => {
    // All sort before our result: folder objects fill S3's page of 1,000 keys, and results of another installation more
    // than the 300 files that one scan starts.
    const keys = Array.from({ length: 1_005 }, (_, index) => `a-folder-${String(index).padStart(5, '0')}/`);
    const results = Array.from(
      { length: 305 },
      (_, index) => `another-${String(index).padStart(5, '0')}_11212026000000_result.json`,
    );
    const contents = [...keys.map((key) => [key, '']), ...results.map((name) => [name, '{}'])];
    for (let start = 0; start < contents.length; start += 50) {
      await Promise.all(
        contents
          .slice(start, start + 50)
          .map(([name = '', text = '']) => job.awsBucket.put(processedResults + name, Buffer.from(text))),
      );
    }
    const { objects, next } = await job.awsBucket.list(processedResults);
    assert.deepEqual([objects.length, next !== null], [0, true], 'the first page holds nothing of ours');
    const shared = await share(job);
    await job.settle();
    const { aceId } = await oneAtAce(job, shared.crmId);
    assert.equal((await readRecord(job, shared.crmId)).ACE_Id__c, aceId, 'our result stood behind them');
  });

  async function deliver(name: string, records: readonly object[]): Promise<string> {
    const text = JSON.stringify({ version: '2', spmsId: job.config.ace.spmsId, opportunities: records });
    return (await job.ace.putOutboundFile({ object: 'opportunity', name, text })).key;
  }
});

/** ACE's times are whole seconds. */
function secondAfter(time: string): string {
  return new Date(Date.parse(time) + 1000).toISOString().replace('.000Z', 'Z');
}

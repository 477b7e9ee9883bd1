import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { aceFolders } from '../../../src/bucket/folders.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { readRecord, readRow } from '../main-job/crm-records.ts';
import { type MainJob, startMainJob } from '../main-job/main-job.ts';
import { approve, atAce, exported, filesOf, oneAtAce, sentTo, share } from './sides.ts';

const { inbound, processedResults } = aceFolders.opportunity;

/** Accidents that integrations of this kind have had, on the way from the CRM to ACE; each must not happen here. */
describe('on the way to AWS', { timeout: 600_000 }, () => {
  let job: MainJob;
  let plain: string;
  let american: string;
  let bolivian: string;
  let short: string;

  before(async () => {
    job = await startMainJob({ seed: 21 });
    ({ crmId: plain } = await share(job, {
      account: { BillingPostalCode: '01067' },
      opportunity: { Name: '00420', CloseDate: '2027-12-31' },
      details: { Monthly_AWS_Revenue__c: 1041.67 },
    }));
    ({ crmId: american } = await share(job, {
      account: {
        Industry: 'Chemicals',
        BillingCountry: 'USA',
        BillingState: 'TX',
        BillingCity: 'Austin',
        BillingPostalCode: '78701',
        BillingStreet: '1 First Street',
      },
      opportunity: { NextStep: 'Call the customer' },
    }));
    const third = await share(job, {
      account: { BillingCountry: 'BO', BillingCity: 'Sucre', BillingPostalCode: '00000' },
      details: { Monthly_AWS_Revenue__c: 900_000_000_000 },
    });
    bolivian = third.crmId;
    ({ crmId: short } = await share(job, { opportunity: { Description: 'Too short.' } }));
    await job.detect();
    await waitUntil('three files are put', async () => (await job.names(inbound)).length === 3);
    await job.crm.update('Opportunity', plain, { NextStep: 'Set during creation' });
    await job.crm.update('ACE_Sync__c', third.rowId, { Monthly_AWS_Revenue__c: 800_000_000_000 });
    await job.detect();
    await job.settle();
  });

  it('a field that is set while the record is created makes no second record at ACE', async () => {
    assert.equal((await atAce(job, plain)).length, 1);
    assert.equal((await sentTo(job, plain)).length, 1);
  });

  it("ACE's id is written back after the create", async () => {
    const { aceId } = await oneAtAce(job, plain);
    const [record, row] = [await readRecord(job, plain), await readRow(job, plain)];
    assert.deepEqual([record.ACE_Id__c, row.ACE_Id__c], [aceId, aceId]);
  });

  it('strings of digits stay strings', async () => {
    const [sent] = await sentTo(job, plain);
    assert.deepEqual([sent?.partnerProjectTitle, sent?.postalCode], ['00420', '01067']);
  });

  it('a date is not shifted by a day', async () => {
    assert.equal((await oneAtAce(job, plain)).fields.targetCloseDate, '2027-12-31');
  });

  it('1041.67 meets an integer field and is rounded', async () => {
    const [file = ''] = await filesOf(job, plain);
    assert.match(file, /"expectedMonthlyAwsRevenue":\s*1042[,}\s]/);
    assert.equal((await oneAtAce(job, plain)).fields.expectedMonthlyAwsRevenue, 1042);
  });

  it('a large amount is sent in digits', async () => {
    const [file = ''] = await filesOf(job, bolivian);
    assert.match(file, /"expectedMonthlyAwsRevenue":\s*900000000000[,}\s]/);
  });

  it("countries and states go out under AWS's names, whatever the CRM calls them", async () => {
    const sent = await Promise.all([plain, american, bolivian].map(async (id) => (await sentTo(job, id))[0]));
    assert.deepEqual(
      sent.map((record) => [record?.country, record?.state]),
      [
        ['Germany', undefined],
        ['United States', 'Texas'],
        ['Bolivia', undefined],
      ],
    );
  });

  it('a country without postal codes gets none', async () => {
    const [sent] = await sentTo(job, bolivian);
    assert.equal(sent?.country, 'Bolivia');
    assert.equal('postalCode' in (sent ?? {}), false);
  });

  it('the word for another industry is sent', async () => {
    const { fields } = await oneAtAce(job, american);
    assert.deepEqual([fields.industry, fields.industryOther], ['Other', 'Chemicals']);
  });

  it('a record that fails validation is not sent, and not tried again in every cycle', async () => {
    const history = async () => (await job.client.workflow.getHandle(job.uploadId(short)).describe()).historyLength;
    const before = await history();
    for (const source of ['Web', 'Other', 'Partner Referral']) {
      // Something of the org touches the record before each cycle, so that it is looked at again.
      await job.crm.update('Opportunity', short, { LeadSource: source });
      await job.detect();
    }
    assert.equal(await history(), before, 'nobody woke it');
    assert.deepEqual([await sentTo(job, short), await atAce(job, short)], [[], []]);
    const row = await readRow(job, short);
    assert.deepEqual([row.Status__c, row.Reason_Code__c], ['Needs data', 'ACE_DESCRIPTION_SHORT']);
    await job.crm.update('Opportunity', short, { Description: 'Now it says enough of the problem of the customer.' });
    await job.settle();
    assert.equal((await atAce(job, short)).length, 1, 'the correction moves it on by itself');
  });

  it('an update is not sent before the approval', async () => {
    await job.crm.update('Opportunity', plain, { NextStep: 'Edited in review', StageName: 'Value Proposition' });
    await job.settle();
    assert.equal((await sentTo(job, plain)).length, 1);
    assert.equal((await readRow(job, plain)).Status__c, 'In AWS review');
  });

  it('a record that is submitted but stuck in draft is seen', async () => {
    const { aceId } = await oneAtAce(job, short);
    await job.ace.edit({ id: aceId, fields: { status: 'Draft' } });
    await exported(job);
    const row = await readRow(job, short);
    assert.deepEqual([row.Review_Status__c, row.Status__c], ['Draft', 'In AWS review']);
    await job.ace.edit({ id: aceId, fields: { status: 'Submitted' } });
  });

  it('values are not lost because the record changed between two calls', async () => {
    await approve(job, plain, american, bolivian);
    const { fields } = await oneAtAce(job, plain);
    assert.deepEqual([fields.nextStep, fields.stage], ['Edited in review', 'Technical Validation']);
    assert.equal((await sentTo(job, plain)).length, 2, 'folded into one update');
    const { expectedMonthlyAwsRevenue } = (await oneAtAce(job, bolivian)).fields;
    assert.equal(expectedMonthlyAwsRevenue, 800_000_000_000, 'changed while its file was on its way, and not since');
  });

  it('what was rounded on the way does not come back with the export', async () => {
    assert.equal((await readRow(job, plain)).Monthly_AWS_Revenue__c, 1041.67);
  });

  it('a date is not shifted by a day on the way back either', async () => {
    const [record, row] = [await readRecord(job, plain), await readRow(job, plain)];
    assert.deepEqual([record.CloseDate, row.AWS_Close_Date__c], ['2027-12-31', '2027-12-31']);
  });

  it('a later run does not keep the old status', async () => {
    // The second one had no update whose answer could have spoken for it.
    for (const id of [plain, american]) {
      const row = await readRow(job, id);
      assert.deepEqual([row.Status__c, row.Reason_Code__c, row.Review_Status__c], ['Synced', null, 'Approved']);
    }
  });

  it("ids and ACE's version are kept up to date after a sync", async () => {
    await exported(job);
    const { aceId, partnerId, lastModifiedDate } = await oneAtAce(job, plain);
    const [record, row] = [await readRecord(job, plain), await readRow(job, plain)];
    assert.deepEqual([record.ACE_Id__c, row.ACE_Id__c, row.CRM_Record_Id__c, partnerId], [aceId, aceId, plain, plain]);
    const held = String(record.ACE_Last_Modified__c);
    assert.equal(Date.parse(held), Date.parse(`${lastModifiedDate}`.replace(' ', 'T').replace(/(?<!Z)$/, 'Z')));
  });

  it('mapped fields are not left out on the way', async () => {
    const { fields } = await oneAtAce(job, american);
    const expected = {
      nextStep: 'Call the customer',
      stage: 'Qualified',
      streetAddress: '1 First Street',
      city: 'Austin',
      state: 'Texas',
      postalCode: '78701',
      country: 'United States',
      otherSolutionOffered: 'Delivery by our own consultants',
      useCase: 'IOT',
      expectedMonthlyAwsRevenue: 5600,
    };
    const found = Object.fromEntries(Object.keys(expected).map((name) => [name, fields[name]]));
    assert.deepEqual({ ...found, expectedMonthlyAwsRevenue: Number(found.expectedMonthlyAwsRevenue) }, expected);
  });

  it('an error text longer than the field that takes it is no obstacle, and its values go nowhere', async () => {
    const foreign = `The value jane.doe@customer.example of ${'a very long field '.repeat(2000)} is wrong.`;
    await job.ace.setSwitches({ inboundPaused: true });
    await job.crm.update('Opportunity', american, { NextStep: 'Refused in many words' });
    await job.detect();
    const name = await waitUntil('the update is put', async () => (await job.names(inbound))[0]);
    const { aceId } = await oneAtAce(job, american);
    const { objects } = await job.awsBucket.list(inbound);
    for (const object of objects) await job.awsBucket.delete(object);
    const result = { partnerCrmUniqueIdentifier: american, isSuccess: false, errors: [foreign], warnings: null };
    const text = {
      success: 'NONE',
      spmsId: job.config.ace.spmsId,
      isApiError: false,
      inboundApiResults: [{ ...result, apnCrmUniqueIdentifier: aceId }],
      fileName: inbound + name,
      fileApnProcessedDT: new Date().toISOString(),
      apiErrors: null,
    };
    await job.awsBucket.put(
      processedResults + name.replace('.json', '_result.json'),
      Buffer.from(JSON.stringify(text)),
    );
    await job.ace.setSwitches({ inboundPaused: false });
    await job.settle();
    const row = await readRow(job, american);
    assert.deepEqual([row.Status__c, row.Sending__c], ['Needs attention', null]);
    assert.ok(String(row.Reason__c).length <= 255);
    assert.ok(String(row.Details__c).includes('AWS answered:'), 'as far as the details have room');
    assert.ok(!String(row.Reason__c).includes('jane.doe'), 'the sentence is ours');
    assert.ok(!job.worker.log().includes('jane.doe'));
    assert.deepEqual(await job.names(processedResults), []);
  });
});

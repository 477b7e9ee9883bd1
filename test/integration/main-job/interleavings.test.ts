import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { parseInboundFileName } from '../../../src/ace/file-name.ts';
import { signalUpload } from '../../../src/activities/signal-upload.ts';
import { aceFolders } from '../../../src/bucket/folders.ts';
import { retry } from '../../../src/workflows/messages.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { agreedRecord, atAce, readRecord, readRow, sentFor, shareOpportunity } from './crm-records.ts';
import { type MainJob, startMainJob } from './main-job.ts';
import { runCommand } from './run-command.ts';

const { inbound, inboundArchive, outbound, processedResults } = aceFolders.opportunity;

/** What was sent for a record beside its identifiers, in order. */
async function payloadsOf({ bucket }: MainJob, crmId: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { objects } = await bucket.list(inboundArchive);
  const sent = objects.filter(({ key }) => key.includes(crmId));
  const payloads = sent.map(async (file) => {
    const envelope = JSON.parse((await bucket.get(file)).toString('utf8')) as { opportunities: [object] };
    const attempt = parseInboundFileName(file.key.slice(inboundArchive.length))?.attempt ?? 0;
    return { attempt, ...envelope.opportunities[0] } as Readonly<Record<string, unknown>> & { attempt: number };
  });
  return (await Promise.all(payloads)).sort((left, right) => left.attempt - right.attempt);
}

/** Puts an outbound file of ACE's with these records, as an earlier or later export than the usual ones. */
async function deliver({ ace, config }: MainJob, name: string, records: readonly object[]): Promise<string> {
  const text = JSON.stringify({ version: '2', spmsId: config.ace.spmsId, opportunities: records });
  return (await ace.putOutboundFile({ object: 'opportunity', name, text })).key;
}

describe('interleavings of uploads', { timeout: 400_000 }, () => {
  let job: MainJob;
  before(async () => {
    job = await startMainJob({ seed: 11 });
  });

  it('told ten times at once, a record is sent once', async () => {
    const { crmId } = await shareOpportunity(job, 0);
    await job.detect();
    const tell = (signal: 'recordChanged' | 'retry') =>
      signalUpload({ client: job.client, config: job.config }, 'opportunity', crmId, { signal });
    await Promise.all(Array.from({ length: 10 }, (_, turn) => tell(turn % 2 === 0 ? 'recordChanged' : 'retry')));
    await waitUntil('the file is put', async () => (await job.names(inbound)).length > 0);
    await Promise.all([tell('retry'), tell('recordChanged')]);
    await job.settle();
    assert.equal((await payloadsOf(job, crmId)).length, 1);
    assert.equal((await atAce(job, crmId)).length, 1);
  });

  it('a record whose upload was terminated adopts the file that is on its way', async () => {
    const { crmId } = await shareOpportunity(job, 1);
    await job.detect();
    const names = await waitUntil('the file is put', async () => {
      const found = (await job.names(inbound)).filter((name) => name.includes(crmId));
      return found.length > 0 ? found : null;
    });
    await job.client.workflow.getHandle(job.uploadId(crmId)).terminate('An operator did so.');
    await signalUpload({ client: job.client, config: job.config }, 'opportunity', crmId, { signal: 'retry' });
    await job.settle();
    assert.deepEqual(
      (await sentFor(job, crmId)).map(({ key, arrivals }) => [key, arrivals]),
      names.map((name) => [inbound + name, 1]),
    );
    assert.equal((await atAce(job, crmId)).length, 1);
    assert.match(String((await readRecord(job, crmId)).ACE_Id__c), /^O\d+$/);
    assert.equal((await readRow(job, crmId)).Sending__c, null);
  });

  it('a result that comes before the PUT was acknowledged settles the upload', async () => {
    await job.ace.setSwitches({ faults: [{ effect: 'loseAnswer', methods: ['PUT'], contains: inbound }] });
    const { crmId } = await shareOpportunity(job, 2);
    await job.detect();
    await waitUntil('ACE has taken the file', async () => {
      await job.ace.processInbound();
      return (await atAce(job, crmId)).length > 0;
    });
    await job.scan();
    await job.ace.setSwitches({ faults: [] });
    await job.settle();
    assert.equal((await atAce(job, crmId)).length, 1);
    assert.equal((await sentFor(job, crmId)).length, 1);
    const row = await readRow(job, crmId);
    assert.equal(row.Sending__c, null);
    assert.equal(row.Reason_Code__c, 'ACE_IN_REVIEW');
  });

  it('a result that is delivered twice changes nothing the second time, and both files go', async () => {
    await job.ace.setSwitches({ resultDelivery: 'twice', resultDelayMinutes: 5 });
    const { crmId } = await shareOpportunity(job, 3);
    await job.settle();
    const before = await readRow(job, crmId);
    await job.ace.step({ minutes: 6 });
    assert.equal((await job.names(processedResults)).length, 1, 'the second copy is there');
    await job.ace.setSwitches({ resultDelivery: 'normal' });
    await job.settle();
    assert.deepEqual(await job.names(processedResults), []);
    assert.equal((await readRow(job, crmId)).Sent_State__c, before.Sent_State__c);
    assert.equal((await sentFor(job, crmId)).length, 1);
  });

  it('an edit made while a file is on its way goes out with the next one, and none is lost', async () => {
    const { crmId, rowId, aceId } = await agreedRecord(job, 4);
    await job.crm.update('ACE_Sync__c', rowId, { Monthly_AWS_Revenue__c: 1111 });
    await job.detect();
    await waitUntil('the first is put', async () => (await job.names(inbound)).length === 1);
    await job.crm.update('ACE_Sync__c', rowId, { Monthly_AWS_Revenue__c: 2222 });
    await job.detect();
    assert.equal((await job.names(inbound)).length, 1, 'at most one in flight');
    await job.settle();
    assert.equal((await job.ace.record({ id: aceId })).fields.expectedMonthlyAwsRevenue, 2222);
    const [, ...updates] = await payloadsOf(job, crmId);
    assert.deepEqual(
      updates.map(({ partnerCrmUniqueIdentifier: _, apnCrmUniqueIdentifier: __, ...changes }) => changes),
      [
        { attempt: 2, expectedMonthlyAwsRevenue: 1111 },
        { attempt: 3, expectedMonthlyAwsRevenue: 2222 },
      ],
    );
  });

  it('an export that is older than an accepted change does not take the change back', async () => {
    const { crmId, rowId, aceId } = await agreedRecord(job, 5);
    const stale = (await job.ace.record({ id: aceId })).fields;
    await job.ace.step({ minutes: 10 });
    const between = `${(await job.ace.state()).now.slice(0, 19)}.000Z`;
    await job.ace.step({ minutes: 10 });
    await job.crm.update('ACE_Sync__c', rowId, { Monthly_AWS_Revenue__c: 4321 });
    await job.settle();
    assert.equal((await job.ace.record({ id: aceId })).fields.expectedMonthlyAwsRevenue, 4321);

    // ACE made this file before it took our change, and after the version that we received last.
    await deliver(job, 'Opportunities_Outbound_stale.json', [{ ...stale, lastModifiedDate: between }]);
    await job.settle();
    assert.equal((await readRow(job, crmId)).Monthly_AWS_Revenue__c, 4321);
    assert.equal((await job.ace.record({ id: aceId })).fields.expectedMonthlyAwsRevenue, 4321);
    assert.equal((await sentFor(job, crmId)).length, 2, 'nothing was sent because of it');
  });

  it("what AWS changes after it took a file wins, also when its export is read before the file's answer", async () => {
    const { crmId, rowId, aceId } = await agreedRecord(job, 3);
    const sent = (await sentFor(job, crmId)).length;
    await job.ace.setSwitches({ resultDelivery: 'late', resultDelayMinutes: 30 });
    await job.crm.update('ACE_Sync__c', rowId, { Monthly_AWS_Revenue__c: 3131 });
    await job.detect();
    await waitUntil('the file is put', async () => (await job.names(inbound)).length === 1);
    await job.ace.processInbound();
    await job.ace.step({ minutes: 1 });
    await job.ace.edit({ id: aceId, fields: { expectedMonthlyAwsRevenue: 4141 } });
    await job.ace.exportNow();
    await job.scan();
    await waitUntil('the export waits for the answer', async () =>
      (await job.status()).held.some(({ reason }) => reason === 'ANSWER_AWAITED'),
    );
    assert.equal((await readRow(job, crmId)).Monthly_AWS_Revenue__c, 3131);
    assert.equal((await readRow(job, crmId)).Reason_Code__c, 'SENDING', 'nobody is asked for anything');

    await job.ace.step({ minutes: 31 });
    await job.ace.setSwitches({ resultDelivery: 'normal' });
    await job.settle();
    assert.equal((await readRow(job, crmId)).Monthly_AWS_Revenue__c, 4141);
    assert.equal((await job.ace.record({ id: aceId })).fields.expectedMonthlyAwsRevenue, 4141);
    assert.equal((await sentFor(job, crmId)).length, sent + 1, 'nothing was sent over it');
    assert.deepEqual(await job.names(outbound), []);
  });

  it('what came from ACE does not go back, and what went to ACE does not come back', async () => {
    const { crmId, aceId } = await agreedRecord(job, 6);
    const sent = (await sentFor(job, crmId)).length;
    await job.ace.edit({ id: aceId, fields: { expectedMonthlyAwsRevenue: 7777, nextStep: 'Call them' } });
    await job.ace.step({ minutes: 1 });
    await job.ace.exportNow();
    await job.settle();
    const row = await readRow(job, crmId);
    assert.equal(row.Monthly_AWS_Revenue__c, 7777);
    assert.equal(row.AWS_Next_Step__c, 'Call them');
    assert.equal((await sentFor(job, crmId)).length, sent);
    const { SystemModstamp } = await readRecord(job, crmId);
    await job.ace.edit({ id: aceId, fields: {} });
    await job.ace.exportNow();
    await job.settle();
    assert.equal((await sentFor(job, crmId)).length, sent);
    assert.ok(SystemModstamp);
  });

  it('leaves the result file of another installation alone and says so', async () => {
    const name = 'other-opportunity-006000000000001AAA-0a1b2c3d-1_03022026090000_result.json';
    const body = { success: true, fileName: `${inbound}${name.replace('_result', '')}`, inboundApiResults: [] };
    await job.awsBucket.put(processedResults + name, Buffer.from(JSON.stringify(body)));
    await job.settle();
    assert.deepEqual(await job.names(processedResults), [name]);
    const query = `WorkflowType = 'processResultFile' AND AceConnection = '${job.config.connection}' AND AceOutcome = 'foreign'`;
    assert.equal((await job.client.workflow.count(query)).count, 1, 'reported once, however often it is scanned');
  });
});

describe('interleavings of outbound files', { timeout: 400_000 }, () => {
  let job: MainJob;
  before(async () => {
    job = await startMainJob({ seed: 12 });
  });

  const outcomesOf = async (file: string) =>
    (await job.outcomes())
      .filter((line) => line.kind === 'outboundRecord' && line.file === file)
      .map(({ index, outcome, code }) => `${index} ${outcome} ${code}`)
      .sort();

  it('of two versions of one record in a file the newer is applied, whichever stands first', async () => {
    const { aceId } = await job.ace.referOpportunity();
    const { fields } = await job.ace.record({ id: aceId });
    const version = (minute: number, title: string) => ({
      ...fields,
      partnerProjectTitle: title,
      lastModifiedDate: new Date(Date.parse(String(fields.lastModifiedDate)) + minute * 60_000).toISOString(),
    });
    const file = await deliver(job, 'Opportunities_Outbound_twice.json', [version(2, 'Newer'), version(1, 'Older')]);
    await job.settle();
    assert.deepEqual(await outcomesOf(file), ['0 applied CREATED', '1 superseded OLDER_IN_SAME_FILE']);
    const records = await job.query(`SELECT Name FROM Opportunity WHERE ACE_Id__c = '${aceId}'`);
    assert.deepEqual(
      records.map(({ Name }) => Name),
      ['Newer'],
    );
    assert.equal(await job.bucket.exists(file), 'absent');
  });

  it('a file that ACE replaces under the same key while it is processed is not lost', async () => {
    await job.ace.setSwitches({
      outboundName: 'constant',
      faults: [{ effect: 'slow', methods: ['DELETE'], contains: outbound, delayMs: 4_000 }],
    });
    const first = await job.ace.referOpportunity();
    await job.ace.exportNow();
    await job.scan();
    await waitUntil('the first is in the CRM', async () => (await crmIds(first.aceId)).length === 1);
    const second = await job.ace.referOpportunity();
    await job.ace.exportNow();
    await job.ace.setSwitches({ outboundName: 'unique', faults: [] });
    await job.settle();
    assert.equal((await crmIds(first.aceId)).length, 1);
    assert.equal((await crmIds(second.aceId)).length, 1);
    assert.deepEqual(await job.names(outbound), []);
  });

  const crmIds = (aceId: string) => job.query(`SELECT Id FROM Opportunity WHERE ACE_Id__c = '${aceId}'`);

  describe('a version that the org refused waits no longer than', () => {
    const fullName = 'Opportunity.No_Blocked';
    const rule = { fullName, active: true, errorConditionFormula: 'CONTAINS(Name, "Blocked")', errorMessage: 'No.' };
    before(() => job.crm.connection.metadata.create('ValidationRule', rule));
    after(() => job.crm.connection.metadata.delete('ValidationRule', [fullName]));

    async function refusedReferral(acceptWithinHours: number): Promise<string> {
      const fields = { partnerProjectTitle: 'Blocked by a rule' };
      const { aceId } = await job.ace.referOpportunity({ fields, acceptWithinHours });
      await job.ace.exportNow();
      await job.settle();
      const [row] = await job.query(`SELECT Status__c FROM ACE_Sync__c WHERE ACE_Id__c = '${aceId}'`);
      assert.equal(row?.Status__c, 'Needs attention');
      assert.equal((await job.names(outbound)).length, 1, 'its file is parked');
      return aceId;
    }

    it('until a newer one is in the CRM', async () => {
      const aceId = await refusedReferral(100);
      await job.ace.step({ minutes: 1 });
      await job.ace.edit({ id: aceId, fields: { partnerProjectTitle: 'Free to pass' } });
      await job.ace.exportNow();
      await job.settle();
      assert.deepEqual(await job.names(outbound), [], 'both files are settled');
      const [record] = await job.query(`SELECT Name FROM Opportunity WHERE ACE_Id__c = '${aceId}'`);
      assert.equal(record?.Name, 'Free to pass');
      const [row] = await job.query(`SELECT Reason_Code__c FROM ACE_Sync__c WHERE ACE_Id__c = '${aceId}'`);
      assert.equal(row?.Reason_Code__c, 'ACE_NOT_ACCEPTED', 'the refusal is no longer said');
    });

    it('until its referral has ended, and makes no CRM record then', async () => {
      const aceId = await refusedReferral(1);
      await job.ace.step({ hours: 2 });
      await job.ace.exportNow();
      await job.settle();
      assert.deepEqual(await job.names(outbound), [], 'both files are settled');
      assert.deepEqual(await crmIds(aceId), []);
      const [row] = await job.query(`SELECT Status__c, Reason_Code__c FROM ACE_Sync__c WHERE ACE_Id__c = '${aceId}'`);
      assert.equal(row?.Status__c, 'Stopped');
      assert.match(String(row?.Reason_Code__c), /^ACE_REFERRAL_/);
    });
  });

  it('starts a file again whose workflow was terminated before it was settled', async () => {
    await job.ace.setSwitches({ faults: [{ effect: 'unavailable', methods: ['GET'], contains: `${outbound}Opp` }] });
    const { aceId } = await job.ace.referOpportunity();
    await job.ace.exportNow();
    await job.scan();
    const query = `WorkflowType = 'processOutboundFile' AND ExecutionStatus = 'Running' AND AceConnection = '${job.config.connection}'`;
    for await (const { workflowId } of job.client.workflow.list({ query })) {
      await job.client.workflow.getHandle(workflowId).terminate('An operator did so.');
    }
    await job.ace.setSwitches({ faults: [] });
    await job.settle();
    assert.equal((await crmIds(aceId)).length, 1);
    assert.deepEqual(await job.names(outbound), []);
  });

  describe('a file that is parked and was tried again and again', () => {
    const fullName = 'Opportunity.No_Patience';
    const rule = { fullName, active: true, errorConditionFormula: 'CONTAINS(Name, "Patience")', errorMessage: 'No.' };
    const tries = 4;
    let aceId: string;
    before(async () => {
      await job.crm.connection.metadata.create('ValidationRule', rule);
      ({ aceId } = await job.ace.referOpportunity({ fields: { partnerProjectTitle: 'Patience' } }));
      await job.ace.exportNow();
      await job.settle();
    });

    async function parked() {
      const { held } = await job.status();
      const [item, ...others] = held.filter(({ outcome }) => outcome === 'parked');
      assert.ok(item && others.length === 0);
      return item;
    }

    it('has waited since it was parked, not since the last try', async () => {
      const { workflowId } = await parked();
      const handle = job.client.workflow.getHandle(workflowId);
      const since = async () => {
        const { code, stdout, stderr } = await runCommand(job.configPath, 'inbox', '--json');
        assert.equal(code, 0, stderr);
        const items = JSON.parse(stdout) as readonly { workflowId: string; since: string }[];
        return items.find((item) => item.workflowId === workflowId)?.since;
      };
      const first = await since();
      for (let turn = 0; turn < tries; turn += 1) {
        const { runId } = await handle.describe();
        await handle.signal(retry);
        await waitUntil('the next wait', async () => {
          const now = await handle.describe();
          return now.runId !== runId && now.historyLength > 3;
        });
      }
      assert.ok(Date.parse(first ?? '') > 0);
      assert.equal(await since(), first);
    });

    it('is started again when its workflow was terminated', async () => {
      await job.client.workflow.getHandle((await parked()).workflowId).terminate('An operator did so.');
      await job.crm.connection.metadata.delete('ValidationRule', [fullName]);
      await job.settle();
      assert.equal((await crmIds(aceId)).length, 1);
      assert.deepEqual(await job.names(outbound), []);
    });
  });

  it('ends a scan that may not list with that outcome, and goes on by itself afterwards', async () => {
    const { aceId } = await job.ace.referOpportunity();
    await job.ace.exportNow();
    await job.ace.setSwitches({ accessDenied: true });
    for (const { reason, started } of await job.scan()) {
      assert.match(reason ?? '', /^Cannot list: /);
      assert.equal(started, 0);
    }
    await job.ace.setSwitches({ accessDenied: false });
    await job.settle();
    assert.equal((await crmIds(aceId)).length, 1);
  });

  it('starts nothing while the CRM holds the connection, parks nothing, and goes on by itself', async () => {
    const { faults } = job.standIn;
    faults.inject({ path: '/services/data/' }, { kind: 'unavailable' }, { times: 1_000 });
    const first = await job.ace.referOpportunity();
    await job.ace.exportNow();
    await job.scan();
    const held = await waitUntil('scans start nothing', async () => {
      const scans = await job.scan();
      return scans.every(({ reason }) => reason?.startsWith('Nothing is started')) ? scans : null;
    });
    for (const { started, listed } of held) assert.deepEqual([started, listed], [0, 0]);
    const second = await job.ace.referOpportunity();
    await job.ace.exportNow();
    await job.scan();
    assert.ok((await job.names(outbound)).length >= 2, 'the bucket is the queue');
    assert.equal((await job.status()).held.filter(({ outcome }) => outcome === 'parked').length, 0);
    faults.clear();
    await job.settle();
    assert.equal((await crmIds(first.aceId)).length, 1);
    assert.equal((await crmIds(second.aceId)).length, 1);
  });
});

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { parse, stringify } from 'yaml';
import { aceFolders } from '../../../src/bucket/folders.ts';
import { createJournal } from '../../../src/journal/journal.ts';
import { tombstones } from '../../../src/mapping/record-life.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { approve, atAce, exported, oneAtAce, share } from '../accidents/sides.ts';
import { readRecord, readRow } from './crm-records.ts';
import { type MainJob, startMainJob } from './main-job.ts';

/** What people do to records in the CRM while they are shared (design.md, rule 13), each row through the whole job. */
describe('the life of CRM records', { timeout: 900_000 }, () => {
  let job: MainJob;
  let fallbackOwner: string;

  const opportunities = (aceId: string) => job.query(`SELECT Id FROM Opportunity WHERE ACE_Id__c = '${aceId}'`);
  const waiting = (object: 'opportunity' | 'lead') => job.names(aceFolders[object].outbound);
  const lastOutcome = async (aceId: string) =>
    (await job.outcomes()).filter((line) => line.kind === 'outboundRecord' && line.aceId === aceId).at(-1);
  const rowOfAce = async (aceId: string) =>
    (await job.query(`SELECT FIELDS(ALL) FROM ACE_Sync__c WHERE ACE_Id__c = '${aceId}' LIMIT 1`))[0] ?? {};

  /** What the journal says of a field, each change with its value, rule and answer. */
  const journaled = async (id: string, field: string) =>
    (await createJournal(job.config.journal).changes())
      .filter((change) => change.crmId === id && change.field === field)
      .map(({ after, rule, answer }) => [after, rule, answer]);

  async function sharedOpportunity(): Promise<{ crmId: string; aceId: string }> {
    const { crmId } = await share(job);
    await job.settle();
    await approve(job, crmId);
    return { crmId, aceId: (await oneAtAce(job, crmId)).aceId };
  }

  /** Leads of AWS that were accepted, so that AWS knows their CRM ids. */
  async function sharedLeads(...companies: readonly string[]): Promise<readonly { crmId: string; aceId: string }[]> {
    const aceIds: string[] = [];
    for (const company of companies) aceIds.push((await job.ace.referLead({ fields: { company } })).aceId);
    await exported(job);
    for (const aceId of aceIds)
      await job.crm.update('ACE_Sync__c', String((await rowOfAce(aceId)).Id), { Action__c: 'Accept' });
    await job.settle();
    await exported(job);
    return Promise.all(
      aceIds.map(async (aceId) => ({ aceId, crmId: String((await rowOfAce(aceId)).CRM_Record_Id__c) })),
    );
  }

  before(async () => {
    job = await startMainJob({
      seed: 31,
      salesforce: { retry: { rowLockMs: 200, unavailableMs: 200, connectionMs: 500, approvalLockMs: 1_000 } },
      mapping: (shipped, { administration }) => {
        const mapping = parse(shipped);
        const user = (username: string) => administration.createUser({ username, profile: 'standard' }).userId;
        const leaver = user('leaver@example.com');
        fallbackOwner = user('fallback@example.com');
        administration.setUserActive(leaver, false);
        mapping.opportunity.owner = {
          rules: [{ when: "partnerProjectTitle = 'For somebody who left'", owner: leaver }],
          fallback: fallbackOwner,
        };
        return stringify(mapping);
      },
    });
  });

  it('a record that is deleted before the sync saw its row leaves a row that says so', async () => {
    const { crmId, rowId } = await share(job);
    job.standIn.administration.delete(crmId);
    await job.settle();
    const row = job.standIn.administration.read(rowId);
    assert.deepEqual([row?.Action__c, row?.Status__c], [null, 'Excluded']);
    assert.match(String(row?.Reason__c), /was deleted before anything was sent/);
    assert.deepEqual(await atAce(job, crmId), []);
  });

  it('a deleted record is held with its reason, not created again, and resumes with what came meanwhile', async () => {
    const { crmId, aceId } = await sharedOpportunity();
    job.standIn.administration.delete(crmId);
    await job.settle();
    const held = await readRow(job, crmId);
    assert.deepEqual(
      [held.Tombstone__c, held.Reason_Code__c, held.Status__c],
      [tombstones.deleted, 'CRM_RECORD_DELETED', 'Needs attention'],
    );
    assert.ok((await job.status()).held.some((item) => item.crmId === crmId && item.reason === 'CRM_RECORD_DELETED'));

    await job.ace.edit({ id: aceId, fields: { nextStep: 'Said while it was deleted' } });
    await exported(job);
    assert.deepEqual(await opportunities(aceId), [], 'it is not created again');
    assert.equal((await waiting('opportunity')).length, 1, 'what AWS said waits in the bucket');
    assert.equal((await lastOutcome(aceId))?.code, 'CRM_RECORD_DELETED');

    job.standIn.administration.undelete(crmId);
    await job.settle();
    await waitUntil('the waiting file is taken', async () => (await waiting('opportunity')).length === 0);
    const back = await readRow(job, crmId);
    assert.deepEqual([back.Tombstone__c, back.Reason_Code__c, back.Status__c], [null, null, 'Synced']);
    assert.equal(back.AWS_Next_Step__c, 'Said while it was deleted');
    assert.deepEqual(await opportunities(aceId), [{ ...(await opportunities(aceId))[0], Id: crmId }]);
    await job.crm.update('Opportunity', crmId, { NextStep: 'Ours, after it came back' });
    await job.settle();
    assert.equal((await oneAtAce(job, crmId)).fields.nextStep, 'Ours, after it came back');
  });

  it('Stop on the row of a deleted record lets go of it, and of the files that wait for it', async () => {
    const { crmId, aceId } = await sharedOpportunity();
    job.standIn.administration.delete(crmId);
    await job.settle();
    await job.crm.update('ACE_Sync__c', String((await readRow(job, crmId)).Id), { Action__c: 'Stop' });
    await job.settle();
    await job.ace.edit({ id: aceId, fields: { nextStep: 'To nobody' } });
    await exported(job);
    assert.equal((await lastOutcome(aceId))?.code, 'STOPPED');
    assert.deepEqual(await waiting('opportunity'), []);
    assert.deepEqual(await opportunities(aceId), []);
  });

  it('the survivor of a merge goes on with the link of the record that was merged into it', async () => {
    const [loser] = await sharedLeads('Merged away');
    assert.ok(loser);
    const survivorId = await job.crm.create('Lead', { LastName: 'Survivor', Company: 'Merged away' });
    job.standIn.administration.merge({ survivorId, loserIds: [loser.crmId] });
    await job.settle();
    const survivor = await readRecord(job, survivorId);
    const row = await rowOfAce(loser.aceId);
    assert.deepEqual([survivor.ACE_Id__c, survivor.ACE_Sync__c], [loser.aceId, row.Id]);
    assert.deepEqual([row.CRM_Record_Id__c, row.Lead__c, row.Tombstone__c], [survivorId, survivorId, null]);
    const link = [loser.aceId, 'life of the record', 'written'];
    assert.deepEqual(await journaled(survivorId, 'ACE_Id__c'), [link]);
    assert.deepEqual((await journaled(survivorId, 'ACE_Sync__c')).at(-1), [row.Id, 'identity', 'written']);

    await job.ace.edit({ id: loser.aceId, fields: { campaignMemberStatus: 'Responded' } });
    await exported(job);
    assert.equal((await rowOfAce(loser.aceId)).Campaign_Member_Status__c, 'Responded', 'what AWS says arrives there');
    await job.crm.update('Lead', survivorId, { Status: 'Working - Contacted' });
    await job.settle();
    const [atAws] = (await job.ace.records()).filter(({ aceId }) => aceId === loser.aceId);
    assert.equal(atAws?.fields.status, 'Research', 'and what sales says of the survivor goes out');
    assert.deepEqual(
      (await job.status()).held.filter(({ crmId }) => [survivorId, loser.crmId].includes(crmId ?? '')),
      [],
    );
  });

  it('a merge of two records that AWS knows keeps the survivor, and ignores the other ACE id', async () => {
    const [one, other] = await sharedLeads('Twin one', 'Twin two');
    assert.ok(one && other);
    job.standIn.administration.merge({ survivorId: one.crmId, loserIds: [other.crmId] });
    await job.settle();
    const alias = await rowOfAce(other.aceId);
    assert.deepEqual(
      [alias.Status__c, alias.Reason_Code__c, alias.Tombstone__c],
      ['Excluded', 'CRM_RECORD_MERGED', tombstones.merged],
    );
    await job.ace.edit({ id: other.aceId, fields: { campaignMemberStatus: 'Responded' } });
    await exported(job);
    const line = await lastOutcome(other.aceId);
    assert.deepEqual([line?.outcome, line?.code], ['ignored', 'CRM_RECORD_MERGED']);
    assert.deepEqual(await waiting('lead'), []);
    assert.equal((await readRecord(job, one.crmId)).ACE_Id__c, one.aceId);
    assert.deepEqual(await job.query(`SELECT Id FROM Lead WHERE ACE_Id__c = '${other.aceId}'`), [], 'no second lead');
  });

  it('a converted lead is ignored from then on, and its row names the opportunity', async () => {
    const [lead] = await sharedLeads('Converted');
    assert.ok(lead);
    const { opportunityId } = job.standIn.administration.convertLead({
      leadId: lead.crmId,
      opportunityName: 'From a lead',
    });
    await job.settle();
    const row = await rowOfAce(lead.aceId);
    assert.deepEqual(
      [row.Opportunity__c, row.CRM_Record_Id__c, row.Status__c, row.Reason_Code__c],
      [opportunityId, lead.crmId, 'Excluded', 'LEAD_CONVERTED'],
    );
    assert.deepEqual(await journaled(lead.crmId, 'ACE_Sync__r.Opportunity__c'), [
      [opportunityId, 'life of the record', 'written'],
    ]);
    await job.ace.edit({ id: lead.aceId, fields: { campaignMemberStatus: 'Responded' } });
    await exported(job);
    const line = await lastOutcome(lead.aceId);
    assert.deepEqual([line?.outcome, line?.code], ['ignored', 'LEAD_CONVERTED']);

    // The opportunity is shared as any other, on a row of its own.
    assert.ok(opportunityId);
    await job.crm.update('Opportunity', opportunityId, { NextStep: 'Sales goes on here' });
    await job.settle();
    assert.deepEqual(await atAce(job, opportunityId), []);
    assert.equal((await rowOfAce(lead.aceId)).Reason_Code__c, 'LEAD_CONVERTED');
  });

  it('a lead that was converted without an opportunity is ignored as well', async () => {
    const [lead] = await sharedLeads('Converted alone');
    assert.ok(lead);
    job.standIn.administration.convertLead({ leadId: lead.crmId, createOpportunity: false });
    await job.settle();
    const row = await rowOfAce(lead.aceId);
    assert.deepEqual([row.Opportunity__c, row.Reason_Code__c], [null, 'LEAD_CONVERTED']);
  });

  it('a lead that is converted between the intent and its file is let go of, and nothing is said to be on its way', async () => {
    const [lead] = await sharedLeads('Quarry Lane');
    assert.ok(lead);
    const { inbound } = aceFolders.lead;
    const before = (await job.ace.files()).length;
    await job.ace.setSwitches({ faults: [{ effect: 'unavailable', methods: ['PUT'], contains: inbound }] });
    await job.crm.update('Lead', lead.crmId, { Title: 'Director' });
    await job.detect();
    const sending = async () => (await readRow(job, lead.crmId)).Sending__c;
    await waitUntil('the intent is written', sending);
    const upload = job.client.workflow.getHandle(`${job.config.connection}/upload/lead/${lead.crmId}`);
    await upload.terminate('As after the loss of its history.');
    job.standIn.administration.convertLead({ leadId: lead.crmId, createOpportunity: false });
    // The terminated upload's PUT may still be tried for a moment; it is over before the fault is.
    await job.settle();
    await job.ace.setSwitches({ faults: [] });
    await job.settle();
    const row = await readRow(job, lead.crmId);
    assert.deepEqual([row.Status__c, row.Reason_Code__c, row.Sending__c], ['Excluded', 'LEAD_CONVERTED', null]);
    assert.equal((await job.ace.files()).length, before, 'nothing went out');
  });

  it('an export for a record in an approval process waits, says so, and arrives by itself', async () => {
    const { crmId, aceId } = await sharedOpportunity();
    job.standIn.administration.lock(crmId);
    await job.ace.edit({ id: aceId, fields: { nextStep: 'Said during the approval' } });
    await job.ace.step({ minutes: 1 });
    await job.ace.exportNow();
    await job.scan();
    const held = await waitUntil('the record is held', async () => {
      const row = await readRow(job, crmId);
      return row.Reason_Code__c === 'CRM_APPROVAL_LOCK' ? row : null;
    });
    assert.equal(held.Status__c, 'Needs attention');
    assert.equal((await waiting('opportunity')).length, 1);
    job.standIn.administration.unlock(crmId);
    // Nobody acts: no retry, no scan, and the probe of parked files is an hour away.
    await waitUntil('the file is taken by itself', async () => (await waiting('opportunity')).length === 0);
    const row = await readRow(job, crmId);
    assert.deepEqual(
      [row.AWS_Next_Step__c, row.Reason_Code__c, row.Status__c],
      ['Said during the approval', null, 'Synced'],
    );
  });

  it('a record that is locked while its file is on its way is settled on its row, and linked once it is free', async () => {
    const { crmId } = await share(job);
    await job.scan();
    await job.detect();
    await waitUntil('the file is out', async () => (await job.names(aceFolders.opportunity.inbound)).length > 0);
    job.standIn.administration.lock(crmId);
    await job.settle();
    const { aceId } = await oneAtAce(job, crmId);
    assert.equal((await readRow(job, crmId)).ACE_Id__c, aceId);
    assert.equal((await readRecord(job, crmId)).ACE_Id__c, null);
    job.standIn.administration.unlock(crmId);
    await approve(job, crmId);
    assert.equal((await readRecord(job, crmId)).ACE_Id__c, aceId);
  });

  it('a clone that copied the link loses it, and is nothing to AWS until it is shared', async () => {
    const { crmId, aceId } = await sharedOpportunity();
    const plain = job.standIn.administration.clone(crmId, 'salesPerson');
    const copied = job.standIn.administration.clone(crmId, 'administrator', { ACE_Id__c: null });
    assert.notEqual((await readRecord(job, copied)).ACE_Sync__c, null);
    await job.settle();
    const { ACE_Sync__c: lookup, ACE_Last_Modified__c: version } = await readRecord(job, copied);
    assert.deepEqual([lookup, version], [null, null]);
    assert.deepEqual(await journaled(copied, 'ACE_Sync__c'), [[null, 'life of the record', 'written']]);
    for (const clone of [plain, copied]) assert.deepEqual(await atAce(job, clone), []);
    assert.equal((await readRecord(job, crmId)).ACE_Id__c, aceId, 'the original keeps its link');
    await job.crm.update('Opportunity', copied, { NextStep: 'On the copy' });
    await job.settle();
    assert.notEqual((await oneAtAce(job, crmId)).fields.nextStep, 'On the copy');
  });

  it('a clone that carries the ACE id of a deleted record is not taken for it', async () => {
    const { crmId, aceId } = await sharedOpportunity();
    job.standIn.administration.delete(crmId);
    const copied = await job.crm.create('Opportunity', {
      Name: 'Copied with its id',
      StageName: 'Qualification',
      CloseDate: '2027-06-30',
      ACE_Id__c: aceId,
    });
    await job.settle();
    assert.equal((await readRecord(job, copied)).ACE_Id__c, null);
    assert.equal((await readRow(job, crmId)).Reason_Code__c, 'CRM_RECORD_DELETED');
    assert.deepEqual(await atAce(job, copied), []);
  });

  it('a new record for a user who left goes to the fallback owner', async () => {
    const { aceId } = await job.ace.referOpportunity({ fields: { partnerProjectTitle: 'For somebody who left' } });
    await exported(job);
    const [record] = await job.query(`SELECT Id, OwnerId FROM Opportunity WHERE ACE_Id__c = '${aceId}'`);
    assert.equal(record?.OwnerId, fallbackOwner);
    assert.deepEqual(await journaled(String(record?.Id), 'OwnerId'), [[fallbackOwner, 'state', 'written']]);
    assert.equal((await lastOutcome(aceId))?.outcome, 'applied');
  });
});

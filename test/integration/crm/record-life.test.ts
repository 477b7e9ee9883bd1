import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Crm, Linked, SharedObject } from '../../../src/crm/crm.ts';
import { decideLife, tombstones } from '../../../src/mapping/record-life.ts';
import { byAceId, newOpportunity, preparedOrg } from './prepared-org.ts';

const newLead = { LastName: 'Doe', Company: 'Customer', Status: 'Open - Not Contacted' };
const paths = ['Name', 'ACE_Sync__c'];
const rowFields = ['Status__c', 'Tombstone__c'];

/** A record with its companion row, as the sync makes them. */
async function linkedRecord(crm: Crm, object: SharedObject, aceId: string): Promise<{ id: string; rowId: string }> {
  const fields = object === 'opportunity' ? newOpportunity() : newLead;
  const created = await crm.write(object, byAceId(aceId), fields);
  assert.ok(created.kind === 'written', JSON.stringify(created));
  const lookup = object === 'opportunity' ? 'Opportunity__c' : 'Lead__c';
  const row = await crm.write('sync', byAceId(aceId), {
    CRM_Record_Id__c: created.id,
    Object__c: object,
    [lookup]: created.id,
    Status__c: 'Synced',
  });
  assert.ok(row.kind === 'written', JSON.stringify(row));
  const linked = await crm.write(object, { id: created.id }, { ACE_Sync__c: row.id });
  assert.ok(linked.kind === 'written', JSON.stringify(linked));
  return { id: created.id, rowId: row.id };
}

async function look(crm: Crm, object: SharedObject, key: { aceId: string } | { crmId: string }): Promise<Linked> {
  const [linked] = await crm.find(object, [key], paths, rowFields);
  return linked ?? assert.fail();
}

test('a deleted record is found with its flag, held, and resumes when it is restored', async () => {
  const org = await preparedOrg();
  const crm = org.crm();
  const { id, rowId } = await linkedRecord(crm, 'opportunity', 'O1');
  assert.equal(decideLife(await look(crm, 'opportunity', { aceId: 'O1' })).do, 'proceed');
  org.standIn.administration.delete(id);
  const decision = decideLife(await look(crm, 'opportunity', { aceId: 'O1' }));
  assert.ok(decision.do === 'hold');
  await crm.write('sync', { id: rowId }, { Tombstone__c: decision.tombstone, Status__c: 'Held' });
  assert.equal(decideLife(await look(crm, 'opportunity', { crmId: id })).do, 'hold');
  const write = await crm.write('opportunity', { id }, { Name: 'again' });
  assert.equal(decideLife({ record: null, row: null }, write).do, 'hold', JSON.stringify(write));
  org.standIn.administration.undelete(id);
  assert.equal(decideLife(await look(crm, 'opportunity', { aceId: 'O1' })).do, 'resume');
  assert.equal(tombstones.deleted, decision.tombstone);
});

test('the survivor of a lead merge is followed', async () => {
  const org = await preparedOrg();
  const crm = org.crm();
  const loser = await linkedRecord(crm, 'lead', 'L1');
  const survivor = await linkedRecord(crm, 'lead', 'L2');
  org.standIn.administration.merge({ survivorId: survivor.id, loserIds: [loser.id] });
  assert.deepEqual(decideLife(await look(crm, 'lead', { aceId: 'L1' })), {
    do: 'follow',
    survivorId: survivor.id,
    aliasAceId: 'L1',
  });
});

test('a converted lead is ignored and hands its link to the opportunity', async () => {
  const org = await preparedOrg();
  const crm = org.crm();
  const { id } = await linkedRecord(crm, 'lead', 'L1');
  const converted = org.standIn.administration.convertLead({ leadId: id, opportunityName: 'From lead' });
  const decision = decideLife(await look(crm, 'lead', { aceId: 'L1' }));
  assert.deepEqual(decision, { do: 'ignore', code: 'LEAD_CONVERTED', handOverTo: converted.opportunityId });
  const outcome = await crm.write('lead', byAceId('L1'), { Company: 'Other' });
  assert.equal(decideLife({ record: null, row: null }, outcome).do, 'ignore', JSON.stringify(outcome));
});

test('a record in an approval process is waited for', async () => {
  const org = await preparedOrg();
  const crm = org.crm();
  const { id } = await linkedRecord(crm, 'opportunity', 'O1');
  org.standIn.administration.lock(id);
  const outcome = await crm.write('opportunity', { id }, { Name: 'n' });
  assert.equal(decideLife(await look(crm, 'opportunity', { crmId: id }), outcome).do, 'wait');
  org.standIn.administration.unlock(id);
  assert.equal((await crm.write('opportunity', { id }, { Name: 'n' })).kind, 'written');
});

test('a clone does not look synced, and one that copied the link loses it', async () => {
  const org = await preparedOrg();
  const crm = org.crm();
  const { id } = await linkedRecord(crm, 'opportunity', 'O1');
  const clone = org.standIn.administration.clone(id, 'salesPerson');
  const plain = await look(crm, 'opportunity', { crmId: clone });
  assert.equal(plain.record?.aceId, null);
  assert.equal(decideLife(plain).do, 'proceed');
  const copied = org.standIn.administration.clone(id, 'administrator', { ACE_Id__c: null });
  assert.equal(decideLife(await look(crm, 'opportunity', { crmId: copied })).do, 'wipeLink');
});

test('an inactive owner is answered with the fallback user', async () => {
  const org = await preparedOrg();
  const crm = org.crm();
  const { id } = await linkedRecord(crm, 'opportunity', 'O1');
  const leaver = org.standIn.administration.createUser({ username: 'leaver@example.com', profile: 'standard' });
  org.standIn.administration.setUserActive(leaver.userId, false);
  const outcome = await crm.write('opportunity', { id }, { OwnerId: leaver.userId });
  assert.equal(
    decideLife(await look(crm, 'opportunity', { crmId: id }), outcome).do,
    'useFallbackOwner',
    JSON.stringify(outcome),
  );
});

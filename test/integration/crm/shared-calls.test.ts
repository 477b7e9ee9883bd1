import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byAceId, newOpportunity, preparedOrg } from './prepared-org.ts';

test('a thousand records, each found, written, given a row and linked, take at most 25 calls', async () => {
  const org = await preparedOrg();
  // The windows of production; a worker with 400 activities at once, as a backlog needs.
  const crm = org.crm({ batch: {} });
  await crm.find('opportunity', [{ aceId: 'none' }], ['Name', 'ACE_Sync__c'], ['Status__c']);
  await crm.write('sync', byAceId('warm-up'), { Status__c: 'Held' });
  const before = org.standIn.usage.used;
  let next = 0;
  const activity = async () => {
    for (let index = next++; index < 1_000; index = next++) {
      const aceId = `O${index}`;
      const [linked] = await crm.find('opportunity', [{ aceId }], ['Name', 'ACE_Sync__c'], ['Status__c']);
      assert.deepEqual(linked, { record: null, row: null });
      const record = await crm.write('opportunity', byAceId(aceId), newOpportunity());
      assert.ok(record.kind === 'written');
      const row = await crm.write('sync', byAceId(aceId), { CRM_Record_Id__c: record.id, Status__c: 'Synced' });
      assert.ok(row.kind === 'written');
      assert.equal((await crm.write('opportunity', { id: record.id }, { ACE_Sync__c: row.id })).kind, 'written');
    }
  };
  await Promise.all(Array.from({ length: 400 }, activity));
  const calls = org.standIn.usage.used - before;
  assert.ok(calls <= 25, `${calls} calls`);
  assert.equal(org.standIn.administration.rows('Opportunity').length, 1_000);
});

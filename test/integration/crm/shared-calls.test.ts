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

test('with reading and linking in the calls that write, a thousand records take three calls for each two hundred', async () => {
  const org = await preparedOrg();
  const crm = org.crm({ batch: {} });
  await crm.find('opportunity', [{ aceId: 'none' }], ['Name', 'ACE_Sync__c'], ['Status__c']);
  await crm.write('sync', byAceId('warm-up'), { Status__c: 'Held' });
  const before = org.standIn.usage.used;
  const one = async (index: number) => {
    const backlog = { id: 'scan', size: 1_000 };
    const [linked] = await crm.find('opportunity', [{ aceId: `O${index}` }], ['Name'], ['Status__c'], { backlog });
    assert.deepEqual(linked, { record: null, row: null });
    const written = await crm.write('opportunity', byAceId(`O${index}`), newOpportunity(), { readBack: ['Name'] });
    assert.ok(written.kind === 'written');
    assert.deepEqual(written.record?.fields, { Name: 'Project' });
    const key = { externalId: 'CRM_Record_Id__c', value: written.id };
    const follow = { object: 'opportunity', id: written.id, fields: { ACE_Sync__c: key } } as const;
    const row = await crm.write('sync', key, { Status__c: 'Synced' }, { follow });
    assert.ok(row.kind === 'written' && row.followed === true);
    return { recordId: written.id, rowId: row.id };
  };
  const made = await Promise.all(Array.from({ length: 1_000 }, (_, index) => one(index)));
  const calls = org.standIn.usage.used - before;
  assert.ok(calls <= 16, `${calls} calls`);
  const lookups = new Map(
    org.standIn.administration.rows('Opportunity').map(({ Id, ACE_Sync__c }) => [Id, ACE_Sync__c]),
  );
  for (const { recordId, rowId } of made) assert.equal(lookups.get(recordId), rowId);
});

test('with its row inserted ahead, a new record takes no more calls', async () => {
  const org = await preparedOrg();
  const crm = org.crm({ batch: {} });
  await crm.find('opportunity', [{ aceId: 'none' }], ['Name'], ['Status__c']);
  await crm.write('sync', byAceId('warm-up'), { Status__c: 'Held' });
  const before = org.standIn.usage.used;
  const one = async (index: number) => {
    const backlog = { id: 'scan', size: 1_000 };
    const key = byAceId(`O${index}`);
    await crm.find('opportunity', [{ aceId: key.value }], ['Name'], ['Status__c'], { backlog });
    const maker = `maker ${index}`;
    const written = await crm.write(
      'opportunity',
      key,
      { ...newOpportunity(), ACE_Sync__c: { externalId: 'Maker__c', value: maker } },
      { readBack: ['ACE_Sync__c'], ahead: { key, fields: { Object__c: 'opportunity', Maker__c: maker } } },
    );
    assert.ok(written.kind === 'written');
    const rowId = String(written.record?.fields.ACE_Sync__c);
    const row = await crm.write('sync', { id: rowId }, { CRM_Record_Id__c: written.id, Maker__c: null });
    assert.equal(row.kind, 'written');
  };
  await Promise.all(Array.from({ length: 1_000 }, (_, index) => one(index)));
  const calls = org.standIn.usage.used - before;
  assert.ok(calls <= 16, `${calls} calls`);
  const rows = org.standIn.administration.rows('ACE_Sync__c').filter(({ CRM_Record_Id__c }) => CRM_Record_Id__c);
  assert.equal(rows.length, 1_000);
});

test('text that looks like a reference between the parts of a call is written as it stands', async () => {
  const org = await preparedOrg();
  const crm = org.crm();
  const NextStep = 'ask for @{part0.id} and @{nobody}';
  const written = await crm.write('opportunity', byAceId('O1'), newOpportunity({ NextStep }), {
    readBack: ['NextStep'],
  });
  assert.equal(written.kind, 'written');
  const [found] = await crm.find('opportunity', [{ aceId: 'O1' }], ['NextStep'], []);
  assert.equal(found?.record?.fields.NextStep, NextStep);
});

test('a rider that fails leaves the outcome of its row as it is', async () => {
  const org = await preparedOrg();
  const crm = org.crm();
  const follow = { object: 'opportunity', id: '006000000000001AAA', fields: { NextStep: 'call' } } as const;
  const row = await crm.write('sync', byAceId('O1'), { Status__c: 'Held' }, { follow });
  assert.ok(row.kind === 'written' && row.followed === undefined);
  const read = await crm.write('opportunity', byAceId('O1'), newOpportunity(), { readBack: ['Nothing__c'] });
  assert.ok(read.kind === 'written' && read.record === undefined);
});

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createSalesforceCrm } from '../../../src/crm/salesforce/create-salesforce-crm.ts';
import { isPath, literal, recordId, splitByLength } from '../../../src/crm/salesforce/soql.ts';
import {
  field,
  idOf,
  opportunityFields,
  type Seen,
  startTinySalesforce,
  type TinySalesforce,
} from './tiny-salesforce.ts';

const open: TinySalesforce[] = [];
after(() => Promise.all(open.map((server) => server.close())));

const soqlOf = (request: Seen) => request.url.searchParams.get('q') ?? '';
const syncFields = ['ACE_Id__c', 'CRM_Record_Id__c', 'Status__c', 'SystemModstamp'].map((name) => field(name));

async function start(records: readonly object[], rows: readonly object[]) {
  const server = await startTinySalesforce(
    (request) => {
      const soql = soqlOf(request);
      const matching = (all: readonly object[]) =>
        all.filter((row) =>
          Object.values(row).some((value) => typeof value === 'string' && soql.includes(`'${value}'`)),
        );
      if (soql.includes('FROM Opportunity')) return { json: { done: true, records: matching(records) } };
      if (soql.includes('FROM ACE_Sync__c')) return { json: { done: true, records: matching(rows) } };
      return undefined;
    },
    { Opportunity: opportunityFields, ACE_Sync__c: syncFields, Account: [field('Name')] },
  );
  open.push(server);
  return { server, crm: createSalesforceCrm(server.options()) };
}

const opportunity = (index: number, extra: object = {}) => ({
  Id: idOf(index),
  ACE_Id__c: `O${index}`,
  ACE_Last_Modified__c: null,
  SystemModstamp: '2026-01-01T00:00:00.000+0000',
  IsDeleted: false,
  StageName: 'Prospecting',
  Account: { Name: 'A' },
  ...extra,
});
const syncRow = (index: number, extra: object = {}) => ({
  Id: `a00${String(index).padStart(12, '0')}AAA`,
  ACE_Id__c: `O${index}`,
  CRM_Record_Id__c: idOf(index),
  Status__c: 'Synced',
  SystemModstamp: '2026-01-01T00:00:00.000+0000',
  ...extra,
});

test('200 concurrent callers share one query of records and one of companion rows', async () => {
  const all = Array.from({ length: 200 }, (_, index) => index);
  const { server, crm } = await start(
    all.map((index) => opportunity(index)),
    all.map((index) => syncRow(index)),
  );
  await crm.identity();
  const before = server.requests('/query').length;
  const found = await Promise.all(
    all.map((index) => crm.find('opportunity', [{ aceId: `O${index}` }], ['StageName', 'Account.Name'], ['Status__c'])),
  );
  assert.equal(server.requests('/query').length - before, 2);
  assert.deepEqual(found[7]?.[0]?.record?.fields, { StageName: 'Prospecting', 'Account.Name': 'A' });
  assert.equal(found[7]?.[0]?.row?.fields.Status__c, 'Synced');
  assert.equal(found[7]?.[0]?.record?.systemModstamp, '2026-01-01T00:00:00.000Z');
});

test('unknown keys come back empty, in order, without another query', async () => {
  const { crm } = await start([opportunity(1)], [syncRow(1)]);
  const found = await crm.find(
    'opportunity',
    [{ aceId: 'O9' }, { crmId: idOf(1) }, { crmId: 'no id' }],
    [],
    ['Status__c'],
  );
  assert.deepEqual(
    found.map(({ record, row }) => [record?.id ?? null, row?.aceId ?? null]),
    [
      [null, null],
      [idOf(1), 'O1'],
      [null, null],
    ],
  );
});

test('a record that lost its ACE id is found through its companion row', async () => {
  const { crm } = await start([opportunity(1, { ACE_Id__c: null })], [syncRow(1)]);
  const [linked] = await crm.find('opportunity', [{ aceId: 'O1' }], [], ['Status__c']);
  assert.equal(linked?.record?.id, idOf(1));
});

test('a companion row without ACE id is found through its record', async () => {
  const { crm } = await start([opportunity(1)], [syncRow(1, { ACE_Id__c: null })]);
  const [linked] = await crm.find('opportunity', [{ aceId: 'O1' }], [], ['Status__c']);
  assert.equal(linked?.row?.crmId, idOf(1));
});

test('a living record comes before a deleted one with the same ACE id, and a deleted one is not unknown', async () => {
  const deleted = opportunity(1, { IsDeleted: true, ACE_Id__c: 'O5' });
  const { crm } = await start([deleted, opportunity(5)], []);
  const [living] = await crm.find('opportunity', [{ aceId: 'O5' }], [], []);
  assert.equal(living?.record?.id, idOf(5));
  const { crm: other } = await start([deleted], []);
  const [gone] = await other.find('opportunity', [{ aceId: 'O5' }], [], []);
  assert.equal(gone?.record?.deleted, true);
});

test('a field that vanished is named before any query is refused', async () => {
  const { server, crm } = await start([], []);
  await assert.rejects(
    crm.find('opportunity', [{ aceId: 'O1' }], ['Vanished__c'], []),
    /Opportunity\.Vanished__c is missing/,
  );
  assert.equal(server.seen.filter((request) => soqlOf(request).includes('FROM Opportunity')).length, 0);
});

test('long queries are split below the length of a request line', () => {
  const keys = Array.from({ length: 2_000 }, (_, index) => literal(idOf(index)));
  const parts = splitByLength(keys, (some) => some.join(', '));
  assert.ok(parts.length > 1);
  assert.deepEqual(parts.flat(), keys);
  assert.ok(parts.every((part) => encodeURIComponent(part.join(', ')).length <= 14_000));
});

test('15-character ids get the checksum that Salesforce gives them', () => {
  assert.equal(recordId('001000000000001'), '001000000000001AAA');
  assert.equal(recordId('00D50000000IZ3Z'), '00D50000000IZ3ZEAW');
  assert.equal(recordId("x' OR Id != '"), null);
});

test('only names make a path', () => {
  assert.ok(isPath('Account.Owner.Email'));
  assert.ok(!isPath('Name FROM User'));
  assert.ok(!isPath(''));
});

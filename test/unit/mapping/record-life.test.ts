import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CrmRecord, Linked, SyncRow, WriteOutcome } from '../../../src/crm/crm.ts';
import { decideLife, isLifeDue, lifeTable, tombstones } from '../../../src/mapping/record-life.ts';

const record = (changes: Partial<CrmRecord> = {}): CrmRecord => ({
  id: '006000000000001AAA',
  object: 'opportunity',
  fields: { ACE_Sync__c: 'a00000000000001AAA' },
  aceId: 'O1',
  aceLastModified: null,
  systemModstamp: '2026-01-01T00:00:00.000Z',
  deleted: false,
  mergedInto: null,
  converted: null,
  ...changes,
});
const row = (changes: Partial<SyncRow> = {}): SyncRow => ({
  id: 'a00000000000001AAA',
  aceId: 'O1',
  crmId: '006000000000001AAA',
  fields: {},
  systemModstamp: '2026-01-01T00:00:00.000Z',
  ...changes,
});
const linked = (changes: Partial<CrmRecord> = {}, rowChanges: Partial<SyncRow> = {}): Linked => ({
  record: record(changes),
  row: row(rowChanges),
});
const refused = (code: string): WriteOutcome => ({
  kind: 'refused',
  problem: { code, message: 'm', fix: 'f', fixBy: 'nobody' },
});

test('an ordinary record is synced', () => {
  assert.deepEqual(decideLife(linked()), { do: 'proceed' });
  assert.deepEqual(decideLife({ record: null, row: null }), { do: 'proceed' });
});

test('a deleted record is held with a tombstone and never created again by itself', () => {
  const decision = decideLife(linked({ deleted: true }));
  assert.equal(decision.do, 'hold');
  assert.equal(decision.do === 'hold' && decision.tombstone, tombstones.deleted);
  assert.equal(decideLife(linked(), refused('CRM_RECORD_DELETED')).do, 'hold');
});

test('a record purged from the recycle bin is held as well', () => {
  const decision = decideLife({ record: null, row: row() });
  assert.equal(decision.do === 'hold' && decision.tombstone, tombstones.gone);
});

test('a parked create, whose row has no record yet, is not taken for a deleted one', () => {
  assert.equal(decideLife({ record: null, row: row({ crmId: null }) }).do, 'proceed');
});

test('the survivor of a merge is followed, and the other ACE id is kept as an alias', () => {
  assert.deepEqual(decideLife(linked({ deleted: true, mergedInto: '00Q000000000002AAA', aceId: 'L2' })), {
    do: 'follow',
    survivorId: '00Q000000000002AAA',
    aliasAceId: 'L2',
  });
});

test('updates of a converted lead are ignored and its link goes to the opportunity', () => {
  assert.deepEqual(decideLife(linked({ converted: { opportunityId: '006000000000009AAA' } })), {
    do: 'ignore',
    code: 'LEAD_CONVERTED',
    handOverTo: '006000000000009AAA',
  });
  assert.equal(decideLife(linked(), refused('CRM_LEAD_CONVERTED')).do, 'ignore');
});

test('an approval lock is waited for', () => {
  const problem = { code: 'CRM_APPROVAL_LOCK', message: 'm', fix: 'f', fixBy: 'salesPerson' } as const;
  const decision = decideLife(linked(), { kind: 'later', problem, retryAfterMs: 3_600_000 });
  assert.deepEqual(decision, { do: 'wait', problem, retryAfterMs: 3_600_000 });
});

test('a clone loses the link that it copied', () => {
  assert.equal(decideLife({ record: record({ id: '006000000000002AAA' }), row: null }).do, 'wipeLink');
  const repointed = linked({ fields: { ACE_Sync__c: 'a00000000000009AAA' } });
  assert.equal(decideLife(repointed).do, 'proceed', 'a wrong lookup of the record itself is set right, not wiped');
  assert.equal(decideLife(linked({ id: '006000000000002AAA' })).do, 'wipeLink');
});

test('an inactive owner is replaced by the fallback user', () => {
  assert.equal(decideLife(linked(), refused('CRM_OWNER_INACTIVE')).do, 'useFallbackOwner');
});

test('a restored record is synced again', () => {
  assert.equal(decideLife(linked({}, { fields: { Tombstone__c: tombstones.deleted } })).do, 'resume');
  assert.equal(decideLife(linked({}, { fields: { Tombstone__c: 'Unlinked by a person' } })).do, 'proceed');
});

test('the ACE id of a record that was merged into another ACE record is ignored', () => {
  const merged = linked(
    { deleted: true, mergedInto: '00Q000000000002AAA' },
    { fields: { Tombstone__c: tombstones.merged } },
  );
  assert.deepEqual(decideLife(merged), { do: 'ignore', code: 'CRM_RECORD_MERGED', handOverTo: null });
  const purged = { record: null, row: row({ fields: { Tombstone__c: tombstones.merged } }) };
  assert.equal(decideLife(purged).do, 'ignore');
});

test('a turn of the life is due until the row says what was done about it', () => {
  const deleted = { deleted: true };
  assert.equal(isLifeDue(linked()), false);
  assert.equal(isLifeDue(linked(deleted)), true);
  assert.equal(isLifeDue(linked(deleted, { fields: { Tombstone__c: tombstones.deleted } })), false);
  assert.equal(isLifeDue(linked(deleted, { fields: { Status__c: 'Stopped' } })), false);
  assert.equal(isLifeDue({ record: record(deleted), row: null }), false, 'nobody knew it');
  assert.equal(isLifeDue(linked({}, { fields: { Tombstone__c: tombstones.deleted } })), true);
  const converted = { converted: { opportunityId: null } };
  assert.equal(isLifeDue(linked(converted)), true);
  assert.equal(isLifeDue(linked(converted, { fields: { Reason_Code__c: 'LEAD_CONVERTED' } })), false);
});

test('every row of the table has a state of its own', () => {
  assert.equal(new Set(lifeTable.map(({ state }) => state)).size, lifeTable.length);
});

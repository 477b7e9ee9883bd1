import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Crm } from '../../../src/crm/crm.ts';
import { byAceId, newOpportunity, preparedOrg } from './prepared-org.ts';

const none = { overlapMs: 0, relatedPaths: [] };
const pause = (ms = 5) => new Promise((resolve) => setTimeout(resolve, ms));

async function create(crm: Crm, aceId: string, fields = {}): Promise<string> {
  const outcome = await crm.write('opportunity', byAceId(aceId), { ...newOpportunity(), ...fields });
  assert.ok(outcome.kind === 'written', JSON.stringify(outcome));
  return outcome.id;
}

test('without a cursor every shared record is given, with one only what changed since', async () => {
  const org = await preparedOrg();
  const crm = org.crm();
  const id = await create(crm, 'O1');
  org.standIn.administration.create('Opportunity', newOpportunity({ Name: 'never shared' }));
  const sweep = await crm.changes('opportunity', null, none);
  assert.deepEqual(
    sweep.changes.map((change) => [change.crmId, change.aceId]),
    [[id, 'O1']],
  );
  await pause();
  const second = await create(crm, 'O2');
  const next = await crm.changes('opportunity', sweep.cursor, none);
  assert.ok(next.changes.some((change) => change.crmId === second));
  assert.ok(next.cursor.since > sweep.cursor.since);
  await pause();
  org.standIn.administration.edit(id, { NextStep: 'call' });
  const third = await crm.changes('opportunity', next.cursor, none);
  assert.ok(third.changes.some((change) => change.crmId === id));
});

test('nothing new leaves the cursor where it is', async () => {
  const org = await preparedOrg();
  const crm = org.crm();
  await create(crm, 'O1');
  const sweep = await crm.changes('opportunity', null, none);
  const next = await crm.changes('opportunity', sweep.cursor, none);
  assert.deepEqual(next.cursor, sweep.cursor);
});

test('more rows than a page holds are all given, also when they share one time', async () => {
  const org = await preparedOrg();
  const crm = org.crm({ batch: { loneWindowMs: 5, backlogWindowMs: 200 } });
  await Promise.all(Array.from({ length: 4_100 }, (_, index) => create(crm, `O${index}`)));
  const { changes } = await crm.changes('opportunity', { since: '2020-01-01T00:00:00.000Z' }, none);
  assert.equal(new Set(changes.map((change) => change.crmId)).size, 4_100);
});

test('a row that becomes visible late is found through the overlap', async () => {
  const org = await preparedOrg();
  const crm = org.crm();
  await create(crm, 'O1');
  const { cursor } = await crm.changes('opportunity', null, none);
  org.standIn.administration.delayVisibility({ object: 'Opportunity', milliseconds: 60_000 });
  const late = org.standIn.administration.create('Opportunity', newOpportunity({ Name: 'late' }));
  await pause(20);
  await create(crm, 'O2');
  const first = await crm.changes('opportunity', cursor, none);
  assert.equal(
    first.changes.some((change) => change.crmId === late),
    false,
  );
  org.standIn.clock.advance(61_000);
  const without = await crm.changes('opportunity', first.cursor, none);
  assert.equal(
    without.changes.some((change) => change.crmId === late),
    false,
    'lost without an overlap',
  );
  const withOverlap = await crm.changes('opportunity', first.cursor, { ...none, overlapMs: 600_000 });
  assert.ok(withOverlap.changes.some((change) => change.crmId === late));
});

test('a record changed in the same second as the cursor is not passed over', async () => {
  const org = await preparedOrg({ wholeSecondStamps: true });
  const crm = org.crm();
  await create(crm, 'O1');
  const { cursor } = await crm.changes('opportunity', null, none);
  const second = await create(crm, 'O2');
  const { changes } = await crm.changes('opportunity', cursor, none);
  assert.ok(changes.some((change) => change.crmId === second));
});

test('rows of one second are all given, each once, when the second goes over the end of a page', async () => {
  const org = await preparedOrg({ wholeSecondStamps: true });
  const crm = org.crm();
  const { cursor } = await crm.changes('opportunity', null, none);
  const ids: string[] = [];
  // Salesforce pages by 2,000 rows.
  org.standIn.clock.stop();
  for (let call = 0; call < 11; call += 1) {
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, (_, row) => crm.write('opportunity', byAceId(`O${call}-${row}`), newOpportunity())),
    );
    ids.push(...outcomes.map((outcome) => (outcome.kind === 'written' ? outcome.id : assert.fail(outcome.kind))));
  }
  const { changes } = await crm.changes('opportunity', cursor, none);
  const given = changes.flatMap(({ crmId }) => crmId ?? []);
  assert.equal(new Set(given).size, given.length, 'none twice');
  assert.deepEqual(
    ids.filter((id) => !given.includes(id)),
    [],
    'none missed',
  );
  const stamps = changes.map(({ versions }) => versions[0]?.systemModstamp);
  assert.equal(stamps[1_999], stamps[2_000], 'the page ends within a second');
});

test('a change of the account is a change of its opportunities', async () => {
  const org = await preparedOrg();
  const crm = org.crm();
  const account = org.standIn.administration.create('Account', { Name: 'Customer' });
  const id = await create(crm, 'O1', { AccountId: account });
  const { cursor } = await crm.changes('opportunity', null, none);
  await pause();
  const since = { since: new Date(Date.parse(cursor.since) + 1).toISOString() };
  org.standIn.administration.edit(account, { Website: 'https://example.com' });
  const blind = await crm.changes('opportunity', since, none);
  assert.equal(blind.changes.length, 0);
  const { changes } = await crm.changes('opportunity', since, {
    ...none,
    relatedPaths: ['Account.Website', 'Owner.Email'],
  });
  assert.deepEqual(
    changes.map((change) => change.crmId),
    [id],
  );
  assert.deepEqual(
    changes[0]?.versions.map((version) => version.id),
    [account],
    'the stamp is that of the account: that of the record has been judged',
  );
});

test('what comes, changes or is named below an opportunity is a change of it', async () => {
  const org = await preparedOrg();
  const crm = org.crm();
  const { administration } = org.standIn;
  const id = await create(crm, 'O1');
  const contact = administration.create('Contact', { LastName: 'Example' });
  const role = { OpportunityId: id, ContactId: contact, IsPrimary: true };
  const roleId = administration.create('OpportunityContactRole', role);
  const relatedPaths = ['OpportunityContactRoles[IsPrimary].Contact.Email'];
  const seenAfter = async (edit: () => void) => {
    await pause();
    const since = { since: new Date().toISOString() };
    await pause();
    edit();
    assert.equal((await crm.changes('opportunity', since, none)).changes.length, 0, 'the opportunity was not touched');
    const { changes } = await crm.changes('opportunity', since, { ...none, relatedPaths });
    return changes.map((change) => [change.crmId, ...change.versions.map((version) => version.id)]);
  };
  assert.deepEqual(await seenAfter(() => administration.edit(contact, { Email: 'new@example.com' })), [[id, contact]]);
  assert.deepEqual(await seenAfter(() => administration.edit(roleId, { IsPrimary: false })), [[id, roleId]]);
});

test('a change of the owner is a change of the records', async () => {
  const org = await preparedOrg();
  const crm = org.crm();
  const owner = org.standIn.administration.createUser({ username: 'rep@example.com', profile: 'standard' });
  const id = await create(crm, 'O1', { OwnerId: owner.userId });
  const lead = await crm.write('lead', byAceId('L1'), { LastName: 'Doe', Company: 'C', OwnerId: owner.userId });
  await pause();
  const since = { since: new Date(org.standIn.clock.now()).toISOString() };
  await pause();
  org.standIn.administration.edit(owner.userId, { Title: 'Representative' });
  const ofOpportunity = await crm.changes('opportunity', since, { ...none, relatedPaths: ['Owner.Email'] });
  assert.deepEqual(
    ofOpportunity.changes.map((change) => [change.crmId, change.versions.map((version) => version.id)]),
    [[id, [owner.userId]]],
  );
  const ofLead = await crm.changes('lead', since, { ...none, relatedPaths: ['Owner.Email'] });
  assert.deepEqual(
    ofLead.changes.map((change) => change.crmId),
    [lead.kind === 'written' ? lead.id : ''],
  );
});

test('a deleted record is a change', async () => {
  const org = await preparedOrg();
  const crm = org.crm();
  const id = await create(crm, 'O1');
  const { cursor } = await crm.changes('opportunity', null, none);
  await pause();
  org.standIn.administration.delete(id);
  const { changes } = await crm.changes('opportunity', cursor, none);
  assert.ok(changes.some((change) => change.crmId === id));
});

test('an action that a person chose is given until it is cleared, also on a row without a record', async () => {
  const org = await preparedOrg();
  const crm = org.crm();
  const id = await create(crm, 'O1');
  const row = await crm.write('sync', byAceId('O1'), { CRM_Record_Id__c: id, Object__c: 'opportunity' });
  const parked = await crm.write('sync', byAceId('O2'), { Object__c: 'opportunity', Status__c: 'Needs attention' });
  assert.ok(row.kind === 'written' && parked.kind === 'written');
  org.standIn.administration.edit(row.id, { Action__c: 'Send now' });
  org.standIn.administration.edit(parked.id, { Action__c: 'Retry' });
  await pause();
  const future = { since: new Date(org.standIn.clock.now() + 60_000).toISOString() };
  const { changes } = await crm.changes('opportunity', future, none);
  assert.deepEqual(
    changes.map(({ crmId, aceId, action, rowId }) => ({ crmId, aceId, action, rowId })),
    [
      { crmId: id, aceId: 'O1', action: 'Send now', rowId: row.id },
      { crmId: null, aceId: 'O2', action: 'Retry', rowId: parked.id },
    ],
  );
  await crm.write('sync', { id: row.id }, { Action__c: null });
  const after = await crm.changes('opportunity', future, none);
  assert.deepEqual(
    after.changes.map((change) => change.action),
    ['Retry'],
  );
});

test('a row that a person made by quick action has only the lookup and is still found', async () => {
  const org = await preparedOrg();
  const crm = org.crm();
  const id = org.standIn.administration.create('Opportunity', newOpportunity());
  const rowId = org.standIn.administration.create('ACE_Sync__c', { Opportunity__c: id, Action__c: 'Share' });
  const { changes } = await crm.changes('opportunity', { since: '2020-01-01T00:00:00.000Z' }, none);
  const change = changes.find((one) => one.crmId === id);
  assert.equal(change?.action, 'Share');
  assert.equal(change?.rowId, rowId);
  const [linked] = await crm.find('opportunity', [{ crmId: id }], ['Name'], ['Action__c']);
  assert.deepEqual([linked?.row?.id, linked?.row?.crmId, linked?.row?.fields.Action__c], [rowId, id, 'Share']);
  // The sync's own row comes first, once there is one.
  const own = await crm.write('sync', { externalId: 'CRM_Record_Id__c', value: id }, { Opportunity__c: id });
  const [again] = await crm.find('opportunity', [{ crmId: id }], ['Name'], ['Action__c']);
  assert.equal(again?.row?.id, own.kind === 'written' ? own.id : '');
});

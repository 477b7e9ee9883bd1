import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Connection } from 'jsforce';
import {
  apiVersion,
  createFields,
  createOne,
  failure,
  opportunity,
  partnerKey,
  save,
  startOrg,
  type TestOrg,
} from './stand-in-org.ts';

async function upsert(connection: Connection, rows: Record<string, unknown>[]): Promise<string[]> {
  const results = await connection.sobject('Opportunity').upsert(rows, 'Partner_Key__c', { allOrNone: false });
  return results.map((row) => (row.success ? 'ok' : String(Reflect.get(row.errors[0] ?? {}, 'statusCode'))));
}
const keyed = (count: number, more: Record<string, unknown> = {}) =>
  Array.from({ length: count }, (_, index) => opportunity({ Partner_Key__c: `O${index}`, ...more }));

async function keyedOrg(t: Parameters<typeof startOrg>[0]): Promise<TestOrg> {
  const org = await startOrg(t);
  await createFields(org.connection, partnerKey);
  return org;
}

test('a flow can rewrite what was just written, with its condition', async (t) => {
  const { connection, standIn } = await startOrg(t);
  standIn.administration.addFieldRewrite({
    object: 'Opportunity',
    on: 'save',
    when: 'NOT(ISBLANK(NextStep))',
    field: 'NextStep',
    formula: 'UPPER(NextStep) & " (" & TEXT(StageName) & ")"',
  });
  const id = await createOne(connection, 'Opportunity', opportunity({ NextStep: 'call' }));
  assert.equal(standIn.administration.read(id)?.NextStep, 'CALL (Prospecting)');
});

test('a trigger that throws fails every row of its batch, also the good ones', async (t) => {
  const { connection, standIn } = await keyedOrg(t);
  standIn.administration.addFailingTrigger({
    name: 'DealTrigger',
    object: 'Opportunity',
    on: 'insert',
    when: 'Name = "Bad"',
    exception: 'System.NullPointerException: Attempt to de-reference a null object',
  });
  const rows = keyed(3);
  assert.deepEqual(
    await upsert(connection, [...rows, opportunity({ Partner_Key__c: 'B', Name: 'Bad' })]),
    Array(4).fill('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY'),
  );
  assert.deepEqual(await upsert(connection, rows), ['ok', 'ok', 'ok']);
});

test('a trigger that cannot bear large batches passes small ones', async (t) => {
  const { connection, standIn } = await keyedOrg(t);
  standIn.administration.addFailingTrigger({
    name: 'SlowTrigger',
    object: 'Opportunity',
    on: 'save',
    moreRowsThan: 50,
    exception: 'System.LimitException: Too many SOQL queries: 101',
  });
  assert.equal(new Set(await upsert(connection, keyed(51))).has('ok'), false);
  assert.equal(new Set(await upsert(connection, keyed(50))).has('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY'), false);
});

test('a record in approval is locked, until it is not', async (t) => {
  const { connection, standIn } = await startOrg(t);
  const id = await createOne(connection, 'Opportunity', opportunity());
  standIn.administration.lock(id);
  const edit = () => connection.sobject('Opportunity').update({ Id: id, NextStep: 'Call' });
  assert.equal((await failure(edit())).code, 'ENTITY_IS_LOCKED');
  standIn.administration.unlock(id);
  assert.equal((await edit()).success, true);
  standIn.administration.lock(id, { administratorsMayEdit: true });
  assert.equal((await edit()).success, true);
});

test('a converted lead shows what it became, and cannot be edited any more', async (t) => {
  const { connection, standIn } = await startOrg(t);
  await createFields(connection, { ...partnerKey, fullName: 'Lead.Partner_Key__c' }, partnerKey);
  const lead = await createOne(connection, 'Lead', { LastName: 'Hopper', Company: 'Navy', Partner_Key__c: 'L1' });
  const { opportunityId, accountId } = standIn.administration.convertLead({
    leadId: lead,
    fieldMapping: { Partner_Key__c: 'Partner_Key__c' },
  });
  const [row] = (
    await connection.query('SELECT IsConverted, Status, ConvertedOpportunityId, ConvertedAccount.Name FROM Lead')
  ).records;
  assert.deepEqual(
    [row?.IsConverted, row?.Status, row?.ConvertedOpportunityId, row?.ConvertedAccount.Name],
    [true, 'Closed - Converted', opportunityId, 'Navy'],
  );
  const [deal] = (await connection.query('SELECT AccountId, Partner_Key__c FROM Opportunity')).records;
  assert.deepEqual([deal?.AccountId, deal?.Partner_Key__c], [accountId, 'L1']);
  const edit = connection.sobject('Lead').update({ Id: lead, Title: 'Admiral' });
  assert.deepEqual(await failure(edit), {
    code: 'CANNOT_UPDATE_CONVERTED_LEAD',
    message: 'cannot reference converted lead',
  });
});

test('a merged record is deleted with the id of its survivor, and its children move over', async (t) => {
  const { connection, standIn } = await startOrg(t);
  const survivor = await createOne(connection, 'Account', { Name: 'Acme' });
  const loser = await createOne(connection, 'Account', { Name: 'ACME Inc.' });
  const deal = await createOne(connection, 'Opportunity', opportunity({ AccountId: loser }));
  standIn.administration.merge({ survivorId: survivor, loserIds: [loser], values: { Site: 'HQ' } });
  const all = await connection.query(`SELECT IsDeleted, MasterRecordId FROM Account WHERE Id = '${loser}'`, {
    scanAll: true,
  });
  assert.deepEqual([all.records[0]?.IsDeleted, all.records[0]?.MasterRecordId], [true, survivor]);
  assert.equal(standIn.administration.read(deal)?.AccountId, survivor);
  assert.equal(standIn.administration.read(survivor)?.Site, 'HQ');
});

test('a clone leaves blank what its user may not edit; an administrator copies external ids and meets the unique field', async (t) => {
  const { connection, standIn } = await keyedOrg(t);
  const source = await createOne(connection, 'Opportunity', opportunity({ Partner_Key__c: 'O1', NextStep: 'Call' }));
  const clone = standIn.administration.read(standIn.administration.clone(source));
  assert.deepEqual([clone?.NextStep, clone?.Partner_Key__c ?? null], ['Call', null]);
  assert.throws(() => standIn.administration.clone(source, 'administrator'), { code: 'DUPLICATE_VALUE' });
});

test('a deleted record takes its children along, and comes back when its keys are still free', async (t) => {
  const { connection, standIn } = await keyedOrg(t);
  const account = await createOne(connection, 'Account', { Name: 'Acme' });
  const id = await createOne(connection, 'Opportunity', opportunity({ Partner_Key__c: 'O1', AccountId: account }));
  await connection.sobject('Account').destroy(account);
  assert.equal(standIn.administration.read(id)?.IsDeleted, true);
  standIn.administration.undelete(account);
  assert.equal(standIn.administration.read(id)?.IsDeleted, false, 'the child came back with its parent');
  assert.equal((await connection.query("SELECT Id FROM Opportunity WHERE Partner_Key__c = 'O1'")).totalSize, 1);
  await connection.sobject('Opportunity').destroy(id);
  await createOne(connection, 'Opportunity', opportunity({ Partner_Key__c: 'O1' }));
  assert.throws(() => standIn.administration.undelete(id), { code: 'DUPLICATE_VALUE' });
});

test('an inactive user cannot become an owner', async (t) => {
  const { connection, standIn } = await startOrg(t);
  const { userId } = standIn.administration.createUser({ username: 'gone@example.com', profile: 'standard' });
  standIn.administration.setUserActive(userId, false);
  const create = connection.sobject('Opportunity').create(opportunity({ OwnerId: userId }));
  assert.deepEqual(await failure(create), {
    code: 'INACTIVE_OWNER_OR_USER',
    message: `operation performed with inactive user [${userId}] as owner of opportunity`,
  });
});

test('the amount of an opportunity with products is their sum, and another one is ignored without a word', async (t) => {
  const { connection, standIn } = await startOrg(t);
  const deal = await createOne(connection, 'Opportunity', opportunity({ Amount: 1 }));
  await createOne(connection, 'OpportunityLineItem', { OpportunityId: deal, Quantity: 2, UnitPrice: 10.5 });
  await connection.sobject('Opportunity').update({ Id: deal, Amount: 99, NextStep: 'Call' });
  const row = standIn.administration.read(deal);
  assert.deepEqual([row?.Amount, row?.HasOpportunityLineItem, row?.NextStep], [21, true, 'Call']);
});

test('another user can edit a record between a read and the write that follows', async (t) => {
  const { connection, standIn } = await startOrg(t);
  const id = await createOne(connection, 'Opportunity', opportunity({ NextStep: 'Call' }));
  standIn.faults.inject({ method: 'PATCH' }, { kind: 'editBefore', id, values: { Description: 'From the browser' } });
  await connection.sobject('Opportunity').update({ Id: id, NextStep: 'Wait' });
  const row = standIn.administration.read(id);
  assert.deepEqual([row?.NextStep, row?.Description], ['Wait', 'From the browser']);
});

test('a committed write can become visible later than its SystemModstamp says', async (t) => {
  const { connection, standIn } = await startOrg(t);
  const first = await createOne(connection, 'Opportunity', opportunity({ Name: 'First' }));
  standIn.administration.delayVisibility({ object: 'Opportunity', milliseconds: 60_000, times: 2 });
  await connection.sobject('Opportunity').update({ Id: first, Name: 'Changed' });
  const late = await createOne(connection, 'Opportunity', opportunity({ Name: 'Late' }));
  standIn.clock.advance(1000);
  const next = await createOne(connection, 'Opportunity', opportunity({ Name: 'Next' }));
  const seen = async () => {
    const { records } = await connection.query(
      'SELECT Name, SystemModstamp FROM Opportunity ORDER BY SystemModstamp, Id',
    );
    return records.map((row) => row.Name);
  };
  assert.deepEqual(await seen(), ['First', 'Next']);
  assert.equal((await failure(connection.sobject('Opportunity').retrieve(late))).code, 'NOT_FOUND');
  standIn.clock.advance(60_000);
  assert.deepEqual(await seen(), ['Changed', 'Late', 'Next']);
  assert.ok(
    String(standIn.administration.read(late)?.SystemModstamp) <
      String(standIn.administration.read(next)?.SystemModstamp),
  );
});

test('the API-only user reads and writes what its permission set says, field by field', async (t) => {
  const { connection, standIn } = await keyedOrg(t);
  await save(connection, 'PermissionSet', {
    fullName: 'Integration',
    label: 'Integration',
    objectPermissions: [
      { object: 'Opportunity', allowRead: true, allowEdit: true, allowCreate: false, allowDelete: false },
    ],
    fieldPermissions: [
      { field: 'Opportunity.Partner_Key__c', readable: true, editable: true },
      { field: 'Opportunity.NextStep', readable: true, editable: false },
    ],
  });
  standIn.administration.assignPermissionSet(standIn.integrationUser.userId, 'Integration');
  const id = await createOne(connection, 'Opportunity', opportunity({ NextStep: 'Call' }));
  const { loginUrl } = standIn.connection;
  const { clientId, clientSecret } = standIn.integrationUser;
  const user = new Connection({ loginUrl, version: apiVersion, oauth2: { loginUrl, clientId, clientSecret } });
  await user.authorize({ grant_type: 'client_credentials' });
  const deals = user.sobject('Opportunity');
  assert.equal((await deals.update({ Id: id, Partner_Key__c: 'O1' })).success, true);
  assert.equal((await failure(deals.update({ Id: id, NextStep: 'x' }))).code, 'INVALID_FIELD_FOR_INSERT_UPDATE');
  assert.equal((await failure(deals.update({ Id: id, Amount: 1 }))).code, 'INVALID_FIELD');
  assert.equal((await failure(deals.create(opportunity()))).code, 'INSUFFICIENT_ACCESS_OR_READONLY');
  assert.equal((await failure(deals.destroy(id))).code, 'INSUFFICIENT_ACCESS_OR_READONLY');
  assert.equal((await failure(user.query('SELECT Amount FROM Opportunity'))).code, 'INVALID_FIELD');
  assert.equal((await user.query('SELECT NextStep FROM Opportunity')).totalSize, 1);
});

test('of a record that is not shared, a user learns only that its key is taken', async (t) => {
  const { connection, standIn } = await keyedOrg(t);
  const id = await createOne(connection, 'Opportunity', opportunity({ Partner_Key__c: 'O1' }));
  const [me] = (await connection.query(`SELECT Id FROM User WHERE Username = '${standIn.connection.username}'`))
    .records;
  standIn.administration.unshare(id, String(me?.Id));
  assert.equal((await connection.query('SELECT Id FROM Opportunity')).totalSize, 0);
  const [row] = await connection
    .sobject('Opportunity')
    .upsert([opportunity({ Partner_Key__c: 'O1' })], 'Partner_Key__c', { allOrNone: false });
  assert.equal(row?.success, false);
  assert.equal(
    row?.errors[0]?.message,
    'duplicate value found: <unknown> duplicates value on record with id: <unknown>',
  );
  const [update] = await connection.sobject('Opportunity').update([{ Id: id, NextStep: 'x' }], { allOrNone: false });
  assert.equal(Reflect.get(update?.errors[0] ?? {}, 'statusCode'), 'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY');
  standIn.administration.share(id, String(me?.Id));
  assert.equal((await connection.query('SELECT Id FROM Opportunity')).totalSize, 1);
});

test('an org with state and country picklists refuses the names it does not know', async (t) => {
  const { connection } = await startOrg(t, { stateAndCountryPicklists: true });
  const attempt = async (address: Record<string, unknown>) => {
    const lead = { LastName: 'Hopper', Company: 'Navy', ...address };
    const [row] = await connection.sobject('Lead').create([lead], { allOrNone: false });
    return row?.success ? 'ok' : row?.errors[0];
  };
  assert.equal(await attempt({ Country: 'United States', State: 'Virginia' }), 'ok');
  assert.equal(await attempt({ Country: 'Germany' }), 'ok');
  assert.deepEqual(await attempt({ Country: 'USA' }), {
    statusCode: 'FIELD_INTEGRITY_EXCEPTION',
    message:
      "There's a problem with this country, even though it may appear correct. Please select a country/territory from the list of valid countries.: Country",
    fields: ['Country'],
  });
  assert.match(JSON.stringify(await attempt({ Country: 'United States', State: 'VA' })), /problem with this state/);
  assert.match(JSON.stringify(await attempt({ State: 'Virginia' })), /country\/territory must be specified/);
});

test('an org with several currencies keeps one per record', async (t) => {
  const { connection } = await startOrg(t, { multiCurrency: true });
  await createOne(connection, 'Opportunity', opportunity({ CurrencyIsoCode: 'EUR' }));
  await createOne(connection, 'Opportunity', opportunity());
  const { records } = await connection.query('SELECT CurrencyIsoCode FROM Opportunity ORDER BY CurrencyIsoCode');
  assert.deepEqual(
    records.map((row) => row.CurrencyIsoCode),
    ['EUR', 'USD'],
  );
});

test('time stamps can have whole seconds only, so that many rows share one', async (t) => {
  const { connection } = await startOrg(t, { wholeSecondStamps: true });
  await createOne(connection, 'Account', { Name: 'Acme' });
  const [row] = (await connection.query('SELECT SystemModstamp FROM Account')).records;
  assert.match(String(row?.SystemModstamp), /\.000\+0000$/);
});

test('with the rule "not older" in place, the newest of many concurrent and late writes stands', async (t) => {
  const org = await keyedOrg(t);
  const { connection, standIn } = org;
  await createFields(connection, { fullName: 'Opportunity.Changed__c', label: 'Changed', type: 'DateTime' });
  await save(connection, 'ValidationRule', {
    fullName: 'Opportunity.Not_Older',
    active: true,
    errorConditionFormula: 'AND(NOT(ISNEW()), Changed__c < PRIORVALUE(Changed__c))',
    errorMessage: 'older',
  });
  const path = '/composite/sobjects/Opportunity/Partner_Key__c';
  const days = [7, 2, 9, 4, 1, 10, 3, 8, 6, 5];
  const writes = days.map((day, index) => {
    if (index % 3 === 0) standIn.faults.inject({ path }, { kind: 'commitLate', milliseconds: 20 * (10 - index) });
    const Changed__c = `2026-01-${String(day).padStart(2, '0')}T00:00:00Z`;
    const record = {
      attributes: { type: 'Opportunity' },
      ...opportunity({ Partner_Key__c: 'O1', NextStep: `day ${day}`, Changed__c }),
    };
    return org.call('PATCH', `/services/data/v60.0${path}`, { allOrNone: false, records: [record] }).catch(() => null);
  });
  await Promise.all(writes);
  while (standIn.faults.lateCommits > 0) await setImmediate();
  const rows = standIn.administration.rows('Opportunity');
  assert.deepEqual(
    rows.map((row) => row.NextStep),
    ['day 10'],
  );
});

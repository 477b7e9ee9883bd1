import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Connection } from 'jsforce';
import { createFields, createOne, data, failure, opportunity, partnerKey, startOrg } from './stand-in-org.ts';

async function names(connection: Connection, where: string): Promise<unknown[]> {
  const soql = `SELECT Name FROM Opportunity ${where}`;
  return (await connection.query(soql)).records.map((record) => record.Name);
}

async function withOpportunities(connection: Connection, ...rows: Record<string, unknown>[]): Promise<string[]> {
  const ids = [];
  for (const row of rows) ids.push(await createOne(connection, 'Opportunity', opportunity(row)));
  return ids;
}

test('a query pages through its rows, and the last page has no next', async (t) => {
  const { connection, call } = await startOrg(t);
  const rows = Array.from({ length: 450 }, (_, index) => ({ Name: `Account ${String(index).padStart(3, '0')}` }));
  await connection.sobject('Account').create(rows, { allowRecursive: true });
  const soql = encodeURIComponent('SELECT Name FROM Account ORDER BY Name');
  const first = await call('GET', `${data}/query?q=${soql}`, undefined, { 'Sforce-Query-Options': 'batchSize=200' });
  const page = first.body as { totalSize: number; done: boolean; nextRecordsUrl: string; records: { Name: string }[] };
  assert.deepEqual([page.totalSize, page.done, page.records.length], [450, false, 200]);
  assert.match(page.nextRecordsUrl, /^\/services\/data\/v60\.0\/query\/0r8\w+-200$/);
  const second = await connection.queryMore(page.nextRecordsUrl);
  const third = await connection.queryMore(second.nextRecordsUrl ?? '');
  assert.deepEqual(
    [second.records.length, third.records.length, third.done, third.nextRecordsUrl],
    [200, 50, true, undefined],
  );
  assert.equal(third.records[49]?.Name, 'Account 449');
  assert.equal((await failure(connection.queryMore('0r8000000000000-200'))).code, 'INVALID_QUERY_LOCATOR');
});

test('conditions compare text without case, nulls as SOQL does, numbers and dates by type', async (t) => {
  const { connection } = await startOrg(t);
  await withOpportunities(
    connection,
    { Name: 'Alpha', Amount: 10, NextStep: 'Call', CloseDate: '2026-12-31' },
    { Name: "Be'ta 100%", Amount: 20 },
    { Name: 'gamma_x' },
  );
  const cases: readonly [string, unknown[]][] = [
    ["WHERE Name = 'ALPHA'", ['Alpha']],
    ["WHERE Name LIKE '%a'", ['Alpha']],
    ["WHERE Name LIKE 'be\\'%100\\%'", ["Be'ta 100%"]],
    ["WHERE Name LIKE 'gamma\\_x'", ['gamma_x']],
    ["WHERE NextStep != 'Call'", ["Be'ta 100%", 'gamma_x']],
    ["WHERE NextStep NOT IN ('Call')", ["Be'ta 100%", 'gamma_x']],
    ['WHERE NextStep = null', ["Be'ta 100%", 'gamma_x']],
    ['WHERE Amount > 10', ["Be'ta 100%"]],
    ['WHERE Amount >= 10 AND Amount < 20', ['Alpha']],
    ['WHERE CloseDate = 2026-12-31', ['Alpha']],
    ["WHERE (NOT Name LIKE 'a%') AND (Amount = 20 OR Amount = null)", ["Be'ta 100%", 'gamma_x']],
    ['WHERE CreatedDate = TODAY AND IsClosed = false AND Amount IN (10, 20)', ['Alpha', "Be'ta 100%"]],
    ['WHERE CreatedDate < LAST_N_DAYS:3', []],
    ['WHERE CreatedDate > 2020-01-01T00:00:00+02:00 LIMIT 1', ['Alpha']],
    ['ORDER BY Amount', ['gamma_x', 'Alpha', "Be'ta 100%"]],
    ['ORDER BY Amount DESC NULLS LAST', ["Be'ta 100%", 'Alpha', 'gamma_x']],
    ['ORDER BY Name DESC LIMIT 1 OFFSET 1', ["Be'ta 100%"]],
  ];
  for (const [where, expected] of cases) assert.deepEqual(await names(connection, where), expected, where);
});

test('a list of several hundred keys finds its rows', async (t) => {
  const { connection } = await startOrg(t);
  await createFields(connection, partnerKey);
  const keys = Array.from({ length: 400 }, (_, index) => `O${index}`);
  const rows = keys.slice(0, 250).map((Partner_Key__c) => opportunity({ Partner_Key__c }));
  const saved = await connection.sobject('Opportunity').create(rows, { allowRecursive: true });
  const ids = saved.map((row) => (row.success ? row.id : ''));
  const list = (values: string[]) => values.map((value) => `'${value}'`).join(',');
  assert.equal((await names(connection, `WHERE Partner_Key__c IN (${list(keys)})`)).length, 250);
  assert.equal((await names(connection, `WHERE Id IN (${list(ids.map((id) => id.slice(0, 15)))})`)).length, 250);
});

test('relations are followed to parents and to children, and polymorphic owners by their kind', async (t) => {
  const { connection, standIn } = await startOrg(t);
  const account = await createOne(connection, 'Account', { Name: 'Acme' });
  const [deal = ''] = await withOpportunities(connection, { AccountId: account }, { Name: 'Orphan' });
  await createOne(connection, 'Task', { Subject: 'Call', WhatId: deal });
  const [found, orphan] = (
    await connection.query(
      'SELECT Name, Account.Name, Account.Owner.Username, (SELECT Role FROM OpportunityContactRoles) FROM Opportunity ORDER BY Name',
    )
  ).records;
  assert.equal(found?.Account.Name, 'Acme');
  assert.equal(found?.Account.Owner.Username, standIn.connection.username);
  assert.equal(found?.OpportunityContactRoles, null);
  assert.equal(orphan?.Account, null);
  const [parent] = (
    await connection.query('SELECT (SELECT Name FROM Opportunities ORDER BY Name LIMIT 1) FROM Account')
  ).records;
  assert.deepEqual([parent?.Opportunities.totalSize, parent?.Opportunities.records[0]?.Name], [1, 'Cloud migration']);
  const [task] = (await connection.query('SELECT What.Name, What.Type, Owner.Name FROM Task')).records;
  assert.deepEqual([task?.What.Name, task?.What.Type], ['Cloud migration', 'Opportunity']);
  const joined = await names(connection, "WHERE AccountId IN (SELECT Id FROM Account WHERE Name = 'acme')");
  assert.deepEqual(joined, ['Cloud migration']);
  const inverse = await names(connection, 'WHERE Id NOT IN (SELECT WhatId FROM Task)');
  assert.deepEqual(inverse, ['Orphan']);
});

test('aggregates group, count and filter', async (t) => {
  const { connection } = await startOrg(t);
  await withOpportunities(connection, { Amount: 10 }, { Amount: 30 }, { StageName: 'Closed Won', Amount: 5 });
  const grouped = await connection.query(
    'SELECT StageName, COUNT(Id), SUM(Amount) total, MAX(CloseDate) FROM Opportunity GROUP BY StageName HAVING COUNT(Id) > 1 ORDER BY StageName',
  );
  assert.deepEqual(grouped.records, [
    { attributes: { type: 'AggregateResult' }, StageName: 'Prospecting', expr0: 2, total: 40, expr1: '2027-03-31' },
  ]);
  const count = await connection.query('SELECT COUNT() FROM Opportunity WHERE Amount > 5');
  assert.deepEqual([count.totalSize, count.records], [2, []]);
  const newest = await connection.query('SELECT MAX(SystemModstamp) newest FROM Opportunity');
  assert.match(String(newest.records[0]?.newest), /\+0000$/);
});

test('the recycle bin shows in queryAll only', async (t) => {
  const { connection } = await startOrg(t);
  const [id = ''] = await withOpportunities(connection, {});
  await connection.sobject('Opportunity').destroy(id);
  const soql = 'SELECT Id, IsDeleted FROM Opportunity';
  assert.equal((await connection.query(soql)).totalSize, 0);
  const all = await connection.query(soql, { scanAll: true });
  assert.deepEqual([all.totalSize, all.records[0]?.IsDeleted], [1, true]);
});

test('what SOQL refuses is refused with the code and the place', async (t) => {
  const { connection } = await startOrg(t);
  await createFields(connection, {
    fullName: 'Opportunity.Notes__c',
    label: 'Notes',
    type: 'LongTextArea',
    length: 1000,
    visibleLines: 3,
  });
  const cases: readonly [string, string, RegExp][] = [
    ['SELECT Id FROM Nothing', 'INVALID_TYPE', /^sObject type 'Nothing' is not supported/],
    [
      'SELECT Id, Nowhere FROM Opportunity',
      'INVALID_FIELD',
      /^\nSELECT Id, Nowhere FROM Opportunity\n {11}\^\nERROR at Row:1:Column:12\nNo such column 'Nowhere' on entity 'Opportunity'/,
    ],
    ['SELECT Nobody.Name FROM Opportunity', 'INVALID_FIELD', /Didn't understand relationship 'Nobody' in field path/],
    [
      "SELECT Id FROM Opportunity WHERE Name = 'a' AND Name = 'b' OR Name = 'c'",
      'MALFORMED_QUERY',
      /unexpected token: 'OR'/,
    ],
    ['SELECT Id FROM', 'MALFORMED_QUERY', /unexpected token/],
    ["SELECT Id FROM Opportunity WHERE Notes__c = 'x'", 'INVALID_FIELD', /can not be filtered/],
    [
      "SELECT Id FROM Opportunity WHERE Amount = '5'",
      'INVALID_FIELD',
      /must be of type currency and should not be enclosed in quotes/,
    ],
    [
      "SELECT Id FROM Opportunity WHERE SystemModstamp > '2026-01-01T00:00:00Z'",
      'INVALID_FIELD',
      /must be of type dateTime/,
    ],
    ['SELECT Id FROM Opportunity WHERE SystemModstamp > 2026-01-01', 'INVALID_FIELD', /must be of type dateTime/],
    ['SELECT FIELDS(ALL) FROM Opportunity', 'MALFORMED_QUERY', /LIMIT/],
  ];
  for (const [soql, code, message] of cases) {
    const error = await failure(connection.query(soql));
    assert.equal(error.code, code, soql);
    assert.match(error.message, message, soql);
  }
});

test('find without fields reads all fields by describe, and FIELDS(ALL) up to 200 rows', async (t) => {
  const { connection } = await startOrg(t);
  await createOne(connection, 'Account', { Name: 'Acme', BillingCity: 'Berlin' });
  const [found] = await connection.sobject('Account').find({ Name: 'Acme' });
  assert.equal(found?.BillingCity, 'Berlin');
  const [all] = (await connection.query('SELECT FIELDS(ALL) FROM Account LIMIT 1')).records;
  assert.equal(all?.BillingAddress.city, 'Berlin');
});

test('describe tells what a client needs to know of each field', async (t) => {
  const { connection } = await startOrg(t);
  await createFields(connection, partnerKey);
  const description = await connection.describe('Opportunity');
  const field = (name: string) => description.fields.find((one) => one.name === name);
  assert.deepEqual(
    [
      'label',
      'type',
      'length',
      'externalId',
      'unique',
      'idLookup',
      'custom',
      'createable',
      'updateable',
      'nillable',
    ].map((key) => Reflect.get(field('Partner_Key__c') ?? {}, key)),
    ['Partner Key', 'string', 18, true, true, true, true, true, true, true],
  );
  assert.deepEqual(
    [field('Name')?.nillable, field('IsWon')?.updateable, field('AccountId')?.relationshipName],
    [false, false, 'Account'],
  );
  assert.ok(field('StageName')?.picklistValues?.some((one) => one.value === 'Closed Won' && one.active));
  assert.ok(description.childRelationships.some((one) => one.relationshipName === 'OpportunityLineItems'));
  const global = await connection.describeGlobal();
  assert.ok(global.sobjects.some((one) => one.name === 'Lead' && one.queryable));
});

test('each answer says how many of the calls of the day are used', async (t) => {
  const { connection, call, standIn } = await startOrg(t, { limits: { dailyApiRequests: 3 } });
  const first = await call('GET', `${data}/limits`);
  assert.equal(first.headers.get('sforce-limit-info'), 'api-usage=1/3');
  assert.deepEqual((first.body as { DailyApiRequests: object }).DailyApiRequests, { Max: 3, Remaining: 2 });
  await connection.query('SELECT Id FROM Organization');
  assert.deepEqual(connection.limitInfo.apiUsage, { used: 2, limit: 3 });
  await call('GET', `${data}/limits`);
  const refused = await call('GET', `${data}/limits`);
  assert.equal(refused.status, 403);
  assert.deepEqual(refused.body, [{ message: 'TotalRequests Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' }]);
  standIn.usage.used = 0;
  assert.equal((await call('GET', `${data}/limits`)).status, 200);
});

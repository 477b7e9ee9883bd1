import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFields, createOne, data, failure, opportunity, partnerKey, startOrg } from './stand-in-org.ts';

test('a record is created, read, updated and deleted', async (t) => {
  const { connection, call } = await startOrg(t);
  const created = await call('POST', `${data}/sobjects/Opportunity`, opportunity());
  assert.equal(created.status, 201);
  const { id } = created.body as { id: string };
  assert.deepEqual(created.body, { id, success: true, errors: [] });
  assert.match(id, /^006\w{15}$/);

  const read = await connection.sobject('Opportunity').retrieve(id);
  assert.deepEqual(read.attributes, { type: 'Opportunity', url: `${data}/sobjects/Opportunity/${id}` });
  assert.equal(read.Name, 'Cloud migration');
  assert.match(String(read.SystemModstamp), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/);

  const changed = await call('PATCH', `${data}/sobjects/Opportunity/${id.slice(0, 15)}`, { NextStep: 'Call' });
  assert.equal(changed.status, 204);
  const partial = await call('GET', `${data}/sobjects/Opportunity/${id}?fields=NextStep,nextstep`);
  assert.equal((partial.body as { NextStep: string }).NextStep, 'Call');

  assert.equal((await call('DELETE', `${data}/sobjects/Opportunity/${id}`)).status, 204);
  const gone = await call('GET', `${data}/sobjects/Opportunity/${id}`);
  assert.deepEqual(
    [gone.status, gone.body],
    [404, [{ errorCode: 'ENTITY_IS_DELETED', message: 'entity is deleted', fields: [] }]],
  );
  const never = await call('GET', `${data}/sobjects/Opportunity/006000000000001`);
  assert.deepEqual(
    [never.status, never.body],
    [
      404,
      [
        {
          errorCode: 'NOT_FOUND',
          message: 'Provided external ID field does not exist or is not accessible: 006000000000001',
        },
      ],
    ],
  );
});

test('an upsert by external id creates with 201, then updates with 200', async (t) => {
  const { connection, call } = await startOrg(t);
  await createFields(connection, partnerKey);
  const path = `${data}/sobjects/Opportunity/Partner_Key__c/O%2F1%20+x`;
  const created = await call('PATCH', path, opportunity());
  assert.equal(created.status, 201);
  assert.equal((created.body as { created: boolean }).created, true);
  const [row] = (await connection.query('SELECT Partner_Key__c FROM Opportunity')).records;
  assert.equal(row?.Partner_Key__c, 'O/1 +x');
  const updated = await call('PATCH', path, { NextStep: 'Call' });
  assert.equal(updated.status, 200);
  assert.deepEqual(updated.body, {
    id: (created.body as { id: string }).id,
    success: true,
    errors: [],
    created: false,
  });
  assert.equal((await call('PATCH', path.replace('v60.0', 'v45.0'), { NextStep: 'Wait' })).status, 204);

  const viaJsforce = await connection
    .sobject('Opportunity')
    .upsert({ Partner_Key__c: 'O2', ...opportunity() }, 'Partner_Key__c');
  assert.equal(viaJsforce.success && viaJsforce.created, true);
});

test('jsforce does not encode an external id: with a slash in it, a single upsert misses the record', async (t) => {
  const { connection } = await startOrg(t);
  await createFields(connection, partnerKey);
  const upsert = connection
    .sobject('Opportunity')
    .upsert({ Partner_Key__c: 'O/1 x', ...opportunity() }, 'Partner_Key__c');
  assert.equal((await failure(upsert)).code, 'NOT_FOUND');
});

test('the external id in the body of an upsert is refused', async (t) => {
  const { connection, call } = await startOrg(t);
  await createFields(connection, partnerKey);
  const refused = await call('PATCH', `${data}/sobjects/Opportunity/Partner_Key__c/O1`, { Partner_Key__c: 'O1' });
  assert.deepEqual(refused.body, [
    {
      errorCode: 'INVALID_FIELD',
      message: 'The Partner_Key__c field should not be specified in the sobject data.',
      fields: ['Partner_Key__c'],
    },
  ]);
});

test('an external id that several records hold answers 300 with their addresses', async (t) => {
  const { connection, call } = await startOrg(t);
  await createFields(connection, { ...partnerKey, unique: false });
  const ids = [];
  for (const _ of [1, 2]) ids.push(await createOne(connection, 'Opportunity', opportunity({ Partner_Key__c: 'O1' })));
  const answer = await call('PATCH', `${data}/sobjects/Opportunity/Partner_Key__c/O1`, { NextStep: 'Call' });
  assert.equal(answer.status, 300);
  assert.deepEqual(
    answer.body,
    ids.map((id) => `${data}/sobjects/Opportunity/${id}`),
  );
  const upsert = connection.sobject('Opportunity').upsert({ Partner_Key__c: 'O1', NextStep: 'Call' }, 'Partner_Key__c');
  assert.equal((await failure(upsert)).code, 'MULTIPLE_CHOICES');
});

test('the org keeps what a real one keeps: stage sets probability, names are put together, text is trimmed', async (t) => {
  const { connection } = await startOrg(t);
  const id = await createOne(
    connection,
    'Opportunity',
    opportunity({ Name: '  Trimmed \n', Amount: 1000.005, NextStep: '' }),
  );
  const first = await connection.sobject('Opportunity').retrieve(id);
  assert.deepEqual(
    [first.Name, first.Probability, first.ForecastCategoryName, first.IsClosed, first.Amount, first.NextStep],
    ['Trimmed', 10, 'Pipeline', false, 1000.01, null],
  );
  await connection.sobject('Opportunity').update({ Id: id, StageName: 'Closed Won' });
  const won = await connection.sobject('Opportunity').retrieve(id);
  assert.deepEqual([won.Probability, won.IsClosed, won.IsWon, won.ForecastCategory], [100, true, true, 'Closed']);

  const lead = await createOne(connection, 'Lead', {
    FirstName: 'Grace',
    LastName: 'Hopper',
    Company: 'Navy',
    City: 'Arlington',
  });
  const read = await connection.sobject('Lead').retrieve(lead);
  assert.deepEqual([read.Name, read.Status, read.Address.city], ['Grace Hopper', 'Open - Not Contacted', 'Arlington']);
});

test('every write moves SystemModstamp, also one that changes nothing', async (t) => {
  const { connection, standIn } = await startOrg(t);
  const id = await createOne(connection, 'Opportunity', opportunity());
  const stamp = () => String(standIn.administration.read(id)?.SystemModstamp);
  const before = stamp();
  standIn.clock.advance(1000);
  await connection.sobject('Opportunity').update({ Id: id, Name: 'Cloud migration' });
  assert.ok(stamp() > before);
});

test('an id in the wrong case is repaired by its checksum, and a broken one is refused', async (t) => {
  const { connection } = await startOrg(t);
  const id = await createOne(connection, 'Account', { Name: 'Acme' });
  const found = await connection.query(
    `SELECT Id FROM Account WHERE Id = '${id.toLowerCase().slice(0, 15)}${id.slice(15)}'`,
  );
  assert.equal(found.records[0]?.Id, id);
  assert.equal(
    (await failure(connection.query("SELECT Id FROM Account WHERE Id = 'nonsense'"))).code,
    'INVALID_QUERY_FILTER_OPERATOR',
  );
});

test('deleted and updated records of a time span are listed', async (t) => {
  const { connection, standIn } = await startOrg(t);
  const kept = await createOne(connection, 'Account', { Name: 'Kept' });
  const lost = await createOne(connection, 'Account', { Name: 'Lost' });
  await connection.sobject('Account').destroy(lost);
  const [start, end] = [new Date(standIn.clock.now() - 60_000), new Date(standIn.clock.now() + 60_000)];
  assert.deepEqual((await connection.updated('Account', start, end)).ids, [kept]);
  assert.deepEqual(
    (await connection.deleted('Account', start, end)).deletedRecords.map((row) => row.id),
    [lost],
  );
});

test('an unsupported version, path or method is refused cleanly', async (t) => {
  const { call, standIn } = await startOrg(t);
  assert.equal((await call('GET', '/services/data/v12.0/sobjects')).status, 404);
  assert.equal((await call('GET', `${data}/nothing`)).status, 404);
  assert.equal((await call('PUT', `${data}/composite/sobjects`, {})).status, 405);
  const versions = (await call('GET', '/services/data')).body as { version: string }[];
  assert.ok(versions.some((one) => one.version === '60.0'));
  const upgrade = await fetch(`${standIn.connection.instanceUrl}/cometd/60.0`);
  assert.equal(upgrade.status, 404);
});

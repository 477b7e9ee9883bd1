import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFields, createOne, data, failure, opportunity, partnerKey, save, startOrg } from './stand-in-org.ts';

const typed = (values: Record<string, unknown>, type = 'Opportunity') => ({ attributes: { type }, ...values });
interface RowAnswer {
  readonly id?: string;
  readonly success: boolean;
  readonly created?: boolean;
  readonly errors: { readonly statusCode: string; readonly message: string; readonly fields: string[] }[];
}
const rowsOf = (body: unknown): RowAnswer[] => body as RowAnswer[];
const codes = (body: unknown): string[] => rowsOf(body).map((row) => row.errors[0]?.statusCode ?? 'ok');

test('rows of a collection stand or fall alone, in the order they were sent', async (t) => {
  const { call } = await startOrg(t);
  const records = [typed(opportunity()), typed({ Name: 'No stage' }), typed({ Name: 'Acme' }, 'Account')];
  const answer = await call('POST', `${data}/composite/sobjects`, { allOrNone: false, records });
  assert.equal(answer.status, 200);
  const rows = rowsOf(answer.body);
  assert.deepEqual(
    rows.map((row) => row.success),
    [true, false, true],
  );
  assert.deepEqual(rows[1], {
    success: false,
    errors: [
      {
        statusCode: 'REQUIRED_FIELD_MISSING',
        message: 'Required fields are missing: [StageName, CloseDate]',
        fields: ['StageName', 'CloseDate'],
      },
    ],
  });
  assert.deepEqual(Object.keys(rows[0] ?? {}), ['id', 'success', 'errors'], 'created belongs to upserts only');
});

test('allOrNone takes everything back and says so of each row', async (t) => {
  const { call, standIn } = await startOrg(t);
  const records = [typed(opportunity()), typed({ Name: 'No stage' })];
  const answer = await call('POST', `${data}/composite/sobjects`, { allOrNone: true, records });
  assert.equal(answer.status, 200);
  assert.deepEqual(codes(answer.body), ['ALL_OR_NONE_OPERATION_ROLLED_BACK', 'REQUIRED_FIELD_MISSING']);
  assert.deepEqual(
    rowsOf(answer.body).map((row) => row.created),
    [true, true],
  );
  assert.deepEqual(standIn.administration.rows('Opportunity'), []);
});

test('an upsert creates what is new and updates what is there, by external id in any case', async (t) => {
  const { connection } = await startOrg(t);
  await createFields(connection, partnerKey);
  const upsert = (rows: Record<string, unknown>[]) =>
    connection.sobject('Opportunity').upsert(rows, 'Partner_Key__c', { allOrNone: false });
  const first = await upsert([opportunity({ Partner_Key__c: 'O1' }), opportunity({ Partner_Key__c: 'O2' })]);
  const second = await upsert([{ Partner_Key__c: 'o1', NextStep: 'Call' }, { Partner_Key__c: 'O3' }]);
  assert.deepEqual(
    first.map((row) => row.success && row.created),
    [true, true],
  );
  assert.equal(second[0]?.id, first[0]?.id);
  assert.deepEqual(
    second.map((row) => [row.success, 'created' in row && row.created]),
    [
      [true, false],
      [false, true],
    ],
  );
});

test('a key twice in one call fails both rows, an empty key only its own', async (t) => {
  const { connection, call, standIn } = await startOrg(t);
  await createFields(connection, partnerKey);
  const keys = ['O1', 'O2', 'o1', ''];
  const records = keys.map((Partner_Key__c) => typed(opportunity({ Partner_Key__c })));
  const answer = await call('PATCH', `${data}/composite/sobjects/Opportunity/Partner_Key__c`, {
    allOrNone: false,
    records,
  });
  assert.deepEqual(codes(answer.body), ['DUPLICATE_VALUE', 'ok', 'DUPLICATE_VALUE', 'MISSING_ARGUMENT']);
  assert.deepEqual(rowsOf(answer.body)[0]?.errors[0], {
    statusCode: 'DUPLICATE_VALUE',
    message: 'Duplicate external id specified: O1',
    fields: ['Partner_Key__c'],
  });
  assert.equal(standIn.administration.rows('Opportunity').length, 1);
});

test('a key that several records hold is reported with their ids', async (t) => {
  const { connection } = await startOrg(t);
  await createFields(connection, { ...partnerKey, unique: false });
  const ids = [];
  for (const _ of [1, 2]) ids.push(await createOne(connection, 'Opportunity', opportunity({ Partner_Key__c: 'O1' })));
  const [row] = await connection
    .sobject('Opportunity')
    .upsert([{ Partner_Key__c: 'O1' }], 'Partner_Key__c', { allOrNone: false });
  assert.equal(row?.success, false);
  assert.deepEqual(row?.errors[0], {
    statusCode: 'DUPLICATE_EXTERNAL_ID',
    message: `Partner Key: more than one record found for external id field: [${ids.join(', ')}]`,
    fields: ['Partner_Key__c'],
  });
});

test('a parent is found by its external id, and a missing one fails its row', async (t) => {
  const { connection } = await startOrg(t);
  const labels = { label: 'Link', pluralLabel: 'Links', deploymentStatus: 'Deployed', sharingModel: 'ReadWrite' };
  await save(connection, 'CustomObject', {
    fullName: 'Link__c',
    ...labels,
    nameField: { type: 'Text', label: 'Name' },
  });
  await createFields(
    connection,
    partnerKey,
    { ...partnerKey, fullName: 'Link__c.Link_Key__c' },
    { fullName: 'Account.Account_Key__c', label: 'Key', type: 'Text', length: 20, externalId: true, unique: true },
    {
      fullName: 'Opportunity.Link__c',
      label: 'Link',
      type: 'Lookup',
      referenceTo: 'Link__c',
      relationshipName: 'Opportunities',
    },
  );
  const account = await createOne(connection, 'Account', { Name: 'Acme', Account_Key__c: 'A1' });
  const link = await createOne(connection, 'Link__c', { Link_Key__c: 'L1' });
  const rows = await connection
    .sobject('Opportunity')
    .upsert(
      [
        opportunity({ Partner_Key__c: 'O1', Account: { Account_Key__c: 'A1' }, Link__r: { Link_Key__c: 'L1' } }),
        opportunity({ Partner_Key__c: 'O2', Account: { Account_Key__c: 'A9' } }),
      ],
      'Partner_Key__c',
      { allOrNone: false },
    );
  assert.equal(rows[1]?.success, false);
  assert.deepEqual(rows[1]?.errors[0], {
    statusCode: 'INVALID_FIELD',
    message: 'Foreign key external ID: a9 not found for field Account_Key__c in entity Account',
    fields: [],
  });
  const found = await connection.query(
    "SELECT AccountId, Link__c, Link__r.Link_Key__c FROM Opportunity WHERE Partner_Key__c = 'O1'",
  );
  assert.deepEqual([found.records[0]?.AccountId, found.records[0]?.Link__c], [account, link]);
});

test('more than 200 records are refused; jsforce slices them only when told to', async (t) => {
  const { connection } = await startOrg(t);
  await createFields(connection, partnerKey);
  const rows = Array.from({ length: 201 }, (_, index) => opportunity({ Partner_Key__c: `O${index}` }));
  const object = connection.sobject('Opportunity');
  const refused = await failure(object.upsert(rows, 'Partner_Key__c', { allOrNone: false }));
  assert.equal(refused.code, 'EXCEEDED_ID_LIMIT');
  assert.equal(refused.message, 'record limit reached. cannot submit more than 200 records into this call');
  const sliced = await object.upsert(rows, 'Partner_Key__c', { allOrNone: false, allowRecursive: true });
  assert.equal(sliced.filter((row) => row.success).length, 201);
});

test('an unknown column or a wrong JSON type fails the whole call', async (t) => {
  const { call, standIn } = await startOrg(t);
  const send = (record: object) =>
    call('POST', `${data}/composite/sobjects`, { allOrNone: false, records: [typed(opportunity()), record] });
  const unknown = await send(typed(opportunity({ Nowhere__c: 1 })));
  assert.equal(unknown.status, 400);
  assert.deepEqual(unknown.body, [
    { errorCode: 'INVALID_FIELD', message: "No such column 'Nowhere__c' on sobject of type Opportunity" },
  ]);
  const mistyped = await send(typed(opportunity({ CloseDate: 'soon' })));
  assert.equal(mistyped.status, 400);
  assert.match(
    JSON.stringify(mistyped.body),
    /Cannot deserialize instance of date from VALUE_STRING value soon at .*JSON_PARSER_ERROR/,
  );
  assert.deepEqual(standIn.administration.rows('Opportunity'), []);
});

test('an update names its rows by id, and says of each why it could not be found', async (t) => {
  const { call, connection } = await startOrg(t);
  const id = await createOne(connection, 'Opportunity', opportunity());
  const gone = await createOne(connection, 'Opportunity', opportunity());
  await connection.sobject('Opportunity').destroy(gone);
  const records = [id, gone, '006000000000001AAA', 'nonsense', ''].map((one) => typed({ id: one, NextStep: 'Call' }));
  const answer = await call('PATCH', `${data}/composite/sobjects`, { allOrNone: false, records });
  assert.deepEqual(codes(answer.body), [
    'ok',
    'ENTITY_IS_DELETED',
    'INVALID_CROSS_REFERENCE_KEY',
    'MALFORMED_ID',
    'MISSING_ARGUMENT',
  ]);
});

test('a retrieve answers null for what is missing or deleted', async (t) => {
  const { connection } = await startOrg(t);
  const id = await createOne(connection, 'Account', { Name: 'Acme' });
  const gone = await createOne(connection, 'Account', { Name: 'Gone' });
  await connection.sobject('Account').destroy(gone);
  const rows = await connection.requestPost<({ Name: string } | null)[]>(`${data}/composite/sobjects/Account`, {
    ids: [gone, id, '001000000000001AAA'],
    fields: ['Name'],
  });
  assert.deepEqual(
    rows.map((row) => row?.Name ?? null),
    [null, 'Acme', null],
  );
});

test('a delete answers for each id, and allOrNone keeps all', async (t) => {
  const { call, connection, standIn } = await startOrg(t);
  const ids = [];
  for (const Name of ['a', 'b']) ids.push(await createOne(connection, 'Account', { Name }));
  const missing = '001000000000001AAA';
  const kept = await call('DELETE', `${data}/composite/sobjects?ids=${[...ids, missing].join(',')}&allOrNone=true`);
  assert.deepEqual(codes(kept.body), [
    'ALL_OR_NONE_OPERATION_ROLLED_BACK',
    'ALL_OR_NONE_OPERATION_ROLLED_BACK',
    'INVALID_CROSS_REFERENCE_KEY',
  ]);
  assert.equal(standIn.administration.read(ids[0] ?? '')?.IsDeleted, false);
  const gone = await call('DELETE', `${data}/composite/sobjects?ids=${[...ids, missing].join(',')}`);
  assert.deepEqual(codes(gone.body), ['ok', 'ok', 'INVALID_CROSS_REFERENCE_KEY']);
});

test('an external id becomes free when its record is deleted', async (t) => {
  const { connection } = await startOrg(t);
  await createFields(connection, partnerKey);
  const object = connection.sobject('Opportunity');
  const first = await createOne(connection, 'Opportunity', opportunity({ Partner_Key__c: 'O1' }));
  assert.equal(
    (await failure(object.create(opportunity({ Partner_Key__c: 'o1' })))).message,
    `duplicate value found: Partner_Key__c duplicates value on record with id: ${first.slice(0, 15)}`,
  );
  await object.destroy(first);
  const again = await object.upsert([opportunity({ Partner_Key__c: 'O1' })], 'Partner_Key__c', { allOrNone: false });
  assert.notEqual(again[0]?.id, first);
});

test('composite requests use earlier answers, and allOrNone takes them back together', async (t) => {
  const { connection, standIn } = await startOrg(t);
  const requests = (contact: object) => ({
    allOrNone: true,
    compositeRequest: [
      { method: 'POST', url: `${data}/sobjects/Account`, referenceId: 'account', body: { Name: 'Acme' } },
      { method: 'POST', url: `${data}/sobjects/Contact`, referenceId: 'contact', body: contact },
    ],
  });
  interface Composite {
    compositeResponse: { httpStatusCode: number; referenceId: string; body: unknown }[];
  }
  const send = (contact: object) => connection.requestPost<Composite>(`${data}/composite`, requests(contact));
  const good = await send({ LastName: 'Doe', AccountId: '@{account.id}' });
  assert.deepEqual(
    good.compositeResponse.map((one) => one.httpStatusCode),
    [201, 201],
  );
  const [contact] = standIn.administration.rows('Contact');
  assert.equal(contact?.AccountId, standIn.administration.rows('Account')[0]?.Id);
  const bad = await send({ FirstName: 'No last name' });
  assert.deepEqual(
    bad.compositeResponse.map((one) => one.httpStatusCode),
    [400, 400],
  );
  assert.equal(standIn.administration.rows('Account').length, 1);

  const batch = await connection.requestPost<{ hasErrors: boolean; results: { statusCode: number }[] }>(
    `${data}/composite/batch`,
    {
      batchRequests: [
        { method: 'GET', url: 'v60.0/limits' },
        { method: 'GET', url: 'v60.0/sobjects/Nothing/describe' },
      ],
    },
  );
  assert.deepEqual([batch.hasErrors, batch.results.map((one) => one.statusCode)], [true, [200, 404]]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFields, createOne, data, opportunity, partnerKey, startOrg, type TestOrg } from './stand-in-org.ts';

/** Every case of salesforce.md section 4 that a plain write meets: what is sent, and the exact answer. */
interface Case {
  readonly title: string;
  readonly object?: string;
  readonly record: Record<string, unknown>;
  readonly error: { readonly errorCode: string; readonly message: string; readonly fields?: readonly string[] };
}

const cases: readonly Case[] = [
  {
    title: 'required fields that are missing',
    record: { Name: 'x' },
    error: {
      errorCode: 'REQUIRED_FIELD_MISSING',
      message: 'Required fields are missing: [StageName, CloseDate]',
      fields: ['StageName', 'CloseDate'],
    },
  },
  {
    title: 'text that is too long, with the label of its field',
    record: opportunity({ Name: 'x'.repeat(121) }),
    error: {
      errorCode: 'STRING_TOO_LONG',
      message: `Opportunity Name: data value too large: ${'x'.repeat(121)} (max length=120)`,
      fields: ['Name'],
    },
  },
  {
    title: 'a value outside a restricted picklist',
    record: opportunity({ Kind__c: 'Other' }),
    error: {
      errorCode: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      message: 'Kind: bad value for restricted picklist field: Other',
      fields: ['Kind__c'],
    },
  },
  {
    title: 'a column that is not there',
    record: opportunity({ Nowhere__c: 'x' }),
    error: { errorCode: 'INVALID_FIELD', message: "No such column 'Nowhere__c' on sobject of type Opportunity" },
  },
  {
    title: 'a field that nobody may write',
    record: opportunity({ IsWon: true }),
    error: {
      errorCode: 'INVALID_FIELD_FOR_INSERT_UPDATE',
      message:
        'Unable to create/update fields: IsWon. Please check the security settings of this field and verify that it is read/write for your profile or permission set.',
      fields: ['IsWon'],
    },
  },
  {
    title: 'an id that is none',
    record: opportunity({ OwnerId: 'INVALID_OWNER' }),
    error: {
      errorCode: 'MALFORMED_ID',
      message: 'Owner ID: id value of incorrect type: INVALID_OWNER',
      fields: ['OwnerId'],
    },
  },
  {
    title: 'an id of nothing',
    record: opportunity({ AccountId: '001000000000001AAA' }),
    error: { errorCode: 'INVALID_CROSS_REFERENCE_KEY', message: 'invalid cross reference id', fields: [] },
  },
  {
    title: 'a record type of nothing',
    record: opportunity({ RecordTypeId: '012000000000001AAA' }),
    error: {
      errorCode: 'INVALID_CROSS_REFERENCE_KEY',
      message: "Record Type ID: this ID value isn't valid for the user: 012000000000001AAA",
      fields: ['RecordTypeId'],
    },
  },
  {
    title: 'a relation through a field that is no external id',
    record: opportunity({ Account: { Site: 'x' } }),
    error: {
      errorCode: 'INVALID_FIELD',
      message: 'Site is not an External ID or indexed field for Account',
      fields: [],
    },
  },
  {
    title: 'an e-mail address that is none',
    object: 'Lead',
    record: { LastName: 'x', Company: 'y', Email: 'nobody' },
    error: { errorCode: 'INVALID_EMAIL_ADDRESS', message: 'Email: invalid email address: nobody', fields: ['Email'] },
  },
  {
    title: 'text in a number field',
    record: opportunity({ Amount: 'much' }),
    error: {
      errorCode: 'JSON_PARSER_ERROR',
      message: 'Cannot deserialize instance of currency from VALUE_STRING value much at [line:1, column:2]',
    },
  },
];

async function orgOfCases(t: Parameters<typeof startOrg>[0]): Promise<TestOrg> {
  const org = await startOrg(t);
  await createFields(org.connection, partnerKey, {
    fullName: 'Opportunity.Kind__c',
    label: 'Kind',
    type: 'Picklist',
    valueSet: {
      restricted: true,
      valueSetDefinition: { sorted: false, value: [{ fullName: 'New', default: false, label: 'New' }] },
    },
  });
  return org;
}

test('each refused write answers 400 with an array of one error, in the words of an org', async (t) => {
  const { call } = await orgOfCases(t);
  for (const { title, object, record, error } of cases) {
    const answer = await call('POST', `${data}/sobjects/${object ?? 'Opportunity'}`, record);
    assert.equal(answer.status, 400, title);
    assert.deepEqual(answer.body, [error], title);
    assert.equal(answer.headers.get('content-type'), 'application/json;charset=UTF-8');
  }
});

test('inside a collection the same error is called statusCode, and always has fields', async (t) => {
  const { call } = await orgOfCases(t);
  for (const { title, object, record, error } of cases.filter((one) => one.error.fields !== undefined)) {
    if (record.Account !== undefined) continue;
    const records = [{ attributes: { type: object ?? 'Opportunity' }, ...record }];
    const answer = await call('POST', `${data}/composite/sobjects`, { allOrNone: false, records });
    const { errorCode: statusCode, message, fields } = error;
    assert.deepEqual(answer.body, [{ success: false, errors: [{ statusCode, message, fields }] }], title);
  }
});

test('a request without a valid session, a body that is no JSON and an unknown object are errors of the request', async (t) => {
  const { call } = await startOrg(t);
  const noSession = await call('GET', `${data}/limits`, undefined, { authorization: 'Bearer 00Dnothing' });
  assert.deepEqual(
    [noSession.status, noSession.body],
    [401, [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }]],
  );
  const noJson = await call('POST', `${data}/sobjects/Opportunity`, '<xml/>');
  assert.equal(noJson.status, 400);
  assert.match(JSON.stringify(noJson.body), /JSON_PARSER_ERROR/);
  const noObject = await call('POST', `${data}/sobjects/Nothing__c`, {});
  assert.deepEqual(
    [noObject.status, noObject.body],
    [404, [{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }]],
  );
});

test('several validation rules that fail answer several errors', async (t) => {
  const { connection, call } = await startOrg(t);
  for (const name of ['First', 'Second'])
    await connection.metadata.create('ValidationRule', {
      fullName: `Opportunity.${name}`,
      active: true,
      errorConditionFormula: 'ISBLANK(NextStep)',
      errorMessage: `${name} rule.`,
    });
  const answer = await call('POST', `${data}/sobjects/Opportunity`, opportunity());
  assert.equal(answer.status, 400);
  assert.deepEqual(answer.body, [
    { message: 'First rule.', errorCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', fields: [] },
    { message: 'Second rule.', errorCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', fields: [] },
  ]);
});

test('a duplicate rule answers with the records it found, and an alert lets the caller pass', async (t) => {
  const { connection, call, standIn } = await startOrg(t);
  const first = await createOne(connection, 'Account', { Name: 'Acme' });
  standIn.administration.addDuplicateRule({
    name: 'Same name',
    object: 'Account',
    fields: ['Name'],
    action: 'alert',
    message: 'Use one of these records?',
  });
  const answer = await call('POST', `${data}/sobjects/Account`, { Name: 'ACME' });
  assert.equal(answer.status, 400);
  const [error] = answer.body as [{ errorCode: string; fields?: unknown; duplicateResut: Record<string, unknown> }];
  assert.deepEqual(
    [error.errorCode, error.fields, error.duplicateResut.allowSave],
    ['DUPLICATES_DETECTED', undefined, true],
  );
  assert.match(JSON.stringify(error.duplicateResut), new RegExp(first));
  const records = [{ attributes: { type: 'Account' }, Name: 'acme' }];
  const inCollection = await call('POST', `${data}/composite/sobjects`, { allOrNone: false, records });
  assert.deepEqual(inCollection.body, [
    {
      success: false,
      errors: [{ statusCode: 'DUPLICATES_DETECTED', message: 'Use one of these records?', fields: [] }],
    },
  ]);
  const headers = { 'Sforce-Duplicate-Rule-Header': 'allowSave=true' };
  assert.equal((await call('POST', `${data}/sobjects/Account`, { Name: 'Acme' }, headers)).status, 201);
});

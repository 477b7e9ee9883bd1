import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createSalesforceCrm } from '../../../src/crm/salesforce/create-salesforce-crm.ts';
import { AceSyncError } from '../../../src/errors.ts';
import {
  idOf,
  opportunityFields,
  type Reply,
  rowsOf,
  type Seen,
  startTinySalesforce,
  type TinySalesforce,
} from './tiny-salesforce.ts';

const open: TinySalesforce[] = [];
after(() => Promise.all(open.map((server) => server.close())));

async function start(
  collections: (rows: readonly Record<string, unknown>[], request: Seen) => Reply | unknown[],
  overrides: Record<string, unknown> = {},
) {
  const server = await startTinySalesforce(
    (request) => {
      if (!request.url.pathname.includes('/composite/sobjects')) return undefined;
      const reply = collections(rowsOf(request), request);
      return Array.isArray(reply) ? { json: reply } : reply;
    },
    { Opportunity: opportunityFields },
  );
  open.push(server);
  let now = Date.parse('2026-01-01T00:00:00Z');
  const crm = createSalesforceCrm(server.options(overrides), { now: () => now, sleep: async () => {} });
  return { server, crm, pass: (ms: number) => (now += ms) };
}

const byAceId = (value: string) => ({ externalId: 'ACE_Id__c', value });
const written = (row: Record<string, unknown>, index: number) => ({
  id: idOf(index),
  success: true,
  created: true,
  errors: [],
  row: row.x,
});
const failed = (statusCode: string, message = '', fields: string[] = []) => ({
  success: false,
  errors: [{ statusCode, message, fields }],
});

test('200 concurrent writes share one call, and each gets the result of its own row', async () => {
  const { server, crm } = await start((rows) =>
    rows.map((row, index) => (row.Name === 'bad' ? failed('STRING_TOO_LONG', 'x', ['Name']) : written(row, index))),
  );
  const outcomes = await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      crm.write('opportunity', byAceId(`O${index}`), { Name: index === 7 ? 'bad' : 'good' }),
    ),
  );
  assert.equal(server.requests('composite').length, 1);
  assert.equal(outcomes.filter((outcome) => outcome.kind === 'written').length, 199);
  assert.equal(outcomes[7]?.kind, 'refused');
  assert.deepEqual(outcomes[9], { kind: 'written', id: idOf(9), created: true });
});

test('more than 200 records never go out in one call', async () => {
  const { server, crm } = await start((rows) => rows.map(written));
  await Promise.all(
    Array.from({ length: 450 }, (_, index) => crm.write('opportunity', byAceId(`O${index}`), { Name: 'n' })),
  );
  assert.deepEqual(
    server.requests('composite').map((request) => rowsOf(request).length),
    [200, 200, 50],
  );
});

test('a problem names the field by its label and never repeats the value', async () => {
  const { crm } = await start((rows) =>
    rows.map(() =>
      failed('STRING_TOO_LONG', 'Opportunity Name: data value too large: Secret Customer Ltd (max length=120)', [
        'Name',
      ]),
    ),
  );
  const outcome = await crm.write('opportunity', byAceId('O1'), { Name: 'Secret Customer Ltd' });
  assert.equal(outcome.kind, 'refused');
  assert.equal(JSON.stringify(outcome).includes('Secret'), false);
  assert.match(JSON.stringify(outcome), /Opportunity Name/);
});

test('the refusal of our own rule means the record holds a newer version', async () => {
  const { crm } = await start((rows) =>
    rows.map(() =>
      failed('FIELD_CUSTOM_VALIDATION_EXCEPTION', 'ACE_SYNC_OLDER: a newer ACE version was already written.'),
    ),
  );
  assert.deepEqual(await crm.write('opportunity', byAceId('O1'), { Name: 'n' }), { kind: 'older' });
});

test('locked rows are tried once more apart from the others, then later', async () => {
  const { server, crm } = await start((rows) =>
    rows.map((row, index) => (row.Name === 'locked' ? failed('UNABLE_TO_LOCK_ROW') : written(row, index))),
  );
  const [one, two] = await Promise.all([
    crm.write('opportunity', byAceId('O1'), { Name: 'locked' }),
    crm.write('opportunity', byAceId('O2'), { Name: 'n' }),
  ]);
  assert.equal(two?.kind, 'written');
  assert.equal(one?.kind, 'later');
  assert.deepEqual(
    server.requests('composite').map((request) => rowsOf(request).length),
    [2, 1],
  );
});

test('an approval lock is a wait of an hour, with a reason for the sales person', async () => {
  const { crm } = await start((rows) => rows.map(() => failed('ENTITY_IS_LOCKED', 'entity is locked for editing')));
  const outcome = await crm.write('opportunity', { id: idOf(1) }, { Name: 'n' });
  assert.equal(outcome.kind === 'later' && outcome.retryAfterMs, 3_600_000);
  assert.equal(outcome.kind === 'later' && outcome.problem.fixBy, 'salesPerson');
});

test('a trigger that fails the whole batch for one record holds up none of the 199 others', async () => {
  const { server, crm } = await start((rows) =>
    rows.some((row) => row.Name === 'poison')
      ? rows.map(() => failed('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'T: System.LimitException'))
      : rows.map(written),
  );
  const outcomes = await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      crm.write('opportunity', byAceId(`O${index}`), { Name: index === 123 ? 'poison' : 'n' }),
    ),
  );
  assert.equal(outcomes.filter((outcome) => outcome.kind === 'written').length, 199);
  const poisoned = outcomes[123];
  assert.equal(poisoned?.kind === 'refused' && poisoned.problem.code, 'CRM_AUTOMATION_FAILED');
  assert.ok(server.requests('composite').length <= 17);
});

test('automation that fails every record costs few calls, and the records wait', async () => {
  const { server, crm } = await start((rows) => rows.map(() => failed('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'boom')));
  const outcomes = await Promise.all(
    Array.from({ length: 200 }, (_, index) => crm.write('opportunity', byAceId(`O${index}`), { Name: 'n' })),
  );
  assert.ok(server.requests('composite').length <= 26);
  assert.equal(outcomes.at(-1)?.kind, 'later');
});

test('after a batch failed as a whole the next calls carry fewer records', async () => {
  let fail = true;
  const { server, crm } = await start((rows) =>
    fail && rows.length > 50 ? rows.map(() => failed('APEX_ERROR', 'Apex CPU time limit exceeded')) : rows.map(written),
  );
  const write = () =>
    Promise.all(
      Array.from({ length: 100 }, (_, index) => crm.write('opportunity', byAceId(`O${index}`), { Name: 'n' })),
    );
  await write();
  fail = false;
  const before = server.requests('composite').length;
  await write();
  const sizes = server
    .requests('composite')
    .slice(before)
    .map((request) => rowsOf(request).length);
  assert.ok(sizes.every((size) => size <= 100));
  assert.equal(
    sizes.reduce((sum, size) => sum + size, 0),
    100,
  );
});

test('one value that Salesforce cannot parse does not refuse the other rows of the call', async () => {
  const { crm } = await start((rows) =>
    rows.some((row) => row.Name === 'unparsable')
      ? { status: 400, json: [{ errorCode: 'JSON_PARSER_ERROR', message: 'Cannot deserialize …' }] }
      : rows.map(written),
  );
  const outcomes = await Promise.all(
    ['a', 'unparsable', 'b', 'c'].map((name) => crm.write('opportunity', byAceId(`O-${name}`), { Name: name })),
  );
  assert.deepEqual(
    outcomes.map((outcome) => outcome.kind),
    ['written', 'refused', 'written', 'written'],
  );
});

test('an unknown field opens the breaker of the connection instead of being searched by halving', async () => {
  const { server, crm, pass } = await start((rows) => rows.map(written));
  const bad = () => crm.write('opportunity', byAceId('O1'), { Vanished__c: 'x' });
  await assert.rejects(
    bad(),
    (error: AceSyncError) => error.code === 'CRM_SCHEMA' && /Vanished__c/.test(error.message),
  );
  await assert.rejects(
    crm.write('opportunity', byAceId('O2'), { Name: 'n' }),
    (error: AceSyncError) => error.code === 'CRM_SCHEMA' && (error.retryAfterMs ?? 0) > 0,
  );
  assert.equal(server.requests('composite').length, 0);
  assert.equal(crm.health().fault?.code, 'CRM_SCHEMA');
  pass(10 * 60_000);
  assert.equal((await crm.write('opportunity', byAceId('O2'), { Name: 'n' })).kind, 'written');
  assert.equal(crm.health().fault, null);
});

test('a field that is hidden between our description and the call opens the breaker once for the whole batch', async () => {
  const { server, crm } = await start(() => ({
    status: 400,
    json: [{ errorCode: 'INVALID_FIELD', message: "No such column 'Name' on sobject of type Opportunity" }],
  }));
  const results = await Promise.allSettled(
    Array.from({ length: 50 }, (_, index) => crm.write('opportunity', byAceId(`O${index}`), { Name: 'n' })),
  );
  assert.equal(server.requests('composite').length, 1);
  assert.ok(results.every((result) => result.status === 'rejected' && result.reason instanceof AceSyncError));
});

test('a lookup may name its record by an external id, also where it can point to several objects', async () => {
  const { server, crm } = await start((rows) => rows.map(written));
  await crm.write('opportunity', byAceId('O1'), {
    AccountId: { externalId: 'Key__c', value: 'A/1' },
    OwnerId: { externalId: 'Email_Key__c', value: 'u' },
  });
  const [row] = rowsOf(server.requests('composite')[0] ?? assert.fail('no call'));
  assert.deepEqual(row?.Account, { Key__c: 'A/1' });
  assert.deepEqual(row?.Owner, { attributes: { type: 'User' }, Email_Key__c: 'u' });
});

test('a reference to a record that does not exist concerns its row alone', async () => {
  const { crm } = await start((rows) =>
    rows.map(() =>
      failed('INVALID_FIELD', 'Foreign key external ID: 1580 not found for field Key__c in entity Account'),
    ),
  );
  const outcome = await crm.write('opportunity', byAceId('O1'), { AccountId: { externalId: 'Key__c', value: '1580' } });
  assert.equal(outcome.kind === 'refused' && outcome.problem.code, 'CRM_REFERENCE_MISSING');
  assert.equal(crm.health().fault, null);
});

test('two waiting writes of one record with the same fields become one row, and both callers get its result', async () => {
  const { server, crm } = await start((rows) => rows.map(written));
  const outcomes = await Promise.all([
    crm.write('opportunity', byAceId('O1'), { Name: 'first' }),
    crm.write('opportunity', byAceId('o1'), { Name: 'second' }),
  ]);
  const calls = server.requests('composite');
  assert.equal(calls.length, 1);
  assert.equal(rowsOf(calls[0] ?? assert.fail())[0]?.Name, 'second');
  assert.deepEqual(outcomes[0], outcomes[1]);
});

test('two waiting writes of one record with different fields are both sent, one after the other', async () => {
  const { server, crm } = await start((rows) => rows.map(written));
  await Promise.all([
    crm.write('opportunity', byAceId('O1'), { Name: 'first' }),
    crm.write('opportunity', byAceId('O1'), { StageName: 'Qualified' }),
  ]);
  assert.deepEqual(
    server.requests('composite').map((request) => rowsOf(request).length),
    [1, 1],
  );
});

test('an empty key is refused by itself', async () => {
  const { server, crm } = await start((rows) => rows.map(written));
  const [empty, good] = await Promise.all([
    crm.write('opportunity', byAceId(''), { Name: 'n' }),
    crm.write('opportunity', byAceId('O/1 x'), { Name: 'n' }),
  ]);
  assert.equal(empty?.kind === 'refused' && empty.problem.code, 'CRM_KEY_EMPTY');
  assert.equal(good?.kind, 'written');
  assert.equal(rowsOf(server.requests('composite')[0] ?? assert.fail())[0]?.ACE_Id__c, 'O/1 x');
});

test('a cancelled write that has not been sent is not sent', async () => {
  const { server, crm } = await start((rows) => rows.map(written));
  const controller = new AbortController();
  const cancelled = crm.write('opportunity', byAceId('O1'), { Name: 'n' }, { signal: controller.signal });
  const other = crm.write('opportunity', byAceId('O2'), { Name: 'n' });
  await new Promise((resolve) => setImmediate(resolve));
  controller.abort(new Error('cancelled'));
  await assert.rejects(cancelled, /cancelled/);
  assert.equal((await other).kind, 'written');
  assert.deepEqual(
    server.requests('composite').flatMap((request) => rowsOf(request).map((row) => row.ACE_Id__c)),
    ['O2'],
  );
});

test('closing sends what waits', async () => {
  const { server, crm } = await start((rows) => rows.map(written), {
    batch: { loneWindowMs: 5_000, backlogWindowMs: 5_000 },
  });
  await crm.identity();
  const write = crm.write('opportunity', byAceId('O1'), { Name: 'n' });
  while (server.requests('describe').length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await new Promise((resolve) => setTimeout(resolve, 20));
  await crm.close();
  assert.equal((await write).kind, 'written');
});

test('a time limit concerns all rows of the call alike and makes the next call smaller', async () => {
  let hang = true;
  const { server, crm } = await start((rows) => (hang ? () => {} : rows.map(written)), { requestTimeoutMs: 200 });
  const write = (count: number) =>
    Promise.allSettled(
      Array.from({ length: count }, (_, index) => crm.write('opportunity', byAceId(`O${index}`), { Name: 'n' })),
    );
  const results = await write(200);
  assert.ok(results.every((result) => result.status === 'rejected' && result.reason.code === 'CRM_UNAVAILABLE'));
  hang = false;
  const before = server.requests('composite').length;
  await write(200);
  assert.equal(rowsOf(server.requests('composite')[before] ?? assert.fail()).length, 100);
});

test('a record that the platform always stumbles over waits alone, and the connection goes on', async () => {
  const { crm } = await start((rows) =>
    rows.some((row) => row.Name === 'cursed')
      ? { status: 500, json: [{ errorCode: 'UNKNOWN_EXCEPTION', message: 'An unexpected error occurred. … 1234-567' }] }
      : rows.map(written),
  );
  const outcomes = await Promise.all(
    ['a', 'b', 'cursed', 'c'].map((name) => crm.write('opportunity', byAceId(`O-${name}`), { Name: name })),
  );
  assert.deepEqual(
    outcomes.map((outcome) => outcome.kind),
    ['written', 'written', 'later', 'written'],
  );
  assert.equal(crm.health().fault, null);
});

test('many bad rows in one half of a batch do not keep the other half waiting', async () => {
  const { crm } = await start((rows) =>
    rows.some((row) => row.Name === 'bad') ? rows.map(() => failed('APEX_ERROR', 'boom')) : rows.map(written),
  );
  const outcomes = await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      crm.write('opportunity', byAceId(`O${index}`), { Name: index < 100 ? 'bad' : 'good' }),
    ),
  );
  assert.ok(outcomes.slice(100).every((outcome) => outcome.kind === 'written'));
  assert.ok(outcomes.slice(0, 100).every((outcome) => outcome.kind === 'refused'));
});

test('a field that Salesforce refuses for one record alone holds that record, not the connection', async () => {
  const text = 'Unable to create/update fields: StageName. Please check the security settings of this field …';
  const { crm } = await start((rows) =>
    rows.map((row, index) =>
      row.Name === 'special' ? failed('INVALID_FIELD_FOR_INSERT_UPDATE', text, ['StageName']) : written(row, index),
    ),
  );
  const [special, other] = await Promise.all([
    crm.write('opportunity', byAceId('O1'), { Name: 'special', StageName: 'x' }),
    crm.write('opportunity', byAceId('O2'), { Name: 'n', StageName: 'x' }),
  ]);
  assert.equal(special?.kind === 'refused' && special.problem.code, 'CRM_FIELD_REFUSED');
  assert.equal(other?.kind, 'written');
  assert.equal(crm.health().fault, null);
});

test('a field that Salesforce refuses and no longer lets us write holds the connection', async () => {
  const server = await startTinySalesforce(
    (request) => {
      if (request.url.pathname.endsWith('/Opportunity/describe')) {
        const hidden = server.requests('/Opportunity/describe').length > 1;
        const fields = opportunityFields.map((one) =>
          hidden && one.name === 'StageName' ? { ...one, updateable: false } : one,
        );
        return {
          json: {
            name: 'Opportunity',
            label: 'Opportunity',
            createable: true,
            updateable: true,
            queryable: true,
            fields,
          },
        };
      }
      if (!request.url.pathname.includes('/composite/sobjects')) return undefined;
      return {
        json: rowsOf(request).map(() => failed('INVALID_FIELD_FOR_INSERT_UPDATE', 'Unable to …', ['StageName'])),
      };
    },
    { Opportunity: opportunityFields },
  );
  open.push(server);
  let now = 0;
  const crm = createSalesforceCrm(server.options(), { now: () => (now += 20_000), sleep: async () => {} });
  await assert.rejects(
    crm.write('opportunity', byAceId('O1'), { StageName: 'x' }),
    (error: AceSyncError) => error.code === 'CRM_SCHEMA',
  );
});

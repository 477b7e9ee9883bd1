import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { FaultEffect } from '../../../src/sandbox/salesforce/index.ts';
import {
  act,
  createFields,
  createOne,
  data,
  failure,
  opportunity,
  partnerKey,
  startOrg,
  type TestOrg,
} from './stand-in-org.ts';

const collection = `${data}/composite/sobjects/Opportunity/Partner_Key__c`;
const rows = (...keys: string[]) => ({
  allOrNone: false,
  records: keys.map((Partner_Key__c) => ({ attributes: { type: 'Opportunity' }, ...opportunity({ Partner_Key__c }) })),
});

async function keyedOrg(t: Parameters<typeof startOrg>[0]): Promise<TestOrg> {
  const org = await startOrg(t);
  await createFields(org.connection, partnerKey);
  return org;
}
const stored = ({ standIn }: TestOrg): number => standIn.administration.rows('Opportunity').length;

/** Faults that answer in place of doing anything: effect, status, body, headers. */
const answered: readonly [FaultEffect, number, RegExp, Record<string, string>?][] = [
  [{ kind: 'unavailable', retryAfterSeconds: 7 }, 503, /SERVER_UNAVAILABLE/, { 'retry-after': '7' }],
  [{ kind: 'tooManyRequests', retryAfterSeconds: 3 }, 429, /REQUEST_LIMIT_EXCEEDED/, { 'retry-after': '3' }],
  [{ kind: 'html', status: 503 }, 503, /<html>/, { 'content-type': 'text/html;charset=UTF-8' }],
  [{ kind: 'error', code: 'UNABLE_TO_LOCK_ROW', message: 'locked' }, 400, /UNABLE_TO_LOCK_ROW/],
  [{ kind: 'error', code: 'UNKNOWN_EXCEPTION', message: 'oops', status: 500 }, 500, /UNKNOWN_EXCEPTION/],
];

test('a fault strikes the next matching call, as often as told, and does nothing', async (t) => {
  const org = await keyedOrg(t);
  for (const [effect, status, body, headers] of answered) {
    org.standIn.faults.inject({ method: 'PATCH', path: '/composite/sobjects/', object: 'Opportunity' }, effect, {
      times: 2,
      skip: 1,
    });
    assert.equal((await org.call('GET', `${data}/limits`)).status, 200, 'another call passes');
    const codes = [];
    for (let attempt = 0; attempt < 4; attempt++) codes.push((await org.call('PATCH', collection, rows())).status);
    assert.deepEqual(codes, [200, status, status, 200]);
    org.standIn.faults.inject({}, effect);
    const answer = await org.call('PATCH', collection, rows('O1'));
    assert.match(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body), body);
    for (const [name, value] of Object.entries(headers ?? {})) assert.equal(answer.headers.get(name), value);
  }
  assert.equal(stored(org), 0);
  assert.equal(org.standIn.faults.waiting(), 0);
});

test('an expired token and an exhausted limit refuse until somebody acts', async (t) => {
  const org = await keyedOrg(t);
  org.standIn.faults.inject({}, { kind: 'limitExhausted' });
  assert.equal((await org.call('GET', `${data}/limits`)).status, 403);
  assert.equal((await org.call('GET', `${data}/limits`)).status, 403);
  org.standIn.usage.used = 0;
  org.standIn.faults.inject({}, { kind: 'expireToken' });
  assert.equal((await org.call('GET', `${data}/limits`)).status, 401);
  assert.equal((await org.call('GET', `${data}/limits`)).status, 401);
});

test('a lost answer and a cut body come after the work is done', async (t) => {
  const org = await keyedOrg(t);
  const effects: FaultEffect[] = [{ kind: 'loseAnswer' }, { kind: 'cutBody', afterBytes: 5 }];
  for (const [index, effect] of effects.entries()) {
    org.standIn.faults.inject({ method: 'PATCH' }, effect);
    await assert.rejects(org.call('PATCH', collection, rows(`O${index}`)));
    assert.equal(stored(org), index + 1);
  }
});

test('a reset connection and a hanging call do nothing', async (t) => {
  const org = await keyedOrg(t);
  org.standIn.faults.inject({ method: 'PATCH' }, { kind: 'resetConnection' });
  await assert.rejects(org.call('PATCH', collection, rows('O1')));
  org.standIn.faults.inject({ method: 'PATCH' }, { kind: 'hang' });
  const { instanceUrl, accessToken } = org.standIn.connection;
  const hanging = fetch(`${instanceUrl}${collection}`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${accessToken}` },
    body: JSON.stringify(rows('O1')),
    signal: AbortSignal.timeout(150),
  });
  await assert.rejects(hanging, { name: 'TimeoutError' });
  assert.equal(stored(org), 0);
});

test('a write can commit after its caller gave up, and after a newer write', async (t) => {
  const org = await keyedOrg(t);
  const id = await createOne(org.connection, 'Opportunity', opportunity({ NextStep: 'none' }));
  org.standIn.faults.inject({ method: 'PATCH' }, { kind: 'commitLate', milliseconds: 100 });
  await assert.rejects(org.call('PATCH', `${data}/sobjects/Opportunity/${id}`, { NextStep: 'older' }));
  await org.connection.sobject('Opportunity').update({ Id: id, NextStep: 'newer' });
  assert.equal(org.standIn.administration.read(id)?.NextStep, 'newer');
  while (org.standIn.faults.lateCommits > 0) await setImmediate();
  assert.equal(org.standIn.administration.read(id)?.NextStep, 'older');
});

test('single rows of a call can be refused, by the value of a field', async (t) => {
  const org = await keyedOrg(t);
  org.standIn.faults.lockRows('Opportunity');
  org.standIn.faults.injectRow({
    object: 'Opportunity',
    where: { field: 'Partner_Key__c', value: 'O3' },
    code: 'STORAGE_LIMIT_EXCEEDED',
    message: 'storage limit exceeded',
  });
  const answer = await org.call('PATCH', collection, rows('O1', 'O2', 'O3'));
  const results = answer.body as { success: boolean; errors: { statusCode: string; message: string }[] }[];
  assert.deepEqual(
    results.map((row) => row.errors[0]?.statusCode ?? 'ok'),
    ['UNABLE_TO_LOCK_ROW', 'ok', 'STORAGE_LIMIT_EXCEEDED'],
  );
  assert.match(
    results[0]?.errors[0]?.message ?? '',
    /^unable to obtain exclusive access to this record or 1 records: /,
  );
});

test('another process injects faults and acts as people do over HTTP, and is told when it asks wrongly', async (t) => {
  const org = await keyedOrg(t);
  const { standIn } = org;
  const { id } = (await act(standIn, 'create', {
    object: 'Opportunity',
    values: opportunity({ Partner_Key__c: 'O1' }),
  })) as { id: string };
  await act(standIn, 'faults', {
    match: { method: 'POST', object: 'Account' },
    effect: { kind: 'unavailable' },
    times: 1,
  });
  await act(standIn, 'edit', { id, values: { NextStep: 'Call' } });
  await act(standIn, 'lock', { id });
  assert.equal((await failure(org.connection.sobject('Account').create({ Name: 'x' }))).code, 'SERVER_UNAVAILABLE');
  assert.equal(
    (await failure(org.connection.sobject('Opportunity').update({ Id: id, Name: 'y' }))).code,
    'ENTITY_IS_LOCKED',
  );
  await act(standIn, 'unlock', { id });
  await act(standIn, 'delete', { id });
  await act(standIn, 'undelete', { id });
  await act(standIn, 'clock', { advanceMilliseconds: 60_000 });
  await act(standIn, 'limits', { dailyApiRequests: 5000, used: 10 });
  const state = await fetch(`${standIn.connection.instanceUrl}/__standin/state`);
  const { strikes, apiUsed, limits } = (await state.json()) as {
    strikes: object;
    apiUsed: number;
    limits: { dailyApiRequests: number };
  };
  assert.deepEqual([strikes, apiUsed, limits.dailyApiRequests], [{ unavailable: 1 }, 10, 5000]);
  const listed = await fetch(`${standIn.connection.instanceUrl}/__standin/rows?object=Opportunity`);
  assert.equal(((await listed.json()) as { NextStep: string }[])[0]?.NextStep, 'Call');
  await assert.rejects(act(standIn, 'faults', { effect: { kind: 'magic' } }), /400.*effect/s);
  await assert.rejects(act(standIn, 'nothing', {}), /404/);
  const fromPage = await fetch(`${standIn.connection.instanceUrl}/__standin/state`, {
    headers: { origin: 'https://example.com' },
  });
  assert.equal(fromPage.status, 403);
});

test('an upgrade to a WebSocket is refused cleanly', async (t) => {
  const { standIn } = await startOrg(t);
  const port = Number(new URL(standIn.connection.instanceUrl).port);
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write('GET /cometd/60.0 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    });
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
  });
  assert.match(answer, /^HTTP\/1\.1 400 /);
});

test('more requests at once than an org bears are refused, and may come again', async (t) => {
  const org = await startOrg(t, { limits: { concurrentRequests: 2 } });
  org.standIn.faults.inject({}, { kind: 'slow', milliseconds: 50 }, { times: 2 });
  const slow = [org.call('GET', `${data}/limits`), org.call('GET', `${data}/limits`)];
  while (org.standIn.usage.waiting < 2) await setImmediate();
  const refused = await org.call('GET', `${data}/limits`);
  assert.deepEqual(refused.body, [
    { message: 'ConcurrentRequests Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' },
  ]);
  assert.deepEqual(
    (await Promise.all(slow)).map((answer) => answer.status),
    [200, 200],
  );
  assert.equal((await org.call('GET', `${data}/limits`)).status, 200);
});

test('an org can be far away: every request takes its time', async (t) => {
  const org = await startOrg(t, { latencyMilliseconds: 30 });
  const before = performance.now();
  await org.call('GET', `${data}/limits`);
  assert.ok(performance.now() - before >= 28, 'timers may fire a millisecond early');
  await act(org.standIn, 'latency', { milliseconds: 0 });
  assert.equal(org.standIn.faults.latencyMilliseconds, 0);
});

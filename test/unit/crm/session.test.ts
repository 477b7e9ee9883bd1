import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createVerify, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { audienceOf } from '../../../src/crm/salesforce/login.ts';
import { query } from '../../../src/crm/salesforce/query.ts';
import { createSession } from '../../../src/crm/salesforce/session.ts';
import { createTransport, isLoopback, parseRetryAfter } from '../../../src/crm/salesforce/transport.ts';
import type { AceSyncError } from '../../../src/errors.ts';
import { orgId, type Reply, type Seen, startTinySalesforce, type TinySalesforce } from './tiny-salesforce.ts';

const open: TinySalesforce[] = [];
const folder = mkdtempSync(join(tmpdir(), 'session-test-'));
after(async () => {
  rmSync(folder, { recursive: true });
  await Promise.all(open.map((server) => server.close()));
});

async function start(answer?: (request: Seen) => Reply | undefined) {
  const server = await startTinySalesforce(answer);
  open.push(server);
  return server;
}

const soql = 'SELECT Id FROM Lead';
const isLeadQuery = (request: Seen) => (request.url.searchParams.get('q') ?? '').includes('FROM Lead');
const expired: Reply = {
  status: 401,
  json: [{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }],
};
const rejectsWith = (code: string) => (error: AceSyncError) => error.code === code;

test('a rotated secret is used at the next login, without a restart', async () => {
  const file = join(folder, 'secret');
  writeFileSync(file, 'first\n');
  let valid = true;
  const server = await start((request) => {
    if (!isLeadQuery(request) || valid) return undefined;
    valid = true;
    return expired;
  });
  const auth = { kind: 'clientCredentials', clientId: { static: 'c' }, clientSecret: { file } };
  const session = createSession(server.options({ auth }));
  await query(session, 'query', soql);
  writeFileSync(file, 'second\n');
  valid = false;
  await query(session, 'query', soql);
  const secrets = server
    .requests('/oauth2/token')
    .map((request) => new URLSearchParams(request.body).get('client_secret'));
  assert.deepEqual(secrets, ['first', 'second']);
});

test('JWT bearer signs an assertion that names the audience and ends within five minutes', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const server = await start();
  const auth = {
    kind: 'jwtBearer',
    clientId: { static: 'c' },
    privateKey: { static: pem },
    username: 'sync@example.com',
  };
  await createSession(server.options({ auth })).identity();
  const assertion = new URLSearchParams(server.requests('/oauth2/token')[0]?.body).get('assertion') ?? '';
  const [head = '', payload = '', signature = ''] = assertion.split('.');
  assert.ok(createVerify('RSA-SHA256').update(`${head}.${payload}`).verify(publicKey, signature, 'base64url'));
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  assert.equal(claims.aud, server.url);
  assert.equal(claims.sub, 'sync@example.com');
  assert.ok(claims.exp - Date.now() / 1000 <= 300);
});

test('many callers that meet a dead session share one renewal', async () => {
  const server = await start((request) =>
    isLeadQuery(request) && request.headers.authorization === 'Bearer token-1' ? expired : undefined,
  );
  const session = createSession(server.options());
  await Promise.all(Array.from({ length: 20 }, () => query(session, 'query', soql)));
  assert.equal(server.requests('/oauth2/token').length, 2);
});

test('a refused login says why in the words of Salesforce, without the secret', async () => {
  const server = await start((request) =>
    request.url.pathname === '/services/oauth2/token'
      ? { status: 400, json: { error: 'invalid_client', error_description: 'invalid client credentials' } }
      : undefined,
  );
  const session = createSession(server.options());
  await assert.rejects(session.identity(), (error: AceSyncError) => {
    assert.equal(error.code, 'CRM_LOGIN_REFUSED');
    assert.match(error.message, /invalid_client, "invalid client credentials"/);
    assert.doesNotMatch(error.message, /secret=|client_secret/);
    return true;
  });
  await assert.rejects(session.identity(), rejectsWith('CRM_LOGIN_REFUSED'));
  assert.equal(
    server.requests('/oauth2/token').length,
    1,
    'the open breaker keeps a wrong secret from locking the user',
  );
});

test('another org, or a copy of it, is refused', async () => {
  const server = await start();
  const pinned = (pin: object) => createSession(server.options({ pin })).identity();
  await assert.rejects(pinned({ orgId: '00D000000000009', sandbox: true }), rejectsWith('CRM_ORG_DIFFERS'));
  await assert.rejects(
    pinned({ orgId: orgId.slice(0, 15), sandbox: false }),
    /Expected a production org, got a sandbox/,
  );
  assert.equal((await pinned({ orgId: orgId.slice(0, 15), sandbox: true })).orgId, orgId);
});

test('the API calls left to others are not used up, urgent ones excepted, and it resumes by itself', async () => {
  let used = 85;
  const server = await start(() => undefined);
  let now = 0;
  const session = createSession(server.options(), { now: () => now });
  await session.identity();
  session.budget.observe(`api-usage=${used}/100`);
  await query(session, 'query', soql);
  await assert.rejects(query(session, 'query', soql), rejectsWith('CRM_LIMIT_REACHED'));
  await query(session, 'query', soql, { priority: 'urgent' });
  used = 95;
  session.budget.observe(`api-usage=${used}/100`);
  await assert.rejects(query(session, 'query', soql, { priority: 'urgent' }), rejectsWith('CRM_LIMIT_REACHED'));
  assert.equal(session.budget.state(), 'held');
  now += 5 * 60_000;
  await query(session, 'query', soql);
  session.budget.observe('api-usage=40/100');
  await query(session, 'query', soql);
  assert.equal(session.budget.state(), 'free');
});

test("the org's own pace counts, not only what is used already", async () => {
  const server = await start(() => undefined);
  let now = 0;
  const session = createSession(server.options(), { now: () => now });
  session.budget.observe('api-usage=640/1000');
  assert.equal(session.budget.state(), 'free');
  now += 120_000;
  session.budget.observe('api-usage=690/1000');
  assert.equal(session.budget.state(), 'slow');
});

test('a used-up limit holds the connection and says until when', async () => {
  const server = await start((request) =>
    isLeadQuery(request)
      ? { status: 403, json: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }] }
      : undefined,
  );
  const session = createSession(server.options());
  await assert.rejects(query(session, 'query', soql), rejectsWith('CRM_LIMIT_REACHED'));
  await assert.rejects(query(session, 'query', soql), (error: AceSyncError) => (error.retryAfterMs ?? 0) > 0);
  assert.equal(server.seen.filter(isLeadQuery).length, 1);
});

test('one lost answer does not hold the connection, three in a row do', async () => {
  const server = await start((request) => (isLeadQuery(request) ? { status: 503, json: [] } : undefined));
  const session = createSession(server.options());
  for (let count = 0; count < 6; count++)
    await assert.rejects(query(session, 'query', soql), rejectsWith('CRM_UNAVAILABLE'));
  assert.equal(server.seen.filter(isLeadQuery).length, 3);
});

test('requests to other hosts go through the configured proxy, loopback ones do not', async () => {
  const asked: string[] = [];
  const proxy = createServer().on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;
  const transport = createTransport({ requestTimeoutMs: 2_000, proxy: `http://127.0.0.1:${port}` });
  await assert.rejects(
    transport.send({ method: 'GET', url: 'https://example.invalid/x' }),
    rejectsWith('CRM_UNAVAILABLE'),
  );
  assert.deepEqual(asked, ['example.invalid:443']);
  const server = await start();
  await transport.send({ method: 'GET', url: `${server.url}/services/data` });
  assert.equal(asked.length, 1);
  await transport.close();
  proxy.close();
});

test('addresses of this machine are known as such', () => {
  for (const url of ['http://127.0.0.1:1', 'http://localhost', 'http://[::1]:3', 'http://127.9.9.9/x'])
    assert.ok(isLoopback(url), url);
  for (const url of ['https://example.com', 'http://127.0.0.1.example.com', 'http://128.0.0.1'])
    assert.ok(!isLoopback(url), url);
});

test('Retry-After is read as seconds and as a date', () => {
  assert.equal(parseRetryAfter('7'), 7_000);
  assert.equal(parseRetryAfter('Thu, 01 Jan 2026 00:00:10 GMT', Date.parse('2026-01-01T00:00:00Z')), 10_000);
  assert.equal(parseRetryAfter(''), undefined);
});

test('an assertion names the login host that Salesforce takes for the kind of org', () => {
  assert.equal(audienceOf('https://example.my.salesforce.com/'), 'https://login.salesforce.com');
  assert.equal(audienceOf('https://example--uat.sandbox.my.salesforce.com'), 'https://test.salesforce.com');
  assert.equal(audienceOf('https://test.salesforce.com'), 'https://test.salesforce.com');
  assert.equal(audienceOf('http://127.0.0.1:4000'), 'http://127.0.0.1:4000');
});

test('an org that hides its Organization is known by the token', async () => {
  const server = await start((request) =>
    (request.url.searchParams.get('q') ?? '').includes('FROM Organization')
      ? { status: 400, json: [{ errorCode: 'INVALID_TYPE', message: "sObject type 'Organization' is not supported." }] }
      : undefined,
  );
  const identity = await createSession(server.options()).identity();
  assert.deepEqual([identity.orgId, identity.sandbox], [orgId, false]);
});

test('a company’s own certificate authority is trusted once it is configured', async () => {
  const [key, certificate] = [join(folder, 'tls.key'), join(folder, 'tls.crt')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject, '-keyout', key, '-out', certificate],
    { stdio: 'ignore' },
  );
  const tls = { key: readFileSync(key), cert: readFileSync(certificate) };
  const server = createSecureServer(tls, (_request, response) => response.end('{}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const without = createTransport({ requestTimeoutMs: 2_000, proxy: 'none' });
  await assert.rejects(without.send({ method: 'GET', url }), rejectsWith('CRM_UNAVAILABLE'));
  const withIt = createTransport({
    requestTimeoutMs: 2_000,
    proxy: 'environment',
    certificateAuthorityFile: certificate,
  });
  assert.equal((await withIt.send({ method: 'GET', url })).statusCode, 200);
  await Promise.all([without.close(), withIt.close()]);
  server.close();
});

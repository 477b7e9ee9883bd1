import assert from 'node:assert/strict';
import { createSign, generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { Connection, OAuth2 } from 'jsforce';
import type { Login, SalesforceStandIn } from '../../../src/sandbox/salesforce/index.ts';
import { apiVersion, callApi, data, failure, startOrg } from './stand-in-org.ts';

const client = (standIn: SalesforceStandIn, login: Login = standIn.connection, more: object = {}) =>
  new Connection({
    loginUrl: standIn.connection.loginUrl,
    version: apiVersion,
    oauth2: {
      loginUrl: standIn.connection.loginUrl,
      clientId: login.clientId,
      clientSecret: login.clientSecret,
      redirectUri: 'http://127.0.0.1/callback',
    },
    ...more,
  });

test('client credentials log in as the user of the connected app, and give no refresh token', async (t) => {
  const { standIn } = await startOrg(t);
  const connection = client(standIn);
  const user = await connection.authorize({ grant_type: 'client_credentials' });
  assert.equal(user.organizationId, standIn.organizationId);
  assert.equal(connection.refreshToken, undefined);
  const identity = await connection.identity();
  assert.equal(identity.username, standIn.connection.username);
  assert.equal(identity.organization_id, standIn.organizationId);
});

test('the integration user has a client id of its own and sees only what was granted', async (t) => {
  const { standIn } = await startOrg(t);
  const connection = client(standIn, standIn.integrationUser);
  const user = await connection.authorize({ grant_type: 'client_credentials' });
  assert.equal(user.id, standIn.integrationUser.userId);
  assert.equal((await failure(connection.query('SELECT Id FROM Opportunity'))).code, 'INVALID_TYPE');
});

test('user name and password log in through OAuth and, below version 65, through SOAP', async (t) => {
  const { standIn } = await startOrg(t);
  const { username, password } = standIn.connection;
  const oauth = client(standIn);
  await oauth.login(username, password);
  assert.equal((await oauth.identity()).username, username);

  const soap = new Connection({ loginUrl: standIn.connection.loginUrl, version: apiVersion });
  const user = await soap.loginBySoap(username, password);
  assert.equal(user.organizationId, standIn.organizationId);
  assert.equal((await soap.query('SELECT Id FROM Organization')).totalSize, 1);
  assert.match((await failure(soap.loginBySoap(username, 'wrong'))).message, /^INVALID_LOGIN: Invalid username/);

  const late = new Connection({ loginUrl: standIn.connection.loginUrl, version: '65.0' });
  assert.match((await failure(late.loginBySoap(username, password))).message, /UNSUPPORTED_API_VERSION/);
});

test('a JWT assertion is taken when its certificate, audience, user and time are right', async (t) => {
  const { standIn } = await startOrg(t);
  const { clientId, loginUrl, username } = standIn.connection;
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const assertion = (claims: object, key = keys.privateKey) => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const exp = Math.floor(standIn.clock.now() / 1000) + 120;
    const head = `${part({ alg: 'RS256' })}.${part({ iss: clientId, sub: username, aud: loginUrl, exp, ...claims })}`;
    return `${head}.${createSign('RSA-SHA256').update(head).sign(key).toString('base64url')}`;
  };
  const ask = async (text: string) => {
    const body = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: text });
    const response = await fetch(`${loginUrl}/services/oauth2/token`, { method: 'POST', body });
    return (await response.json()) as { access_token?: string; error?: string; error_description?: string };
  };
  assert.equal((await ask(assertion({}))).error_description, 'invalid assertion', 'before a certificate is known');
  standIn.administration.setCertificate(clientId, pem);

  const connection = client(standIn);
  await connection.authorize({
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: assertion({}),
  });
  assert.equal((await connection.identity()).username, username);

  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  assert.equal((await ask(assertion({}, stranger))).error_description, 'invalid assertion');
  assert.equal((await ask(assertion({ exp: 1 }))).error_description, 'invalid assertion');
  assert.equal((await ask(assertion({ aud: 'http://elsewhere' }))).error_description, 'audience is invalid');
  assert.equal((await ask(assertion({ sub: 'nobody@x.y' }))).error_description, "user hasn't approved this consumer");
  assert.equal((await ask(assertion({ iss: 'no-app' }))).error, 'invalid_client_id');
});

test('the authorization code flow redirects at once, gives a refresh token, and a code works once', async (t) => {
  const { standIn } = await startOrg(t);
  const connection = client(standIn);
  const asked = await fetch(connection.oauth2.getAuthorizationUrl({ state: 'abc' }), { redirect: 'manual' });
  assert.equal(asked.status, 302);
  const target = new URL(asked.headers.get('location') ?? '');
  assert.equal(target.searchParams.get('state'), 'abc');
  const code = target.searchParams.get('code') ?? '';
  await connection.authorize(code);
  assert.ok(connection.refreshToken);
  assert.equal((await failure(client(standIn).authorize(code))).code, 'invalid_grant');

  const first = connection.accessToken;
  standIn.administration.expireSessions();
  assert.equal((await connection.query('SELECT Id FROM Organization')).totalSize, 1, 'jsforce renewed the session');
  assert.notEqual(connection.accessToken, first);
});

test('a revoked token is dead, and a session ends after its time without use', async (t) => {
  const { standIn, call } = await startOrg(t, { limits: { sessionSeconds: 60 } });
  const connection = client(standIn);
  await connection.authorize({ grant_type: 'client_credentials' });
  const token = connection.accessToken ?? '';
  await new OAuth2({ loginUrl: standIn.connection.loginUrl }).revokeToken(token);
  const refused = await callApi(standIn, token, 'GET', `${data}/limits`);
  assert.equal(refused.status, 401);
  assert.deepEqual(refused.body, [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }]);

  standIn.clock.advance(50_000);
  assert.equal((await call('GET', `${data}/limits`)).status, 200);
  standIn.clock.advance(50_000);
  assert.equal((await call('GET', `${data}/limits`)).status, 200, 'each use begins a new minute');
  standIn.clock.advance(61_000);
  assert.equal((await call('GET', `${data}/limits`)).status, 401);
});

test('each refused login says why in the words of OAuth', async (t) => {
  const { standIn } = await startOrg(t);
  const { clientId, clientSecret, loginUrl, username } = standIn.connection;
  const cases = [
    [
      { grant_type: 'client_credentials', client_id: 'x', client_secret: 'y' },
      'invalid_client_id',
      'client identifier invalid',
    ],
    [
      { grant_type: 'client_credentials', client_id: clientId, client_secret: 'y' },
      'invalid_client',
      'invalid client credentials',
    ],
    [
      { grant_type: 'password', client_id: clientId, client_secret: clientSecret, username, password: 'no' },
      'invalid_grant',
      'authentication failure',
    ],
    [
      { grant_type: 'refresh_token', client_id: clientId, refresh_token: 'no' },
      'invalid_grant',
      'expired access/refresh token',
    ],
    [{ grant_type: 'magic' }, 'unsupported_grant_type', 'grant type not supported'],
  ] as const;
  for (const [form, error, description] of cases) {
    const response = await fetch(`${loginUrl}/services/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams(form),
    });
    assert.equal(response.status, 400);
    assert.deepEqual(await response.json(), { error, error_description: description });
  }
  standIn.administration.setUserActive(standIn.integrationUser.userId, false);
  const inactive = client(standIn, standIn.integrationUser).authorize({ grant_type: 'client_credentials' });
  assert.match((await failure(inactive)).message, /no client credentials user enabled/);
});

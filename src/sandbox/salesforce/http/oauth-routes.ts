import { createPublicKey, createVerify } from 'node:crypto';
import { errors } from '../org/salesforce-error.ts';
import type { ConnectedApp } from '../org/sessions.ts';
import { isJsonObject, type JsonObject } from '../records/record-input.ts';
import type { HttpAnswer, HttpRequest, StandInParts } from './http-messages.ts';

const refuse = (error: string, description: string): HttpAnswer => ({
  status: 400,
  body: { error, error_description: description },
});

type Grant = (parts: StandInParts, form: URLSearchParams) => HttpAnswer;

/** Checks client id and secret. @returns the app, or the refusal. */
function appOf(parts: StandInParts, form: URLSearchParams, secretNeeded: boolean): ConnectedApp | HttpAnswer {
  const app = parts.sessions.app(form.get('client_id') ?? '');
  if (app === undefined) return refuse('invalid_client_id', 'client identifier invalid');
  const secret = form.get('client_secret');
  if (secret === null ? secretNeeded : secret !== app.clientSecret)
    return refuse('invalid_client', 'invalid client credentials');
  return app;
}

const isRefusal = (value: ConnectedApp | HttpAnswer): value is HttpAnswer => 'status' in value;

function tokenAnswer(parts: StandInParts, userId: string, clientId: string, refreshToken?: string): HttpAnswer {
  const { org, sessions, url } = parts;
  const accessToken = sessions.open(userId, clientId);
  return {
    status: 200,
    body: {
      access_token: accessToken,
      signature: Buffer.from(`${userId}${org.clock.now()}`).toString('base64'),
      scope: refreshToken === undefined ? 'api' : 'refresh_token api',
      instance_url: url(),
      id: `${url()}/id/${org.organizationId}/${userId}`,
      token_type: 'Bearer',
      issued_at: String(org.clock.now()),
      ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    },
  };
}

const clientCredentials: Grant = (parts, form) => {
  const app = appOf(parts, form, true);
  if (isRefusal(app)) return app;
  if (app.runAs === null || parts.org.store.get('User', app.runAs)?.values.IsActive !== true)
    return refuse('invalid_grant', 'no client credentials user enabled');
  return tokenAnswer(parts, app.runAs, app.clientId);
};

const password: Grant = (parts, form) => {
  const app = appOf(parts, form, true);
  if (isRefusal(app)) return app;
  const userId = parts.sessions.checkPassword(form.get('username') ?? '', form.get('password') ?? '');
  return userId === null ? refuse('invalid_grant', 'authentication failure') : tokenAnswer(parts, userId, app.clientId);
};

const refreshToken: Grant = (parts, form) => {
  const app = appOf(parts, form, false);
  if (isRefusal(app)) return app;
  const grant = parts.sessions.refreshGrant(form.get('refresh_token') ?? '');
  if (grant === undefined || grant.clientId !== app.clientId)
    return refuse('invalid_grant', 'expired access/refresh token');
  return tokenAnswer(parts, grant.userId, app.clientId);
};

const authorizationCode: Grant = (parts, form) => {
  const app = appOf(parts, form, false);
  if (isRefusal(app)) return app;
  const grant = parts.sessions.takeCode(form.get('code') ?? '');
  if (grant === undefined || grant.clientId !== app.clientId)
    return refuse('invalid_grant', 'expired authorization code');
  return tokenAnswer(parts, grant.userId, app.clientId, parts.sessions.grantRefresh(grant.userId, app.clientId));
};

/** Audiences besides the login URL itself. */
const loginAudiences = ['https://login.salesforce.com', 'https://test.salesforce.com'];

const jwtBearer: Grant = (parts, form) => {
  const [header = '', payload = '', signature = ''] = (form.get('assertion') ?? '').split('.');
  const claims = decodeClaims(payload);
  if (claims === null || decodeClaims(header)?.alg !== 'RS256') return refuse('invalid_grant', 'invalid assertion');
  const app = parts.sessions.app(String(claims.iss));
  if (app === undefined) return refuse('invalid_client_id', 'client identifier invalid');
  if (app.certificate === null || !verifies(app.certificate, `${header}.${payload}`, signature))
    return refuse('invalid_grant', 'invalid assertion');
  const audience = String(claims.aud).replace(/\/$/, '');
  if (![parts.url(), ...loginAudiences].includes(audience)) return refuse('invalid_grant', 'audience is invalid');
  const expires = Number(claims.exp) * 1000;
  const now = parts.org.clock.now();
  // Three minutes by the documentation; two more are allowed for clocks that differ.
  if (!(expires > now && expires <= now + 5 * 60_000)) return refuse('invalid_grant', 'invalid assertion');
  const userId = parts.sessions.userNamed(String(claims.sub));
  if (userId === null) return refuse('invalid_grant', "user hasn't approved this consumer");
  return tokenAnswer(parts, userId, app.clientId);
};

function decodeClaims(part: string): JsonObject | null {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return isJsonObject(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

function verifies(certificate: string, signed: string, signature: string): boolean {
  try {
    return createVerify('RSA-SHA256').update(signed).verify(createPublicKey(certificate), signature, 'base64url');
  } catch {
    return false;
  }
}

const grants: Readonly<Record<string, Grant>> = {
  client_credentials: clientCredentials,
  password,
  refresh_token: refreshToken,
  authorization_code: authorizationCode,
  'urn:ietf:params:oauth:grant-type:jwt-bearer': jwtBearer,
};

/** `/services/oauth2/…`. */
export function routeOauth(parts: StandInParts, request: HttpRequest, name: string): HttpAnswer {
  const form = new URLSearchParams(request.body);
  const parameter = (key: string) => form.get(key) ?? request.query.get(key);
  switch (name) {
    case 'token': {
      if (request.method !== 'POST') return refuse('invalid_request', 'must use HTTP POST');
      const grant = grants[form.get('grant_type') ?? ''];
      return grant === undefined ? refuse('unsupported_grant_type', 'grant type not supported') : grant(parts, form);
    }
    case 'authorize': {
      const app = parts.sessions.app(parameter('client_id') ?? '');
      const redirect = parameter('redirect_uri');
      if (app === undefined || redirect === null) return refuse('invalid_client_id', 'client identifier invalid');
      if (app.runAs === null) return refuse('invalid_grant', "user hasn't approved this consumer");
      const target = new URL(redirect);
      target.searchParams.set('code', parts.sessions.grantCode(app.runAs, app.clientId));
      const state = parameter('state');
      if (state !== null) target.searchParams.set('state', state);
      return { status: 302, headers: { Location: target.toString() } };
    }
    case 'revoke': {
      const token = parameter('token') ?? '';
      if (parts.sessions.find(token) === null && parts.sessions.refreshGrant(token) === undefined)
        return refuse('unsupported_token_type', 'this token type is not supported');
      parts.sessions.end(token);
      return { status: 200, body: '', contentType: 'text/plain' };
    }
    case 'userinfo': {
      const session = parts.sessions.find(bearerOf(request) ?? '');
      if (session === null) return { status: 403, body: 'Bad_OAuth_Token', contentType: 'text/html;charset=UTF-8' };
      return { status: 200, body: identityOf(parts, session.userId) };
    }
    default:
      throw errors.noSuchResource();
  }
}

export function bearerOf(request: HttpRequest): string | null {
  const found = /^(?:Bearer|OAuth)\s+(.+)$/i.exec(request.headers.authorization ?? '');
  return found?.[1] ?? null;
}

/** `GET /id/{org}/{user}`. */
export function routeIdentity(parts: StandInParts, request: HttpRequest, userId: string): HttpAnswer {
  const token =
    bearerOf(request) ?? request.query.get('oauth_token') ?? new URLSearchParams(request.body).get('oauth_token');
  const session = parts.sessions.find(token ?? '');
  if (session === null || session.userId !== userId)
    return { status: 403, body: 'Bad_OAuth_Token', contentType: 'text/html;charset=UTF-8' };
  return { status: 200, body: identityOf(parts, userId) };
}

function identityOf(parts: StandInParts, userId: string): JsonObject {
  const { org, url } = parts;
  const user = org.store.get('User', userId)?.values ?? {};
  const base = `${url()}/services/data/v{version}/`;
  return {
    // A label only: orgs answer https here, and jsforce's own tests look for it.
    id: `${url().replace(/^http:/, 'https:')}/id/${org.organizationId}/${userId}`,
    asserted_user: true,
    user_id: userId,
    organization_id: org.organizationId,
    username: user.Username ?? null,
    nick_name: user.Alias ?? null,
    display_name: user.Name ?? null,
    email: user.Email ?? null,
    email_verified: true,
    first_name: user.FirstName ?? null,
    last_name: user.LastName ?? null,
    timezone: 'Etc/UTC',
    photos: { picture: '', thumbnail: '' },
    addr_street: null,
    addr_city: null,
    urls: {
      rest: base,
      sobjects: `${base}sobjects/`,
      query: `${base}query/`,
      metadata: `${url()}/services/Soap/m/{version}/${org.organizationId.slice(0, 15)}`,
      partner: `${url()}/services/Soap/u/{version}/${org.organizationId.slice(0, 15)}`,
    },
    active: user.IsActive === true,
    user_type: 'STANDARD',
    language: 'en_US',
    locale: 'en_US',
    utcOffset: 0,
    is_app_installed: true,
  };
}

import { createSign } from 'node:crypto';
import { readSecret } from '../../config/secret.ts';
import { AceSyncError } from '../../errors.ts';
import type { Credential, SalesforceOptions } from './options.ts';
import type { HttpTransport } from './transport.ts';

export interface Token {
  readonly accessToken: string;
  readonly instanceUrl: string;
  /** From the identity URL of the token answer; null for a token that came from outside. */
  readonly orgId: string | null;
  readonly userId: string | null;
}

/** Salesforce accepts assertions that end within five minutes (OAuth 2.0 JWT bearer flow). */
const assertionSeconds = 180;

/**
 * Asks for a new access token. Client credentials and JWT give no refresh token, so every renewal is a new login.
 * @throws AceSyncError CRM_LOGIN_REFUSED with Salesforce's error code (never the secret), SECRET_MISSING, CRM_UNAVAILABLE.
 */
export async function requestToken(options: SalesforceOptions, transport: HttpTransport): Promise<Token> {
  const { auth } = options;
  if (auth.kind === 'accessToken') {
    return { accessToken: readCredential(auth.accessToken), instanceUrl: auth.instanceUrl, orgId: null, userId: null };
  }
  const response = await transport.send({
    method: 'POST',
    url: `${options.loginUrl.replace(/\/+$/, '')}/services/oauth2/token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams(tokenRequest(options)).toString(),
  });
  const answer = parseObject(response.body);
  if (response.statusCode !== 200) {
    throw new AceSyncError('CRM_LOGIN_REFUSED', `${auth.kind}: ${refusal(answer, response.statusCode)}.`, {
      retryAfterMs: options.retry.connectionMs,
    });
  }
  const accessToken = textOf(answer, 'access_token');
  const instanceUrl = textOf(answer, 'instance_url');
  const [orgId, userId] = (textOf(answer, 'id') ?? '').split('/').slice(-2);
  if (accessToken === null || instanceUrl === null) {
    throw new AceSyncError('CRM_LOGIN_REFUSED', `${auth.kind}: the answer holds no token; check loginUrl.`, {
      retryAfterMs: options.retry.connectionMs,
    });
  }
  return { accessToken, instanceUrl, orgId: orgId || null, userId: userId || null };
}

function readCredential(credential: Credential): string {
  return 'static' in credential ? credential.static : readSecret(credential);
}

function tokenRequest(options: SalesforceOptions): Record<string, string> {
  const { auth } = options;
  switch (auth.kind) {
    case 'clientCredentials':
      return {
        grant_type: 'client_credentials',
        client_id: readCredential(auth.clientId),
        client_secret: readCredential(auth.clientSecret),
      };
    case 'jwtBearer':
      return {
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: assertion({
          clientId: readCredential(auth.clientId),
          username: auth.username,
          audience: auth.audience ?? audienceOf(options.loginUrl),
          privateKey: readCredential(auth.privateKey),
        }),
      };
    case 'refreshToken':
      return {
        grant_type: 'refresh_token',
        client_id: readCredential(auth.clientId),
        refresh_token: readCredential(auth.refreshToken),
        ...(auth.clientSecret === undefined ? {} : { client_secret: readCredential(auth.clientSecret) }),
      };
    case 'accessToken':
      throw new TypeError('an access token is not requested');
  }
}

/**
 * What an assertion must name: Salesforce takes its two general login hosts, also when the request goes to a My Domain
 * address (OAuth 2.0 JWT bearer flow). Anything else, such as an Experience Cloud site, names itself.
 */
export function audienceOf(loginUrl: string): string {
  const { hostname, origin } = new URL(loginUrl);
  if (!hostname.endsWith('.salesforce.com')) return origin;
  return isSandboxHost(hostname) ? 'https://test.salesforce.com' : 'https://login.salesforce.com';
}

/** `test.salesforce.com`, `example--uat.sandbox.my.salesforce.com`, `example--uat.my.salesforce.com`. */
export function isSandboxHost(hostname: string): boolean {
  return hostname === 'test.salesforce.com' || hostname.includes('.sandbox.') || hostname.includes('--');
}

function assertion(claims: { clientId: string; username: string; audience: string; privateKey: string }): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.now() / 1000) + assertionSeconds;
  const payload = { iss: claims.clientId, sub: claims.username, aud: claims.audience, exp };
  const unsigned = `${encode({ alg: 'RS256' })}.${encode(payload)}`;
  try {
    return `${unsigned}.${createSign('RSA-SHA256').update(unsigned).sign(claims.privateKey, 'base64url')}`;
  } catch (cause) {
    throw new AceSyncError('CRM_LOGIN_REFUSED', 'jwtBearer: the private key is not readable as PEM (RSA).', { cause });
  }
}

/** Salesforce's own error words are from a fixed list, so they may be shown; anything else is not. */
function refusal(answer: object | null, status: number): string {
  const error = textOf(answer, 'error');
  const description = textOf(answer, 'error_description');
  if (error === null || !/^[a-z_]{1,60}$/.test(error)) return `HTTP ${status}`;
  return description !== null && /^[a-z/' ]{1,80}$/i.test(description) ? `${error}, "${description}"` : error;
}

function parseObject(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

function textOf(value: object | null, key: string): string | null {
  const found: unknown = value === null ? undefined : Reflect.get(value, key);
  return typeof found === 'string' ? found : null;
}

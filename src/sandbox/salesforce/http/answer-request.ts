import { asRequestErrorBody, errors, SalesforceError } from '../org/salesforce-error.ts';
import { apiVersions, routeApi, versionList } from './api-routes.ts';
import type { HttpAnswer, HttpRequest, StandInParts } from './http-messages.ts';
import { bearerOf, routeIdentity, routeOauth } from './oauth-routes.ts';
import { routeSoap } from './soap-routes.ts';

/** Decodes a part of a path or query; text that is not encoded well stays as it is. */
export const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

export const limitExceeded = (which: 'TotalRequests' | 'ConcurrentRequests') =>
  new SalesforceError('REQUEST_LIMIT_EXCEEDED', `${which} Limit exceeded.`, { fields: null });

export function errorAnswer(error: SalesforceError): HttpAnswer {
  return { status: error.status, body: asRequestErrorBody(error) };
}

/** Works a request off. Synchronous, so that requests never interleave within a transaction. */
export function answer(parts: StandInParts, request: HttpRequest): HttpAnswer {
  try {
    return route(parts, request);
  } catch (error) {
    if (error instanceof SalesforceError) return errorAnswer(error);
    const text = error instanceof Error ? error.message : String(error);
    return errorAnswer(
      new SalesforceError(
        'UNKNOWN_EXCEPTION',
        `An unexpected error occurred. Please include this ErrorId if you contact support: 0-0 (${text})`,
        { fields: null },
      ),
    );
  }
}

function route(parts: StandInParts, request: HttpRequest): HttpAnswer {
  const { path } = request;
  const oauth = /^\/services\/oauth2\/(\w+)$/.exec(path);
  if (oauth !== null) return routeOauth(parts, request, oauth[1] ?? '');
  const identity = /^\/id\/\w+\/(\w+)$/.exec(path);
  if (identity !== null) return routeIdentity(parts, request, identity[1] ?? '');
  const soap = /^\/services\/Soap\/([um])\/(\d+\.\d)/.exec(path);
  if (soap !== null) return routeSoap(parts, request, soap[1] === 'm' ? 'metadata' : 'partner', Number(soap[2]));
  if (path === '/services/data' || path === '/services/data/') return { status: 200, body: versionList() };
  const data = /^\/services\/data\/v(\d+\.\d)(?:\/(.*))?$/.exec(path);
  if (data === null) throw errors.noSuchResource();
  return routeData(parts, request, data[1] ?? '', data[2] ?? '');
}

function routeData(parts: StandInParts, request: HttpRequest, version: string, rest: string): HttpAnswer {
  const session = parts.sessions.find(bearerOf(request) ?? '');
  if (session === null) throw errors.sessionExpired();
  if (!apiVersions.includes(Number(version))) throw errors.noSuchResource();
  const segments = rest
    .split('/')
    .filter((segment) => segment !== '')
    .map(decode);
  const resource = segments.slice(0, segments[0] === 'composite' ? 2 : 1).join('/');
  if (!parts.usage.count(`${request.method} ${resource}`)) throw limitExceeded('TotalRequests');
  if (parts.usage.waiting >= parts.usage.settings.concurrentRequests) throw limitExceeded('ConcurrentRequests');
  const headers = { 'Sforce-Limit-Info': parts.usage.header() };
  const override = request.query.get('_HttpMethod');
  const effective = override === null ? request : { ...request, method: override.toUpperCase() };
  try {
    const done = routeApi({
      ...parts,
      request: effective,
      segments,
      version,
      access: parts.org.access(session.userId),
    });
    return { ...done, headers: { ...headers, ...done.headers } };
  } catch (error) {
    if (!(error instanceof SalesforceError)) throw error;
    return { ...errorAnswer(error), headers };
  }
}

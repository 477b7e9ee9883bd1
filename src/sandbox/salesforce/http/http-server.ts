import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { gunzipSync, inflateSync } from 'node:zlib';
import { editAsAnotherUser } from '../administration/another-user.ts';
import { asRequestErrorBody, errors, SalesforceError } from '../org/salesforce-error.ts';
import { adminRoute } from './admin-routes.ts';
import { apiVersions, routeApi, versionList } from './api-routes.ts';
import type { FaultEffect } from './faults.ts';
import type { HttpAnswer, HttpRequest, StandInParts } from './http-messages.ts';
import { bearerOf, routeIdentity, routeOauth } from './oauth-routes.ts';
import { routeSoap } from './soap-routes.ts';

/** The largest body an org takes is 50 MB; the stand-in is content with less. */
const maximumBody = 32 * 1024 * 1024;

/** Serves one stand-in on loopback. Port 0 takes a free one. */
export async function serve(parts: StandInParts, port: number): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    handle(parts, incoming, outgoing).catch(() => outgoing.destroy());
  });
  // faye and others try a WebSocket first; without an answer they would wait for one.
  server.on('upgrade', (_, socket) =>
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return server;
}

async function readRequest(incoming: IncomingMessage): Promise<HttpRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maximumBody)
      throw new SalesforceError('REQUEST_LIMIT_EXCEEDED', 'Request entity too large', { status: 413, fields: null });
    chunks.push(chunk);
  }
  const encoding = incoming.headers['content-encoding'];
  const raw = Buffer.concat(chunks);
  const bytes = encoding === 'gzip' ? gunzipSync(raw) : encoding === 'deflate' ? inflateSync(raw) : raw;
  const url = new URL(incoming.url ?? '/', 'http://stand-in');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers))
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  return {
    method: (incoming.method ?? 'GET').toUpperCase(),
    path: url.pathname,
    query: url.searchParams,
    headers,
    body: bytes.toString('utf8'),
  };
}

async function handle(parts: StandInParts, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  let request: HttpRequest;
  try {
    request = await readRequest(incoming);
  } catch (error) {
    if (!(error instanceof SalesforceError)) throw error;
    return send(outgoing, errorAnswer(error));
  }
  if (request.path.startsWith('/__standin/')) return send(outgoing, adminRoute(parts, request));
  const path = request.query.size > 0 ? `${request.path}?${decode(request.query.toString())}` : request.path;
  const effect = parts.faults.takeFor({ method: request.method, path, object: objectOf(request) });
  if (effect === null) return send(outgoing, answer(parts, request));
  await strike(parts, request, outgoing, effect);
}

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
};

/** The object that a request is about, as far as its path, query or body says. */
function objectOf(request: HttpRequest): string | null {
  const inPath = /\/(?:composite\/)?sobjects\/(\w+)/.exec(request.path)?.[1];
  if (inPath !== undefined) return inPath;
  const soql = request.query.get('q');
  if (soql !== null) return /\bFROM\s+(\w+)(?![\s\S]*\bFROM\b)/i.exec(soql.replace(/\([\s\S]*?\)/g, ''))?.[1] ?? null;
  return /"attributes"\s*:\s*\{[^}]*"type"\s*:\s*"(\w+)"/.exec(request.body)?.[1] ?? null;
}

const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function strike(
  parts: StandInParts,
  request: HttpRequest,
  outgoing: ServerResponse,
  effect: FaultEffect,
): Promise<void> {
  switch (effect.kind) {
    case 'hang':
      return;
    case 'resetConnection':
      outgoing.destroy();
      return;
    case 'slow': {
      const done = answer(parts, request);
      await wait(effect.milliseconds);
      return send(outgoing, done);
    }
    case 'cutBody':
      return sendCut(outgoing, answer(parts, request), effect.afterBytes);
    case 'loseAnswer':
      answer(parts, request);
      outgoing.destroy();
      return;
    case 'commitLate':
      outgoing.destroy();
      parts.faults.lateCommits++;
      await wait(effect.milliseconds);
      answer(parts, request);
      parts.faults.lateCommits--;
      return;
    case 'editBefore':
      editAsAnotherUser(parts.org, effect.id, effect.values);
      return send(outgoing, answer(parts, request));
    case 'expireToken':
      parts.sessions.end(bearerOf(request) ?? '');
      return send(outgoing, answer(parts, request));
    default:
      return send(outgoing, plainFault(parts, effect));
  }
}

type PlainEffect = Extract<
  FaultEffect,
  { kind: 'error' | 'unavailable' | 'tooManyRequests' | 'html' | 'limitExhausted' }
>;

function plainFault(parts: StandInParts, effect: PlainEffect): HttpAnswer {
  const retryAfter = (seconds: number | undefined) =>
    seconds === undefined ? {} : { headers: { 'Retry-After': String(seconds) } };
  switch (effect.kind) {
    case 'error': {
      const { code, message, status, fields } = effect;
      return errorAnswer(
        new SalesforceError(code, message, { fields: fields ?? null, ...(status === undefined ? {} : { status }) }),
      );
    }
    case 'unavailable': {
      const body = [{ message: 'Server unavailable', errorCode: 'SERVER_UNAVAILABLE' }];
      return { status: 503, body, ...retryAfter(effect.retryAfterSeconds) };
    }
    case 'tooManyRequests': {
      const body = [{ message: 'Too many requests', errorCode: 'REQUEST_LIMIT_EXCEEDED' }];
      return { status: 429, body, ...retryAfter(effect.retryAfterSeconds) };
    }
    case 'html':
      return {
        status: effect.status,
        contentType: 'text/html;charset=UTF-8',
        body: '<html><head><title>Maintenance</title></head><body>We are down for maintenance.</body></html>',
      };
    case 'limitExhausted':
      parts.usage.used = parts.usage.settings.dailyApiRequests;
      return errorAnswer(limitExceeded());
  }
}

const limitExceeded = () =>
  new SalesforceError('REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.', { fields: null });

function errorAnswer(error: SalesforceError): HttpAnswer {
  return { status: error.status, body: asRequestErrorBody(error) };
}

/** Works a request off. Synchronous, so that requests never interleave within a transaction. */
function answer(parts: StandInParts, request: HttpRequest): HttpAnswer {
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
  if (!parts.usage.count(`${request.method} ${resource}`)) throw limitExceeded();
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

function render(answer: HttpAnswer): { readonly bytes: Buffer; readonly headers: Record<string, string> } {
  const isText = answer.contentType !== undefined;
  const text = answer.body === undefined ? '' : isText ? String(answer.body) : JSON.stringify(answer.body);
  const bytes = Buffer.from(text, 'utf8');
  return {
    bytes,
    headers: {
      ...(answer.body === undefined ? {} : { 'Content-Type': answer.contentType ?? 'application/json;charset=UTF-8' }),
      ...(answer.status === 204 ? {} : { 'Content-Length': String(bytes.length) }),
      ...answer.headers,
    },
  };
}

function send(outgoing: ServerResponse, answer: HttpAnswer): void {
  const { bytes, headers } = render(answer);
  outgoing.writeHead(answer.status, headers);
  outgoing.end(bytes);
}

/** Announces the whole length and sends a part of it. */
function sendCut(outgoing: ServerResponse, answer: HttpAnswer, afterBytes: number): void {
  const { bytes, headers } = render(answer);
  outgoing.writeHead(answer.status, { ...headers, 'Content-Length': String(Math.max(bytes.length, afterBytes + 1)) });
  outgoing.write(bytes.subarray(0, afterBytes), () => setTimeout(() => outgoing.destroy(), 20));
}

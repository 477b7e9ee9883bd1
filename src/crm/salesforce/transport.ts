import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { rootCertificates } from 'node:tls';
import type { Connection } from 'jsforce';
import { Transport } from 'jsforce/lib/transport.js';
import type { HttpRequest, HttpResponse } from 'jsforce/lib/types/index.js';
import { StreamPromise } from 'jsforce/lib/util/promise.js';
import { Agent, type Dispatcher, EnvHttpProxyAgent, fetch, ProxyAgent } from 'undici';
import { AceSyncError } from '../../errors.ts';

/**
 * The transport under jsforce 3.10.26, set on its internal `_transport`, hence the exact pin in package.json.
 * jsforce's own dies or hangs on a body that is cut short, waits 30 minutes, repeats GETs by itself, ignores
 * `Retry-After`, and sends requests for 127.0.0.1 through a proxy (each has a test). This one sends every request
 * once, reads the whole answer within one time limit, and ends everything that is no answer as CRM_UNAVAILABLE.
 */

export interface TransportOptions {
  /** Milliseconds from sending the request to the last byte of the answer. */
  readonly requestTimeoutMs: number;
  readonly proxy: 'environment' | 'none' | string;
  readonly certificateAuthorityFile?: string | undefined;
  /** Called with each answer's headers, also of refused requests. */
  readonly onHeaders?: (headers: Readonly<Record<string, string>>) => void;
}

export interface HttpTransport {
  send(request: {
    method: string;
    url: string;
    headers?: Record<string, string>;
    body?: string;
  }): Promise<HttpResponse>;
  close(): Promise<void>;
}

/** Answers after which the same request makes sense later; 420 is what Salesforce gives for gone scratch orgs. */
const tryLaterStatus = new Set([408, 420, 429, 500, 502, 503, 504]);
/** SOAP faults, and failures of the platform on what a request holds, come as HTTP 500 and are answers. */
const answered500 = /\b(xml|json)\b/;

export function createTransport(options: TransportOptions): HttpTransport {
  const direct = new Agent({ connect: tls(options) });
  const proxied = proxyDispatcher(options);
  return {
    async send({ method, url, headers, body }) {
      const place = `${method} ${new URL(url).pathname}`;
      let response: HttpResponse;
      try {
        const answer = await fetch(url, {
          method,
          ...(headers === undefined ? {} : { headers: withoutLength(headers) }),
          ...(body === undefined || body === '' ? {} : { body }),
          redirect: 'manual',
          signal: AbortSignal.timeout(options.requestTimeoutMs),
          dispatcher: isLoopback(url) ? direct : (proxied ?? direct),
        });
        const text = await answer.text();
        response = { statusCode: answer.status, headers: Object.fromEntries(answer.headers), body: text };
      } catch (cause) {
        throw new AceSyncError('CRM_UNAVAILABLE', `${place}: ${describeFailure(cause, options.requestTimeoutMs)}.`, {
          cause,
        });
      }
      options.onHeaders?.(flat(response.headers));
      refuseNonAnswers(response, place);
      return response;
    },
    async close() {
      await Promise.all([direct.close(), proxied?.close()]);
    },
  };
}

/** Makes `connection` use the transport for everything it sends. */
export function useTransport(connection: Connection, transport: HttpTransport): void {
  connection._transport = new JsforceTransport(transport);
}

class JsforceTransport extends Transport {
  readonly #transport: HttpTransport;

  constructor(transport: HttpTransport) {
    super();
    this.#transport = transport;
  }

  override httpRequest(request: HttpRequest): StreamPromise<HttpResponse> {
    return StreamPromise.create(() => {
      const { method, url, headers, body } = request;
      if (body !== undefined && body !== null && typeof body !== 'string') {
        throw new TypeError('expected a request body of text: streams are not sent by this transport');
      }
      const promise = this.#transport.send({
        method,
        url,
        ...(headers ? { headers } : {}),
        ...(typeof body === 'string' ? { body } : {}),
      });
      // jsforce pipes through this stream only for callers that stream, which nothing here does.
      return { stream: new PassThrough(), promise };
    });
  }
}

function refuseNonAnswers(response: HttpResponse, place: string): void {
  const { statusCode } = response;
  if ([301, 302, 303, 307, 308].includes(statusCode)) {
    throw new AceSyncError('CRM_UNAVAILABLE', `${place}: HTTP ${statusCode} to another address; check loginUrl.`);
  }
  if (!tryLaterStatus.has(statusCode)) return;
  if (statusCode === 500 && answered500.test(header(response, 'content-type'))) return;
  const retryAfterMs = parseRetryAfter(header(response, 'retry-after'));
  throw new AceSyncError(
    'CRM_UNAVAILABLE',
    `${place}: HTTP ${statusCode}.`,
    retryAfterMs === undefined ? {} : { retryAfterMs },
  );
}

/** `Retry-After` in milliseconds, whether given in seconds or as a date (RFC 9110, section 10.2.3). */
export function parseRetryAfter(value: string, now = Date.now()): number | undefined {
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function proxyDispatcher(options: TransportOptions): Dispatcher | undefined {
  const connect = tls(options);
  if (options.proxy === 'none') return undefined;
  if (options.proxy === 'environment') return new EnvHttpProxyAgent({ connect, requestTls: connect });
  return new ProxyAgent({ uri: options.proxy, requestTls: connect, proxyTls: connect });
}

function tls(options: TransportOptions): { ca?: string[] } {
  const file = options.certificateAuthorityFile;
  return file === undefined ? {} : { ca: [...rootCertificates, readFileSync(file, 'utf8')] };
}

/** fetch computes the length itself, and refuses a differing one. */
function withoutLength(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'content-length'));
}

function flat(headers: HttpResponse['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}

function header(response: HttpResponse, name: string): string {
  return flat(response.headers)[name] ?? '';
}

function describeFailure(cause: unknown, timeoutMs: number): string {
  if (cause instanceof DOMException && cause.name === 'TimeoutError') return `no whole answer within ${timeoutMs} ms`;
  const inner = cause instanceof Error ? cause.cause : undefined;
  const code = inner instanceof Error && 'code' in inner && typeof inner.code === 'string' ? inner.code : undefined;
  if (cause instanceof Error && cause.message === 'terminated') return 'the answer was cut short';
  return code === undefined ? 'the request failed' : `the request failed (${code})`;
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type SalesforceOptions, salesforceOptionsSchema } from '../../../src/crm/salesforce/options.ts';

/** A request as the tiny server saw it. */
export interface Seen {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Reply =
  | {
      readonly status?: number;
      readonly json?: unknown;
      readonly headers?: Record<string, string>;
      readonly text?: string;
    }
  /** Takes the connection into its own hands: cut bodies, hangs. */
  | ((response: ServerResponse) => void);

interface CompositePart {
  readonly method: string;
  readonly url: string;
  readonly body?: unknown;
}

export interface TinySalesforce {
  readonly url: string;
  readonly seen: Seen[];
  /** Requests whose path holds the text. */
  requests(part: string): readonly Seen[];
  options(overrides?: Record<string, unknown>): SalesforceOptions;
  close(): Promise<void>;
}

export const orgId = '00D000000000001EAA';

/**
 * The few answers that the client needs, on a free port: login, organization, describe. `answer` may take over any
 * request; what it leaves undefined gets the standard answer.
 */
export async function startTinySalesforce(
  answer: (request: Seen) => Reply | undefined = () => undefined,
  fields: Readonly<Record<string, readonly Record<string, unknown>[]>> = {},
): Promise<TinySalesforce> {
  const seen: Seen[] = [];
  let logins = 0;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const received: Seen = {
      method: request.method ?? '',
      url,
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    };
    const reply = url.pathname.endsWith('/composite') ? composite(received) : answerOne(received);
    if (typeof reply === 'function') {
      reply(response);
      return;
    }
    response.writeHead(reply.status ?? 200, { 'content-type': 'application/json;charset=UTF-8', ...reply.headers });
    response.end(reply.text ?? JSON.stringify(reply.json ?? {}));
  });
  const answerOne = (request: Seen): Reply => {
    seen.push(request);
    return answer(request) ?? standard(request);
  };
  /** The parts of a composite call are seen and answered like requests of their own. */
  function composite(request: Seen): Reply {
    const { compositeRequest } = JSON.parse(request.body) as { compositeRequest: readonly CompositePart[] };
    const answers = compositeRequest.map((part) => {
      const url = new URL(part.url, 'http://127.0.0.1');
      return answerOne({ ...request, method: part.method, url, body: JSON.stringify(part.body ?? null) });
    });
    const whole = answers.find((one) => typeof one === 'function');
    if (whole !== undefined) return whole;
    return {
      json: {
        compositeResponse: answers.map((one) =>
          typeof one === 'function' ? null : { body: one.json ?? {}, httpStatusCode: one.status ?? 200 },
        ),
      },
    };
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function standard(request: Seen): Reply {
    const { pathname, searchParams } = request.url;
    if (pathname === '/services/oauth2/token') {
      logins++;
      return {
        json: { access_token: `token-${logins}`, instance_url: url, id: `${url}/id/${orgId}/005000000000001AAA` },
      };
    }
    const sobject = /\/sobjects\/(\w+)\/describe$/.exec(pathname)?.[1];
    if (sobject !== undefined) return { json: describe(sobject, fields[sobject] ?? []) };
    if ((searchParams.get('q') ?? '').includes('FROM Organization')) {
      return { json: { done: true, records: [{ Id: orgId, IsSandbox: true }] } };
    }
    if (searchParams.has('q')) return { json: { done: true, totalSize: 0, records: [] } };
    return { status: 404, json: [{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }] };
  }

  return {
    url,
    seen,
    requests: (part) => seen.filter((request) => request.url.pathname.includes(part)),
    options: (overrides = {}) =>
      salesforceOptionsSchema.parse({
        loginUrl: url,
        auth: {
          kind: 'clientCredentials',
          clientId: { env: 'TINY_CLIENT_ID' },
          clientSecret: { env: 'TINY_CLIENT_SECRET' },
        },
        batch: { loneWindowMs: 5, backlogWindowMs: 20 },
        requestTimeoutMs: 2_000,
        ...overrides,
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

process.env.TINY_CLIENT_ID = 'client';
process.env.TINY_CLIENT_SECRET = 'secret';

export function field(name: string, extra: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name,
    label: name.replace(/__c$/, '').replaceAll('_', ' '),
    type: 'string',
    length: 255,
    createable: true,
    updateable: true,
    nillable: true,
    defaultedOnCreate: false,
    externalId: false,
    unique: false,
    restrictedPicklist: false,
    relationshipName: null,
    referenceTo: [],
    picklistValues: [],
    ...extra,
  };
}

function describe(name: string, fields: readonly Record<string, unknown>[]): unknown {
  const id = field('Id', { createable: false, updateable: false, idLookup: true });
  return { name, label: name, createable: true, updateable: true, queryable: true, fields: [id, ...fields] };
}

export const opportunityFields = [
  field('ACE_Id__c', { externalId: true, unique: true }),
  field('ACE_Last_Modified__c', { type: 'datetime' }),
  field('Name', { label: 'Opportunity Name' }),
  field('StageName', { label: 'Stage' }),
  field('AccountId', { type: 'reference', relationshipName: 'Account', referenceTo: ['Account'], label: 'Account ID' }),
  field('OwnerId', { type: 'reference', relationshipName: 'Owner', referenceTo: ['Group', 'User'], label: 'Owner ID' }),
  field('SystemModstamp', { updateable: false, createable: false }),
];

/** Rows of a collections request. */
export function rowsOf(request: Seen): readonly Record<string, unknown>[] {
  const body: unknown = JSON.parse(request.body);
  return typeof body === 'object' && body !== null && 'records' in body && Array.isArray(body.records)
    ? body.records
    : [];
}

export const idOf = (index: number): string => `006${String(index).padStart(12, '0')}AAA`;

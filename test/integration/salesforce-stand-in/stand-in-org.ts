import type { TestContext } from 'node:test';
import { Connection } from 'jsforce';
import {
  type SalesforceStandIn,
  type StandInOptions,
  startSalesforceStandIn,
} from '../../../src/sandbox/salesforce/index.ts';

export interface TestOrg {
  readonly standIn: SalesforceStandIn;
  /** Real jsforce, logged in as the administrator. */
  readonly connection: Connection;
  /** A second client, to see the bytes that jsforce hides. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export const apiVersion = '60.0';
export const data = `/services/data/v${apiVersion}`;

/** Starts an org for one test and stops it afterwards. */
export async function startOrg(test: TestContext, options: StandInOptions = {}): Promise<TestOrg> {
  const standIn = await startSalesforceStandIn(options);
  test.after(() => standIn.close());
  const { instanceUrl, accessToken } = standIn.connection;
  return {
    standIn,
    connection: new Connection({ instanceUrl, accessToken, version: apiVersion }),
    call: (method, path, body, headers) => callApi(standIn, accessToken, method, path, body, headers),
  };
}

export async function callApi(
  standIn: SalesforceStandIn,
  token: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${standIn.connection.instanceUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

/** Asks the org for an action on its side channel, as a test in another process does. */
export async function act(standIn: SalesforceStandIn, action: string, body: unknown): Promise<unknown> {
  const response = await fetch(`${standIn.connection.instanceUrl}/__standin/${action}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  const answer: unknown = await response.json();
  if (response.status !== 200) throw new Error(`${action}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

export const partnerKey = {
  fullName: 'Opportunity.Partner_Key__c',
  label: 'Partner Key',
  type: 'Text',
  length: 18,
  externalId: true,
  unique: true,
};

/** Creates custom fields through the metadata API and fails when the org refuses one. */
export async function createFields(connection: Connection, ...fields: readonly object[]): Promise<void> {
  await save(connection, 'CustomField', ...fields);
}

export async function save(connection: Connection, type: string, ...components: readonly object[]): Promise<void> {
  const calls: { create(type: string, metadata: object[]): Promise<unknown> } = connection.metadata;
  const results = [await calls.create(type, [...components])].flat();
  for (const result of results)
    if (!(result as { success: boolean }).success) throw new Error(`${type}: ${JSON.stringify(result)}`);
}

export const opportunity = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  Name: 'Cloud migration',
  StageName: 'Prospecting',
  CloseDate: '2027-03-31',
  ...more,
});

export async function createOne(
  connection: Connection,
  type: string,
  values: Record<string, unknown>,
): Promise<string> {
  const result = await connection.sobject(type).create(values);
  if (!result.success) throw new Error(JSON.stringify(result.errors));
  return result.id;
}

/** Runs a call that must fail. @returns name and message of the error. */
export async function failure(
  work: PromiseLike<unknown>,
): Promise<{ readonly code: string; readonly message: string }> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Error) return { code: error.name, message: error.message };
  }
  throw new Error('the call succeeded');
}

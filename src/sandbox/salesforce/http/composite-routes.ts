import { asRequestErrorBody, errors, SalesforceError } from '../org/salesforce-error.ts';
import { isJsonObject, type JsonObject } from '../records/record-input.ts';
import { type ApiCall, bodyOf, type HttpAnswer, type HttpRequest } from './http-messages.ts';

class RollBack extends Error {}

/** Runs one request of the data API; passed in, because that router holds this one. */
export type RunApi = (call: ApiCall) => HttpAnswer;

function subRequests(call: ApiCall, key: string): JsonObject[] {
  const list = bodyOf(call)[key];
  if (!Array.isArray(list) || !list.every(isJsonObject))
    throw errors.malformedJson(`${key} must be an array at [line:1, column:2]`);
  const most = call.usage.settings.compositeRequests;
  if (list.length > most)
    throw new SalesforceError('LIMIT_EXCEEDED', `The limit of ${most} subrequests was exceeded`, { fields: null });
  return list;
}

/** Runs a request inside a request. Its errors are its answer. */
function runInner(run: RunApi, call: ApiCall, method: string, url: string, body: unknown): HttpAnswer {
  const parsed = new URL(url, 'http://inner');
  const path = /^(?:\/services\/data\/)?v(\d+\.\d)(?:\/(.*))?$/.exec(parsed.pathname);
  const request: HttpRequest = {
    method: method.toUpperCase(),
    path: parsed.pathname,
    query: parsed.searchParams,
    headers: call.request.headers,
    body: body === undefined ? '' : JSON.stringify(body),
  };
  try {
    if (path === null) throw errors.noSuchResource();
    const segments = (path[2] ?? '')
      .split('/')
      .filter((one) => one !== '')
      .map(decodeURIComponent);
    return run({ ...call, request, segments, version: path[1] ?? call.version });
  } catch (error) {
    if (error instanceof SalesforceError) return { status: error.status, body: asRequestErrorBody(error) };
    throw error;
  }
}

/** Puts the answers of earlier requests in place of `@{reference.path[0].to}`. */
function fillReferences(value: unknown, answers: ReadonlyMap<string, unknown>): unknown {
  if (typeof value === 'string')
    return value.replace(/@\{([^}]+)\}/g, (_, reference: string) => {
      const [name = '', ...path] = reference.split(/[.[\]]+/).filter((one) => one !== '');
      if (!answers.has(name))
        throw new SalesforceError(
          'PROCESSING_HALTED',
          `Invalid reference specified. No value for ${reference} found in ${name}`,
          { fields: null },
        );
      let found = answers.get(name);
      for (const step of path) found = (found as Record<string, unknown> | null | undefined)?.[step];
      return String(found);
    });
  if (Array.isArray(value)) return value.map((one) => fillReferences(one, answers));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fillReferences(one, answers)]));
}

/** Of queries and collections a composite call takes fewer than of other requests. */
const heavy = /\/(query|queryAll|composite\/sobjects)\b/;

const failed = (answer: HttpAnswer): boolean => answer.status >= 300;

/** `POST /composite`: requests one after another, each able to use earlier answers. */
export function composite(call: ApiCall, run: RunApi): HttpAnswer {
  const allOrNone = bodyOf(call).allOrNone === true;
  const requests = subRequests(call, 'compositeRequest');
  const most = call.usage.settings.compositeHeavyRequests;
  if (requests.filter(({ url }) => heavy.test(String(url))).length > most)
    throw new SalesforceError('LIMIT_EXCEEDED', `The limit of ${most} queries and collections was exceeded`, {
      fields: null,
    });
  const results: { body: unknown; httpHeaders: object; httpStatusCode: number; referenceId: unknown }[] = [];
  const answers = new Map<string, unknown>();
  try {
    call.org.transaction(() => {
      let broken = false;
      for (const one of requests) {
        const referenceId = one.referenceId;
        let answer: HttpAnswer;
        try {
          const url = String(fillReferences(one.url, answers));
          answer = runInner(run, call, String(one.method ?? 'GET'), url, fillReferences(one.body, answers));
        } catch (error) {
          if (!(error instanceof SalesforceError)) throw error;
          answer = { status: error.status, body: asRequestErrorBody(error) };
        }
        if (!failed(answer)) answers.set(String(referenceId), answer.body);
        else broken = true;
        results.push({ body: answer.body ?? null, httpHeaders: {}, httpStatusCode: answer.status, referenceId });
      }
      if (broken && allOrNone) throw new RollBack();
    });
  } catch (error) {
    if (!(error instanceof RollBack)) throw error;
    for (const result of results) {
      if (result.httpStatusCode >= 300) continue;
      result.httpStatusCode = 400;
      result.body = [
        {
          errorCode: 'PROCESSING_HALTED',
          message: 'The transaction was rolled back since another operation in the same transaction failed.',
        },
      ];
    }
  }
  return { status: 200, body: { compositeResponse: results } };
}

/** `POST /composite/batch`: independent requests. */
export function compositeBatch(call: ApiCall, run: RunApi): HttpAnswer {
  const haltOnError = bodyOf(call).haltOnError === true;
  let hasErrors = false;
  const results = subRequests(call, 'batchRequests').map((one) => {
    if (hasErrors && haltOnError)
      return {
        statusCode: 412,
        result: [{ errorCode: 'BATCH_PROCESSING_HALTED', message: 'Batch processing halted per request' }],
      };
    const answer = runInner(
      run,
      call,
      String(one.method ?? 'GET'),
      `/services/data/${String(one.url).replace(/^\/?(services\/data\/)?/, '')}`,
      one.richInput,
    );
    hasErrors ||= failed(answer);
    return { statusCode: answer.status, result: answer.body ?? null };
  });
  return { status: 200, body: { hasErrors, results } };
}

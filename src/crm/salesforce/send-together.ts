import type { Connection } from 'jsforce';

/** One request to the data API, with its path below `/services/data/vXX.X`. */
export interface Part {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What became of one part; the error has the shape that jsforce throws. */
export type PartAnswer = { readonly ok: true; readonly body: unknown } | { readonly ok: false; readonly error: Error };

/** Of the 25 parts of a composite call at most five may be queries or sObject Collections (REST API guide, Composite). */
export const mostParts = 5;

/**
 * Sends up to five requests as one call, which Salesforce counts as one toward the API limit, and carries out in order.
 * A part that fails stops none of the others.
 * @throws whatever jsforce throws for the call as a whole
 */
export async function sendTogether(connection: Connection, parts: readonly Part[]): Promise<readonly PartAnswer[]> {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return [{ ok: true, body: await sendAlone(connection, only) }];
  const { compositeResponse } = await connection.request<CompositeAnswer>({
    method: 'POST',
    url: '/composite',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      allOrNone: false,
      // Collated parts may change places, and a query here reads what the part before it wrote.
      collateSubrequests: false,
      compositeRequest: parts.map(({ method, path, headers, body }, index) => ({
        method,
        url: `/services/data/v${connection.version}${path}`,
        referenceId: `part${index}`,
        ...(headers === undefined ? {} : { httpHeaders: headers }),
        ...(body === undefined ? {} : { body }),
      })),
    }),
  });
  return parts.map((_, index) => read(compositeResponse[index]));
}

/** Sends each request as a call of its own, in order. @throws whatever jsforce throws for one of them */
export async function sendApart(connection: Connection, parts: readonly Part[]): Promise<readonly PartAnswer[]> {
  const answers: PartAnswer[] = [];
  for (const part of parts) answers.push(...(await sendTogether(connection, [part])));
  return answers;
}

/** Whether the parts may share a call: Salesforce takes `@{` in the text of a part for a reference to another part. */
export function mayTravelTogether(parts: readonly Part[]): boolean {
  return parts.length <= mostParts && !parts.some((part) => JSON.stringify(part).includes('@{'));
}

/** The body of an answered part. @throws the error of the part */
export function bodyOf(answer: PartAnswer | undefined): unknown {
  if (answer === undefined) throw new Error('expected an answer for each part of the call');
  if (!answer.ok) throw answer.error;
  return answer.body;
}

interface CompositeAnswer {
  readonly compositeResponse: readonly { readonly body: unknown; readonly httpStatusCode: number }[];
}

function sendAlone(connection: Connection, { method, path, headers, body }: Part): PromiseLike<unknown> {
  if (method === 'GET') return connection.request(path);
  const sent = { method, url: path, headers: { 'content-type': 'application/json', ...headers } };
  return connection.request({ ...sent, body: JSON.stringify(body) });
}

function read(answer: CompositeAnswer['compositeResponse'][number] | undefined): PartAnswer {
  if (answer !== undefined && answer.httpStatusCode < 400) return { ok: true, body: answer.body };
  const status = `ERROR_HTTP_${answer?.httpStatusCode ?? 'NONE'}`;
  return { ok: false, error: Object.assign(new Error(status), { errorCode: status, data: answer?.body }) };
}

import type { Administration } from '../administration/administration.ts';
import type { Access } from '../org/access.ts';
import type { Org } from '../org/org.ts';
import { errors } from '../org/salesforce-error.ts';
import type { Sessions } from '../org/sessions.ts';
import { isJsonObject, type JsonObject } from '../records/record-input.ts';
import type { SaveContext } from '../records/save-records.ts';
import type { Faults } from './faults.ts';
import type { ApiUsage } from './limits.ts';
import type { QueryCursors } from './query-cursors.ts';

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpAnswer {
  readonly status: number;
  /** JSON unless it is text with its own content type; undefined for no body. */
  readonly body?: unknown;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Everything that a stand-in is made of, handed to each route. */
export interface StandInParts {
  readonly org: Org;
  readonly sessions: Sessions;
  readonly faults: Faults;
  readonly usage: ApiUsage;
  readonly cursors: QueryCursors;
  readonly administration: Administration;
  /** `http://127.0.0.1:PORT`, login and instance in one. */
  readonly url: () => string;
}

/** A request to the data API, with its session looked up. */
export interface ApiCall extends StandInParts {
  readonly request: HttpRequest;
  /** Path below `/services/data/vXX.X/`, decoded segment by segment. */
  readonly segments: readonly string[];
  readonly version: string;
  readonly access: Access;
}

export function bodyOf(call: Pick<ApiCall, 'request'>): JsonObject {
  const { body } = call.request;
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    throw errors.malformedJson(
      body.trim() === ''
        ? 'The HTTP entity body is required, but this request has no entity body.'
        : `Unexpected character ('${body.trim().charAt(0)}' (code ${body.trim().charCodeAt(0)})): expected a valid value at [line:1, column:2]`,
    );
  }
  if (!isJsonObject(parsed))
    throw errors.malformedJson('The HTTP entity body must be a JSON object at [line:1, column:1]');
  return parsed;
}

export function saveContextOf(call: Pick<ApiCall, 'org' | 'access' | 'faults' | 'request'>): SaveContext {
  const duplicateHeader = call.request.headers['sforce-duplicate-rule-header'] ?? '';
  return {
    org: call.org,
    access: call.access,
    allowDuplicates: /allowsave\s*=\s*true/i.test(duplicateHeader),
    rowFault: (object, id, values) => call.faults.takeForRow(object, id, values),
  };
}

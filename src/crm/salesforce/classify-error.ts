import { AceSyncError, type Problem } from '../../errors.ts';
import { type ErrorRow, findErrorRow } from './error-table.ts';
import type { SalesforceOptions } from './options.ts';

/** One error as Salesforce reports it: in a collections row `statusCode`, elsewhere `errorCode`. */
export interface SalesforceError {
  readonly code: string;
  /** Foreign text: holds values and e-mail addresses, so it is matched but never passed on. */
  readonly message: string;
  readonly fields: readonly string[];
}

/**
 * A call that Salesforce refused for what it holds. Says only the code: Salesforce's own text holds values, and error
 * messages travel into histories and logs. Whoever judges the refusal reads the text from `error`.
 */
export class SalesforceRefusal extends Error {
  readonly #error: SalesforceError;

  constructor(place: string, error: SalesforceError) {
    super(`${place}: Salesforce refused the call (${shownCode(error.code)}).`);
    this.name = 'SalesforceRefusal';
    this.#error = error;
  }

  get error(): SalesforceError {
    return this.#error;
  }
}

/** Names of an object's fields in the words of its users; unknown names come back as they are. */
export type LabelOf = (field: string) => string;

/** Only what looks like a name of Salesforce's may go into our sentences; everything else could be a value. */
const apiName = /^[A-Za-z][A-Za-z0-9_.]{0,79}$/;

export function problemOf(row: ErrorRow, error: SalesforceError, labelOf: LabelOf): Problem {
  const field = error.fields.find((name) => apiName.test(name));
  const labels = error.fields.filter((name) => apiName.test(name)).map(labelOf);
  const code = shownCode(error.code);
  const message = row.text
    .replace('{field}', labels.length === 0 ? 'a field' : labels.join(', '))
    .replace('{code}', code);
  return {
    code: row.problem,
    ...(field === undefined ? {} : { field }),
    message: message.charAt(0).toUpperCase() + message.slice(1),
    fix: row.fix,
    fixBy: row.fixBy,
  };
}

function shownCode(code: string): string {
  return /^[A-Z][A-Za-z0-9_:]{0,79}$/.test(code) || code.startsWith('sf:')
    ? code.replace(/[^A-Za-z0-9_:]/g, '')
    : 'no code';
}

/**
 * Reads whatever jsforce throws. Null when it is no answer of Salesforce's, such as a programming error.
 * Several errors in one answer (MULTIPLE_API_ERRORS) are reported by the first one.
 */
export function readSalesforceError(thrown: unknown): SalesforceError | null {
  if (thrown instanceof SalesforceRefusal) return thrown.error;
  if (!(thrown instanceof Error)) return null;
  const data: unknown = 'data' in thrown ? thrown.data : undefined;
  const first: unknown = Array.isArray(data) ? data[0] : data;
  const code =
    stringOf(first, 'errorCode') ?? stringOf(first, 'statusCode') ?? stringOf(thrown, 'errorCode') ?? undefined;
  if (code === undefined) return null;
  const fields: unknown = typeof first === 'object' && first !== null && 'fields' in first ? first.fields : [];
  return {
    code,
    message: stringOf(first, 'message') ?? thrown.message,
    fields: Array.isArray(fields) ? fields.filter((field): field is string => typeof field === 'string') : [],
  };
}

/**
 * Turns what a call threw into an error of the catalogue, or into a refusal without foreign text.
 * @param place what was done, for the message: names of objects and methods, no values.
 */
export function connectionFault(thrown: unknown, place: string, retry: SalesforceOptions['retry']): unknown {
  if (thrown instanceof AceSyncError) return thrown;
  const error = readSalesforceError(thrown);
  if (error === null) return thrown;
  const row = findErrorRow(error.code, error.message);
  if (row.class.kind !== 'connection') return new SalesforceRefusal(place, error);
  const named = row.class.code === 'CRM_SCHEMA' ? missingName(error.message) : undefined;
  const retryAfterMs = row.class.code === 'CRM_UNAVAILABLE' ? retry.unavailableMs : retry.connectionMs;
  // Without a cause: it would carry Salesforce's text along.
  return new AceSyncError(
    row.class.code,
    `${place}${named === undefined ? '' : ` (${named})`}: ${shownCode(error.code)}.`,
    {
      retryAfterMs,
    },
  );
}

/** The name of the column or object that Salesforce does not know, from its sentence. */
function missingName(message: string): string | undefined {
  const match = /(?:No such column|sObject type|Unable to create\/update fields:) '?([A-Za-z][A-Za-z0-9_.]*)'?/.exec(
    message,
  );
  const name = match?.[1];
  return name !== undefined && apiName.test(name) ? name : undefined;
}

function stringOf(value: unknown, key: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const found: unknown = Reflect.get(value, key);
  return typeof found === 'string' ? found : undefined;
}

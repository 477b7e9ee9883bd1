/**
 * An error in Salesforce's own words. On the wire it is `[{message, errorCode, fields}]` for a single record and
 * `{statusCode, message, fields}` inside the results of a collection.
 */
export class SalesforceError extends Error {
  override readonly name = 'SalesforceError';
  readonly code: string;
  readonly status: number;
  /** `null` leaves the key `fields` out of the answer, as errors of the request itself do. */
  readonly fields: readonly string[] | null;
  /** The whole body, where the shape differs from the usual one (duplicate rules, HTTP 300). */
  readonly body: unknown;

  constructor(
    code: string,
    message: string,
    options: { readonly fields?: readonly string[] | null; readonly status?: number; readonly body?: unknown } = {},
  ) {
    super(message);
    this.code = code;
    this.status = options.status ?? statusOf[code] ?? 400;
    this.fields = options.fields === undefined ? [] : options.fields;
    this.body = options.body;
  }
}

/** HTTP status of each code on a single-record request; every other code is 400. */
const statusOf: Readonly<Record<string, number>> = {
  INVALID_SESSION_ID: 401,
  REQUEST_LIMIT_EXCEEDED: 403,
  API_DISABLED_FOR_ORG: 403,
  API_CURRENTLY_DISABLED: 403,
  INSUFFICIENT_ACCESS: 403,
  NOT_FOUND: 404,
  ENTITY_IS_DELETED: 404,
  METHOD_NOT_ALLOWED: 405,
  UNSUPPORTED_MEDIA_TYPE: 415,
  UNKNOWN_EXCEPTION: 500,
  SERVER_UNAVAILABLE: 503,
};

export interface RowErrorBody {
  readonly statusCode: string;
  readonly message: string;
  readonly fields: readonly string[];
}

export function asRowError(error: SalesforceError): RowErrorBody {
  return { statusCode: error.code, message: error.message, fields: error.fields ?? [] };
}

export function asRequestErrorBody(error: SalesforceError): unknown {
  if (error.body !== undefined) return error.body;
  const { message, code: errorCode, fields } = error;
  return [fields === null ? { message, errorCode } : { message, errorCode, fields }];
}

const asRequestError = (code: string, message: string) => new SalesforceError(code, message, { fields: null });

/** Errors that several places raise, so that each text stands once. */
export const errors = {
  sessionExpired: () => asRequestError('INVALID_SESSION_ID', 'Session expired or invalid'),
  noSuchResource: () => asRequestError('NOT_FOUND', 'The requested resource does not exist'),
  noSuchRecord: (key: string) =>
    asRequestError('NOT_FOUND', `Provided external ID field does not exist or is not accessible: ${key}`),
  methodNotAllowed: (method: string) =>
    asRequestError('METHOD_NOT_ALLOWED', `HTTP Method '${method}' not allowed. Allowed are HEAD,GET,POST,PATCH,DELETE`),
  noSuchObject: (name: string) =>
    asRequestError(
      'INVALID_TYPE',
      `sObject type '${name}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.`,
    ),
  noSuchColumn: (field: string, object: string) =>
    asRequestError('INVALID_FIELD', `No such column '${field}' on sobject of type ${object}`),
  entityDeleted: () => new SalesforceError('ENTITY_IS_DELETED', 'entity is deleted'),
  notShared: (id: string) =>
    new SalesforceError(
      'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY',
      `insufficient access rights on cross-reference id: ${id.slice(0, 15)}`,
    ),
  invalidCrossReference: () => new SalesforceError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id'),
  malformedJson: (message: string) => asRequestError('JSON_PARSER_ERROR', message),
  malformedQuery: (message: string) => asRequestError('MALFORMED_QUERY', message),
} as const;

import { SalesforceError } from '../org/salesforce-error.ts';
import { refreshSetupViews } from '../org/setup-views.ts';
import type { JsonRecord } from '../records/record-output.ts';
import { runQuery } from '../soql/run-query.ts';
import type { ApiCall, HttpAnswer } from './http-messages.ts';
import type { Cursor } from './query-cursors.ts';

/** `GET /query?q=…`, `/queryAll?q=…`, `/query?explain=…`. */
export function query(call: ApiCall, includeDeleted: boolean): HttpAnswer {
  const { request, org, access, usage } = call;
  if (request.query.has('explain'))
    return { status: 200, body: { plans: [], sourceQuery: request.query.get('explain') } };
  const soql = request.query.get('q');
  if (soql === null) throw new SalesforceError('MALFORMED_QUERY', 'SOQL query cannot be blank.', { fields: null });
  if (soql.length > usage.settings.soqlLength)
    throw new SalesforceError(
      'QUERY_TOO_COMPLICATED',
      'Query is either selecting too many fields or the filter conditions are too complicated.',
      { fields: null },
    );
  refreshSetupViews(org, soql);
  const result = runQuery(
    { org, access, soql, includeDeleted: includeDeleted || /\sALL\s+ROWS\s*$/i.test(soql) },
    call.version,
  );
  const pageSize = pageSizeOf(call);
  if (result.count <= pageSize)
    return { status: 200, body: { totalSize: result.totalSize, done: true, records: result.render(0, result.count) } };
  const locator = call.cursors.open({ result, userId: access.userId, pageSize });
  return page(call, locator, { result, userId: access.userId, pageSize }, 0);
}

function pageSizeOf(call: ApiCall): number {
  const asked = /batchSize\s*=\s*(\d+)/i.exec(call.request.headers['sforce-query-options'] ?? '');
  const most = call.usage.settings.queryPage;
  return asked === null ? most : Math.min(most, Math.max(200, Number(asked[1])));
}

/** `GET /query/<locator>`. */
export function queryMore(call: ApiCall, name: string): HttpAnswer {
  const parsed = /^(\w+)-(\d+)$/.exec(name);
  const cursor = parsed === null ? undefined : call.cursors.find(parsed[1] ?? '');
  const from = Number(parsed?.[2]);
  if (cursor === undefined || cursor.userId !== call.access.userId || from > cursor.result.count)
    throw new SalesforceError('INVALID_QUERY_LOCATOR', 'invalid query locator', { fields: null });
  return page(call, parsed?.[1] ?? '', cursor, from);
}

function page(call: ApiCall, id: string, cursor: Cursor, from: number): HttpAnswer {
  const { result, pageSize } = cursor;
  const to = Math.min(from + pageSize, result.count);
  const body: JsonRecord = { totalSize: result.totalSize, done: to >= result.count };
  if (to < result.count) body.nextRecordsUrl = `/services/data/v${call.version}/query/${id}-${to}`;
  body.records = result.render(from, to);
  return { status: 200, body };
}

import { parseQuery, type Query } from '@jetstreamapp/soql-parser-js';
import { errors } from '../org/salesforce-error.ts';
import type { JsonRecord } from '../records/record-output.ts';
import { aggregate, needsGroups } from './aggregate.ts';
import type { QueryScope } from './paths.ts';
import { compileSelection } from './render.ts';
import { cut, selectRows, sortRows } from './rows.ts';

/** A query that ran: records are rendered when a page asks for them. */
export interface QueryResult {
  readonly totalSize: number;
  readonly count: number;
  render(from: number, to: number): JsonRecord[];
}

/** @throws SalesforceError MALFORMED_QUERY, INVALID_TYPE, INVALID_FIELD … as the query resource answers them. */
export function runQuery(scope: QueryScope, version: string): QueryResult {
  const query = parse(scope.soql);
  const object = scope.org.objectNamed(query.sObject ?? '');
  if (!scope.access.object(object).read) throw errors.noSuchObject(object.name);
  const rows = selectRows(scope, object, query);
  const [first] = query.fields ?? [];
  const countsOnly =
    query.fields?.length === 1 &&
    first?.type === 'FieldFunctionExpression' &&
    first.functionName.toUpperCase() === 'COUNT' &&
    first.parameters.length === 0 &&
    first.alias === undefined;
  if (countsOnly && query.groupBy === undefined) return { totalSize: rows.length, count: 0, render: () => [] };
  if (needsGroups(query)) {
    const records = cut(query, aggregate({ scope, object, alias: query.sObjectAlias }, query, rows));
    return { totalSize: records.length, count: records.length, render: (from, to) => records.slice(from, to) };
  }
  const chosen = cut(query, sortRows(scope, object, query, rows));
  const render = compileSelection(scope, version, object, query, query.fields ?? []);
  return {
    totalSize: chosen.length,
    count: chosen.length,
    render: (from, to) => chosen.slice(from, to).map(render),
  };
}

function parse(soql: string): Query {
  try {
    // Without options on purpose: with any, version 6.3.1 builds its grammar anew for each query, 40 ms a time.
    return parseQuery(soql.replace(/\s+ALL\s+ROWS\s*$/i, ''));
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const found = /found:? -->\s?(.*?)\s?<--/.exec(message) ?? /but found: '([^']*)'/.exec(message);
    throw errors.malformedQuery(`unexpected token: '${found?.[1] ?? '<EOF>'}'`);
  }
}

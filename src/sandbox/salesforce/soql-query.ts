import {
  type FieldSubquery,
  type OrderByClause,
  parseQuery,
  type Query,
  type QueryBase,
  type FieldType as SelectedField,
} from '@jetstreamapp/soql-parser-js';
import { toId18 } from './record-id.ts';
import { attributesOf, type JsonRecord, jsonField, jsonValue } from './record-output.ts';
import { parentOf } from './record-values.ts';
import { errors } from './salesforce-error.ts';
import type { FieldDefinition, ObjectDefinition, Value, Values } from './schema.ts';
import { aggregate, compareValues, needsGroups } from './soql-aggregate.ts';
import { compileCondition, textLiterals } from './soql-conditions.ts';
import { functionOf } from './soql-functions.ts';
import { type QueryScope, resolvePath, valueAt } from './soql-paths.ts';
import { type ConditionTree, conditionTree } from './soql-where.ts';

/** Rows an `OFFSET` may skip; SOQL's own limit. */
const maximumOffset = 2000;
/** Rows of one `FIELDS(ALL)` query; SOQL's own limit. */
const maximumForAllFields = 200;

/** A query that ran: records are rendered when a page asks for them. */
export interface QueryResult {
  readonly totalSize: number;
  readonly count: number;
  render(from: number, to: number): JsonRecord[];
}

type Renderer = (values: Readonly<Values>, record: JsonRecord) => void;

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
    return parseQuery(soql.replace(/\s+ALL\s+ROWS\s*$/i, ''), { allowApexBindVariables: false });
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const found = /found:? -->\s?(.*?)\s?<--/.exec(message) ?? /but found: '([^']*)'/.exec(message);
    throw errors.malformedQuery(`unexpected token: '${found?.[1] ?? '<EOF>'}'`);
  }
}

function cut<T>(query: QueryBase, rows: readonly T[]): readonly T[] {
  const from = query.offset ?? 0;
  if (from > maximumOffset) throw errors.malformedQuery('Maximum SOQL offset allowed is 2000');
  return from === 0 && query.limit === undefined ? rows : rows.slice(from, from + (query.limit ?? rows.length));
}

function selectRows(
  scope: QueryScope,
  object: ObjectDefinition,
  query: QueryBase,
  only?: Iterable<string>,
): Readonly<Values>[] {
  const { org } = scope;
  const tree = query.where === undefined ? null : conditionTree(query.where);
  const test =
    tree === null
      ? () => true
      : compileCondition(tree, {
          scope,
          object,
          alias: query.sObjectAlias,
          runSubquery: (inner) => singleColumn(scope, inner),
        });
  const table = org.store.table(object.name);
  const found = [];
  for (const id of only ?? (tree === null ? null : candidates(scope, object, tree)) ?? table.keys()) {
    const row = table.get(id);
    const values = row && org.store.visible(row);
    if (values === undefined || values === null) continue;
    if (values.IsDeleted === true && !scope.includeDeleted) continue;
    if (test(values)) found.push(values);
  }
  return found;
}

/** Rows that an index already narrows down: conditions on the id, on external ids and on lookups. */
function candidates(scope: QueryScope, object: ObjectDefinition, tree: ConditionTree): Iterable<string> | null {
  const parts = tree.kind === 'and' ? tree.parts : [tree];
  for (const part of parts) {
    if (part.kind !== 'condition' || part.condition.field === undefined) continue;
    const texts = textLiterals(part.condition);
    const field = texts === null ? undefined : scope.org.schema.field(object, part.condition.field);
    if (texts === null || field === undefined) continue;
    if (field.type === 'id') return new Set(texts.map((text) => toId18(text) ?? text));
    const indexed = field.externalId || field.unique || field.type === 'reference';
    // The index leaves the recycle bin out, and does not know what reads see while a write is unseen.
    if (!indexed || scope.includeDeleted || scope.org.lateVisibility.length > 0) continue;
    const ids = new Set<string>();
    for (const text of texts) {
      const key = field.type === 'reference' ? (toId18(text) ?? text) : text;
      for (const row of scope.org.store.findBy(object, field, key)) ids.add(row.id);
    }
    return ids;
  }
  return null;
}

function singleColumn(scope: QueryScope, query: Query): Value[] {
  const object = scope.org.objectNamed(query.sObject ?? '');
  const [column] = query.fields ?? [];
  const name =
    column !== undefined && 'field' in column
      ? 'rawValue' in column && column.rawValue
        ? column.rawValue
        : column.field
      : '';
  const path = resolvePath(scope, object, name, query.sObjectAlias);
  return selectRows(scope, object, query).map((values) => valueAt(scope.org, object, values, path));
}

const asList = <T>(value: T | T[] | undefined): T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

function sortRows(
  scope: QueryScope,
  object: ObjectDefinition,
  query: QueryBase,
  rows: Readonly<Values>[],
): Readonly<Values>[] {
  const orders = asList<OrderByClause>(query.orderBy).map((order) => {
    const read =
      'fn' in order
        ? functionOf(scope, object, query.sObjectAlias, order.fn).read
        : readPath(scope, object, order.field, query.sObjectAlias);
    const sign = order.order === 'DESC' ? -1 : 1;
    // Nulls come first in both directions unless the query says otherwise.
    const nullSign = order.nulls === 'LAST' ? 1 : -1;
    return (left: Readonly<Values>, right: Readonly<Values>): number => {
      const [a, b] = [read(left), read(right)];
      if (a === null || b === null) return a === b ? 0 : (a === null ? 1 : -1) * nullSign;
      return sign * compareValues(a, b);
    };
  });
  if (orders.length === 0) return rows;
  return rows.sort((left, right) => {
    for (const order of orders) {
      const result = order(left, right);
      if (result !== 0) return result;
    }
    return 0;
  });
}

function readPath(scope: QueryScope, object: ObjectDefinition, name: string, alias: string | undefined) {
  const path = resolvePath(scope, object, name, alias);
  return (values: Readonly<Values>) => valueAt(scope.org, object, values, path);
}

function compileSelection(
  scope: QueryScope,
  version: string,
  object: ObjectDefinition,
  query: QueryBase,
  fields: readonly SelectedField[],
): (values: Readonly<Values>) => JsonRecord {
  const renderers = fields.map((field) => compileField(scope, version, object, query, field));
  return (values) => {
    const record: JsonRecord = { attributes: attributesOf(version, object.name, String(values.Id)) };
    for (const render of renderers) render(values, record);
    return record;
  };
}

function compileField(
  scope: QueryScope,
  version: string,
  object: ObjectDefinition,
  query: QueryBase,
  selected: SelectedField,
): Renderer {
  const { org } = scope;
  const alias = query.sObjectAlias;
  switch (selected.type) {
    case 'FieldSubquery':
      return compileChildren(scope, version, object, selected);
    case 'FieldFunctionExpression': {
      if (selected.functionName.toUpperCase() === 'FIELDS')
        return allFields(scope, object, query, String(selected.parameters[0]));
      const { read, field } = functionOf(scope, object, alias, selected as Parameters<typeof functionOf>[3]);
      const name = selected.alias ?? field.name;
      return (values, record) => {
        record[name] = jsonValue(field, read(values));
      };
    }
    case 'FieldTypeof':
      return compileTypeOf(scope, version, object, selected);
    case 'Field':
    case 'FieldRelationship': {
      const own =
        selected.type === 'FieldRelationship' ? [...selected.relationships, selected.field].join('.') : selected.field;
      const path = resolvePath(scope, object, own, alias);
      const [lookup] = path.lookups;
      if (lookup === undefined)
        return (values, record) => {
          record[path.field.name] = jsonField(org, object, values, path.field);
        };
      return (values, record) => nest(scope, version, values, path.lookups, path.field, record);
    }
  }
}

/** Writes a parent's field into nested objects, one per lookup; an empty lookup is null. */
function nest(
  scope: QueryScope,
  version: string,
  values: Readonly<Values>,
  lookups: readonly FieldDefinition[],
  field: FieldDefinition,
  record: JsonRecord,
): void {
  const [lookup, ...rest] = lookups;
  if (lookup === undefined) return;
  const name = lookup.relationshipName ?? lookup.name;
  const parent = parentOf(scope.org, values, lookup);
  if (parent === null) {
    record[name] = null;
    return;
  }
  const nested = (record[name] ?? {
    attributes: attributesOf(version, parent.object.name, String(parent.values.Id)),
  }) as JsonRecord;
  record[name] = nested;
  if (rest.length > 0) {
    nest(scope, version, parent.values, rest, field, nested);
    return;
  }
  const own = scope.org.schema.field(parent.object, field.name);
  nested[field.name] =
    own !== undefined
      ? jsonField(scope.org, parent.object, parent.values, own)
      : field.name === 'Type'
        ? parent.object.name
        : null;
}

function compileChildren(
  scope: QueryScope,
  version: string,
  object: ObjectDefinition,
  selected: FieldSubquery,
): Renderer {
  const { org } = scope;
  const { subquery } = selected;
  const wanted = subquery.relationshipName.toLowerCase();
  const relation = org.schema.children(object).find((one) => one.name.toLowerCase() === wanted);
  if (relation === undefined || !scope.access.object(relation.child).read)
    throw errors.malformedQuery(
      `Didn't understand relationship '${subquery.relationshipName}' in FROM part of query call. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name.`,
    );
  const render = compileSelection(scope, version, relation.child, subquery, subquery.fields ?? []);
  return (values, record) => {
    const ids = org.store.findBy(relation.child, relation.field, values.Id ?? null).map((row) => row.id);
    const rows = cut(
      subquery,
      sortRows(scope, relation.child, subquery, selectRows(scope, relation.child, subquery, ids)),
    );
    record[relation.name] =
      rows.length === 0 ? null : { totalSize: rows.length, done: true, records: rows.map(render) };
  };
}

function allFields(scope: QueryScope, object: ObjectDefinition, query: QueryBase, group: string): Renderer {
  const wanted = group.toUpperCase();
  if (wanted !== 'STANDARD' && (query.limit === undefined || query.limit > maximumForAllFields))
    throw errors.malformedQuery('The SOQL FIELDS function must have a LIMIT of at most 200');
  const fields = [...object.fields.values()].filter(
    (field) =>
      scope.access.readsField(object, field) && (wanted === 'ALL' || (wanted === 'CUSTOM') === (field.custom === true)),
  );
  return (values, record) => {
    for (const field of fields) record[field.name] = jsonField(scope.org, object, values, field);
  };
}

function compileTypeOf(
  scope: QueryScope,
  version: string,
  object: ObjectDefinition,
  selected: Extract<SelectedField, { type: 'FieldTypeof' }>,
): Renderer {
  const { org } = scope;
  const lookup = org.schema.lookup(object, selected.field);
  if (lookup === undefined) throw errors.malformedQuery(`unexpected token: '${selected.field}'`);
  return (values, record) => {
    const parent = parentOf(org, values, lookup);
    if (parent === null) {
      record[selected.field] = null;
      return;
    }
    const chosen =
      selected.conditions.find((one) => one.objectType?.toLowerCase() === parent.object.name.toLowerCase()) ??
      selected.conditions.find((one) => one.type === 'ELSE');
    const nested: JsonRecord = { attributes: attributesOf(version, parent.object.name, String(parent.values.Id)) };
    for (const name of chosen?.fieldList ?? []) {
      const field = org.schema.field(parent.object, name);
      if (field !== undefined) nested[field.name] = jsonField(org, parent.object, parent.values, field);
    }
    record[selected.field] = nested;
  };
}

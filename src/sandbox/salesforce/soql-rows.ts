import type { OrderByClause, Query, QueryBase } from '@jetstreamapp/soql-parser-js';
import { toId18 } from './record-id.ts';
import { errors } from './salesforce-error.ts';
import type { ObjectDefinition, Value, Values } from './schema.ts';
import { compareValues } from './soql-aggregate.ts';
import { compileCondition, textLiterals } from './soql-conditions.ts';
import { functionOf } from './soql-functions.ts';
import { type QueryScope, resolvePath, valueAt } from './soql-paths.ts';
import { type ConditionTree, conditionTree } from './soql-where.ts';

/** Rows an `OFFSET` may skip; SOQL's own limit. */
const maximumOffset = 2000;

export function cut<T>(query: QueryBase, rows: readonly T[]): readonly T[] {
  const from = query.offset ?? 0;
  if (from > maximumOffset) throw errors.malformedQuery('Maximum SOQL offset allowed is 2000');
  return from === 0 && query.limit === undefined ? rows : rows.slice(from, from + (query.limit ?? rows.length));
}

export function selectRows(
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
    if (values === undefined || values === null || !org.shares(id, scope.access.userId)) continue;
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

export function sortRows(
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

import type { OrderByClause, Query, QueryBase } from '@jetstreamapp/soql-parser-js';
import { toId18 } from '../org/record-id.ts';
import { SalesforceError } from '../org/salesforce-error.ts';
import type { ObjectDefinition, Value, Values } from '../org/schema.ts';
import { type ConditionTree, conditionTree } from './condition-tree.ts';
import { comparable, compileCondition, textLiterals } from './conditions.ts';
import { functionOf } from './functions.ts';
import { type QueryScope, resolvePath, valueAt } from './paths.ts';

/** Rows an `OFFSET` may skip; SOQL's own limit. */
const maximumOffset = 2000;

export function cut<T>(query: QueryBase, rows: readonly T[]): readonly T[] {
  const from = query.offset ?? 0;
  if (from > maximumOffset)
    throw new SalesforceError('NUMBER_OUTSIDE_VALID_RANGE', `Maximum SOQL offset allowed is ${maximumOffset}`, {
      fields: null,
    });
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

/** Rows that an index already narrows down: conditions on ids, external ids and lookups. Null means every row. */
function candidates(scope: QueryScope, object: ObjectDefinition, tree: ConditionTree): ReadonlySet<string> | null {
  const found = indexed(scope, object, tree);
  if (found === null) return null;
  return new Set([...found, ...scope.org.store.unseenIds(object.name)]);
}

function indexed(scope: QueryScope, object: ObjectDefinition, tree: ConditionTree): readonly string[] | null {
  switch (tree.kind) {
    case 'and':
      for (const part of tree.parts) {
        const found = indexed(scope, object, part);
        if (found !== null) return found;
      }
      return null;
    case 'or': {
      const found = tree.parts.map((part) => indexed(scope, object, part));
      return found.some((part) => part === null) ? null : found.flatMap((part) => part ?? []);
    }
    case 'not':
      return null;
    case 'condition': {
      const texts = textLiterals(tree.condition);
      const field = scope.org.schema.field(object, tree.condition.field ?? '');
      if (texts === null || field === undefined) return null;
      if (field.type === 'id') return texts.map((text) => toId18(text) ?? text);
      if (!(field.externalId || field.unique || field.type === 'reference')) return null;
      const keys = texts.map((text) => (field.type === 'reference' ? (toId18(text) ?? text) : text));
      return keys.flatMap((key) => scope.org.store.findAllBy(object, field, key).map((row) => row.id));
    }
  }
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
    const { read, field } =
      'fn' in order
        ? functionOf(scope, object, query.sObjectAlias, order.fn)
        : readPath(scope, object, order.field, query.sObjectAlias);
    const sign = order.order === 'DESC' ? -1 : 1;
    // Nulls come first in both directions unless the query says otherwise.
    const nullSign = order.nulls === 'LAST' ? 1 : -1;
    return (left: Readonly<Values>, right: Readonly<Values>): number => {
      // By the same order as conditions compare: `Id > …` goes on where `ORDER BY Id` stopped.
      const [a, b] = [comparable(field, read(left)), comparable(field, read(right))];
      if (a === b) return 0;
      if (a === null || b === null) return (a === null ? 1 : -1) * nullSign;
      return sign * (a < b ? -1 : 1);
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
  return { read: (values: Readonly<Values>) => valueAt(scope.org, object, values, path), field: path.field };
}

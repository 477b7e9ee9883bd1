import type {
  FieldFunctionExpression,
  GroupByClause,
  Query,
  FieldType as SelectedField,
} from '@jetstreamapp/soql-parser-js';
import { errors, SalesforceError } from '../org/salesforce-error.ts';
import type { FieldDefinition, ObjectDefinition, Value, Values } from '../org/schema.ts';
import { type JsonRecord, jsonValue } from '../records/record-output.ts';
import { type ConditionTree, conditionTree, type RawCondition } from './condition-tree.ts';
import { comparison } from './conditions.ts';
import { functionOf, type RowFunction } from './functions.ts';
import { type QueryScope, resolvePath, valueAt } from './paths.ts';

const aggregateNames = new Set(['COUNT', 'COUNT_DISTINCT', 'SUM', 'AVG', 'MIN', 'MAX']);

export const isAggregate = (field: SelectedField): field is FieldFunctionExpression =>
  field.type === 'FieldFunctionExpression' && aggregateNames.has(field.functionName.toUpperCase());

const asList = <T>(value: T | T[] | undefined): T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

export function needsGroups(query: Pick<Query, 'fields' | 'groupBy'>): boolean {
  return query.groupBy !== undefined || (query.fields ?? []).some(isAggregate);
}

interface Column {
  readonly name: string;
  readonly field: FieldDefinition;
  readonly of: (group: readonly Readonly<Values>[]) => Value;
}

interface GroupScope {
  readonly scope: QueryScope;
  readonly object: ObjectDefinition;
  readonly alias: string | undefined;
}

const wholeNumber: FieldDefinition = { name: 'count', label: 'count', type: 'int', scale: 0 };

function aggregateColumn(where: GroupScope, name: string, parameters: readonly unknown[]): Omit<Column, 'name'> {
  const { scope, object, alias } = where;
  const fn = name.toUpperCase();
  const [parameter] = parameters;
  if (parameter === undefined) return { field: wholeNumber, of: (group) => group.length };
  const path = resolvePath(scope, object, String(parameter), alias);
  const present = (group: readonly Readonly<Values>[]) =>
    group.map((values) => valueAt(scope.org, object, values, path)).filter((value) => value !== null);
  const total = (group: readonly Readonly<Values>[]) =>
    present(group).reduce<number>((sum, value) => sum + Number(value), 0);
  const extreme = (sign: number) => (group: readonly Readonly<Values>[]) =>
    present(group).reduce<Value>(
      (best, value) => (best === null || (value > best ? 1 : -1) * sign > 0 ? value : best),
      null,
    );
  const numbers: FieldDefinition = { ...path.field, type: 'double' };
  switch (fn) {
    case 'COUNT':
      return { field: wholeNumber, of: (group) => present(group).length };
    case 'COUNT_DISTINCT':
      return {
        field: wholeNumber,
        of: (group) => new Set(present(group).map((value) => String(value).toLowerCase())).size,
      };
    case 'SUM':
      return { field: numbers, of: (group) => (present(group).length === 0 ? null : total(group)) };
    case 'AVG':
      return {
        field: numbers,
        of: (group) => (present(group).length === 0 ? null : total(group) / present(group).length),
      };
    case 'MIN':
      return { field: path.field, of: extreme(-1) };
    default:
      return { field: path.field, of: extreme(1) };
  }
}

function groupKey(
  where: GroupScope,
  clause: GroupByClause,
): { text: string; read: RowFunction; field: FieldDefinition } {
  const { scope, object, alias } = where;
  if ('fn' in clause) {
    if (/^(ROLLUP|CUBE)$/i.test(clause.fn.functionName ?? ''))
      throw errors.malformedQuery(`${clause.fn.functionName} is not supported by this stand-in`);
    return { text: clause.fn.rawValue ?? '', ...functionOf(scope, object, alias, clause.fn) };
  }
  const path = resolvePath(scope, object, clause.field, alias);
  return { text: clause.field, read: (values) => valueAt(scope.org, object, values, path), field: path.field };
}

const lastStep = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

/** Runs a query with aggregates. @returns the records, each of type `AggregateResult`. */
export function aggregate(where: GroupScope, query: Query, rows: readonly Readonly<Values>[]): JsonRecord[] {
  const keys = asList(query.groupBy).map((clause) => groupKey(where, clause));
  const groups = new Map<string, Readonly<Values>[]>();
  if (keys.length === 0) groups.set('', [...rows]);
  else
    for (const values of rows) {
      const id = JSON.stringify(keys.map(({ read }) => lower(read(values))));
      const group = groups.get(id);
      if (group === undefined) groups.set(id, [values]);
      else group.push(values);
    }

  let unnamed = 0;
  const columns = (query.fields ?? []).map((field): Column => {
    const isFunction = field.type === 'FieldFunctionExpression';
    if (isAggregate(field))
      return {
        name: field.alias ?? `expr${unnamed++}`,
        ...aggregateColumn(where, field.functionName, field.parameters),
      };
    const text =
      'rawValue' in field && field.rawValue !== undefined ? field.rawValue : 'field' in field ? field.field : '';
    const key = keys.find((one) => sameText(one.text, text) || sameText(one.text, 'field' in field ? field.field : ''));
    if (key === undefined) throw errors.malformedQuery(`Field must be grouped or aggregated: ${text}`);
    const alias = 'alias' in field ? field.alias : undefined;
    const name = alias ?? (isFunction ? `expr${unnamed++}` : lastStep(key.field.name));
    return { name, field: key.field, of: ([first]) => (first === undefined ? null : key.read(first)) };
  });

  const columnOf = (condition: RawCondition): Omit<Column, 'name'> => {
    if (condition.fn?.functionName !== undefined && aggregateNames.has(condition.fn.functionName.toUpperCase()))
      return aggregateColumn(where, condition.fn.functionName, condition.fn.parameters ?? []);
    const named = condition.field ?? condition.fn?.rawValue ?? '';
    const found = columns.find((column) => sameText(column.name, named));
    if (found !== undefined) return found;
    const key = keys.find((one) => sameText(one.text, named));
    if (key === undefined)
      throw new SalesforceError('MALFORMED_QUERY', `unexpected token: '${named}'`, { fields: null });
    return { field: key.field, of: ([first]) => (first === undefined ? null : key.read(first)) };
  };
  const having = query.having === undefined ? null : conditionTree(query.having);
  const kept = [...groups.values()].filter((group) => having === null || holdsFor(where, having, columnOf, group));
  for (const order of asList(query.orderBy).reverse()) {
    const column = columnOf({ operator: '=', ...('fn' in order ? { fn: order.fn } : { field: order.field }) });
    const sign = order.order === 'DESC' ? -1 : 1;
    kept.sort((a, b) => sign * compareValues(column.of(a), column.of(b)));
  }
  return kept.map((group) => {
    const record: JsonRecord = { attributes: { type: 'AggregateResult' } };
    for (const { name, field, of } of columns) record[name] = jsonValue(field, of(group));
    return record;
  });
}

function holdsFor(
  where: GroupScope,
  tree: ConditionTree,
  columnOf: (condition: RawCondition) => Omit<Column, 'name'>,
  group: readonly Readonly<Values>[],
): boolean {
  switch (tree.kind) {
    case 'and':
      return tree.parts.every((part) => holdsFor(where, part, columnOf, group));
    case 'or':
      return tree.parts.some((part) => holdsFor(where, part, columnOf, group));
    case 'not':
      return !holdsFor(where, tree.inner, columnOf, group);
    case 'condition': {
      const column = columnOf(tree.condition);
      return comparison(column.field, tree.condition, { scope: where.scope, runSubquery: () => [] })(column.of(group));
    }
  }
}

const sameText = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase();
const lower = (value: Value): Value => (typeof value === 'string' ? value.toLowerCase() : value);

/** Nulls first, text without regard to case. */
export function compareValues(left: Value, right: Value): number {
  if (left === null || right === null) return left === right ? 0 : left === null ? -1 : 1;
  if (typeof left === 'string' && typeof right === 'string') {
    const [a, b] = [left.toLowerCase(), right.toLowerCase()];
    return a < b ? -1 : a > b ? 1 : 0;
  }
  return Number(left) - Number(right);
}

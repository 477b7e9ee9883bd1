import type { Query } from '@jetstreamapp/soql-parser-js';
import { toId18 } from '../org/record-id.ts';
import { SalesforceError } from '../org/salesforce-error.ts';
import type { FieldDefinition, FieldType, ObjectDefinition, Value, Values } from '../org/schema.ts';
import { readTime } from '../records/field-values.ts';
import type { ConditionTree, RawCondition } from './condition-tree.ts';
import { dateLiteralSpan, type Span } from './dates.ts';
import { functionOf, type RowFunction } from './functions.ts';
import { type QueryScope, resolvePath, valueAt } from './paths.ts';

export type Predicate = (values: Readonly<Values>) => boolean;
/** Runs a semi-join: @returns the values of its only column. */
export type RunSubquery = (query: Query) => readonly Value[];

export interface CompileOptions {
  readonly scope: QueryScope;
  readonly object: ObjectDefinition;
  readonly alias: string | undefined;
  readonly runSubquery: RunSubquery;
}

const filterError = (message: string) => new SalesforceError('INVALID_FIELD', message, { fields: null });

export function compileCondition(tree: ConditionTree, options: CompileOptions): Predicate {
  switch (tree.kind) {
    case 'and': {
      const parts = tree.parts.map((part) => compileCondition(part, options));
      return (values) => parts.every((part) => part(values));
    }
    case 'or': {
      const parts = tree.parts.map((part) => compileCondition(part, options));
      return (values) => parts.some((part) => part(values));
    }
    case 'not': {
      const inner = compileCondition(tree.inner, options);
      return (values) => !inner(values);
    }
    case 'condition':
      return compileComparison(tree.condition, options);
  }
}

function compileComparison(condition: RawCondition, options: CompileOptions): Predicate {
  const { scope, object, alias } = options;
  let read: RowFunction;
  let field: FieldDefinition;
  if (condition.fn !== undefined) {
    const compiled = functionOf(scope, object, alias, condition.fn);
    read = compiled.read;
    field = compiled.field;
  } else {
    const path = resolvePath(scope, object, condition.field ?? '', alias);
    field = path.field;
    if (field.long || field.type === 'address')
      throw filterError(`field '${field.name}' can not be filtered in a query call`);
    read = (values) => valueAt(scope.org, object, values, path);
  }
  const test = comparison(field, condition, options);
  return (values) => test(read(values));
}

/** The test of one field's value against the right side of a condition. */
export function comparison(
  field: FieldDefinition,
  condition: RawCondition,
  options: Pick<CompileOptions, 'scope' | 'runSubquery'>,
): (value: Value) => boolean {
  const operator = condition.operator.toUpperCase();
  if (condition.valueQuery !== undefined) {
    const found = new Set(options.runSubquery(condition.valueQuery).map((value) => comparable(field, value)));
    return operator === 'NOT IN'
      ? (value) => !found.has(comparable(field, value))
      : (value) => value !== null && found.has(comparable(field, value));
  }
  const literals = literalsOf(field, condition, options.scope.org.clock.now());
  if (operator === 'IN' || operator === 'NOT IN' || operator === 'INCLUDES' || operator === 'EXCLUDES') {
    if (operator.endsWith('CLUDES')) {
      const wanted = literals.map((literal) => String(literal).toLowerCase().split(';'));
      const includes = (value: Value) => {
        const chosen = String(value ?? '')
          .toLowerCase()
          .split(';');
        return wanted.some((all) => all.every((one) => chosen.includes(one)));
      };
      return operator === 'INCLUDES' ? includes : (value) => !includes(value);
    }
    const wanted = new Set(literals.map((literal) => (isSpan(literal) ? '' : comparable(field, literal))));
    return operator === 'IN'
      ? (value) => wanted.has(comparable(field, value))
      : (value) => !wanted.has(comparable(field, value));
  }
  const [literal = null] = literals;
  if (isSpan(literal)) return spanTest(operator, literal);
  const right = comparable(field, literal);
  switch (operator) {
    case '=':
      return (value) => comparable(field, value) === right;
    case '!=':
      return (value) => comparable(field, value) !== right;
    case 'LIKE': {
      const pattern = likePattern(String(literal ?? ''));
      return (value) => value !== null && pattern.test(String(value));
    }
    default: {
      const order = orders[operator];
      if (order === undefined)
        throw new SalesforceError('MALFORMED_QUERY', `unexpected token: '${operator}'`, { fields: null });
      return (value) => {
        const left = comparable(field, value);
        return left !== null && right !== null && order(left < right ? -1 : left > right ? 1 : 0);
      };
    }
  }
}

const orders: Readonly<Record<string, (sign: number) => boolean>> = {
  '<': (sign) => sign < 0,
  '<=': (sign) => sign <= 0,
  '>': (sign) => sign > 0,
  '>=': (sign) => sign >= 0,
};

const isSpan = (value: Value | Span): value is Span => typeof value === 'object' && value !== null;

function spanTest(operator: string, span: Span): (value: Value) => boolean {
  const inside = (time: number) => time >= span.from && time < span.to;
  const tests: Readonly<Record<string, (time: number) => boolean>> = {
    '=': inside,
    '!=': (time) => !inside(time),
    '<': (time) => time < span.from,
    '<=': (time) => time < span.to,
    '>': (time) => time >= span.to,
    '>=': (time) => time >= span.from,
  };
  const test = tests[operator] ?? inside;
  return (value) => (value === null ? operator === '!=' : test(Date.parse(String(value))));
}

const caseMatters: ReadonlySet<FieldType> = new Set(['reference', 'id', 'date', 'datetime']);

/** Text is compared without regard to case, except where a field is case-sensitive or holds an id. */
export function comparable(field: FieldDefinition, value: Value): string | number | boolean | null {
  if (typeof value !== 'string') return value;
  return field.caseSensitive || caseMatters.has(field.type) ? value : value.toLowerCase();
}

const likePattern = (like: string): RegExp => {
  let pattern = '';
  for (let index = 0; index < like.length; index++) {
    const character = like.charAt(index);
    if (character === '\\') pattern += escapeRegExp(like.charAt(++index));
    else pattern += character === '%' ? '[\\s\\S]*' : character === '_' ? '[\\s\\S]' : escapeRegExp(character);
  }
  return new RegExp(`^${pattern}$`, 'i');
};
const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** @param keepWildcards keeps `\%` and `\_` for LIKE. */
const unquote = (quoted: string, keepWildcards: boolean): string =>
  quoted.slice(1, -1).replace(/\\(u[0-9a-fA-F]{4}|[\s\S])/g, (whole, escaped: string) => {
    if (escaped.length === 5) return String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
    if (keepWildcards && (escaped === '%' || escaped === '_' || escaped === '\\')) return whole;
    return escapes[escaped] ?? escaped;
  });

function literalsOf(field: FieldDefinition, condition: RawCondition, now: number): (Value | Span)[] {
  const { value, literalType } = condition;
  const texts = typeof value === 'string' ? [value] : (value ?? []);
  return texts.map((text, index) => {
    const type = typeof literalType === 'string' ? literalType : (literalType?.[index] ?? literalType?.[0]);
    return literal(field, text, type ?? 'STRING', condition.operator.toUpperCase() === 'LIKE', now);
  });
}

const mustBe = (field: FieldDefinition, type: string, quoted: boolean) =>
  filterError(
    `value of filter criterion for field '${field.name}' must be of type ${type} and should ${quoted ? '' : 'not '}be enclosed in quotes`,
  );

const numeric = new Set(['int', 'double', 'currency', 'percent']);

function literal(field: FieldDefinition, text: string, type: string, like: boolean, now: number): Value | Span {
  if (type === 'NULL') return null;
  if (numeric.has(field.type)) {
    if (!/^(INTEGER|DECIMAL)/.test(type)) throw mustBe(field, field.type, false);
    return Number(text.replace(/^[A-Za-z]{3}/, ''));
  }
  if (field.type === 'boolean') {
    if (type !== 'BOOLEAN') throw mustBe(field, 'boolean', false);
    return text.toLowerCase() === 'true';
  }
  if (field.type === 'date' || field.type === 'datetime') {
    const span = type.startsWith('DATE_') ? dateLiteralSpan(text, now) : null;
    if (span !== null) return span;
    const time = type === (field.type === 'date' ? 'DATE' : 'DATETIME') ? readTime(field.type, text) : null;
    if (time === null) throw mustBe(field, field.type === 'date' ? 'date' : 'dateTime', false);
    return time;
  }
  if (type !== 'STRING') throw mustBe(field, 'string', true);
  const value = unquote(text, like);
  if (field.type !== 'id' && field.type !== 'reference') return value === '' ? null : value;
  const id = toId18(value);
  if (id === null && !like)
    throw new SalesforceError('INVALID_QUERY_FILTER_OPERATOR', `invalid ID field: ${value}`, { fields: null });
  return id ?? value;
}

/** Ids and keys that a query names, where an index answers it without looking at every row. */
export function textLiterals(condition: RawCondition): string[] | null {
  const operator = condition.operator.toUpperCase();
  if ((operator !== '=' && operator !== 'IN') || condition.valueQuery !== undefined) return null;
  const texts = typeof condition.value === 'string' ? [condition.value] : (condition.value ?? []);
  // Empty text means null, and nulls are in no index.
  return texts.every((text) => text.startsWith("'") && text.length > 2)
    ? texts.map((text) => unquote(text, false))
    : null;
}

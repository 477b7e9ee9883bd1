import type { FunctionExp } from '@jetstreamapp/soql-parser-js';
import { SalesforceError } from '../org/salesforce-error.ts';
import type { FieldDefinition, ObjectDefinition, Value, Values } from '../org/schema.ts';
import { type QueryScope, resolvePath, valueAt } from './paths.ts';

export type RowFunction = (values: Readonly<Values>) => Value;

const onDate =
  (part: (date: Date) => number) =>
  (value: Value): Value =>
    typeof value === 'string' ? part(new Date(value)) : null;

const dayOfYear = (date: Date): number =>
  Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;

/** Functions of one field's value that SOQL offers in SELECT, WHERE and GROUP BY. */
const functions: Readonly<
  Record<string, { readonly apply: (value: Value) => Value; readonly type?: FieldDefinition['type'] }>
> = {
  TOLABEL: { apply: (value) => value },
  FORMAT: { apply: (value) => (value === null ? null : String(value)), type: 'string' },
  CONVERTCURRENCY: { apply: (value) => value },
  CONVERTTIMEZONE: { apply: (value) => value },
  CALENDAR_YEAR: { apply: onDate((date) => date.getUTCFullYear()), type: 'int' },
  CALENDAR_QUARTER: { apply: onDate((date) => Math.floor(date.getUTCMonth() / 3) + 1), type: 'int' },
  CALENDAR_MONTH: { apply: onDate((date) => date.getUTCMonth() + 1), type: 'int' },
  DAY_IN_MONTH: { apply: onDate((date) => date.getUTCDate()), type: 'int' },
  DAY_IN_WEEK: { apply: onDate((date) => date.getUTCDay() + 1), type: 'int' },
  DAY_IN_YEAR: { apply: onDate(dayOfYear), type: 'int' },
  HOUR_IN_DAY: { apply: onDate((date) => date.getUTCHours()), type: 'int' },
  DAY_ONLY: { apply: (value) => (typeof value === 'string' ? value.slice(0, 10) : null), type: 'date' },
};

/** @throws SalesforceError MALFORMED_QUERY for a function that is no SOQL function of a field. */
export function functionOf(
  scope: QueryScope,
  object: ObjectDefinition,
  alias: string | undefined,
  expression: Pick<FunctionExp, 'functionName' | 'parameters'>,
): { readonly read: RowFunction; readonly field: FieldDefinition } {
  const name = expression.functionName ?? '';
  const known = functions[name.toUpperCase()];
  if (known === undefined)
    throw new SalesforceError('MALFORMED_QUERY', `unexpected token: '${name}'`, { fields: null });
  const [parameter = ''] = expression.parameters ?? [];
  const inner =
    typeof parameter === 'string'
      ? plainRead(scope, object, alias, parameter)
      : functionOf(scope, object, alias, parameter);
  const field = known.type === undefined ? inner.field : { ...inner.field, type: known.type };
  return { read: (values) => known.apply(inner.read(values)), field };
}

function plainRead(scope: QueryScope, object: ObjectDefinition, alias: string | undefined, name: string) {
  const path = resolvePath(scope, object, name, alias);
  return { read: (values: Readonly<Values>) => valueAt(scope.org, object, values, path), field: path.field };
}

import type { Access } from '../org/access.ts';
import type { Org } from '../org/org.ts';
import { SalesforceError } from '../org/salesforce-error.ts';
import type { FieldDefinition, ObjectDefinition, Value, Values } from '../org/schema.ts';
import { parentOf, readValue } from '../records/record-values.ts';

/** What a query runs in. */
export interface QueryScope {
  readonly org: Org;
  readonly access: Access;
  /** The query as sent, for the position in error messages. */
  readonly soql: string;
  readonly includeDeleted: boolean;
}

/** A field reached from a row through zero or more lookups. */
export interface FieldPath {
  readonly lookups: readonly FieldDefinition[];
  readonly object: ObjectDefinition;
  readonly field: FieldDefinition;
}

/** `Type` through a lookup to several objects: the name of the object at its end. */
export const objectNameField: FieldDefinition = { name: 'Type', label: 'Type', type: 'string' };

/** Points at the name in the query, in an org's layout of row, column and caret. */
function withCaret(soql: string, name: string, text: string): SalesforceError {
  const found = new RegExp(`(?<![\\w.])${name.replace(/[^\w.]/g, '')}(?!\\w)`, 'i').exec(soql);
  const column = (found?.index ?? 0) + 1;
  const before = soql.slice(Math.max(0, column - 40), column - 1);
  const excerpt = soql.slice(Math.max(0, column - 40), column + 40);
  return new SalesforceError(
    'INVALID_FIELD',
    `\n${excerpt}\n${' '.repeat(before.length)}^\nERROR at Row:1:Column:${column}\n${text}`,
    { fields: null },
  );
}

const usage = (kind: string) =>
  `If you are attempting to use a custom ${kind}, be sure to append the '__${kind === 'field' ? 'c' : 'r'}' after the custom ${kind} name. Please reference your WSDL or the describe call for the appropriate names.`;

export function noSuchColumn(scope: QueryScope, path: string, field: string, object: string): SalesforceError {
  return withCaret(scope.soql, path, `No such column '${field}' on entity '${object}'. ${usage('field')}`);
}

/** @throws SalesforceError INVALID_FIELD with the position of the name in the query. */
export function resolvePath(
  scope: QueryScope,
  object: ObjectDefinition,
  path: string,
  alias: string | undefined,
): FieldPath {
  const { org, access } = scope;
  let steps = path.split('.');
  const first = steps[0]?.toLowerCase();
  const isOwnName = first === alias?.toLowerCase() || first === object.name.toLowerCase();
  if (steps.length > 1 && isOwnName && org.schema.lookup(object, steps[0] ?? '') === undefined) steps = steps.slice(1);
  const lookups: FieldDefinition[] = [];
  let candidates: readonly ObjectDefinition[] = [object];
  for (const step of steps.slice(0, -1)) {
    const [current = object] = candidates;
    const lookup = org.schema.lookup(current, step);
    if (lookup === undefined || !access.readsField(current, lookup))
      throw withCaret(
        scope.soql,
        path,
        `Didn't understand relationship '${step}' in field path. ${usage('relationship')}`,
      );
    lookups.push(lookup);
    candidates = (lookup.referenceTo ?? []).map((name) => org.objectNamed(name));
  }
  const name = steps[steps.length - 1] ?? '';
  const [last = object] = candidates;
  // Through a lookup to several objects, `Type` is the name of the object (`What.Type`).
  if (lookups.length > 0 && candidates.length > 1 && name.toLowerCase() === 'type')
    return { lookups, object: last, field: objectNameField };
  for (const candidate of candidates) {
    const field = org.schema.field(candidate, name);
    if (field !== undefined && access.object(candidate).read && access.readsField(candidate, field))
      return { lookups, object: candidate, field };
  }
  throw noSuchColumn(scope, path, name, last.name);
}

/** The value at the end of a path; null when a lookup on the way is empty. */
export function valueAt(org: Org, object: ObjectDefinition, values: Readonly<Values>, path: FieldPath): Value {
  let current = { object, values };
  for (const lookup of path.lookups) {
    const parent = parentOf(org, current.values, lookup);
    if (parent === null) return null;
    current = parent;
  }
  if (path.field === objectNameField) return current.object.name;
  const field = current.object === path.object ? path.field : org.schema.field(current.object, path.field.name);
  return field === undefined ? null : readValue(org, current.object, current.values, field);
}

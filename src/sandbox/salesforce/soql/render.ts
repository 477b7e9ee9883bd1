import type { FieldSubquery, QueryBase, FieldType as SelectedField } from '@jetstreamapp/soql-parser-js';
import { errors } from '../org/salesforce-error.ts';
import type { FieldDefinition, ObjectDefinition, Values } from '../org/schema.ts';
import { attributesOf, type JsonRecord, jsonField, jsonValue } from '../records/record-output.ts';
import { parentOf } from '../records/record-values.ts';
import { functionOf } from './functions.ts';
import { objectNameField, type QueryScope, resolvePath } from './paths.ts';
import { cut, selectRows, sortRows } from './rows.ts';

/** Rows of one `FIELDS(ALL)` query; SOQL's own limit. */
const maximumForAllFields = 200;

type Renderer = (values: Readonly<Values>, record: JsonRecord) => void;

/** Turns the SELECT list into a function from a row's values to its JSON record. */
export function compileSelection(
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
    field === objectNameField
      ? parent.object.name
      : own === undefined
        ? null
        : jsonField(scope.org, parent.object, parent.values, own);
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

import {
  evaluateFormula,
  type FormulaContext,
  type FormulaTime,
  type FormulaValue,
} from '../formula/evaluate-formula.ts';
import { type Formula, parseFormula } from '../formula/parse-formula.ts';
import { isoOf } from '../org/clock.ts';
import type { Org } from '../org/org.ts';
import type { FieldDefinition, ObjectDefinition, Value, Values } from '../org/schema.ts';

const parsed = new Map<string, Formula>();
export function formulaOf(text: string): Formula {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const formula = parseFormula(text);
  parsed.set(text, formula);
  return formula;
}

/** Relation paths in formulas end here; an org allows ten steps. */
const deepestPath = 10;

/** @returns the value of a field of a row, with formula fields worked out; address fields have no single value. */
export function readValue(
  org: Org,
  object: ObjectDefinition,
  values: Readonly<Values>,
  field: FieldDefinition,
  depth = 0,
): Value {
  if (field.formula !== undefined) {
    if (depth > deepestPath) return null;
    return fromFormula(
      field,
      evaluateFormula(formulaOf(field.formula), formulaContext(org, object, values, null, depth)),
    );
  }
  return values[field.name] ?? (field.type === 'boolean' ? false : null);
}

/** @returns the row that a lookup points at, as reads see it now. */
export function parentOf(
  org: Org,
  values: Readonly<Values>,
  lookup: FieldDefinition,
): { readonly object: ObjectDefinition; readonly values: Readonly<Values> } | null {
  const id = values[lookup.name];
  if (typeof id !== 'string') return null;
  const object = org.schema.objectOfId(id);
  const row = object && org.store.get(object.name, id);
  const seen = row && org.store.visible(row);
  return object === undefined || seen === undefined || seen === null ? null : { object, values: seen };
}

/** @param before the stored values that the save replaces; null outside a save and on an insert. */
export function formulaContext(
  org: Org,
  object: ObjectDefinition,
  values: Readonly<Values>,
  before: Readonly<Values> | null,
  depth = 0,
  user: string | null = null,
): FormulaContext {
  const read = (from: Readonly<Values>, path: readonly string[]): FormulaValue => {
    const [first = '', ...rest] = path;
    if (first.startsWith('$')) return globalValue(org, first, rest, user);
    if (rest.length === 0) {
      const field = org.schema.field(object, first);
      return field === undefined ? null : toFormula(field, readValue(org, object, from, field, depth + 1));
    }
    const lookup = org.schema.lookup(object, first);
    const parent = lookup && parentOf(org, from, lookup);
    if (parent === undefined || parent === null) return null;
    return formulaContext(org, parent.object, parent.values, null, depth + 1, user).field(rest);
  };
  return {
    field: (path) => read(values, path),
    prior: (path) => read(before ?? values, path),
    isNew: before === null,
    now: org.clock.now,
  };
}

function globalValue(org: Org, name: string, path: readonly string[], user: string | null): FormulaValue {
  const table = name.toLowerCase();
  const field = path[path.length - 1] ?? '';
  if (user === null) return null;
  const userRow = org.store.get('User', user)?.values;
  if (table === '$user') return userRow?.[field] ?? null;
  if (table === '$profile') {
    const profileId = userRow?.ProfileId;
    return typeof profileId === 'string' ? (org.store.get('Profile', profileId)?.values[field] ?? null) : null;
  }
  if (table === '$permission') return org.access(user).administrator;
  return null;
}

export function toFormula(field: FieldDefinition, value: Value): FormulaValue {
  if (value === null) return null;
  if ((field.type === 'date' || field.type === 'datetime') && typeof value === 'string')
    return { kind: field.type, milliseconds: Date.parse(value) };
  return value;
}

const isTime = (value: FormulaValue): value is FormulaTime => typeof value === 'object' && value !== null;

export function fromFormula(field: FieldDefinition, value: FormulaValue): Value {
  if (value === null || value === '') return null;
  if (isTime(value)) return field.type === 'date' ? isoOf(value.milliseconds).slice(0, 10) : isoOf(value.milliseconds);
  if (typeof value === 'number' && field.scale !== undefined) return Number(value.toFixed(field.scale));
  return value;
}

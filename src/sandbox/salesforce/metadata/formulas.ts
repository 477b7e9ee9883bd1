import { type FieldUse, isFunction, usesOf } from '../formula/evaluate-formula.ts';
import { FormulaSyntaxError, parseFormula } from '../formula/parse-formula.ts';
import type { Org } from '../org/org.ts';
import type { FieldDefinition, ObjectDefinition } from '../org/schema.ts';
import { formulaOf } from '../records/record-values.ts';
import { refusal } from './values.ts';

/** Functions that may hold a picklist field; anywhere else it must become text first. */
const takesPicklist = new Set([
  'TEXT',
  'ISPICKVAL',
  'CASE',
  'ISCHANGED',
  'PRIORVALUE',
  'INCLUDES',
  'ISBLANK',
  'ISNULL',
]);
/** Functions that only make sense while a record is being saved. */
const ofSaves = ['ISNEW', 'ISCHANGED', 'PRIORVALUE'];

/** Refuses a formula as the formula editor does: syntax, unknown functions and fields, picklists used as text. */
export function checkFormula(org: Org, object: ObjectDefinition, text: string, kind: 'rule' | 'field'): void {
  let uses: ReturnType<typeof usesOf>;
  try {
    uses = usesOf(parseFormula(text));
  } catch (error) {
    if (error instanceof FormulaSyntaxError) throw refusal(`Error: ${error.message}`);
    throw error;
  }
  const unknown = uses.functions.find((name) => !isFunction(name));
  if (unknown !== undefined) throw refusal(`Error: Unknown function ${unknown}. Check spelling.`);
  const misplaced = kind === 'field' ? uses.functions.find((name) => ofSaves.includes(name)) : undefined;
  if (misplaced !== undefined) throw refusal(`Error: Function ${misplaced} may not be used in this type of formula`);
  for (const use of uses.fields) checkUse(org, object, use);
}

function checkUse(org: Org, object: ObjectDefinition, { path, within }: FieldUse): void {
  if (path[0]?.startsWith('$')) return;
  const field = fieldAt(org, object, path);
  if (field === undefined) throw refusal(`Error: Field ${path.join('.')} does not exist. Check spelling.`);
  const isChoice = field.type === 'picklist' || field.type === 'multipicklist';
  if (isChoice && !takesPicklist.has(within ?? ''))
    throw refusal(
      `Error: Field ${path.join('.')} is a picklist field. Picklist fields are only supported in certain functions.`,
    );
}

function fieldAt(org: Org, object: ObjectDefinition, path: readonly string[]): FieldDefinition | undefined {
  const [first = '', ...rest] = path;
  if (rest.length === 0) return org.schema.field(object, first);
  for (const name of org.schema.lookup(object, first)?.referenceTo ?? []) {
    const target = org.schema.object(name);
    const found = target && fieldAt(org, target, rest);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A field that a formula of its own object uses cannot be deleted. */
export function checkUnused(org: Org, object: ObjectDefinition, field: FieldDefinition): void {
  const users = [
    ...[...object.validationRules.values()].map((rule) => ({ name: rule.name, formula: rule.formula })),
    ...[...object.fields.values()].map((one) => ({ name: one.name, formula: one.formula })),
  ];
  for (const { name, formula } of users) {
    const uses = formula === undefined ? [] : usesOf(formulaOf(formula)).fields;
    const used = uses.some((use) => fieldAt(org, object, use.path) === field);
    if (used)
      throw refusal(`This custom field is referenced elsewhere in salesforce.com: ${name}`, 'DEPENDENCY_EXISTS');
  }
}

import { evaluateFormula } from '../formula/evaluate-formula.ts';
import type { Access } from '../org/access.ts';
import type { Org } from '../org/org.ts';
import { SalesforceError } from '../org/salesforce-error.ts';
import type { ObjectDefinition, Value, Values } from '../org/schema.ts';
import type { Row } from '../org/store.ts';
import { addressProblem } from './countries.ts';
import { storable } from './field-values.ts';
import { formulaContext, formulaOf, fromFormula } from './record-values.ts';

const sameName = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase();

const holds = (
  org: Org,
  object: ObjectDefinition,
  formula: string | undefined,
  values: Readonly<Values>,
  before: Readonly<Values> | null,
): boolean =>
  formula === undefined || evaluateFormula(formulaOf(formula), formulaContext(org, object, values, before)) === true;

const runsOn = (on: 'insert' | 'update' | 'save', before: unknown): boolean =>
  on === 'save' || (on === 'insert') === (before === null);

/** Flows before the save: each sets a field, whoever wrote it a moment ago. */
export function rewriteFields(
  org: Org,
  access: Access,
  object: ObjectDefinition,
  values: Values,
  before: Readonly<Values> | null,
): void {
  for (const flow of org.automation.fieldRewrites) {
    if (!sameName(flow.object, object.name) || !runsOn(flow.on, before)) continue;
    const field = org.schema.field(object, flow.field);
    if (field === undefined || !holds(org, object, flow.when, values, before)) continue;
    const context = formulaContext(org, object, values, before, 0, access.userId);
    values[field.name] = storable(field, fromFormula(field, evaluateFormula(formulaOf(flow.formula), context)));
  }
}

/** Country and state of each address against the org's lists, where they are given or changed. */
export function checkAddresses(
  object: ObjectDefinition,
  values: Readonly<Values>,
  before: Readonly<Values> | null,
): void {
  const text = (value: Value | undefined) => (typeof value === 'string' ? value : null);
  for (const field of object.fields.values()) {
    if (field.type !== 'address') continue;
    const prefix = field.name.replace(/Address$/, '');
    const [country, state] = [`${prefix}Country`, `${prefix}State`];
    if (before !== null && before[country] === values[country] && before[state] === values[state]) continue;
    const problem = addressProblem(text(values[country]), text(values[state]));
    if (problem === null) continue;
    const named = object.fields.get(`${prefix}${problem.part}`.toLowerCase());
    const label = problem.part === 'State' ? named?.label.replace('/Province', '') : named?.label;
    throw new SalesforceError('FIELD_INTEGRITY_EXCEPTION', `${problem.message}: ${label}`, {
      fields: [named?.name ?? ''],
    });
  }
}

/** The exception of a trigger that throws for this batch, or null. */
export function failingTriggerFor(
  org: Org,
  rows: readonly { readonly object: ObjectDefinition; readonly values: Values; readonly before: Row | null }[],
): SalesforceError | null {
  for (const trigger of org.automation.failingTriggers) {
    const own = rows.filter((row) => sameName(trigger.object, row.object.name) && runsOn(trigger.on, row.before));
    if (own.length === 0 || own.length <= (trigger.moreRowsThan ?? 0)) continue;
    const fires = own.some((row) => holds(org, row.object, trigger.when, row.values, row.before?.values ?? null));
    if (!fires) continue;
    const event = own[0]?.before === null ? 'BeforeInsert' : 'BeforeUpdate';
    return new SalesforceError(
      'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
      `${trigger.name}: execution of ${event}\n\ncaused by: ${trigger.exception}\n\nTrigger.${trigger.name}: line 5, column 1`,
    );
  }
  return null;
}

export function checkValidationRules(
  org: Org,
  access: Access,
  object: ObjectDefinition,
  values: Readonly<Values>,
  before: Readonly<Values> | null,
): SalesforceError[] {
  const broken = [];
  for (const rule of object.validationRules.values()) {
    if (!rule.active) continue;
    const context = formulaContext(org, object, values, before, 0, access.userId);
    if (evaluateFormula(formulaOf(rule.formula), context) !== true) continue;
    broken.push(
      new SalesforceError('FIELD_CUSTOM_VALIDATION_EXCEPTION', rule.message, {
        fields: rule.errorField === null ? [] : [rule.errorField],
      }),
    );
  }
  return broken;
}

const comparable = (value: Value | undefined): string => String(value ?? '').toLowerCase();

export function checkDuplicateRules(
  org: Org,
  object: ObjectDefinition,
  id: string,
  values: Readonly<Values>,
  before: Readonly<Values> | null,
  allowed: boolean,
): void {
  for (const rule of org.automation.duplicateRules) {
    if (!sameName(rule.object, object.name) || (rule.action === 'alert' && allowed)) continue;
    const wanted = rule.fields.map((field) => comparable(values[field]));
    if (wanted.includes('')) continue;
    if (before !== null && rule.fields.every((field) => comparable(before[field]) === comparable(values[field])))
      continue;
    const twins = [];
    for (const row of org.store.table(object.name).values()) {
      if (row.id === id || row.values.IsDeleted === true) continue;
      if (rule.fields.every((field, index) => comparable(row.values[field]) === wanted[index])) twins.push(row.id);
    }
    if (twins.length === 0) continue;
    throw new SalesforceError('DUPLICATES_DETECTED', rule.message, {
      body: duplicatesBody(rule, object.name, twins),
    });
  }
}

/** The key is really spelt `duplicateResut` (captured from an org at version 56). */
function duplicatesBody(
  rule: { readonly name: string; readonly action: string; readonly message: string },
  entityType: string,
  twins: readonly string[],
): unknown {
  const matchRecords = twins.map((Id) => ({
    additionalInformation: [],
    fieldDiffs: [],
    matchConfidence: 100,
    record: { attributes: { type: entityType, url: `/services/data/v60.0/sobjects/${entityType}/${Id}` }, Id },
  }));
  const match = { entityType, errors: [], matchEngine: 'ExactMatchEngine', matchRecords, rule: rule.name };
  return [
    {
      duplicateResut: {
        allowSave: rule.action === 'alert',
        duplicateRule: rule.name,
        duplicateRuleEntityType: entityType,
        errorMessage: rule.message,
        matchResults: [{ ...match, size: twins.length, success: true }],
      },
      errorCode: 'DUPLICATES_DETECTED',
      message: rule.message,
    },
  ];
}

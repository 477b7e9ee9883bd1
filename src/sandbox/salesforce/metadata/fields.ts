import type { Org } from '../org/org.ts';
import type { FieldDefinition, ObjectDefinition } from '../org/schema.ts';
import type { JsonObject } from '../records/record-input.ts';
import { fieldTypes, formulaExtras } from './field-types.ts';
import { checkFormula, checkUnused } from './formulas.ts';
import { isTrue, objectToChange, refusal, splitName, textIn } from './values.ts';

/** Creates or changes a custom field. A new one is visible to nobody until it is granted (see access.ts). */
export function putField(org: Org, fullName: string, metadata: JsonObject): void {
  const [objectName, name] = splitName(fullName);
  const object = objectToChange(org, objectName);
  if (!/^[A-Za-z]\w*__c$/.test(name) || name.length > 43)
    throw refusal(
      `The field name ${name} can only contain underscores and alphanumeric characters, and must end in __c`,
    );
  const typeName = String(metadata.type);
  const rule = fieldTypes[typeName];
  if (rule === undefined) throw refusal(`'${typeName}' is not a valid value for the enum 'FieldType'`, 'INVALID_TYPE');
  const label = textIn(metadata, 'label');
  if (label === undefined)
    throw refusal('Must specify a non-empty label for the CustomField', 'REQUIRED_FIELD_MISSING');
  const formula = textIn(metadata, 'formula');
  for (const key of formula === undefined ? (rule.needs ?? []) : [])
    if (metadata[key] === undefined || metadata[key] === null)
      throw refusal(`Must specify '${key}' for a CustomField of type ${typeName}`);
  if (formula !== undefined) checkFormula(org, object, formula, 'field');
  const isReference = rule.type === 'reference' && formula === undefined;
  const help = textIn(metadata, 'inlineHelpText');
  const field: FieldDefinition = {
    name,
    label,
    type: rule.type,
    custom: true,
    ...(formula === undefined ? rule.extra?.(metadata) : formulaExtras(rule.type, metadata, formula)),
    ...(isTrue(metadata.required) ? { required: true } : {}),
    ...(isTrue(metadata.unique) ? { unique: true } : {}),
    ...(isTrue(metadata.externalId) ? { externalId: true } : {}),
    ...(isTrue(metadata.caseSensitive) ? { caseSensitive: true } : {}),
    ...(isReference ? { relationshipName: name.replace(/__c$/, '__r') } : {}),
    ...(help === undefined ? {} : { help }),
  };
  if (isReference) checkRelation(org, object, field);
  if (field.unique) checkStillUnique(org, object, field);
  org.putField(object, field);
  org.putComponent('CustomField', `${object.name}.${name}`, metadata);
}

/** Child relationship names must differ among all lookups to one parent. */
function checkRelation(org: Org, object: ObjectDefinition, field: FieldDefinition): void {
  const [target = ''] = field.referenceTo ?? [];
  const parent = org.schema.object(target);
  if (parent === undefined)
    throw refusal(
      `referenceTo value of '${target}' does not resolve to a valid sObject type`,
      'FIELD_INTEGRITY_EXCEPTION',
    );
  const wanted = field.childRelationshipName?.toLowerCase();
  const taken = org.schema
    .children(parent)
    .some(
      (one) =>
        one.field.custom === true &&
        one.field.childRelationshipName?.toLowerCase() === wanted &&
        !(one.child === object && one.field.name.toLowerCase() === field.name.toLowerCase()),
    );
  if (taken)
    throw refusal(
      `There is already a Child Relationship named ${field.childRelationshipName} on ${parent.label}.`,
      'DUPLICATE_DEVELOPER_NAME',
    );
}

function checkStillUnique(org: Org, object: ObjectDefinition, field: FieldDefinition): void {
  const seen = new Set<string>();
  for (const row of org.store.table(object.name).values()) {
    const value = row.values[field.name] ?? null;
    if (value === null || row.values.IsDeleted === true) continue;
    const key = String(value).toLowerCase();
    if (seen.has(key))
      throw refusal(`The field ${field.name} holds duplicate values and cannot be unique`, 'DUPLICATE_VALUE');
    seen.add(key);
  }
}

export function removeField(org: Org, fullName: string): void {
  const [objectName, name] = splitName(fullName);
  const object = objectToChange(org, objectName);
  const field = org.schema.field(object, name);
  if (!field?.custom) throw refusal('Cannot delete a standard field');
  checkUnused(org, object, field);
  org.dropField(object, field);
  org.putComponent('CustomField', `${object.name}.${field.name}`, null);
}

import { usesOf } from './formula-evaluate.ts';
import { FormulaSyntaxError, parseFormula } from './formula-syntax.ts';
import type { Org } from './org.ts';
import { isJsonObject, type JsonObject } from './record-input.ts';
import { SalesforceError } from './salesforce-error.ts';
import type { FieldDefinition, FieldType, ObjectDefinition, PicklistValue } from './schema.ts';
import { listOf } from './soap-xml.ts';
import { auditFields, lookup, text } from './standard-fields.ts';

const bad = (message: string, code = 'FIELD_INTEGRITY_EXCEPTION') => new SalesforceError(code, message);
const isTrue = (value: unknown): boolean => value === true || value === 'true';
const textIn = (metadata: JsonObject, key: string): string | undefined =>
  metadata[key] === undefined || metadata[key] === null ? undefined : String(metadata[key]);

const objectOf = (org: Org, name: string): ObjectDefinition => {
  const object = org.schema.object(name);
  if (object === undefined)
    throw bad(
      `Entity Enumeration Or ID: bad value for restricted picklist field: ${name}`,
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
    );
  return object;
};

/** Creates a custom object with its fields and rules, or changes the labels of one that is there. */
export function putObject(org: Org, fullName: string, metadata: JsonObject): void {
  const { fields, validationRules, ...own } = metadata;
  if (org.schema.object(fullName) === undefined) createObject(org, fullName, own);
  else org.putComponent('CustomObject', fullName, { ...org.components('CustomObject').get(fullName), ...own });
  for (const field of listOf(fields).filter(isJsonObject))
    putField(org, `${fullName}.${String(field.fullName)}`, field);
  for (const rule of listOf(validationRules).filter(isJsonObject))
    putValidationRule(org, `${fullName}.${String(rule.fullName)}`, rule);
}

function createObject(org: Org, fullName: string, metadata: JsonObject): void {
  if (!/^[A-Za-z]\w*__c$/.test(fullName) || fullName.length > 43)
    throw bad('The object name can only contain underscores and alphanumeric characters, and must end in __c');
  const label = textIn(metadata, 'label');
  const pluralLabel = textIn(metadata, 'pluralLabel');
  const { nameField } = metadata;
  for (const key of ['label', 'pluralLabel', 'nameField', 'deploymentStatus', 'sharingModel'])
    if (metadata[key] === undefined || metadata[key] === null)
      throw bad(`Must specify a non-empty ${key} for the CustomObject`, 'REQUIRED_FIELD_MISSING');
  if (label === undefined || pluralLabel === undefined || !isJsonObject(nameField))
    throw bad('Must specify a nameField of type Text or AutoNumber');
  const nameLabel = textIn(nameField, 'label') ?? `${label} Name`;
  const autoNumber = nameField.type === 'AutoNumber' ? (textIn(nameField, 'displayFormat') ?? '{00000}') : undefined;
  const name =
    autoNumber === undefined
      ? text('Name', nameLabel, 80)
      : text('Name', nameLabel, 80, { autoNumber, createable: false, updateable: false });
  const fields = [...auditFields, name, lookup('OwnerId', 'Owner ID', ['User', 'Group'])];
  org.putObject({ name: fullName, label, labelPlural: pluralLabel, keyPrefix: org.nextKeyPrefix(), fields });
  org.putComponent('CustomObject', fullName, metadata);
}

export function removeObject(org: Org, fullName: string): void {
  const object = objectOf(org, fullName);
  if (!object.custom) throw bad('Cannot delete a standard object', 'CANNOT_DELETE_MANAGED_OBJECT');
  org.dropObject(object);
  org.putComponent('CustomObject', fullName, null);
  for (const type of ['CustomField', 'ValidationRule'])
    for (const name of [...org.components(type).keys()])
      if (name.startsWith(`${fullName}.`)) org.putComponent(type, name, null);
}

interface TypeRule {
  readonly type: FieldType;
  readonly needs?: readonly string[];
  readonly extra?: (metadata: JsonObject) => Partial<FieldDefinition>;
}

const sized = (metadata: JsonObject) => ({ length: Number(metadata.length) });
const numeric = (metadata: JsonObject) => ({
  precision: Number(metadata.precision),
  scale: Number(metadata.scale),
});
const reference = (metadata: JsonObject): Partial<FieldDefinition> => ({
  length: 18,
  referenceTo: [String(metadata.referenceTo)],
  childRelationshipName: String(metadata.relationshipName),
});
const constraints: Readonly<Record<string, 'cascade' | 'restrict' | 'clear'>> = {
  Cascade: 'cascade',
  Restrict: 'restrict',
  SetNull: 'clear',
};

/** Field types of the metadata API, with what each must say. */
const fieldTypes: Readonly<Record<string, TypeRule>> = {
  Text: { type: 'string', needs: ['length'], extra: sized },
  TextArea: { type: 'textarea', extra: () => ({ length: 255 }) },
  LongTextArea: {
    type: 'textarea',
    needs: ['length', 'visibleLines'],
    extra: (metadata) => ({ ...sized(metadata), long: true }),
  },
  Html: {
    type: 'textarea',
    needs: ['length', 'visibleLines'],
    extra: (metadata) => ({ ...sized(metadata), long: true }),
  },
  Picklist: { type: 'picklist', needs: ['valueSet'], extra: (metadata) => ({ length: 255, ...choices(metadata) }) },
  MultiselectPicklist: {
    type: 'multipicklist',
    needs: ['valueSet', 'visibleLines'],
    extra: (metadata) => ({ length: 4099, ...choices(metadata) }),
  },
  Checkbox: {
    type: 'boolean',
    needs: ['defaultValue'],
    extra: (metadata) => ({ defaultValue: isTrue(metadata.defaultValue) }),
  },
  Number: { type: 'double', needs: ['precision', 'scale'], extra: numeric },
  Currency: { type: 'currency', needs: ['precision', 'scale'], extra: numeric },
  Percent: { type: 'percent', needs: ['precision', 'scale'], extra: numeric },
  Date: { type: 'date' },
  DateTime: { type: 'datetime' },
  Email: { type: 'email', extra: () => ({ length: 80 }) },
  Phone: { type: 'phone', extra: () => ({ length: 40 }) },
  Url: { type: 'url', extra: () => ({ length: 255 }) },
  Lookup: {
    type: 'reference',
    needs: ['referenceTo', 'relationshipName'],
    extra: (metadata) => ({
      ...reference(metadata),
      onParentDelete: constraints[String(metadata.deleteConstraint)] ?? 'clear',
    }),
  },
  MasterDetail: {
    type: 'reference',
    needs: ['referenceTo', 'relationshipName'],
    extra: (metadata) => ({ ...reference(metadata), onParentDelete: 'cascade', required: true }),
  },
  AutoNumber: {
    type: 'string',
    extra: (metadata) => ({
      length: 30,
      autoNumber: textIn(metadata, 'displayFormat') ?? '{0}',
      createable: false,
      updateable: false,
    }),
  },
};

function choices(metadata: JsonObject): Partial<FieldDefinition> {
  const { valueSet } = metadata;
  const definition = isJsonObject(valueSet) ? valueSet.valueSetDefinition : undefined;
  const values = isJsonObject(definition) ? listOf(definition.value).filter(isJsonObject) : [];
  const picklist = values.map(
    (one): PicklistValue => ({
      value: String(one.fullName),
      label: textIn(one, 'label') ?? String(one.fullName),
      ...(isTrue(one.default) ? { isDefault: true } : {}),
      ...(one.isActive === 'false' ? { inactive: true } : {}),
    }),
  );
  return { picklist, ...(isJsonObject(valueSet) && isTrue(valueSet.restricted) ? { restricted: true } : {}) };
}

/** Creates or changes a custom field. A new one is visible to nobody until it is granted (see access.ts). */
export function putField(org: Org, fullName: string, metadata: JsonObject): void {
  const [objectName = '', name = ''] = fullName.split('.');
  const object = objectOf(org, objectName);
  if (!/^[A-Za-z]\w*__c$/.test(name) || name.length > 43)
    throw bad(`The field name ${name} can only contain underscores and alphanumeric characters, and must end in __c`);
  const typeName = String(metadata.type);
  const rule = fieldTypes[typeName];
  if (rule === undefined) throw bad(`'${typeName}' is not a valid value for the enum 'FieldType'`, 'INVALID_TYPE');
  const label = textIn(metadata, 'label');
  if (label === undefined) throw bad('Must specify a non-empty label for the CustomField', 'REQUIRED_FIELD_MISSING');
  const formula = textIn(metadata, 'formula');
  for (const key of formula === undefined ? (rule.needs ?? []) : [])
    if (metadata[key] === undefined || metadata[key] === null)
      throw bad(`Must specify '${key}' for a CustomField of type ${typeName}`);
  if (formula !== undefined) checkFormula(org, object, formula);
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

function formulaExtras(type: FieldType, metadata: JsonObject, formula: string): Partial<FieldDefinition> {
  const scale = metadata.scale === undefined ? {} : { scale: Number(metadata.scale), precision: 18 };
  return { formula, createable: false, updateable: false, ...(type === 'string' ? { length: 1300 } : scale) };
}

/** Child relationship names must differ among all lookups to one parent. */
function checkRelation(org: Org, object: ObjectDefinition, field: FieldDefinition): void {
  const [target = ''] = field.referenceTo ?? [];
  const parent = org.schema.object(target);
  if (parent === undefined)
    throw bad(`referenceTo value of '${target}' does not resolve to a valid sObject type`, 'FIELD_INTEGRITY_EXCEPTION');
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
    throw bad(
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
      throw bad(`The field ${field.name} holds duplicate values and cannot be unique`, 'DUPLICATE_VALUE');
    seen.add(key);
  }
}

export function removeField(org: Org, fullName: string): void {
  const [objectName = '', name = ''] = fullName.split('.');
  const object = objectOf(org, objectName);
  const field = org.schema.field(object, name);
  if (!field?.custom) throw bad('Cannot delete a standard field');
  org.dropField(object, field);
  org.putComponent('CustomField', `${object.name}.${field.name}`, null);
}

export function putValidationRule(org: Org, fullName: string, metadata: JsonObject): void {
  const [objectName = '', name = ''] = fullName.split('.');
  const object = objectOf(org, objectName);
  const formula = textIn(metadata, 'errorConditionFormula');
  const message = textIn(metadata, 'errorMessage');
  if (formula === undefined)
    throw bad('Must specify errorConditionFormula for the ValidationRule', 'REQUIRED_FIELD_MISSING');
  if (message === undefined) throw bad('Must specify errorMessage for the ValidationRule', 'REQUIRED_FIELD_MISSING');
  if (message.length > 255) throw bad('errorMessage: data value too large (max length=255)', 'STRING_TOO_LONG');
  checkFormula(org, object, formula);
  const errorField = textIn(metadata, 'errorDisplayField') ?? null;
  if (errorField !== null && org.schema.field(object, errorField) === undefined)
    throw bad(`Field ${errorField} does not exist. Check spelling.`);
  org.putRule(object, name, { name, active: isTrue(metadata.active), formula, message, errorField });
  org.putComponent('ValidationRule', `${object.name}.${name}`, metadata);
}

export function removeRule(org: Org, fullName: string): void {
  const [objectName = '', name = ''] = fullName.split('.');
  org.putRule(objectOf(org, objectName), name, null);
  org.putComponent('ValidationRule', fullName, null);
}

/** Refuses a formula as the formula editor does: syntax, unknown functions, unknown fields. */
export function checkFormula(org: Org, object: ObjectDefinition, formula: string): void {
  try {
    const { paths, unknownFunctions } = usesOf(parseFormula(formula));
    const [unknown] = unknownFunctions;
    if (unknown !== undefined) throw bad(`Error: Unknown function ${unknown}. Check spelling.`);
    for (const path of paths)
      if (!resolves(org, object, path)) throw bad(`Error: Field ${path.join('.')} does not exist. Check spelling.`);
  } catch (error) {
    if (error instanceof FormulaSyntaxError) throw bad(`Error: ${error.message}`);
    throw error;
  }
}

function resolves(org: Org, object: ObjectDefinition, path: readonly string[]): boolean {
  const [first = '', ...rest] = path;
  if (first.startsWith('$')) return true;
  if (rest.length === 0) return org.schema.field(object, first) !== undefined;
  const field = org.schema.lookup(object, first);
  return (field?.referenceTo ?? []).some((name) => {
    const target = org.schema.object(name);
    return target !== undefined && resolves(org, target, rest);
  });
}

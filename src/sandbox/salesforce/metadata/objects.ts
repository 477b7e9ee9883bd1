import { listOf } from '../http/soap-xml.ts';
import type { Org } from '../org/org.ts';
import { auditFields, lookup, text } from '../org/standard-fields.ts';
import { isJsonObject, type JsonObject } from '../records/record-input.ts';
import { putField } from './fields.ts';
import { putValidationRule } from './rules.ts';
import { objectToChange, refusal, textIn } from './values.ts';

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
    throw refusal('The object name can only contain underscores and alphanumeric characters, and must end in __c');
  const label = textIn(metadata, 'label');
  const pluralLabel = textIn(metadata, 'pluralLabel');
  const { nameField } = metadata;
  for (const key of ['label', 'pluralLabel', 'nameField', 'deploymentStatus', 'sharingModel'])
    if (metadata[key] === undefined || metadata[key] === null)
      throw refusal(`Must specify a non-empty ${key} for the CustomObject`, 'REQUIRED_FIELD_MISSING');
  if (label === undefined || pluralLabel === undefined || !isJsonObject(nameField))
    throw refusal('Must specify a nameField of type Text or AutoNumber');
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
  const object = objectToChange(org, fullName);
  if (!object.custom) throw refusal('Cannot delete a standard object', 'CANNOT_DELETE_MANAGED_OBJECT');
  const user = org.schema.children(object).find((one) => one.child !== object);
  if (user !== undefined)
    throw refusal(
      `This custom object is referenced elsewhere in salesforce.com: ${user.child.name}.${user.field.name}`,
      'DEPENDENCY_EXISTS',
    );
  org.dropObject(object);
  org.putComponent('CustomObject', fullName, null);
  for (const type of ['CustomField', 'ValidationRule'])
    for (const name of [...org.components(type).keys()])
      if (name.startsWith(`${fullName}.`)) org.putComponent(type, name, null);
}

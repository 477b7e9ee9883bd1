import type { Org } from '../org/org.ts';
import type { JsonObject } from '../records/record-input.ts';
import { checkFormula } from './formulas.ts';
import { isTrue, objectToChange, refusal, splitName, textIn } from './values.ts';

export function putValidationRule(org: Org, fullName: string, metadata: JsonObject): void {
  const [objectName, name] = splitName(fullName);
  const object = objectToChange(org, objectName);
  const formula = textIn(metadata, 'errorConditionFormula');
  const message = textIn(metadata, 'errorMessage');
  if (formula === undefined)
    throw refusal('Must specify errorConditionFormula for the ValidationRule', 'REQUIRED_FIELD_MISSING');
  if (message === undefined)
    throw refusal('Must specify errorMessage for the ValidationRule', 'REQUIRED_FIELD_MISSING');
  if (message.length > 255) throw refusal('errorMessage: data value too large (max length=255)', 'STRING_TOO_LONG');
  checkFormula(org, object, formula, 'rule');
  const errorField = textIn(metadata, 'errorDisplayField') ?? null;
  if (errorField !== null && org.schema.field(object, errorField) === undefined)
    throw refusal(`Field ${errorField} does not exist. Check spelling.`);
  org.putRule(object, name, { name, active: isTrue(metadata.active), formula, message, errorField });
  org.putComponent('ValidationRule', `${object.name}.${name}`, metadata);
}

export function removeRule(org: Org, fullName: string): void {
  const [objectName, name] = splitName(fullName);
  org.putRule(objectToChange(org, objectName), name, null);
  org.putComponent('ValidationRule', fullName, null);
}

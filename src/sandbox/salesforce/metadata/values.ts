import type { Org } from '../org/org.ts';
import { SalesforceError } from '../org/salesforce-error.ts';
import type { ObjectDefinition } from '../org/schema.ts';
import type { JsonObject } from '../records/record-input.ts';

/** Values in metadata arrive as text; these read them. */

export const isTrue = (value: unknown): boolean => value === true || value === 'true';

export const textIn = (metadata: JsonObject, key: string): string | undefined =>
  metadata[key] === undefined || metadata[key] === null ? undefined : String(metadata[key]);

export const refusal = (message: string, code = 'FIELD_INTEGRITY_EXCEPTION') => new SalesforceError(code, message);

/** `Object.Name` in its two parts. */
export const splitName = (fullName: string): readonly [object: string, name: string] => {
  const [object = '', name = ''] = fullName.split('.');
  return [object, name];
};

export function objectToChange(org: Org, name: string): ObjectDefinition {
  const object = org.schema.object(name);
  if (object === undefined)
    throw refusal(
      `Entity Enumeration Or ID: bad value for restricted picklist field: ${name}`,
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
    );
  return object;
}

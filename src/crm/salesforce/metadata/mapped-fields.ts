import type { SharedObject } from '../../crm.ts';
import type { Component, MetadataValue } from './component.ts';
import { integrationPermissionSet } from './permission-sets.ts';

const sobjects: Readonly<Record<SharedObject, string>> = { opportunity: 'Opportunity', lead: 'Lead' };

/**
 * Standard fields that every user with access to the object may use, so that Salesforce refuses a permission for them:
 * required ones, parts of names, and those the org keeps itself.
 */
const neverGranted =
  /^(Id|Name|FirstName|LastName|Salutation|Company|StageName|CloseDate|Status|OwnerId|RecordTypeId|IsConverted|Converted\w+|MasterRecordId|\w+ById|\w+Date|SystemModstamp)$/;

/** Lookups of standard objects whose relation has another name than the object. */
const relatedObjects: Readonly<Record<string, string>> = { Owner: 'User', Parent: 'Account' };

/**
 * Gives the integration user the fields that the mapping reads and writes: field-level security hides from an API-only
 * user every standard field that nobody granted, and a hidden field answers like one that does not exist.
 */
export function withMappedFields(
  components: readonly Component[],
  pathsByObject: Readonly<Record<SharedObject, readonly string[]>>,
): readonly Component[] {
  const fields = new Set(
    Object.entries(pathsByObject).flatMap(([object, paths]) =>
      paths.flatMap((path) => fieldsOf(sobjects[object as SharedObject], path)),
    ),
  );
  const mapped = [...fields].sort().map((field) => ({ field, readable: true, editable: true }));
  return components.map((component) => {
    if (component.fullName !== integrationPermissionSet) return component;
    const own = (component.body.fieldPermissions ?? []) as readonly MetadataValue[];
    const named = new Set(own.map((permission) => Reflect.get(Object(permission), 'field')));
    const missing = mapped.filter(({ field }) => !named.has(field));
    return { ...component, body: { ...component.body, fieldPermissions: [...own, ...missing] } };
  });
}

/** `Account.Website` on Opportunity is the lookup `Opportunity.AccountId` and the field `Account.Website`. */
function fieldsOf(sobject: string, path: string): string[] {
  const [first = '', ...rest] = path.split('.');
  if (rest.length === 0) return neverGranted.test(first) ? [] : [`${sobject}.${first}`];
  if (first.endsWith('__r')) return [`${sobject}.${first.replace(/__r$/, '__c')}`];
  const related = relatedObjects[first] ?? first;
  const lookup = neverGranted.test(`${first}Id`) ? [] : [`${sobject}.${first}Id`];
  return related === 'User' ? lookup : [...lookup, ...fieldsOf(related, rest.join('.'))];
}

import {
  addedFields,
  connectionFields,
  connectionObject,
  type FieldDefinition,
  type FieldType,
  syncFields,
  syncObject,
} from '../../data-model.ts';
import type { DescribeCache, DescribedField } from '../describe-cache.ts';
import { formulaFieldList } from '../metadata/formula-fields.ts';
import { type Finding, fixes } from './finding.ts';

/** Checks every field of the data model against the org, as the logged-in user sees it. */
export async function checkDataModel(cache: DescribeCache): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const objects: readonly (readonly [string, Readonly<Record<string, FieldDefinition>>])[] = [
    [syncObject, syncFields],
    [connectionObject, connectionFields],
    ...addedFields,
  ];
  for (const [name, definitions] of objects) {
    const object = await cache.describe(name);
    if (object === null) {
      findings.push({
        severity: 'error',
        code: 'OBJECT_MISSING',
        object: name,
        message: `${name} is missing, or hidden from this user.`,
        fix: fixes.setUp,
      });
      continue;
    }
    for (const right of ['createable', 'updateable'] as const) {
      if (object[right]) continue;
      findings.push({
        severity: 'error',
        code: 'OBJECT_READ_ONLY',
        object: name,
        message: `This user may not ${right === 'createable' ? 'create' : 'change'} ${object.label} records.`,
        fix: 'Assign the permission set ACE Sync Integration to the integration user.',
      });
    }
    for (const [field, definition] of Object.entries(definitions)) {
      findings.push(...checkField(name, field, definition, object.fields.get(field.toLowerCase())));
    }
  }
  for (const { object: name, name: field, without } of formulaFieldList) {
    const object = await cache.describe(name);
    if (object === null || object.fields.has(field.toLowerCase())) continue;
    findings.push({
      severity: 'warning',
      code: 'FIELD_MISSING',
      object: name,
      field,
      message: `${name}.${field} is missing or hidden: people do not see ${without}.`,
      fix: fixes.setUp,
    });
  }
  return findings;
}

/** Salesforce's describe types that hold a definition's values. */
const describeTypes: Readonly<Record<FieldType['kind'], readonly string[]>> = {
  text: ['string'],
  longText: ['textarea'],
  picklist: ['picklist', 'multipicklist'],
  date: ['date'],
  dateTime: ['datetime'],
  number: ['double', 'int', 'currency', 'percent'],
  checkbox: ['boolean'],
  lookup: ['reference'],
};

function checkField(
  object: string,
  name: string,
  { type, label }: FieldDefinition,
  field: DescribedField | undefined,
): readonly Finding[] {
  const error = (code: string, message: string, fix: string): Finding => ({
    severity: 'error',
    code,
    object,
    field: name,
    message: `${object}.${name} (${label}) ${message}`,
    fix,
  });
  if (field === undefined) {
    return [
      error(
        'FIELD_MISSING',
        'is missing, or hidden from this user.',
        `${fixes.setUp} It grants field permissions too.`,
      ),
    ];
  }
  const findings: Finding[] = [];
  const expected = describeTypes[type.kind];
  if (!expected.includes(field.type)) {
    const renamed = 'Rename or remove the field of that name, then run `ace-sync salesforce setup`.';
    return [error('FIELD_TYPE', `is of type ${field.type}, expected ${expected.join(' or ')}.`, renamed)];
  }
  if ((type.kind === 'text' || type.kind === 'longText') && field.length < type.length) {
    findings.push(
      error('FIELD_SHORT', `takes ${field.length} characters, expected ${type.length}.`, 'Lengthen the field.'),
    );
  }
  if (type.kind === 'text' && type.externalId && !field.externalId) {
    findings.push(error('FIELD_NO_EXTERNAL_ID', 'is no external id.', 'Mark the field as External ID.'));
  }
  if (type.kind === 'text' && type.unique && !field.unique) {
    findings.push(error('FIELD_NOT_UNIQUE', 'is not unique.', 'Remove double values, then mark the field as Unique.'));
  }
  if (type.kind === 'lookup' && !(field.referenceTo ?? []).includes(type.to)) {
    findings.push(
      error('FIELD_TYPE', `does not refer to ${type.to}.`, 'Remove the field of that name and set up again.'),
    );
  }
  if (!field.updateable) {
    findings.push(
      error('FIELD_READ_ONLY', 'is read-only for this user.', 'Assign the permission set ACE Sync Integration.'),
    );
  }
  if (type.kind === 'picklist' && field.restrictedPicklist) {
    const active = new Set((field.picklistValues ?? []).filter(({ active }) => active).map(({ value }) => value));
    const missing = type.values.filter((value) => !active.has(value));
    if (missing.length > 0) {
      findings.push(
        error('PICKLIST_VALUES', `lacks the values ${missing.join(', ')}.`, 'Add the values to the picklist.'),
      );
    }
  }
  return findings;
}

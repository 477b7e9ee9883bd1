import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notOlderMessage } from '../../../src/crm/data-model.ts';
import { problemOf } from '../../../src/crm/salesforce/classify-error.ts';
import { errorTable, findErrorRow } from '../../../src/crm/salesforce/error-table.ts';

/** Messages as captured from real orgs; the values in them must not come through. */
const cases: readonly (readonly [
  code: string,
  message: string,
  fields: readonly string[],
  problem: string,
  kind: string,
])[] = [
  ['FIELD_CUSTOM_VALIDATION_EXCEPTION', notOlderMessage, [], 'CRM_OLDER', 'older'],
  ['FIELD_CUSTOM_VALIDATION_EXCEPTION', 'ACME may not be won', ['StageName'], 'CRM_VALIDATION_RULE', 'person'],
  [
    'UNABLE_TO_LOCK_ROW',
    'unable to obtain exclusive access to this record or 1 records: 001',
    [],
    'CRM_ROW_LOCKED',
    'rowLock',
  ],
  [
    'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
    'T: execution of AfterUpdate\n\ncaused by: System.DmlException: UNABLE_TO_LOCK_ROW',
    [],
    'CRM_ROW_LOCKED',
    'rowLock',
  ],
  [
    'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
    'T: execution of BeforeInsert\n\ncaused by: System.NullPointerException',
    [],
    'CRM_AUTOMATION_FAILED',
    'batch',
  ],
  ['ENTITY_IS_LOCKED', 'the entity is locked for editing', [], 'CRM_APPROVAL_LOCK', 'later'],
  ['CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead', [], 'CRM_LEAD_CONVERTED', 'person'],
  ['ENTITY_IS_DELETED', 'entity is deleted', [], 'CRM_RECORD_DELETED', 'person'],
  ['INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', [], 'CRM_RECORD_GONE', 'person'],
  [
    'INVALID_CROSS_REFERENCE_KEY',
    "Record Type ID: this ID value isn't valid for the user: 012",
    ['RecordTypeId'],
    'CRM_RECORD_TYPE',
    'person',
  ],
  [
    'INACTIVE_OWNER_OR_USER',
    'operation performed with inactive user [005] as owner of opportunity',
    [],
    'CRM_OWNER_INACTIVE',
    'person',
  ],
  [
    'INVALID_FIELD',
    'Foreign key external ID: 1580 not found for field Code__c in entity User',
    [],
    'CRM_REFERENCE_MISSING',
    'person',
  ],
  ['INVALID_FIELD', "No such column 'X__c' on sobject of type Opportunity", [], 'CRM_SCHEMA', 'connection'],
  ['DUPLICATES_DETECTED', 'Use one of these records?', [], 'CRM_DUPLICATE_RULE', 'person'],
  [
    'DUPLICATE_VALUE',
    'duplicate value found: ACE_Id__c duplicates value on record with id: 0065g00000ABCDE',
    [],
    'CRM_DUPLICATE_VALUE',
    'person',
  ],
  [
    'REQUIRED_FIELD_MISSING',
    'Required fields are missing: [StageName, CloseDate]',
    ['StageName', 'CloseDate'],
    'CRM_REQUIRED_FIELD',
    'person',
  ],
  [
    'STRING_TOO_LONG',
    'Opportunity Name: data value too large: ACME (max length=120)',
    ['Name'],
    'CRM_TEXT_TOO_LONG',
    'person',
  ],
  [
    'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
    'Industry: bad value for restricted picklist field: ACME',
    ['Industry__c'],
    'CRM_PICKLIST_VALUE',
    'person',
  ],
  ['INVALID_EMAIL_ADDRESS', 'Email: invalid email address: jane@acme', ['Email'], 'CRM_VALUE_REFUSED', 'person'],
  [
    'FIELD_INTEGRITY_EXCEPTION',
    "There's a problem with this country: ACME",
    ['Country'],
    'CRM_FIELDS_CONTRADICT',
    'person',
  ],
  ['REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.', [], 'CRM_LIMIT_REACHED', 'connection'],
  ['REQUEST_LIMIT_EXCEEDED', 'ConcurrentRequests Limit exceeded.', [], 'CRM_UNAVAILABLE', 'connection'],
  ['STORAGE_LIMIT_EXCEEDED', 'storage limit exceeded', [], 'CRM_STORAGE_FULL', 'connection'],
  ['SOMETHING_NEW', 'ACME', [], 'CRM_REFUSED', 'person'],
];

for (const [code, message, fields, problem, kind] of cases) {
  test(`${code} (${message.slice(0, 40).replace(/\s+/g, ' ')}) is ${problem}`, () => {
    const row = findErrorRow(code, message);
    assert.equal(row.problem, problem);
    assert.equal(row.class.kind, kind);
    const shown = problemOf(row, { code, message, fields }, (field) => `the label of ${field}`);
    assert.doesNotMatch(JSON.stringify(shown), /ACME|acme|0065g|1580/);
    for (const field of fields)
      if (row.text.includes('{field}')) assert.match(shown.message, new RegExp(`the label of ${field}`, 'i'));
  });
}

test('a code or field that could be a value is not shown', () => {
  const row = findErrorRow('jane@acme.example', 'x');
  const shown = problemOf(row, { code: 'jane@acme.example', message: 'x', fields: ['Jane Doe'] }, (field) => field);
  assert.doesNotMatch(JSON.stringify(shown), /jane|Jane/);
});

test('every sentence ends, and every fix says what to do', () => {
  for (const row of errorTable) {
    assert.match(row.text, /\.$/, row.problem);
    assert.match(row.fix, /^[A-Z].*\.$/, row.problem);
  }
});

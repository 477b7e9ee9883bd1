import type { ErrorCode, FixBy } from '../../errors.ts';
import { valueTaken } from '../crm.ts';

/**
 * What each Salesforce error means for the sync: the one place that decides it. The first row that fits wins. Codes and
 * texts are from Salesforce's SOAP API reference ("API fault elements", "StatusCode") and captures of real orgs.
 * Sentences name the field by its label (`{field}`) and never repeat Salesforce's text, which holds values.
 */

export type ErrorClass =
  /** Our own "not older" rule refused the row (design.md, rule 6). */
  | { readonly kind: 'older' }
  /** Another transaction holds the row for a moment: tried once more apart from the others, then later. */
  | { readonly kind: 'rowLock' }
  /** The row may have failed because of its neighbours in the call: tried in smaller calls, and judged when alone. */
  | { readonly kind: 'batch'; readonly alone: 'person' | 'later' }
  /** Succeeds later without the sync's doing. */
  | { readonly kind: 'later'; readonly wait: 'approvalLock' }
  | { readonly kind: 'person' }
  /** Concerns every record: holds the connection (design.md, rule 11). */
  | { readonly kind: 'connection'; readonly code: ErrorCode }
  /** We sent what Salesforce documents as wrong. */
  | { readonly kind: 'bug' };

export interface ErrorRow {
  readonly codes: readonly string[];
  /** Narrows the row to messages of this shape; messages are matched, never copied. */
  readonly message?: RegExp;
  readonly class: ErrorClass;
  /** Stable code of the problem, in `ACE_Sync__c.Reason_Code__c`. */
  readonly problem: string;
  readonly fixBy: FixBy;
  readonly text: string;
  readonly fix: string;
}

const person: ErrorClass = { kind: 'person' };
const batch: ErrorClass = { kind: 'batch', alone: 'person' };
const connection = (code: ErrorCode): ErrorClass => ({ kind: 'connection', code });

/** Problem code of a new record that another export makes. */
export const beingMade = 'CRM_RECORD_BEING_MADE';

export const errorTable: readonly ErrorRow[] = [
  {
    codes: ['FIELD_CUSTOM_VALIDATION_EXCEPTION'],
    message: /ACE_SYNC_OLDER/,
    class: { kind: 'older' },
    problem: 'CRM_OLDER',
    fixBy: 'nobody',
    text: 'The record already holds a newer version from AWS.',
    fix: 'Nothing: the newer version stands.',
  },
  {
    codes: ['UNABLE_TO_LOCK_ROW'],
    class: { kind: 'rowLock' },
    problem: 'CRM_ROW_LOCKED',
    fixBy: 'nobody',
    text: 'Another change holds the record at this moment.',
    fix: 'Wait: the sync tries again by itself.',
  },
  {
    // A trigger's own DML met the lock: Salesforce reports the trigger, and the lock only in the text.
    codes: ['CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'CANNOT_EXECUTE_FLOW_TRIGGER'],
    message: /UNABLE_TO_LOCK_ROW/,
    class: { kind: 'rowLock' },
    problem: 'CRM_ROW_LOCKED',
    fixBy: 'nobody',
    text: 'Another change holds a record that an automation of your org writes.',
    fix: 'Wait: the sync tries again by itself.',
  },
  {
    codes: ['ENTITY_IS_LOCKED'],
    class: { kind: 'later', wait: 'approvalLock' },
    problem: 'CRM_APPROVAL_LOCK',
    fixBy: 'salesPerson',
    text: 'An approval process locks the record.',
    fix: 'Wait for the approval to end, recall it, or let the integration user edit locked records.',
  },
  {
    codes: ['CANNOT_UPDATE_CONVERTED_LEAD'],
    class: person,
    problem: 'CRM_LEAD_CONVERTED',
    fixBy: 'nobody',
    text: 'The lead was converted.',
    fix: 'Nothing: updates of a converted lead are ignored, and its link goes to the opportunity.',
  },
  {
    codes: ['ENTITY_IS_DELETED'],
    class: person,
    problem: 'CRM_RECORD_DELETED',
    fixBy: 'salesPerson',
    text: 'The record was deleted.',
    fix: 'Restore it from the recycle bin, or choose Stop on its ACE Sync row.',
  },
  {
    codes: ['INVALID_CROSS_REFERENCE_KEY'],
    message: /^invalid cross reference id/i,
    class: person,
    problem: 'CRM_RECORD_GONE',
    fixBy: 'salesPerson',
    text: 'The record, or one it refers to, no longer exists or is hidden from the integration user.',
    fix: 'Restore it from the recycle bin, share it with the integration user, or choose Stop on its ACE Sync row.',
  },
  {
    codes: ['INVALID_CROSS_REFERENCE_KEY'],
    message: /Record Type/i,
    class: person,
    problem: 'CRM_RECORD_TYPE',
    fixBy: 'salesforceAdministrator',
    text: 'The integration user may not use the record type.',
    fix: 'Assign the record type to the integration user, or name another one in the mapping.',
  },
  {
    codes: [
      'INACTIVE_OWNER_OR_USER',
      'OPERATION_WITH_INVALID_USER_TYPE_EXCEPTION',
      'INVALID_CROSS_REFERENCE_KEY',
      'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY',
    ],
    message: /inactive|owner/i,
    class: person,
    problem: 'CRM_OWNER_INACTIVE',
    fixBy: 'allianceManager',
    text: 'The owner is inactive or may not own the record.',
    fix: 'Give the record to an active user, or correct the owner routing of the mapping.',
  },
  {
    codes: ['INVALID_CROSS_REFERENCE_KEY', 'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY'],
    class: person,
    problem: 'CRM_REFERENCE_REFUSED',
    fixBy: 'salesforceAdministrator',
    text: '{field} refers to a record that the integration user may not see.',
    fix: 'Share the record it refers to with the integration user.',
  },
  {
    // The row names another export as the one that makes the record (`activities/maker.ts`).
    codes: ['INVALID_FIELD'],
    message: /^Foreign key external ID: .* not found for field Maker__c/i,
    class: { kind: 'rowLock' },
    problem: beingMade,
    fixBy: 'nobody',
    text: 'Another export makes the record at this moment.',
    fix: 'Wait: the sync tries again by itself.',
  },
  {
    codes: ['INVALID_FIELD'],
    message: /^Foreign key external ID/i,
    class: person,
    problem: 'CRM_REFERENCE_MISSING',
    fixBy: 'allianceManager',
    text: '{field} refers to a record that does not exist in Salesforce.',
    fix: 'Create the record it refers to, then choose Retry.',
  },
  {
    codes: ['DUPLICATES_DETECTED'],
    class: person,
    problem: 'CRM_DUPLICATE_RULE',
    fixBy: 'allianceManager',
    text: 'A duplicate rule of your org found a similar record.',
    fix: 'Link the similar record, or exempt the integration user from the duplicate rule, then choose Retry.',
  },
  {
    codes: ['DUPLICATE_VALUE'],
    class: person,
    problem: valueTaken,
    fixBy: 'allianceManager',
    text: 'Another record already holds the same value ({field}).',
    fix: 'Unlink one of the two records, then choose Retry.',
  },
  {
    codes: ['DUPLICATE_EXTERNAL_ID', 'MULTIPLE_CHOICES'],
    class: person,
    problem: 'CRM_KEY_NOT_UNIQUE',
    fixBy: 'salesforceAdministrator',
    text: 'More than one record holds the same value ({field}).',
    fix: 'Clear the field on all but one record, and make it unique.',
  },
  {
    codes: ['REQUIRED_FIELD_MISSING'],
    class: person,
    problem: 'CRM_REQUIRED_FIELD',
    fixBy: 'engineer',
    text: '{field} is required in Salesforce and the mapping leaves it empty.',
    fix: 'Give the field a default in the mapping, or make it optional for the integration user.',
  },
  {
    codes: ['STRING_TOO_LONG'],
    class: person,
    problem: 'CRM_TEXT_TOO_LONG',
    fixBy: 'salesforceAdministrator',
    text: 'The text from AWS is longer than {field} takes.',
    fix: 'Lengthen the field, or shorten the text in the mapping.',
  },
  {
    codes: ['INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST'],
    class: person,
    problem: 'CRM_PICKLIST_VALUE',
    fixBy: 'salesforceAdministrator',
    text: '{field} does not know the value from AWS.',
    fix: 'Add the value to the picklist and to the record type, or map it to another one.',
  },
  {
    codes: ['FIELD_CUSTOM_VALIDATION_EXCEPTION', 'FIELD_FILTER_VALIDATION_EXCEPTION'],
    class: person,
    problem: 'CRM_VALIDATION_RULE',
    fixBy: 'salesPerson',
    text: 'A validation rule or lookup filter of your org refuses the change ({field}).',
    fix: 'Correct the record so that the rule holds (a closed period, for instance), or exempt the integration user from it.',
  },
  {
    codes: ['FIELD_INTEGRITY_EXCEPTION', 'BCC_NOT_ALLOWED_IF_BCC_COMPLIANCE_ENABLED', 'INVALID_STATUS'],
    class: person,
    problem: 'CRM_FIELDS_CONTRADICT',
    fixBy: 'salesforceAdministrator',
    text: '{field} does not fit the other fields, such as a state or country outside the lists of your org.',
    fix: 'Map the value to one that Salesforce knows.',
  },
  {
    codes: ['INVALID_EMAIL_ADDRESS', 'NUMBER_OUTSIDE_VALID_RANGE', 'INVALID_TYPE_ON_FIELD_IN_RECORD', 'INVALID_URL'],
    class: person,
    problem: 'CRM_VALUE_REFUSED',
    fixBy: 'engineer',
    text: 'Salesforce does not take the value from AWS for {field}.',
    fix: 'Transform the value in the mapping.',
  },
  {
    codes: ['JSON_PARSER_ERROR', 'MALFORMED_ID'],
    class: person,
    problem: 'CRM_VALUE_TYPE',
    fixBy: 'engineer',
    text: 'The mapping writes a value of the wrong type ({field}).',
    fix: 'Correct the transform of the field in the mapping.',
  },
  {
    codes: [
      'INSUFFICIENT_ACCESS_OR_READONLY',
      'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
      'TRANSFER_REQUIRES_READ',
      'NO_ACCESS',
    ],
    message: /insufficient access|read.?only|not permitted/i,
    class: person,
    problem: 'CRM_RECORD_ACCESS',
    fixBy: 'salesforceAdministrator',
    text: 'The integration user may not change this record.',
    fix: 'Share the record with the integration user, or grant Modify All on the object through its permission set.',
  },
  {
    codes: [
      'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
      'CANNOT_EXECUTE_FLOW_TRIGGER',
      'APEX_ERROR',
      'LIMIT_EXCEEDED',
      'TOO_MANY_APEX_REQUESTS',
      'PROCESSING_HALTED',
      'TRANSACTION_HALTED',
      'ALL_OR_NONE_OPERATION_ROLLED_BACK',
    ],
    class: batch,
    problem: 'CRM_AUTOMATION_FAILED',
    fixBy: 'salesforceAdministrator',
    text: 'A trigger or flow of your org failed on this record.',
    fix: 'Read the debug log of the integration user, correct the automation, then choose Retry.',
  },
  {
    // Comes as HTTP 500: a moment's weakness of the platform, or a record that it always stumbles over.
    codes: ['UNKNOWN_EXCEPTION'],
    class: { kind: 'batch', alone: 'later' },
    problem: 'CRM_UNEXPECTED',
    fixBy: 'salesforceAdministrator',
    text: 'Salesforce failed on this record with an error of its own.',
    fix: 'Wait: the sync tries again by itself. If it stays, report it to Salesforce support.',
  },
  {
    codes: ['INVALID_FIELD', 'INVALID_FIELD_FOR_INSERT_UPDATE', 'INVALID_TYPE', 'INVALID_EXTERNAL_ID_FIELD_NAME'],
    class: connection('CRM_SCHEMA'),
    problem: 'CRM_SCHEMA',
    fixBy: 'salesforceAdministrator',
    text: 'Salesforce no longer has {field}, or hides it from the integration user.',
    fix: 'Restore the field and its permission, then the sync goes on by itself.',
  },
  {
    codes: ['NOT_FOUND'],
    class: connection('CRM_SCHEMA'),
    problem: 'CRM_SCHEMA',
    fixBy: 'salesforceAdministrator',
    text: 'Salesforce does not offer what the sync asked for.',
    fix: 'Restore the object or field and its permission, then the sync goes on by itself.',
  },
  {
    codes: ['REQUEST_LIMIT_EXCEEDED'],
    message: /TotalRequests/i,
    class: connection('CRM_LIMIT_REACHED'),
    problem: 'CRM_LIMIT_REACHED',
    fixBy: 'salesforceAdministrator',
    text: 'The API calls of the day are used up.',
    fix: 'Wait until the 24-hour limit frees calls, or raise the limit.',
  },
  {
    codes: ['STORAGE_LIMIT_EXCEEDED'],
    class: connection('CRM_LIMIT_REACHED'),
    problem: 'CRM_STORAGE_FULL',
    fixBy: 'salesforceAdministrator',
    text: "The org's data storage is full.",
    fix: 'Free or buy storage; everything waits meanwhile.',
  },
  {
    codes: ['REQUEST_LIMIT_EXCEEDED', 'SERVER_UNAVAILABLE', 'QUERY_TIMEOUT', 'REQUEST_RUNNING_TOO_LONG', 'TXN_TIMEOUT'],
    class: connection('CRM_UNAVAILABLE'),
    problem: 'CRM_UNAVAILABLE',
    fixBy: 'nobody',
    text: 'Salesforce is busy or in maintenance.',
    fix: 'Wait: the call is repeated by itself.',
  },
  {
    codes: [
      'INVALID_SESSION_ID',
      'sf:INVALID_SESSION_ID',
      'API_DISABLED_FOR_ORG',
      'API_CURRENTLY_DISABLED',
      'INVALID_LOGIN',
      'INVALID_AUTH_HEADER',
      'ORG_LOCKED',
      'USER_IS_INACTIVE',
      'ERROR_HTTP_401',
      'ERROR_HTTP_403',
    ],
    class: connection('CRM_LOGIN_REFUSED'),
    problem: 'CRM_LOGIN_REFUSED',
    fixBy: 'engineer',
    text: 'Salesforce refused the login.',
    fix: 'Renew the client id, secret or certificate, and check that the user is active and may use the API.',
  },
  {
    codes: ['EXCEEDED_ID_LIMIT', 'MALFORMED_QUERY', 'INVALID_QUERY_FILTER_OPERATOR', 'INVALID_QUERY_LOCATOR'],
    class: { kind: 'bug' },
    problem: 'CRM_CALL_WRONG',
    fixBy: 'engineer',
    text: 'The sync made a call that Salesforce does not allow.',
    fix: 'Report this to the makers of ace-sync, with the code.',
  },
];

/** For a field that the user may write in general, and that Salesforce refuses on one record. */
export const fieldRefusedRow: ErrorRow = {
  codes: ['INVALID_FIELD_FOR_INSERT_UPDATE'],
  class: person,
  problem: 'CRM_FIELD_REFUSED',
  fixBy: 'salesPerson',
  text: 'Salesforce does not let {field} be changed on this record.',
  fix: 'Look at the record: products, a quote or its state may decide the field. Then choose Retry.',
};

/** For codes that the table does not know: a person looks, the others go on. */
export const unknownErrorRow: ErrorRow = {
  codes: [],
  class: person,
  problem: 'CRM_REFUSED',
  fixBy: 'engineer',
  text: 'Salesforce refused the record ({code}).',
  fix: 'Look at the record in Salesforce, try the same change there, then choose Retry.',
};

export function findErrorRow(code: string, message: string): ErrorRow {
  const row = errorTable.find(
    (row) => row.codes.includes(code) && (row.message === undefined || row.message.test(message)),
  );
  return row ?? unknownErrorRow;
}

import type { CrmFields, CrmValue, SharedObject } from '../crm/crm.ts';
import type { Status } from '../crm/data-model.ts';
import { fixByLabels, type Problem } from '../errors.ts';
import { acceptanceOf, lifeCycleOf } from './ace-status.ts';
import { type ReasonCode, reasons } from './reasons.ts';
import type { AceStatus } from './sync-state.ts';

/** What ACE's status words mean on the companion row: status, and the reason where somebody must act or wait. */
interface RowStatus {
  readonly status: Status;
  readonly code: ReasonCode | null;
}

function rowStatus(object: SharedObject, status: AceStatus, conflicts: number, now: string): RowStatus {
  if (conflicts > 0) return { status: 'Conflict', code: 'BOTH_CHANGED' };
  switch (acceptanceOf(object, status, now)) {
    case 'pending':
      return { status: 'Needs attention', code: 'ACE_NOT_ACCEPTED' };
    case 'rejected':
      return { status: 'Stopped', code: 'ACE_REFERRAL_REJECTED' };
    case 'expired':
      return { status: 'Stopped', code: 'ACE_REFERRAL_EXPIRED' };
    case 'accepted':
      return { status: 'Synced', code: null };
    case 'notNeeded':
      break;
  }
  switch (lifeCycleOf(object, status, now)) {
    case 'inReview':
      return { status: 'In AWS review', code: 'ACE_IN_REVIEW' };
    case 'actionRequired':
      return { status: 'Needs attention', code: 'ACE_ACTION_REQUIRED' };
    case 'reviewRejected':
      return { status: 'Stopped', code: 'ACE_REVIEW_REJECTED' };
    default:
      return { status: 'Synced', code: null };
  }
}

/**
 * Codes that inbound processing writes. Any other code on the row belongs to an upload or a person and stays:
 * inbound replaces a status only where it wrote it, or where nothing is said.
 */
const inboundCodes: ReadonlySet<string> = new Set<ReasonCode>([
  'BOTH_CHANGED',
  'ACE_NOT_ACCEPTED',
  'ACE_REFERRAL_REJECTED',
  'ACE_REFERRAL_EXPIRED',
  'ACE_IN_REVIEW',
  'ACE_ACTION_REQUIRED',
  'ACE_REVIEW_REJECTED',
  'LAST_MODIFIED_MISSING',
  'WAITS_FOR_MATCHING',
  'MODE_CREATES_NOTHING',
  'CREATED_ON_ACCEPTANCE',
  'VALUE_UNKNOWN',
  'VALUE_UNUSABLE',
  'VALUE_TOO_LONG',
  'EXPRESSION_FAILED',
  'REQUIRED_FIELD_EMPTY',
  'CRM_RECORD_NOT_FOUND',
  'LINKED_TO_ANOTHER',
  'DUPLICATE_FOUND',
  'DUPLICATE_IGNORED',
  'DUPLICATE_TAKEN',
]);
/** Codes that say where a record stands at ACE; with any other one of its own, inbound has parked a version of it. */
const standingCodes: ReadonlySet<string> = new Set<ReasonCode>([
  'BOTH_CHANGED',
  'ACE_NOT_ACCEPTED',
  'ACE_ACTION_REQUIRED',
  'CREATED_ON_ACCEPTANCE',
]);

/** True when the row says that a version of its record waits in a parked file. */
export const saysParked = (row: CrmFields | null): boolean =>
  row?.Status__c === 'Needs attention' &&
  isInboundCode(row.Reason_Code__c) &&
  !standingCodes.has(String(row.Reason_Code__c));

/** Statuses that ask nothing of anybody: an export may always say where the record stands now. */
const openStatuses: ReadonlySet<string> = new Set<Status>(['Synced', 'In AWS review', 'Not shared', 'Conflict']);

const blank = (value: CrmValue | undefined): boolean => value === null || value === undefined || value === '';

/** Codes with which ACE itself ends a record; every other `Stopped` is a person's, whatever code stood there before. */
const endedByAce: ReadonlySet<string> = new Set<ReasonCode>([
  'ACE_REFERRAL_REJECTED',
  'ACE_REFERRAL_EXPIRED',
  'ACE_REVIEW_REJECTED',
]);

/** True when a person stopped or excluded the record, and did not choose Resume since. */
export function stoppedByPerson(row: CrmFields | null): boolean {
  if (row?.Status__c === 'Excluded') return true;
  return row?.Status__c === 'Stopped' && !endedByAce.has(String(row.Reason_Code__c)) && !resumed(row.Intent__c);
}

/** Stop leaves its mark in the intent, and Resume takes it away; a row without any intent was stopped otherwise. */
function resumed(intent: CrmValue | undefined): boolean {
  if (typeof intent !== 'string' || intent === '') return false;
  try {
    const parsed: unknown = JSON.parse(intent);
    return typeof parsed === 'object' && parsed !== null && !('stopped' in parsed);
  } catch {
    return false;
  }
}

/** True when the row's status is not somebody else's to take away. */
function inboundDecides(row: CrmFields | null): boolean {
  if (row === null || blank(row.Status__c) || openStatuses.has(String(row.Status__c))) return true;
  if (stoppedByPerson(row)) return false;
  return row.Status__c === 'Stopped' || isInboundCode(row.Reason_Code__c);
}

/** What Salesforce refused (`CRM_…`) or the life of the record held is over as well once an export was written. */
const isInboundCode = (code: CrmValue | undefined): boolean =>
  typeof code === 'string' && (code.startsWith('CRM_') || inboundCodes.has(code));

/** Statuses that only uploads write. */
const uploadStatuses: ReadonlySet<string> = new Set<Status>(['Needs data', 'Sending']);

/** True when the row says what only an upload says: over once nothing is due any more, so that no row asks for what was done. */
export function saidByUpload(row: CrmFields | null): boolean {
  if (row === null || stoppedByPerson(row)) return false;
  if (uploadStatuses.has(String(row.Status__c))) return true;
  const code = row.Reason_Code__c;
  return !blank(code) && !isInboundCode(code) && code !== ('DISREGARDED' satisfies ReasonCode);
}

/** The status fields to write for what ACE says, the details of an earlier reason gone; empty where an upload or person has the word. */
export function statusWrites(
  object: SharedObject,
  row: CrmFields | null,
  status: AceStatus,
  conflicts: number,
  now: string,
): Record<string, CrmValue> {
  if (!inboundDecides(row)) return {};
  const { status: word, code } = rowStatus(object, status, conflicts, now);
  // The upload says why a record does not go to AWS, and takes that back when it does.
  if (code === null && row?.Reason_Code__c === ('SHARE_RULE_SAYS_NO' satisfies ReasonCode)) return {};
  const explained = row !== null && !blank(row.Details__c);
  return { ...reasonWrites(row, word, code, now), ...(explained ? { Details__c: null } : {}) };
}

/** What the row of a record says whose AWS version the mapping leaves out; empty where an upload or person has the word. */
export const disregardedWrites = (row: CrmFields | null, now: string): Record<string, CrmValue> =>
  row !== null && inboundDecides(row) ? reasonWrites(row, 'Not shared', 'DISREGARDED', now) : {};

/** As many characters as the field takes, with room for an answer of ACE's. */
const longestDetails = 32_000;

/**
 * Every problem in a line. In one place, because what holds a record is found on the way in and on the way out: with two
 * wordings each side would write the row again after the other, for ever.
 */
export function detailsOf(problems: readonly Problem[]): string | null {
  if (problems.length === 0) return null;
  const lines = problems.map(
    ({ field, message, fix, code }) => `${field === undefined ? '' : `${field}: `}${message} ${fix} [${code}]`,
  );
  return lines.join('\n').slice(0, longestDetails);
}

/** Status, reason, code and who acts; `Since` moves only when status or code change. */
export function reasonWrites(
  row: CrmFields | null,
  status: Status,
  code: ReasonCode | null,
  now: string,
): Record<string, CrmValue> {
  const same = row !== null && row.Status__c === status && (row.Reason_Code__c ?? null) === code;
  return {
    Status__c: status,
    Reason_Code__c: code,
    Reason__c: code === null ? null : `${reasons[code].message} ${reasons[code].fix}`.slice(0, 255),
    Fix_By__c: code === null ? null : fixByLabels[reasons[code].fixBy],
    ...(same ? {} : { Since__c: now }),
  };
}

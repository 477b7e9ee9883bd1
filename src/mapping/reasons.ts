import type { LifeCycleState } from '../ace/life-cycle.ts';
import { stateBlocks } from '../ace/life-cycle.ts';
import type { Problem } from '../errors.ts';

/**
 * Why the mapping holds, ignores or waits: one stable code per reason with the sentence people read in the CRM, what
 * to do and who can do it. Sentences name fields, never values (design.md, promise 9).
 */
type Reason = Omit<Problem, 'code' | 'field'>;

const block = (state: LifeCycleState): Reason => {
  const problem = stateBlocks[state]?.problem;
  if (problem === undefined) throw new Error(`The contract says nothing of state ${state}.`);
  return { message: problem.message, fix: problem.fix, fixBy: problem.fixBy };
};

export const reasons = {
  // What the contract says of a state in which fields are closed, under the contract's own codes.
  ACE_NOT_ACCEPTED: block('acceptancePending'),
  ACE_REFERRAL_REJECTED: block('acceptanceRejected'),
  ACE_REFERRAL_EXPIRED: block('acceptanceExpired'),
  ACE_IN_REVIEW: block('inReview'),
  ACE_REVIEW_REJECTED: block('reviewRejected'),
  ACE_ACTION_REQUIRED: block('actionRequired'),
  ACE_LAUNCHED: block('launched'),
  ACE_CLOSED_LOST: block('closedLost'),
  ACE_ID_MISSING: {
    message: 'The record carries no ACE identifier.',
    fix: 'Report the file to AWS.',
    fixBy: 'aws',
  },
  LAST_MODIFIED_MISSING: {
    message: 'The record carries no lastModifiedDate, so it cannot be told from an older version.',
    fix: 'Report the file to AWS.',
    fixBy: 'aws',
  },
  ALREADY_APPLIED: { message: 'This version was applied before.', fix: 'Nothing.', fixBy: 'nobody' },
  OLDER_VERSION: { message: 'A newer version was applied before.', fix: 'Nothing.', fixBy: 'nobody' },
  NO_DIFFERENCE: { message: 'Nothing that the mapping reads has changed.', fix: 'Nothing.', fixBy: 'nobody' },
  APPLIED: { message: 'Changes from AWS were written.', fix: 'Nothing.', fixBy: 'nobody' },
  CREATED: { message: 'AWS shared a new record.', fix: 'Nothing.', fixBy: 'nobody' },
  DISREGARDED: {
    message: 'The disregard rule of the mapping leaves this record out.',
    fix: 'Nothing, or change the rule in the mapping.',
    fixBy: 'allianceManager',
  },
  LEAD_CONVERTED: {
    message: 'The lead was converted; from then on the opportunity carries the work.',
    fix: 'Nothing.',
    fixBy: 'nobody',
  },
  TOMBSTONE: {
    message: 'A person or rule decided that this ACE record is not created again.',
    fix: 'Reopen the record when it is wanted after all.',
    fixBy: 'allianceManager',
  },
  CRM_RECORD_DELETED: {
    message: 'The CRM record was deleted, and is not created again by itself.',
    fix: 'Restore it from the recycle bin to go on, or choose Stop on its ACE Sync row.',
    fixBy: 'salesPerson',
  },
  CRM_RECORD_GONE: {
    message: 'The CRM record is no longer there, or hidden from the sync.',
    fix: 'Restore it or show it to the integration user to go on, or choose Stop on its ACE Sync row.',
    fixBy: 'salesPerson',
  },
  CRM_RECORD_MERGED: {
    message: 'The CRM record was merged into another one.',
    fix: 'Nothing: the sync goes on with the survivor; an ACE id beside its own is ignored.',
    fixBy: 'nobody',
  },
  CRM_LINK_COPIED: {
    message: 'A copy of the CRM record carries the link of its original.',
    fix: 'Nothing: the sync takes the link off the copy.',
    fixBy: 'nobody',
  },
  CRM_RECORD_NOT_FOUND: {
    message: 'AWS names a CRM record that does not exist here.',
    fix: 'Link the ACE record to the right CRM record, or exclude it.',
    fixBy: 'allianceManager',
  },
  LINKED_TO_ANOTHER: {
    message: 'The CRM record is linked to another ACE record.',
    fix: 'Decide which ACE record belongs to it, and unlink the other.',
    fixBy: 'allianceManager',
  },
  DUPLICATE_FOUND: {
    message: 'The CRM holds a record that may be the same as this new AWS record; see Possible Duplicates.',
    fix: 'Choose Link to take that record, or Create new.',
    fixBy: 'allianceManager',
  },
  DUPLICATE_IGNORED: {
    message: 'The CRM holds this already, and the mapping leaves such AWS records out; see Possible Duplicates.',
    fix: "Nothing. Link or Create new takes effect with AWS's next export of the record.",
    fixBy: 'nobody',
  },
  DUPLICATE_TAKEN: {
    message: 'The record to link with has an ACE Sync row of its own, or is gone.',
    fix: 'Choose another record and Link, or choose Create new.',
    fixBy: 'allianceManager',
  },
  LINKED_DUPLICATE: {
    message: 'The new AWS record was linked with a record that the CRM held already.',
    fix: 'Nothing.',
    fixBy: 'nobody',
  },
  OWNER_FALLBACK: {
    message: 'No active user could be the owner that AWS or the mapping names, so the fallback owner has the record.',
    fix: 'Give the record to the right person.',
    fixBy: 'allianceManager',
  },
  ACCOUNT_NOT_CHOSEN: {
    message: 'Several accounts have the name of the customer, so none was chosen.',
    fix: 'Choose the account on the record.',
    fixBy: 'salesPerson',
  },
  CONTACT_NOT_CHOSEN: {
    message: "Several contacts have the e-mail of the customer's contact, so none was chosen.",
    fix: 'Choose the contact on the record.',
    fixBy: 'salesPerson',
  },
  CONTACT_WITHOUT_ACCOUNT: {
    message: "The record has no account, so no contact was made of the customer's contact.",
    fix: "Choose the account; the contact comes with AWS's next export.",
    fixBy: 'salesPerson',
  },
  LEAD_STATUS_REFUSED: {
    message: 'The referral ended, and Salesforce refused to change the status of the lead that stood for it.',
    fix: 'Close the lead.',
    fixBy: 'salesPerson',
  },
  WAITS_FOR_MATCHING: {
    message: 'AWS does not know our identifier of this record; it waits for go-live matching.',
    fix: 'Link it to its CRM record, or decide to create one.',
    fixBy: 'allianceManager',
  },
  MODE_CREATES_NOTHING: {
    message: 'The connection is not live yet, so no CRM record is created.',
    fix: 'Finish matching, then set the mode to live.',
    fixBy: 'engineer',
  },
  CREATED_ON_ACCEPTANCE: {
    message: 'The CRM record is created once the referral is accepted.',
    fix: 'Accept or reject the referral.',
    fixBy: 'allianceManager',
  },
  REQUIRED_FIELD_EMPTY: {
    message: 'A field that a new CRM record needs has no value.',
    fix: 'Give the field a fallback in the `create` part of the mapping.',
    fixBy: 'engineer',
  },
  VALUE_UNKNOWN: {
    message: 'The value is not in the value map of the field.',
    fix: 'Add the value to the map, or choose what happens with unknown values.',
    fixBy: 'engineer',
  },
  VALUE_UNUSABLE: {
    message: 'The value does not fit the type of the field.',
    fix: 'Correct the value in the CRM.',
    fixBy: 'salesPerson',
  },
  VALUE_TOO_LONG: {
    message: 'The value is longer than the field may be, and the mapping does not allow cutting it.',
    fix: 'Shorten the value, or set `cutTo` for the field.',
    fixBy: 'salesPerson',
  },
  EXPRESSION_FAILED: {
    message: 'An expression of the mapping failed on this record.',
    fix: 'Correct the expression.',
    fixBy: 'engineer',
  },
  BOTH_CHANGED: {
    message: 'AWS and we changed the field since we last agreed.',
    fix: "Choose Keep ours or Take AWS's.",
    fixBy: 'salesPerson',
  },
  ACCEPTANCE_SENT: {
    message: 'The answer was sent; AWS confirms it with its next export.',
    fix: 'Wait for the export.',
    fixBy: 'aws',
  },
  REJECTION_REASON_MISSING: {
    message: 'A rejection needs a reason.',
    fix: 'Fill in Rejection Reason and choose Reject again.',
    fixBy: 'salesPerson',
  },
  ACE_ID_AWAITED: {
    message: 'AWS accepted the record; its ACE identifier comes with the next export.',
    fix: 'Wait for the export.',
    fixBy: 'aws',
  },
  ANSWER_AWAITED: {
    message: 'A file with a field that AWS shows otherwise is on its way; its answer says which of both is later.',
    fix: 'Nothing: it goes on with the answer.',
    fixBy: 'nobody',
  },
  ACE_ID_NOT_WRITTEN: {
    message: "AWS took the record, but the CRM refuses to write AWS's identifier on it; the companion row keeps it.",
    fix: 'Remove what refuses the write, which Details names, then choose Retry.',
    fixBy: 'salesforceAdministrator',
  },
  SENT_ACCEPTANCE: { message: 'Our answer to the referral is due to AWS.', fix: 'Nothing.', fixBy: 'nobody' },
  NOT_SHARED: {
    message: 'Nobody shared this record with AWS.',
    fix: 'Choose Share to send it.',
    fixBy: 'salesPerson',
  },
  SHARE_RULE_SAYS_NO: {
    message: 'The sharing rule of the mapping leaves this record out.',
    fix: 'Nothing, or change the record or the rule.',
    fixBy: 'allianceManager',
  },
  STOPPED: {
    message: 'A person stopped or excluded this record.',
    fix: 'Choose Resume to go on.',
    fixBy: 'salesPerson',
  },
  LEADS_COME_FROM_AWS: {
    message: 'ACE takes no leads from partners.',
    fix: 'Share an opportunity instead.',
    fixBy: 'nobody',
  },
  PARTNER_ID_EMPTY: {
    message: 'The field that the mapping names as partner identifier is empty.',
    fix: 'Fill in the field.',
    fixBy: 'salesforceAdministrator',
  },
  ANSWER_LOST: {
    message: 'AWS did not accept the file, and its answer is neither in the journal nor in the bucket any more.',
    fix: 'Look at the record in Partner Central, then choose Retry.',
    fixBy: 'engineer',
  },
  TRY_AGAIN_LATER: {
    message: 'AWS could not take the record at that moment, or gave no answer.',
    fix: 'Nothing: it is sent again after a pause. Retry sends it now.',
    fixBy: 'nobody',
  },
  TRIED_ENOUGH: {
    message: 'The same content was sent several times, and AWS could not take it or gave no answer.',
    fix: 'Ask AWS whether ACE works, then choose Retry.',
    fixBy: 'engineer',
  },
  NOTHING_TO_SEND: { message: 'AWS already holds what we hold.', fix: 'Nothing.', fixBy: 'nobody' },
  NOT_OPEN_NOW: {
    message: 'AWS does not take changes of these fields at this point.',
    fix: 'Nothing: they are kept and compared again when AWS opens them.',
    fixBy: 'nobody',
  },
  SENT_CREATE: { message: 'The record is new to AWS.', fix: 'Nothing.', fixBy: 'nobody' },
  SENT_UPDATE: { message: 'Changes are due to AWS.', fix: 'Nothing.', fixBy: 'nobody' },
  SENT_PARTNER_ID: {
    message: 'AWS is told our identifier of the accepted record.',
    fix: 'Nothing.',
    fixBy: 'nobody',
  },
} as const satisfies Record<string, Reason>;

export type ReasonCode = keyof typeof reasons;

/** The problem a person sees for a reason, with the field it concerns. */
export function problemOf(code: ReasonCode, field?: string): Problem {
  const reason = reasons[code];
  return field === undefined ? { code, ...reason } : { code, field, ...reason };
}

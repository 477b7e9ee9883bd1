/**
 * Where a record stands at ACE, read from the record as ACE last exported it.
 * Source: acceptance scenarios B to D, DOC "opportunity sharing".
 */

import type { AceObject, AceRecord } from './ace-record.ts';

export type ReviewState = 'draft' | 'submitted' | 'inReview' | 'approved' | 'rejected' | 'actionRequired' | 'unknown';

const reviewStates: ReadonlyMap<unknown, ReviewState> = new Map([
  ['Draft', 'draft'],
  ['Submitted', 'submitted'],
  ['In review', 'inReview'],
  ['Approved', 'approved'],
  ['Rejected', 'rejected'],
  ['Action Required', 'actionRequired'],
]);

/** AWS's review of a partner referral; `unknown` for a blank or new status, which says nothing against sending. */
export function reviewState(record: AceRecord): ReviewState {
  return reviewStates.get(record.status) ?? 'unknown';
}

export type AcceptanceState = 'notNeeded' | 'pending' | 'accepted' | 'rejected' | 'expired';

/**
 * The partner's answer to an AWS referral or a lead. `now` (ISO 8601) tells pending from expired: ACE rejects by itself after
 * `acceptBy`. A date alone counts until the end of its day, GMT.
 */
export function acceptanceState(object: AceObject, record: AceRecord, now?: string): AcceptanceState {
  if (object === 'opportunity' && record.opportunityOwnership !== 'AWS Referral') return 'notNeeded';
  const answer = object === 'lead' ? record.currentLeadStage : record.partnerAcceptanceStatus;
  if (answer === 'Accepted') return 'accepted';
  if (answer === 'Rejected') return 'rejected';
  const limit = typeof record.acceptBy === 'string' ? Date.parse(endOfDay(record.acceptBy)) : Number.NaN;
  return now !== undefined && limit < Date.parse(now) ? 'expired' : 'pending';
}

function endOfDay(text: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T23:59:59.999Z` : text;
}

/**
 * The state that decides what may be sent. `unknown`: ACE's record is not at hand, so nothing is claimed.
 * Acceptance comes before review, review before closing.
 */
export type LifeCycleState =
  | 'unknown'
  | 'acceptancePending'
  | 'acceptanceRejected'
  | 'acceptanceExpired'
  | 'inReview'
  | 'reviewRejected'
  | 'actionRequired'
  | 'open'
  | 'launched'
  | 'closedLost';

/** `now` as in `acceptanceState`. Leads are open in every state: no document refuses an update of a lead (D4). */
export function lifeCycleState(object: AceObject, stored: AceRecord | undefined, now?: string): LifeCycleState {
  if (stored === undefined) return 'unknown';
  if (object === 'lead') return 'open';
  switch (acceptanceState(object, stored, now)) {
    case 'pending':
      return 'acceptancePending';
    case 'rejected':
      return 'acceptanceRejected';
    case 'expired':
      return 'acceptanceExpired';
    case 'accepted':
      return closing(stored);
    case 'notNeeded':
      return afterReview(stored);
  }
}

function afterReview(stored: AceRecord): LifeCycleState {
  switch (reviewState(stored)) {
    case 'draft':
    case 'submitted':
    case 'inReview':
      return 'inReview';
    case 'rejected':
      return 'reviewRejected';
    case 'actionRequired':
      return 'actionRequired';
    case 'approved':
    case 'unknown':
      return closing(stored);
  }
}

function closing(stored: AceRecord): LifeCycleState {
  if (stored.stage === 'Launched') return 'launched';
  return stored.stage === 'Closed Lost' ? 'closedLost' : 'open';
}

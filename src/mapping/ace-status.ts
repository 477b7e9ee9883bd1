import type { AceRecord } from '../ace/ace-record.ts';
import { identityFields, identityOf } from '../ace/identity.ts';
import { type AcceptanceState, acceptanceState, type LifeCycleState, lifeCycleState } from '../ace/life-cycle.ts';
import type { SharedObject } from '../crm/crm.ts';
import { toDateTime } from './canonical.ts';
import type { AceStatus } from './sync-state.ts';

/** The status words of a record, and back: the sync state keeps them so that uploads know where ACE stands. */

const word = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : null;

/** Status words of a record as ACE exported it; a sparse record keeps the words that it does not carry. */
export function aceStatusOf(object: SharedObject, record: AceRecord, before: AceStatus | null): AceStatus {
  const pick = (name: string, previous: string | null | undefined): string | null =>
    name in record ? word(record[name]) : (previous ?? null);
  const acceptBy = pick('acceptBy', before?.acceptBy);
  return {
    review: object === 'lead' ? null : pick('status', before?.review),
    acceptance: pick(acceptanceField[object], before?.acceptance),
    stage: object === 'lead' ? null : pick('stage', before?.stage),
    ownership: object === 'lead' ? null : pick('opportunityOwnership', before?.ownership),
    acceptBy: acceptBy === null ? null : (toDateTime(acceptBy) ?? acceptBy),
    partnerIdKnown:
      identityFields[object].partner in record
        ? identityOf(object, record).partnerId !== null
        : (before?.partnerIdKnown ?? false),
  };
}

/** The field that carries the partner's answer. */
export const acceptanceField: Readonly<Record<SharedObject, string>> = {
  opportunity: 'partnerAcceptanceStatus',
  lead: 'currentLeadStage',
};

/** The record as far as its status words tell, for the life-cycle rules of the contract. */
export function recordOfStatus(object: SharedObject, status: AceStatus): AceRecord {
  return {
    status: status.review,
    stage: status.stage,
    opportunityOwnership: status.ownership,
    acceptBy: status.acceptBy,
    [acceptanceField[object]]: status.acceptance,
  };
}

/** The partner's answer; leads and AWS referrals need one. */
export const acceptanceOf = (object: SharedObject, status: AceStatus, now: string): AcceptanceState =>
  acceptanceState(object, recordOfStatus(object, status), now);

/** Where the record stands, as the contract decides what may be sent. */
export const lifeCycleOf = (object: SharedObject, status: AceStatus, now: string): LifeCycleState =>
  lifeCycleState(object, recordOfStatus(object, status), now);

/** Who brought the record, in the words of `ACE_Sync__c.Origin__c`; null while ACE has not said. */
export function originOf(object: SharedObject, status: AceStatus): string | null {
  if (object === 'lead') return 'AWS Lead';
  return status.ownership === 'AWS Referral' || status.ownership === 'Partner Referral' ? status.ownership : null;
}

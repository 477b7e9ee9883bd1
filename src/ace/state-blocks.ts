/** Why a state closes fields, in words for the CRM. */

import type { Problem } from '../errors.ts';
import type { LifeCycleState } from './record-state.ts';

export interface StateBlock {
  /** What ends the wait: AWS's review, the partner's answer, or nothing. */
  readonly opensWith: 'review' | 'acceptance' | 'nothing';
  readonly problem: Problem;
}

export const stateBlocks: Readonly<Partial<Record<LifeCycleState, StateBlock>>> = {
  acceptancePending: {
    opensWith: 'acceptance',
    problem: {
      code: 'ACE_NOT_ACCEPTED',
      message: 'This AWS referral is not accepted yet; ACE takes only Accepted or Rejected for it.',
      fix: 'Accept or reject the referral; the other changes follow by themselves after acceptance.',
      fixBy: 'allianceManager',
    },
  },
  acceptanceRejected: {
    opensWith: 'nothing',
    problem: {
      code: 'ACE_REFERRAL_REJECTED',
      message: 'This AWS referral was rejected; ACE takes no changes of it.',
      fix: 'Nothing can be sent. Ask AWS to refer it again if it is wanted after all.',
      fixBy: 'allianceManager',
    },
  },
  acceptanceExpired: {
    opensWith: 'nothing',
    problem: {
      code: 'ACE_REFERRAL_EXPIRED',
      message: 'The time to accept this AWS referral has passed; ACE rejected it by itself.',
      fix: 'Nothing can be sent. Ask AWS to refer it again.',
      fixBy: 'allianceManager',
    },
  },
  inReview: {
    opensWith: 'review',
    problem: {
      code: 'ACE_IN_REVIEW',
      message: 'AWS is reviewing this opportunity; ACE takes no changes until the review ends.',
      fix: 'Nothing: the changes are sent by themselves when AWS has reviewed it.',
      fixBy: 'aws',
    },
  },
  reviewRejected: {
    opensWith: 'nothing',
    problem: {
      code: 'ACE_REVIEW_REJECTED',
      message: 'AWS rejected this opportunity in its review; ACE takes no changes of it.',
      fix: 'Read the reviewer comments. A corrected deal is shared as a new opportunity, or AWS reopens this one.',
      fixBy: 'allianceManager',
    },
  },
  actionRequired: {
    opensWith: 'review',
    problem: {
      code: 'ACE_ACTION_REQUIRED',
      message: 'AWS asks for corrections; until they are made ACE takes only the fields that are open for them.',
      fix: 'Correct what the reviewer comments name; the other changes follow after approval.',
      fixBy: 'salesPerson',
    },
  },
  launched: {
    opensWith: 'nothing',
    problem: {
      code: 'ACE_LAUNCHED',
      message: 'This opportunity is Launched; ACE keeps nearly all fields as they are and drops changes in silence.',
      fix: 'Nothing can be sent for these fields. Ask AWS if a launched opportunity must be corrected.',
      fixBy: 'aws',
    },
  },
  closedLost: {
    opensWith: 'nothing',
    problem: {
      code: 'ACE_CLOSED_LOST',
      message: 'This opportunity is Closed Lost; ACE takes no changes of it.',
      fix: 'Nothing can be sent. A deal that comes back is shared as a new opportunity.',
      fixBy: 'salesPerson',
    },
  },
};

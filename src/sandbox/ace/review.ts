import { awsContacts } from './people.ts';
import { changeRecord } from './records.ts';
import type { SimulatedRecord } from './state.ts';
import { type Draft, switchesOf, type World } from './world.ts';

/** Name under which AWS's people change records. */
export const awsUser = 'APN Partner Central';

const minuteMs = 60_000;

/** When a review that starts now moves on, or null where people do it by hand. */
export function firstReviewStep(world: World): Date | null {
  const { review, inReviewAfterMinutes } = switchesOf(world);
  return review === 'hand' ? null : new Date(world.clock.now().getTime() + inReviewAfterMinutes * minuteMs);
}

export function startReview(world: World, draft: Draft, record: SimulatedRecord): SimulatedRecord {
  const { review, inReviewAfterMinutes, reviewMinutes } = switchesOf(world);
  const rest = Math.max(0, reviewMinutes - inReviewAfterMinutes) * minuteMs;
  return changeRecord(world, draft, record, {
    fields: { status: 'In review' },
    by: awsUser,
    reviewDue: review === 'hand' ? null : new Date(world.clock.now().getTime() + rest),
  });
}

/**
 * Approval opens the record for updates and shows AWS's people. ACE moves an approved opportunity from Prospect to
 * Qualified (an inference: the documents only say that Prospect is not submitted).
 */
export function approve(world: World, draft: Draft, record: SimulatedRecord): SimulatedRecord {
  const { stage } = record.fields;
  return changeRecord(world, draft, record, {
    fields: {
      status: 'Approved',
      apnReviewerComments: null,
      stage: stage === undefined || stage === null || stage === 'Prospect' ? 'Qualified' : stage,
      ...awsContacts(world.chance, record.aceId),
    },
    by: awsUser,
    reviewDue: null,
  });
}

export function reject(world: World, draft: Draft, record: SimulatedRecord, comments?: string): SimulatedRecord {
  return changeRecord(world, draft, record, {
    fields: {
      status: 'Rejected',
      apnReviewerComments: comments ?? 'The opportunity does not meet the review criteria.',
    },
    by: awsUser,
    reviewDue: null,
  });
}

export function askForAction(world: World, draft: Draft, record: SimulatedRecord, comments?: string): SimulatedRecord {
  return changeRecord(world, draft, record, {
    fields: {
      status: 'Action Required',
      apnReviewerComments: comments ?? 'Please describe the business problem of the customer in more detail.',
    },
    by: awsUser,
    reviewDue: null,
  });
}

/** Moves a review that is due one step on: Submitted, In review, then an end drawn by the switches' shares. */
export function advanceReview(world: World, draft: Draft, record: SimulatedRecord): SimulatedRecord {
  if (record.fields.status === 'Submitted') return startReview(world, draft, record);
  const { rejectedShare, actionRequiredShare } = switchesOf(world);
  const draw = world.chance.share('review', record.aceId, record.changes);
  if (draw < rejectedShare) return reject(world, draft, record);
  if (draw < rejectedShare + actionRequiredShare) return askForAction(world, draft, record);
  return approve(world, draft, record);
}

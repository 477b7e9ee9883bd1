import { ApplicationFailure } from '@temporalio/common';
import type { WriteOutcome } from '../crm/crm.ts';

/** Row locks pass within a minute and are waited for; what lasts longer is said on the record, and holds nothing else. */
const longestWaitMs = 60_000;

/** A short wait is the activity's: it fails, and Temporal tries again when the CRM said. An approval is told to people. */
export function waitOrReport<Outcome extends WriteOutcome>(outcome: Outcome): Outcome {
  const isShort = outcome.kind === 'later' && outcome.retryAfterMs <= longestWaitMs;
  if (!isShort || outcome.problem.code === 'CRM_APPROVAL_LOCK') return outcome;
  throw ApplicationFailure.create({
    type: outcome.problem.code,
    message: outcome.problem.message,
    nextRetryDelay: outcome.retryAfterMs,
  });
}

/**
 * For writes of the sync's own state, which no person can correct in the record: a lock is tried again when the CRM
 * says, a refusal is shown with its code and tried again at the pace of the activity. `older` is a success: the state
 * there is newer.
 */
export function expectWritten(outcome: WriteOutcome, what: string): void {
  switch (outcome.kind) {
    case 'written':
    case 'older':
      return;
    case 'later':
      throw ApplicationFailure.create({
        type: outcome.problem.code,
        message: `Writing the ${what} has to wait: ${outcome.problem.message}`,
        nextRetryDelay: outcome.retryAfterMs,
      });
    case 'refused':
      throw ApplicationFailure.create({
        type: outcome.problem.code,
        message: `The CRM refused the ${what}: ${outcome.problem.message} ${outcome.problem.fix}`,
        details: [refusal],
      });
  }
}

const refusal = 'refused';

/** A write that the CRM refused: repeating it at once changes nothing, and it says nothing of other records. */
export const isRefusal = (error: unknown): error is ApplicationFailure =>
  error instanceof ApplicationFailure && error.details?.[0] === refusal;

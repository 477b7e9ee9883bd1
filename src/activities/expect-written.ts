import { ApplicationFailure } from '@temporalio/common';
import type { WriteOutcome } from '../crm/crm.ts';

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
      });
  }
}

import type { Evidence, Violation } from '../evidence.ts';
import { checkDeletions } from './check-deletions.ts';
import { checkEchoes } from './check-echoes.ts';
import { checkHolds } from './check-holds.ts';
import { checkIdentity } from './check-identity.ts';
import { checkJournal } from './check-journal.ts';
import { checkLosses } from './check-losses.ts';
import { checkOrder } from './check-order.ts';
import { checkOwnership } from './check-ownership.ts';
import { checkPersonalData } from './check-personal-data.ts';
import { checkResults } from './check-results.ts';

const checks = [
  checkLosses,
  checkJournal,
  checkIdentity,
  checkOrder,
  checkEchoes,
  checkDeletions,
  checkResults,
  checkHolds,
  checkOwnership,
  checkPersonalData,
];

/** Every promise that the evidence shows broken. Shares no code with the sync: it knows the contract by itself. */
export function check(evidence: Evidence): readonly Violation[] {
  return checks.flatMap((one) => one(evidence));
}

import { type RecordOutcome, type RecordOutcomeKind, recordOutcomeKinds } from './messages.ts';

/** How many records ended in each outcome. */
export function countOutcomes(outcomes: readonly RecordOutcome[]): Record<RecordOutcomeKind, number> {
  const counts = Object.fromEntries(recordOutcomeKinds.map((kind) => [kind, 0])) as Record<RecordOutcomeKind, number>;
  for (const outcome of outcomes) counts[outcome.outcome] += 1;
  return counts;
}

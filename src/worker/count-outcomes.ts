import type { MetricMeter } from '@temporalio/common';
import type { Journal } from '../journal/journal.ts';

/**
 * Counts every outcome that the journal takes as `ace_sync_outcomes_total`, by kind, object and outcome: words of our
 * own, never an id or a value. An outcome that is written twice after a crash counts twice; the journal itself does not.
 */
export function countOutcomes(journal: Journal, meter: MetricMeter): Journal {
  const counter = meter.createCounter('ace_sync_outcomes', undefined, 'Outcomes of records, files and uploads.');
  return {
    ...journal,
    async recordOutcomes(lines) {
      await journal.recordOutcomes(lines);
      for (const { kind, object, outcome } of lines) counter.add(1, { kind, object, outcome });
    },
  };
}

import type { Dependencies } from './dependencies.ts';
import { readLinked } from './linked-records.ts';
import { isWaveFile } from './read-result.ts';
import { readPlanRows } from './send-wave.ts';

const object = 'opportunity';

/** How many records of a wave still wait for their part of the result. */
export function countUnanswered(deps: Dependencies) {
  return async ({ crmIds }: { crmIds: readonly string[] }): Promise<number> => {
    const states = await readLinked(
      deps,
      object,
      crmIds.map((crmId) => ({ crmId })),
    );
    return states.filter(({ intent }) => intent !== null && isWaveFile(intent.name)).length;
  };
}

/** Where the backfill stands, from the CRM's state alone: answers of ACE, and identifiers that its exports show. */
export function checkBackfill(deps: Dependencies) {
  return async ({ planSha }: { planSha: string }): Promise<{ accepted: number; refused: number; verified: number }> => {
    const rows = (await readPlanRows(deps, planSha)).filter((row) => row.wave !== null);
    const states =
      rows.length === 0
        ? []
        : await readLinked(
            deps,
            object,
            rows.map(({ crmId }) => ({ crmId })),
          );
    const answered = states.filter(({ sent }) => sent?.lastResult != null);
    const accepted = answered.filter(({ sent }) => sent?.lastResult?.class === 'accepted');
    return {
      accepted: accepted.length,
      refused: answered.length - accepted.length,
      verified: accepted.filter(({ received }) => received?.aceStatus.partnerIdKnown === true).length,
    };
  };
}

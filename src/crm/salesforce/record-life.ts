import type { Problem } from '../../errors.ts';
import type { Linked, WriteOutcome } from '../crm.ts';

/**
 * What happens to the sync when a CRM record is deleted, merged, converted, locked, cloned, restored or loses its owner
 * (design.md, rule 13). Pure, so that workflows and activities decide alike; every row of the table has a test.
 */

export type LifeDecision =
  | { readonly do: 'proceed' }
  /** Keep the link and a tombstone, never create the record again by itself. */
  | { readonly do: 'hold'; readonly tombstone: string; readonly problem: Problem }
  /** Go on with the survivor of a merge; the ACE id of the loser becomes an alias there. */
  | { readonly do: 'follow'; readonly survivorId: string; readonly aliasAceId: string | null }
  /** Ignore updates from now on; the link goes to the opportunity, where the conversion made one. */
  | { readonly do: 'ignore'; readonly reason: 'converted'; readonly handOverTo: string | null }
  /** Nothing to decide: it ends by itself. */
  | { readonly do: 'wait'; readonly problem: Problem; readonly retryAfterMs: number }
  /** The record carries the link of another one: take it off, the copy is not synced. */
  | { readonly do: 'wipeLink' }
  | { readonly do: 'useFallbackOwner'; readonly problem: Problem }
  /** The record is back: take the tombstone off and sync it again. */
  | { readonly do: 'resume' };

interface LifeRow {
  readonly state: string;
  /** Null when the row does not fit. Rows are asked in order; the first answer counts. */
  readonly decide: (linked: Linked, outcome: WriteOutcome | null) => LifeDecision | null;
}

/** Marks in `Tombstone__c`; kept in English, as code reads them. */
export const tombstones = { deleted: 'Deleted in the CRM', gone: 'No longer in the CRM' } as const;

const problemOf = (outcome: WriteOutcome | null): Problem | null =>
  outcome !== null && (outcome.kind === 'refused' || outcome.kind === 'later') ? outcome.problem : null;

const deletedProblem = (code: 'CRM_RECORD_DELETED' | 'CRM_RECORD_GONE', message: string): Problem => ({
  code,
  message,
  fix: 'Restore it from the recycle bin to go on, or choose Stop on its ACE Sync row.',
  fixBy: 'salesPerson',
});

export const lifeTable: readonly LifeRow[] = [
  {
    state: 'merged',
    decide: ({ record }) =>
      record?.mergedInto ? { do: 'follow', survivorId: record.mergedInto, aliasAceId: record.aceId } : null,
  },
  {
    state: 'deleted',
    decide: ({ record }, outcome) =>
      record?.deleted || problemOf(outcome)?.code === 'CRM_RECORD_DELETED'
        ? {
            do: 'hold',
            tombstone: tombstones.deleted,
            problem: deletedProblem('CRM_RECORD_DELETED', 'The record was deleted in Salesforce.'),
          }
        : null,
  },
  {
    // Purged from the recycle bin, or hidden from the integration user: the row remembers a record that is not found.
    state: 'gone',
    decide: ({ record, row }, outcome) =>
      (record === null && row !== null && row.crmId !== null) || problemOf(outcome)?.code === 'CRM_RECORD_GONE'
        ? {
            do: 'hold',
            tombstone: tombstones.gone,
            problem: deletedProblem(
              'CRM_RECORD_GONE',
              'The record is no longer in Salesforce, or hidden from the sync.',
            ),
          }
        : null,
  },
  {
    state: 'converted',
    decide: ({ record }, outcome) =>
      record?.converted || problemOf(outcome)?.code === 'CRM_LEAD_CONVERTED'
        ? { do: 'ignore', reason: 'converted', handOverTo: record?.converted?.opportunityId ?? null }
        : null,
  },
  {
    // Standard Clone leaves sync fields blank; Apex and administrators copy them.
    state: 'cloned',
    decide: ({ record, row }) => {
      if (record === null) return null;
      const lookup = record.fields.ACE_Sync__c ?? null;
      const foreignRow = row !== null && row.crmId !== null && row.crmId !== record.id;
      const foreignLookup = lookup !== null && (row === null || row.id !== lookup);
      return foreignRow || foreignLookup ? { do: 'wipeLink' } : null;
    },
  },
  {
    state: 'locked',
    decide: (_linked, outcome) =>
      outcome?.kind === 'later' ? { do: 'wait', problem: outcome.problem, retryAfterMs: outcome.retryAfterMs } : null,
  },
  {
    state: 'owner inactive',
    decide: (_linked, outcome) => {
      const problem = problemOf(outcome);
      return problem?.code === 'CRM_OWNER_INACTIVE' ? { do: 'useFallbackOwner', problem } : null;
    },
  },
  {
    state: 'undeleted',
    decide: ({ record, row }) => {
      const tombstone = row?.fields.Tombstone__c ?? null;
      const ours = tombstone === tombstones.deleted || tombstone === tombstones.gone;
      return record !== null && ours ? { do: 'resume' } : null;
    },
  },
];

/**
 * @param linked the record with its companion row; `fields` should hold `ACE_Sync__c` and `Tombstone__c`.
 * @param outcome of the last write to the record, where there was one.
 */
export function decideLife(linked: Linked, outcome: WriteOutcome | null = null): LifeDecision {
  for (const { decide } of lifeTable) {
    const decision = decide(linked, outcome);
    if (decision !== null) return decision;
  }
  return { do: 'proceed' };
}

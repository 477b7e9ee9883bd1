import type { CrmRecord, Linked, SyncRow, WriteOutcome } from '../crm/crm.ts';
import type { Problem } from '../errors.ts';
import { problemOf, type ReasonCode } from './reasons.ts';
import { stoppedByPerson } from './row-status.ts';

/**
 * What happens to the sync when a CRM record is deleted, merged, converted, locked, cloned, restored or loses its owner
 * (design.md, rule 13). Pure, so that what comes in, what goes out and change detection decide alike; every row of the
 * table has a test, and one through the whole job.
 */

export type LifeDecision =
  | { readonly do: 'proceed' }
  /** Keep the link and a tombstone, never create the record again by itself. */
  | { readonly do: 'hold'; readonly tombstone: string; readonly problem: Problem & { readonly code: ReasonCode } }
  /** Go on with the survivor of a merge; the ACE id of the loser goes there, or becomes an alias where it has its own. */
  | { readonly do: 'follow'; readonly survivorId: string; readonly aliasAceId: string | null }
  /** Ignore updates from now on; the link of a converted lead goes to the opportunity, where one was made. */
  | { readonly do: 'ignore'; readonly code: 'LEAD_CONVERTED' | 'CRM_RECORD_MERGED'; readonly handOverTo: string | null }
  /** Nothing to decide: it ends by itself. */
  | { readonly do: 'wait'; readonly problem: Problem; readonly retryAfterMs: number }
  /** The record carries the link of another one: take it off, the copy is not synced. */
  | { readonly do: 'wipeLink'; readonly recordId: string }
  | { readonly do: 'useFallbackOwner'; readonly problem: Problem }
  /** The record is back: take the tombstone off and sync it again. */
  | { readonly do: 'resume' };

interface LifeRow {
  readonly state: string;
  /** Null when the row does not fit. Rows are asked in order; the first answer counts. */
  readonly decide: (linked: Linked, outcome: WriteOutcome | null) => LifeDecision | null;
}

/** Marks in `Tombstone__c`; kept in English, as code reads them. */
export const tombstones = {
  deleted: 'Deleted in the CRM',
  gone: 'No longer in the CRM',
  merged: 'Merged into a record that AWS knows by another id',
} as const;

const refusedWith = (outcome: WriteOutcome | null): Problem | null =>
  outcome?.kind === 'refused' ? outcome.problem : null;

const hold = (code: 'CRM_RECORD_DELETED' | 'CRM_RECORD_GONE', tombstone: string): LifeDecision => ({
  do: 'hold',
  tombstone,
  problem: { ...problemOf(code), code },
});

const tombstoneOf = (row: SyncRow | null): unknown => row?.fields.Tombstone__c ?? null;

export const lifeTable: readonly LifeRow[] = [
  {
    // The survivor has an ACE id of its own: what AWS still says of the loser's is known, and belongs to nobody.
    state: 'merged into another ACE record',
    decide: ({ row }) =>
      tombstoneOf(row) === tombstones.merged ? { do: 'ignore', code: 'CRM_RECORD_MERGED', handOverTo: null } : null,
  },
  {
    state: 'merged',
    decide: ({ record }) =>
      record?.mergedInto ? { do: 'follow', survivorId: record.mergedInto, aliasAceId: record.aceId } : null,
  },
  {
    state: 'deleted',
    decide: ({ record }, outcome) =>
      record?.deleted || refusedWith(outcome)?.code === 'CRM_RECORD_DELETED'
        ? hold('CRM_RECORD_DELETED', tombstones.deleted)
        : null,
  },
  {
    // Purged from the recycle bin, or hidden from the integration user: the row remembers a record that is not found.
    state: 'gone',
    decide: ({ record, row }, outcome) =>
      (record === null && row !== null && row.crmId !== null) || refusedWith(outcome)?.code === 'CRM_RECORD_GONE'
        ? hold('CRM_RECORD_GONE', tombstones.gone)
        : null,
  },
  {
    state: 'converted',
    decide: ({ record }, outcome) =>
      record?.converted || refusedWith(outcome)?.code === 'CRM_LEAD_CONVERTED'
        ? { do: 'ignore', code: 'LEAD_CONVERTED', handOverTo: record?.converted?.opportunityId ?? null }
        : null,
  },
  {
    // Standard Clone leaves sync fields blank; Apex and administrators copy them.
    state: 'cloned',
    decide: ({ record, row }) => (record !== null && carriesForeignLink(record, row) ? wipe(record) : null),
  },
  {
    state: 'locked',
    decide: (_linked, outcome) =>
      outcome?.kind === 'later' ? { do: 'wait', problem: outcome.problem, retryAfterMs: outcome.retryAfterMs } : null,
  },
  {
    state: 'owner inactive',
    decide: (_linked, outcome) => {
      const problem = refusedWith(outcome);
      return problem?.code === 'CRM_OWNER_INACTIVE' ? { do: 'useFallbackOwner', problem } : null;
    },
  },
  {
    state: 'undeleted',
    decide: ({ record, row }) => {
      const ours = tombstoneOf(row) === tombstones.deleted || tombstoneOf(row) === tombstones.gone;
      return record !== null && ours ? { do: 'resume' } : null;
    },
  },
];

/** A lookup to another row than the record's own is no copy: it is set right when that row is written. */
function carriesForeignLink(record: CrmRecord, row: SyncRow | null): boolean {
  if (row === null) return (record.fields.ACE_Sync__c ?? null) !== null;
  return row.crmId !== null && row.crmId !== record.id;
}

const wipe = ({ id }: CrmRecord): LifeDecision => ({ do: 'wipeLink', recordId: id });

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

/** Whether the record's life took a turn that its upload has not followed yet (`Tombstone__c` and the reason say so). */
export function isLifeDue(linked: Linked): boolean {
  const decision = decideLife(linked);
  const row = linked.row?.fields ?? null;
  switch (decision.do) {
    case 'follow':
    case 'wipeLink':
    case 'resume':
      return true;
    case 'hold':
      return row !== null && row.Tombstone__c !== decision.tombstone && !stoppedByPerson(row);
    case 'ignore':
      return row !== null && row.Reason_Code__c !== decision.code;
    default:
      return false;
  }
}

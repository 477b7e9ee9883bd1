import type { JournalStore, StoredItem } from './journal-store.ts';

/** What the retention applies to. Released mappings stay: old changes name them. */
const prunable = ['files', 'outcomes', 'changes', 'confirmations'] as const;

const day = 24 * 60 * 60_000;

/** What was or would be removed of one part of the journal. */
export interface PrunedPart {
  readonly part: (typeof prunable)[number];
  readonly items: number;
  readonly bytes: number;
  /** When the oldest and the newest of them were written, ISO 8601. */
  readonly from: string;
  readonly to: string;
}

export interface Pruned {
  /** What was written before this moment is out of retention, ISO 8601. */
  readonly before: string;
  readonly parts: readonly PrunedPart[];
}

/**
 * Removes what was last written more than `keepDays` ago, or only says what that would be. A file that came again counts
 * from then; of a ledger whole days go, since each is a file, or many, of its own.
 */
export async function pruneJournal(
  store: JournalStore,
  { keepDays, dryRun, now }: { readonly keepDays: number; readonly dryRun: boolean; readonly now: Date },
): Promise<Pruned> {
  const before = new Date(now.getTime() - keepDays * day);
  const parts: PrunedPart[] = [];
  for (const part of prunable) {
    const removed: StoredItem[] = [];
    for await (const item of store.list(part)) {
      if (item.writtenAt >= before.getTime()) continue;
      if (dryRun || (await store.removeOlder(item.name, before))) removed.push(item);
    }
    if (removed.length > 0) parts.push(summaryOf(part, removed));
  }
  return { before: before.toISOString(), parts };
}

function summaryOf(part: PrunedPart['part'], items: readonly StoredItem[]): PrunedPart {
  const times = items.map(({ writtenAt }) => writtenAt).sort((one, other) => one - other);
  const at = (time: number | undefined) => new Date(time ?? 0).toISOString();
  const bytes = items.reduce((sum, { size }) => sum + size, 0);
  return { part, items: items.length, bytes, from: at(times[0]), to: at(times.at(-1)) };
}

import { type MissedChange, readLastSweep, writeLastSweep } from '../journal/missed-changes.ts';
import type { Dependencies } from './dependencies.ts';

/**
 * Keeps what a sweep found that change detection had missed: the watch tells of it, and the status shows it (design.md,
 * Change detection). What is due because another mapping was released was not missed.
 * @returns how many changes count as missed
 */
export function createMissedChangesWatch({ journalStore, now, log, mapping, sample }: Dependencies) {
  const mappings = [mapping, ...(sample === null ? [] : [sample.mapping])].map(({ version }) => version).join(' ');
  return async (found: readonly MissedChange[]): Promise<number> => {
    const before = await readLastSweep(journalStore);
    const missed = before?.mapping === mappings ? [...found] : [];
    await writeLastSweep(journalStore, { at: now().toISOString(), mapping: mappings, missed });
    for (const { object, crmId } of missed) log.warn({ object, crmId }, 'Change detection had missed a change.');
    return missed.length;
  };
}

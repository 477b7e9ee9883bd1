import type { CrmChange } from '../crm/crm.ts';
import type { DetectorCursor } from '../workflows/messages.ts';

/**
 * Which changes a round of detection has judged already: the overlap shows the same rows again and again. Salesforce
 * stamps in whole seconds, so a version may change once more under the same stamp; it counts as judged only when it was
 * read after its second was over.
 */

export const versionOf = (change: CrmChange): string => `${change.rowId ?? change.crmId}@${change.systemModstamp}`;

/** The changes to judge in this round. */
export function unjudged(cursor: DetectorCursor | null, changes: readonly CrmChange[]): readonly CrmChange[] {
  const seen = new Set(cursor?.seen ?? []);
  return changes.filter((change) => !seen.has(versionOf(change)));
}

const secondMs = 1_000;
const secondOf = (stamp: string): number => Math.floor(Date.parse(stamp) / secondMs);

/**
 * The cursor after a round that judged all it was given.
 * @param read the times between which the changes were read, by the clock of this worker.
 */
export function cursorAfter(
  cursor: DetectorCursor | null,
  found: { readonly changes: readonly CrmChange[]; readonly cursor: { readonly since: string } },
  read: { readonly from: Date; readonly to: Date },
  overlapMs: number,
): DetectorCursor {
  const { since } = found.cursor;
  const before = new Set(cursor?.seen ?? []);
  const seen: string[] = [];
  const open: Record<string, string> = {};
  for (const change of found.changes) {
    // Older versions are outside the window of the next round.
    if (Date.parse(change.systemModstamp) < Date.parse(since) - overlapMs) continue;
    const version = versionOf(change);
    const first = cursor?.open?.[version];
    const isOver =
      before.has(version) ||
      secondOf(change.systemModstamp) < secondOf(since) ||
      (first !== undefined && read.from.getTime() - Date.parse(first) > secondMs);
    if (isOver) seen.push(version);
    else open[version] = first ?? read.to.toISOString();
  }
  return { since, seen, ...(Object.keys(open).length === 0 ? {} : { open }) };
}

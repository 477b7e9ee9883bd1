import type { CrmChange, CrmVersion } from '../crm/crm.ts';
import type { DetectorCursor } from '../workflows/messages.ts';

/**
 * Which changes a round of detection has judged already: the overlap shows the same rows again and again. Salesforce
 * stamps in whole seconds, so a version may change once more under the same stamp; it counts as judged only when it was
 * read after its second was over.
 */

export const keyOf = ({ id, systemModstamp }: CrmVersion): string => `${id}@${systemModstamp}`;

/** The changes to judge in this round. */
export function unjudged(cursor: DetectorCursor | null, changes: readonly CrmChange[]): readonly CrmChange[] {
  const seen = new Set(cursor?.seen ?? []);
  return changes.filter(({ versions }) => versions.some((version) => !seen.has(keyOf(version))));
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
  const seen = new Set<string>();
  const open: Record<string, string> = {};
  for (const version of found.changes.flatMap(({ versions }) => versions)) {
    // Older versions are outside the window of the next round.
    if (Date.parse(version.systemModstamp) < Date.parse(since) - overlapMs) continue;
    const key = keyOf(version);
    const first = cursor?.open?.[key];
    const isOver =
      before.has(key) ||
      secondOf(version.systemModstamp) < secondOf(since) ||
      (first !== undefined && read.from.getTime() - Date.parse(first) > secondMs);
    if (isOver) seen.add(key);
    else open[key] = first ?? read.to.toISOString();
  }
  return { since, seen: [...seen], ...(Object.keys(open).length === 0 ? {} : { open }) };
}

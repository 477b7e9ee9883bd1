import type { Change, ChangeLine, ConfirmationLine } from './journal.ts';

type Dated = { readonly at: string };
export const byTime = (one: Dated, other: Dated): number => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0);

/**
 * Changes with what the CRM said to them, oldest first. The same change can be announced more than once: by an attempt
 * that takes the place of one that was cut short, which is one change, and by a file that is replayed, which is another.
 * So an answer is that of the newest line before it that has none, and says nothing of lines that were answered.
 */
export function withAnswers(
  lines: readonly ChangeLine[],
  confirmations: readonly ConfirmationLine[],
): readonly Change[] {
  const changes: Change[] = [];
  /** Where the line without an answer stands, by id. */
  const open = new Map<string, number>();
  const note = (line: ChangeLine): void => {
    const position = open.get(line.id) ?? changes.length;
    changes[position] = { ...line, answer: null };
    open.set(line.id, position);
  };
  const answer = ({ ids, answer: said, crmId }: ConfirmationLine): void => {
    for (const id of ids) {
      const position = open.get(id);
      const line = position === undefined ? undefined : changes[position];
      if (position === undefined || line === undefined) continue;
      const made = crmId !== undefined && line.crmId.startsWith('new:') ? { crmId } : {};
      changes[position] = { ...line, ...made, answer: said };
      open.delete(id);
    }
  };
  // The sort is stable: of one moment, announcements come before answers.
  for (const event of [...lines, ...confirmations].sort(byTime)) {
    if ('ids' in event) answer(event);
    else note(event);
  }
  return changes.sort(byTime);
}

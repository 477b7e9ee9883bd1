import type { Configuration } from '../config/configuration.ts';
import type { Problem } from '../errors.ts';
import type { SentState } from '../mapping/sync-state.ts';
import type { LinkedState } from './linked-records.ts';

type Limits = Configuration['pingPong'];

export const pingPong: Problem = {
  code: 'PING_PONG',
  message: 'The record was sent again and again without anybody editing it: something rewrites it after each sync.',
  fix: 'Find the flow or integration that changes it, then choose Retry.',
  fixBy: 'salesforceAdministrator',
};

const recent = (times: readonly string[], now: Date, { within }: Limits): readonly string[] =>
  times.filter((at) => now.getTime() - Date.parse(at) < within * 1000);

/** Somebody else changed the record or its row since its last file, or no file went out lately. */
function isEdited({ sent, editedAt }: Pick<LinkedState, 'sent' | 'editedAt'>, now: Date, limits: Limits): boolean {
  const last = recent(sent?.recentSends ?? [], now, limits).at(-1);
  return last === undefined || (editedAt !== null && Date.parse(editedAt) > Date.parse(last));
}

/**
 * True for a record whose next file would be one too many (design.md, rule 9): of those that went out without an edit
 * between, or of all, because another integration that rewrites the record looks like a person.
 */
export function isPingPong(state: Pick<LinkedState, 'sent' | 'editedAt'>, now: Date, limits: Limits): boolean {
  const { sent } = state;
  if (sent === null) return false;
  if (recent(sent.recentSends, now, limits).length >= limits.mostInAll) return true;
  return !isEdited(state, now, limits) && recent(sent.autoSends, now, limits).length >= limits.mostAutomatic;
}

/** What the sent state says of sends after one more. */
export function countSend(
  state: Pick<LinkedState, 'sent' | 'editedAt'>,
  at: string,
  now: Date,
  limits: Limits,
): Pick<SentState, 'autoSends' | 'recentSends'> {
  const { autoSends = [], recentSends = [] } = state.sent ?? {};
  return {
    autoSends: isEdited(state, now, limits) ? [] : [...recent(autoSends, now, limits), at],
    recentSends: [...recent(recentSends, now, limits), at],
  };
}

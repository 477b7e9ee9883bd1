import { parseInboundFileName } from '../ace/file-name.ts';
import type { Send, SentState } from './sync-state.ts';

/**
 * Sends of one content in a row that ended without a decision: ACE was busy, or never answered. They are counted on the
 * record, so that the count outlives Temporal, and another content begins anew.
 */
export type Attempts = NonNullable<SentState['attempts']>;

const contentOf = (name: string): string | null => parseInboundFileName(name)?.sha8 ?? null;

/**
 * Counts the send of this name, once.
 * @param at when its end was noticed, ISO 8601.
 */
export function withAttempt(sent: SentState, name: string, at: string): SentState {
  const before = sent.attempts;
  if (before?.name === name) return sent;
  const again = before !== null && contentOf(before.name) === contentOf(name);
  return { ...sent, attempts: { name, count: again ? before.count + 1 : 1, at } };
}

/** A decision, whichever it was, or a person's wish ends the count. */
export const withoutAttempts = (sent: SentState): SentState => ({ ...sent, attempts: null });

/** The attempts with the content that would go out now; null when there were none. */
export function attemptsWith(sent: SentState | null, { sha }: Pick<Send, 'sha'>): Attempts | null {
  const attempts = sent?.attempts ?? null;
  return attempts !== null && contentOf(attempts.name) === sha.slice(0, 8) ? attempts : null;
}

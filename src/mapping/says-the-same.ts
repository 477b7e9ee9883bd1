import { isDeepStrictEqual } from 'node:util';
import { agreedHalf, type ReceivedState, type SentState } from './sync-state.ts';

/**
 * True when a received state would change nothing but the file that it names: status words, conflicts and what both sides
 * agree on stay as they are, whichever of the two states holds the agreement.
 */
export function saysTheSame(sent: SentState | null, before: ReceivedState | null, after: ReceivedState): boolean {
  if (before === null) return false;
  const keys = [...new Set([before, after].flatMap(({ fields }) => Object.keys(fields)))];
  const [was, is] = [before, after].map((state) => ({
    ...state,
    file: null,
    fields: keys.map((key) => agreedHalf(sent, state, key)),
  }));
  return isDeepStrictEqual(was, is);
}

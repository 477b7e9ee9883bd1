import type { SharedObject } from '../crm/crm.ts';
import { dueHalves } from '../mapping/resend.ts';
import { emptySentState, withBaseline } from '../mapping/sync-state.ts';
import { type Dependencies, mappingOf, type PlanningDependencies } from './dependencies.ts';
import type { LinkedState } from './linked-records.ts';
import { writeSentState } from './write-sent-state.ts';

/** The state in which these fields are due. A record that ACE does not know is sent whole, so nothing is to be marked. */
export function withDueFields(
  deps: PlanningDependencies,
  object: SharedObject,
  state: LinkedState,
  aceFields: readonly string[],
): LinkedState {
  const { linked, stamp, sent, received } = state;
  if (linked.record === null || stamp.aceId === null || state.obstacle !== null) return state;
  const halves = dueHalves(mappingOf(deps, linked.record.id)[object], sent, received, aceFields);
  if (Object.keys(halves).length === 0) return state;
  return { ...state, sent: withBaseline(sent ?? emptySentState(stamp), halves) };
}

/**
 * Carries out a person's wish to send the present values of fields. Part of the upload, because it writes the sending
 * state; once that is written, the fields are due until they are sent, whatever is cut short.
 */
export async function markDueFields(
  deps: Dependencies,
  object: SharedObject,
  state: LinkedState,
  aceFields: readonly string[],
): Promise<LinkedState> {
  const marked = withDueFields(deps, object, state, aceFields);
  if (marked.sent === state.sent || marked.sent === null) return state;
  return writeSentState(deps, object, state, marked.sent);
}

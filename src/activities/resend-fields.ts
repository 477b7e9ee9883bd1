import type { SharedObject } from '../crm/crm.ts';
import { dueHalves } from '../mapping/resend.ts';
import { emptySentState, withBaseline, writeState } from '../mapping/sync-state.ts';
import { type Dependencies, mappingOf, type PlanningDependencies } from './dependencies.ts';
import { expectWritten } from './expect-written.ts';
import { type LinkedState, writeRow } from './linked-records.ts';

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
  const sentState = writeState(marked.sent);
  expectWritten(await writeRow(deps, object, state, { Sent_State__c: sentState }), `row of ${state.stamp.recordId}`);
  const { row } = state.linked;
  if (row === null) return marked;
  return {
    ...marked,
    linked: { ...state.linked, row: { ...row, fields: { ...row.fields, Sent_State__c: sentState } } },
  };
}

import type { SharedObject } from '../crm/crm.ts';
import { type SentState, writeState } from '../mapping/sync-state.ts';
import type { Dependencies } from './dependencies.ts';
import { expectWritten } from './expect-written.ts';
import { type LinkedState, writeRow } from './linked-records.ts';

/** Writes the sending state alone, and gives the record as it is then. */
export async function writeSentState(
  deps: Dependencies,
  object: SharedObject,
  state: LinkedState,
  sent: SentState,
): Promise<LinkedState> {
  const text = writeState(sent);
  expectWritten(await writeRow(deps, object, state, { Sent_State__c: text }), `row of ${state.stamp.recordId}`);
  const { row } = state.linked;
  const written = { ...state, sent };
  if (row === null) return written;
  return { ...written, linked: { ...state.linked, row: { ...row, fields: { ...row.fields, Sent_State__c: text } } } };
}

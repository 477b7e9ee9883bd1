import type { SharedObject } from '../crm/crm.ts';
import type { Status } from '../crm/data-model.ts';
import { problemOf, type ReasonCode } from '../mapping/reasons.ts';
import { statusWrites } from '../mapping/row-status.ts';
import { openConflict, type ReceivedState, type SentState } from '../mapping/sync-state.ts';
import { type Mark, markOf } from './decide-upload.ts';

/**
 * Where a record stands once nothing of its own upload is left to say: what ACE's last export said of it, and the
 * conflicts that nobody answered. Null when no export showed the record yet.
 */
export function standingMark(
  object: SharedObject,
  { received, sent }: { readonly received: ReceivedState | null; readonly sent: SentState | null },
  now: Date,
): Mark | null {
  if (received === null) return null;
  const open = Object.keys(received.conflicts).filter((key) => openConflict(sent, received, key) !== null);
  const said = statusWrites(object, null, received.aceStatus, open.length, now.toISOString());
  const status = said.Status__c as Status;
  const code = said.Reason_Code__c as ReasonCode | null;
  if (code !== null) return markOf(status, [problemOf(code)]);
  return { status, code: null, reason: null, fixBy: null, problems: [] };
}

import type { SharedObject } from '../crm/crm.ts';
import { decideUpload } from './decide-upload.ts';
import type { Dependencies } from './dependencies.ts';
import type { LinkedState } from './linked-records.ts';
import { signalUpload } from './signal-upload.ts';

/**
 * Wakes the upload of a referral that has no CRM record, under its ACE id, when the answer to it is due or on its way.
 * What else waits for such a record comes in with AWS's exports.
 * @returns whether it was due.
 */
export async function wakeAnswer(deps: Dependencies, object: SharedObject, state: LinkedState): Promise<boolean> {
  const { linked, stamp } = state;
  if (deps.config.mode !== 'live' || linked.record !== null || linked.row === null || stamp.aceId === null)
    return false;
  if ((linked.row.crmId ?? null) !== null) return false;
  const { kind } = await decideUpload(deps, object, state, { retry: false });
  if (kind !== 'send' && kind !== 'inFlight') return false;
  await signalUpload(deps, object, stamp.aceId, { signal: 'recordChanged' });
  return true;
}

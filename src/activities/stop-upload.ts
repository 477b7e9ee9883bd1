import type { SharedObject } from '../crm/crm.ts';
import type { ResultEvidence } from '../workflows/messages.ts';
import type { Dependencies } from './dependencies.ts';
import { expectWritten } from './expect-written.ts';
import { readLinkedRecord, writeRow } from './linked-records.ts';
import { lookForEvidence } from './look-for-evidence.ts';
import { noteOutcomes, recordLine } from './note-outcome.ts';
import { actionEffects } from './person-actions.ts';

export interface StoppedUpload {
  /** The answer to the file on its way, where it lies there already: it is settled before the upload ends. */
  readonly evidence: ResultEvidence | null;
  /** `STOPPED`, `STOPPED_IN_FLIGHT` when ACE may still answer a file, `NOTHING_TO_STOP`. */
  readonly code: string;
}

/**
 * Gives a record up with the operator's reason: the same as Stop in the CRM, so that Resume there takes it back. The
 * intent goes only when the bucket shows that the file never went out; otherwise it stays, so that a late answer is
 * settled and Resume makes no second record at ACE (design.md, rule 4).
 */
export function stopUpload(deps: Dependencies) {
  const look = lookForEvidence(deps);
  return async (input: {
    object: SharedObject;
    crmId: string;
    reason: string;
    /** Names whose PUT the bucket confirmed. */
    put: readonly string[];
  }): Promise<StoppedUpload> => {
    const { object, crmId, reason, put } = input;
    const state = await readLinkedRecord(deps, object, crmId);
    const { record, row } = state.linked;
    if ((record === null && row === null) || state.obstacle === 'foreign') {
      return { evidence: null, code: 'NOTHING_TO_STOP' };
    }
    const send = state.intent;
    const known = send === null ? null : await look({ object, crmId, send, acknowledged: put.includes(send.name) });
    const inFlight = known !== null && known.kind !== 'neverSent';
    const code = inFlight ? 'STOPPED_IN_FLIGHT' : 'STOPPED';
    await noteOutcomes(deps, [recordLine('action', object, state, 'Abandon', code)]);
    const outcome = await writeRow(deps, object, state, {
      ...actionEffects.Stop(row?.fields ?? {}).fields,
      Reason__c: `Stopped by an operator: ${reason}`.slice(0, 255),
      Reason_Code__c: 'STOPPED',
      Since__c: deps.now().toISOString(),
      ...(inFlight || send === null ? {} : { Sending__c: null }),
    });
    expectWritten(outcome, `companion row of ${crmId}`);
    return { evidence: known?.kind === 'result' ? known.evidence : null, code };
  };
}

import type { SharedObject } from '../crm/crm.ts';
import { emptySentState, type Send, withBaseline, withSend, writeState } from '../mapping/sync-state.ts';
import { planRecord } from './decide-upload.ts';
import type { Dependencies } from './dependencies.ts';
import { expectWritten } from './expect-written.ts';
import { readLinkedRecord, writeRow } from './linked-records.ts';
import { rowFieldsOf } from './mark-upload.ts';
import { countSend } from './ping-pong.ts';

/**
 * The write-ahead intent: the companion row says which file is about to go out, before it does (design.md, rule 4).
 * An intent of another name that is there already wins: somebody has sent meanwhile, and it is adopted instead.
 */
export function writeIntent(deps: Dependencies) {
  return async (input: {
    object: SharedObject;
    crmId: string;
    send: Send;
  }): Promise<{ kind: 'written' | 'otherInFlight' }> => {
    const { object, crmId, send } = input;
    const state = await readLinkedRecord(deps, object, crmId);
    if (state.intent?.name === send.name) return { kind: 'written' };
    if (state.intent !== null || state.obstacle !== null) return { kind: 'otherInFlight' };
    const before = state.sent ?? emptySentState(state.stamp);
    // The partner identifier is frozen at the first send (design.md, rule 8).
    const { partnerId, baseline } = await planRecord(deps, object, state);
    const counted = countSend(state, send.at, deps.now(), deps.config.pingPong);
    const sent = withSend(
      withBaseline({ ...before, partnerId: before.partnerId ?? partnerId, ...counted }, baseline),
      send,
    );
    const mark = {
      status: 'Sending',
      code: 'SENDING',
      reason: `Sent to AWS as ${send.name}; waiting for the answer.`,
      fixBy: 'nobody',
      problems: [],
    } as const;
    const outcome = await writeRow(deps, object, state, {
      ...rowFieldsOf(mark, state.linked.row?.fields ?? {}, deps.now()),
      Sending__c: writeState(send),
      Sent_State__c: writeState(sent),
    });
    expectWritten(outcome, `intent of ${crmId}`);
    return { kind: 'written' };
  };
}

import { Context } from '@temporalio/activity';
import { isAceId } from '../ace/identity.ts';
import type { SharedObject } from '../crm/crm.ts';
import { AceSyncError } from '../errors.ts';
import { withoutAttempts } from '../mapping/sent-attempts.ts';
import { emptySentState, withBaseline } from '../mapping/sync-state.ts';
import type { Waits } from '../workflows/messages.ts';
import { applyConflictAnswer } from './answer-conflicts.ts';
import { refuseWhileHeld } from './connection-hold.ts';
import { decideUpload, isKeptOtherwise, planRecord, type UploadDecision } from './decide-upload.ts';
import type { Dependencies } from './dependencies.ts';
import { expectWritten } from './expect-written.ts';
import { followLife } from './follow-life.ts';
import { waitForExport } from './half-received.ts';
import { linkRecord, notLinked } from './link-record.ts';
import { type LinkedState, readLinkedRecord, writeRow } from './linked-records.ts';
import { markDueFields } from './resend-fields.ts';
import { signalUpload } from './signal-upload.ts';
import { writeSentState } from './write-sent-state.ts';

export type UploadPlan = UploadDecision & { readonly waits: Waits; readonly aceId: string | null };

/**
 * Reads the record with its state and says what is due: the first step of every wake of an upload. Where the mapping
 * adopts a field's present values as agreed (a new mapping, a first sync), that is stored; nothing is sent for it.
 */
export function planUpload(deps: Dependencies) {
  return async (input: {
    object: SharedObject;
    crmId: string;
    retry: boolean;
    /** ACE fields whose present values a person wants AWS to have. */
    resend?: readonly string[];
  }): Promise<UploadPlan> => {
    if (deps.config.mode !== 'live')
      throw new AceSyncError('MODE_SENDS_NOTHING', '', { retryAfterMs: deps.waits.probeInterval });
    await refuseWhileHeld(deps.hold, 'toAws');
    const found = await readLinkedRecord(deps, input.object, input.crmId);
    if (isAceId(input.object, input.crmId) && found.linked.record !== null) return handedOver(deps, found);
    // A file on its way is answered, or known as unsent, before the record's link moves.
    const alive = found.intent === null ? await followLife(deps, input.object, found) : found;
    if (isMergedAway(alive, input.crmId)) return mergedAway(deps, input.object, alive);
    waitForExport(alive, Context.current().info.attempt);
    const linkable = alive.obstacle === null && alive.intent === null;
    const { state: linked, refusal } = linkable
      ? await linkRecord(
          deps,
          input.object,
          alive,
          alive.linked.row?.aceId ?? null,
          alive.sent?.lastResult?.name ?? 'row',
        )
      : { state: alive, refusal: null };
    const answered = await applyConflictAnswer(deps, input.object, linked);
    const marked = await markDueFields(deps, input.object, answered, input.resend ?? []);
    const state = input.retry ? await countAnew(deps, input.object, marked) : marked;
    const { keptHere, ...decided } = await decideUpload(deps, input.object, state, { retry: input.retry });
    if (isKeptOtherwise(keptHere, state.linked)) {
      const said = await writeRow(deps, input.object, state, { Kept_Here__c: keptHere ?? null });
      expectWritten(said, `companion row of ${input.crmId}`);
    }
    const unlinked = refusal !== null && decided.kind === 'hold' && decided.mark.code === 'ACE_ID_NOT_WRITTEN';
    const decision = unlinked ? { ...decided, mark: notLinked(refusal) } : decided;
    if (decision.kind === 'settled' && decision.outcome === 'nothing') await adoptBaseline(deps, input.object, state);
    return { ...decision, waits: deps.waits, aceId: state.stamp.aceId };
  };
}

/** A referral answered before it had a record: once it has one, the upload of that record goes on, as its only writer. */
function handedOver(deps: Dependencies, { stamp }: LinkedState): UploadPlan {
  return { kind: 'settled', outcome: 'nothing', mark: null, waits: deps.waits, aceId: stamp.aceId };
}

const isMergedAway = ({ linked: { record } }: LinkedState, crmId: string): boolean =>
  record !== null && !isAceId(record.object, crmId) && record.id !== crmId;

/** A record has one upload: that of the survivor goes on with the link. */
async function mergedAway(deps: Dependencies, object: SharedObject, state: LinkedState): Promise<UploadPlan> {
  const { record } = state.linked;
  if (record !== null) await signalUpload(deps, object, record.id, { signal: 'recordChanged' });
  return handedOver(deps, state);
}

/** Whoever says Retry gets all attempts again. */
async function countAnew(deps: Dependencies, object: SharedObject, state: LinkedState): Promise<LinkedState> {
  const { sent, obstacle } = state;
  if (obstacle !== null || sent === null || sent.attempts === null) return state;
  return writeSentState(deps, object, state, withoutAttempts(sent));
}

async function adoptBaseline(deps: Dependencies, object: SharedObject, state: LinkedState): Promise<void> {
  const { baseline } = await planRecord(deps, object, state);
  if (Object.keys(baseline).length === 0) return;
  const sent = withBaseline(state.sent ?? emptySentState(state.stamp), baseline);
  await writeSentState(deps, object, state, sent);
}

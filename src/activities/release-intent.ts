import type { CrmValue, SharedObject } from '../crm/crm.ts';
import type { SyncField } from '../crm/data-model.ts';
import { statusWrites } from '../mapping/row-status.ts';
import { withAttempt, withoutAttempts } from '../mapping/sent-attempts.ts';
import { emptySentState, withAcceptedSend, writeState } from '../mapping/sync-state.ts';
import type { Dependencies } from './dependencies.ts';
import { expectWritten } from './expect-written.ts';
import { type LinkedState, readLinkedRecord, writeRow } from './linked-records.ts';
import { noteOutcomes, type Outcome } from './note-outcome.ts';
import { retryParkedRecord } from './retry-parked-files.ts';

/**
 * Takes back the intent of a file that did not go out or whose fate was decided, so that the record can be sent anew.
 * The send stays among those without an answer: a late result still finds its render. A create that an export shows was
 * accepted, though nobody heard so.
 */
export function releaseIntent(deps: Dependencies) {
  return async (input: {
    object: SharedObject;
    crmId: string;
    name: string;
    /** ACE took the file and never answered: an attempt that counts. */
    unanswered: boolean;
  }): Promise<void> => {
    const { object, crmId, name, unanswered } = input;
    const state = await readLinkedRecord(deps, object, crmId);
    if (state.intent?.name !== name) return;
    await noteOutcomes(deps, [releasedLine(object, state, name)]);
    const counted = unanswered ? countedAttempt(deps, state) : {};
    const known = isShownByExport(state) ? acceptedAsShown(deps, object, state) : counted;
    expectWritten(await writeRow(deps, object, state, { ...known, Sending__c: null }), `intent of ${crmId}`);
    await retryParkedRecord(deps, state.stamp.aceId);
  };
}

const releasedLine = (object: SharedObject, { stamp, intent }: LinkedState, name: string): Outcome => ({
  id: `${name}#${stamp.recordId ?? stamp.aceId}#released`,
  kind: 'sent',
  object,
  file: name,
  index: null,
  aceId: stamp.aceId,
  crmId: stamp.recordId,
  outcome: 'released',
  code: 'NO_ANSWER',
  ...(intent === null ? {} : { sha: intent.sha }),
});

function countedAttempt(
  { now }: Dependencies,
  { intent, sent, stamp }: LinkedState,
): Partial<Record<SyncField, CrmValue>> {
  if (intent === null) return {};
  const { name } = intent;
  return { Sent_State__c: writeState(withAttempt(sent ?? emptySentState(stamp), name, now().toISOString())) };
}

/** A new record whose ACE id came by an export while its own result did not: ACE has taken it (design.md, rule 4). */
export function isShownByExport({ intent, received, linked }: LinkedState): boolean {
  const aceId = linked.row?.aceId ?? linked.record?.aceId ?? null;
  return intent?.kind === 'create' && aceId !== null && received !== null;
}

/** Agreed is what the file rendered, as of the version that showed it; where the record stands is what ACE says. */
function acceptedAsShown(
  { now }: Dependencies,
  object: SharedObject,
  { intent, sent, received, stamp }: LinkedState,
): Partial<Record<SyncField, CrmValue>> {
  if (intent === null || received === null) return {};
  const accepted = withoutAttempts(withAcceptedSend(sent ?? emptySentState(stamp), intent, received.at));
  const withId = { ...accepted, stamp: { ...accepted.stamp, aceId: stamp.aceId } };
  const conflicts = Object.keys(received.conflicts).length;
  return {
    ...statusWrites(object, null, received.aceStatus, conflicts, now().toISOString()),
    Details__c: null,
    Sent_State__c: writeState(withId),
  };
}

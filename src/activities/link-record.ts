import type { SharedObject } from '../crm/crm.ts';
import type { Problem } from '../errors.ts';
import { problemOf } from '../mapping/reasons.ts';
import { type HeldMark, markOf } from './decide-upload.ts';
import { type Dependencies, mappingOf } from './dependencies.ts';
import { waitOrReport } from './expect-written.ts';
import type { LinkedState } from './linked-records.ts';
import { type FieldChange, writeJournaled } from './write-journaled.ts';

export interface LinkAttempt {
  readonly state: LinkedState;
  /** Why the CRM does not take the id; null when the record carries it or need not. */
  readonly refusal: Problem | null;
}

/**
 * Writes AWS's identifier on the record where it lacks it. What the CRM refuses there, by a rule or an approval's lock, is
 * said and not tried for ever: the companion row holds the id, and both halves are found through it, so that no second
 * record is made on either side.
 * @param cause the file whose answer brought the id, for the journal.
 */
export async function linkRecord(
  deps: Dependencies,
  object: SharedObject,
  state: LinkedState,
  aceId: string | null,
  cause: string,
): Promise<LinkAttempt> {
  const { record } = state.linked;
  if (aceId === null || record === null || record.deleted || record.aceId !== null) return { state, refusal: null };
  const change: FieldChange = {
    id: `${cause}#ACE_Id__c`,
    crmId: record.id,
    field: 'ACE_Id__c',
    before: null,
    after: aceId,
    cause,
    rule: 'identity',
    mappingVersion: mappingOf(deps, record.id).version,
    actor: 'aws',
  };
  const write = () => deps.crm.write(object, { id: record.id }, { ACE_Id__c: aceId });
  const outcome = waitOrReport(await writeJournaled(deps, [change], write));
  if (outcome.kind === 'refused' || outcome.kind === 'later') return { state, refusal: outcome.problem };
  return { state: { ...state, linked: { ...state.linked, record: { ...record, aceId } } }, refusal: null };
}

/** Held, with the CRM's own reason in the details. */
export const notLinked = (refusal: Problem): HeldMark =>
  markOf('Needs attention', [problemOf('ACE_ID_NOT_WRITTEN'), refusal]);

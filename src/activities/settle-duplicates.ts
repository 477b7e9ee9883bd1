import type { AceRecord } from '../ace/ace-record.ts';
import { type CrmValue, type SharedObject, valueTaken } from '../crm/crm.ts';
import {
  candidatesOf,
  type DuplicateVerdict,
  duplicateSearch,
  judgeDuplicates,
  writeDuplicates,
} from '../mapping/duplicates.ts';
import { rowPrefix } from '../mapping/mapping-checks.ts';
import type { RecordInput } from './apply-record.ts';
import { type Dependencies, mappingOf, type PlanningDependencies } from './dependencies.ts';
import { expectWritten } from './expect-written.ts';
import { causeOf } from './inbound-changes.ts';
import { type LinkedState, readLinked } from './linked-records.ts';
import { readPersonIntent } from './person-actions.ts';
import { opportunityOfReferralLead } from './settle-referral-lead.ts';
import { type FieldChange, writeJournaled } from './write-journaled.ts';

/** What an ACE record without a CRM record becomes: a new record, one that is there already, or a question. */
export type SettledDuplicate =
  | { readonly kind: 'create' }
  | { readonly kind: 'linked'; readonly state: LinkedState }
  | { readonly kind: 'plan'; readonly verdict: Extract<DuplicateVerdict, { readonly candidates: unknown }> | 'taken' };

/** The record of the CRM that the ACE record is linked with. */
interface ChosenRecord {
  readonly kind: 'link';
  readonly crmId: string;
  /** The row's `Duplicate__c`. */
  readonly note: string;
  readonly by: 'person' | 'rule';
}

/**
 * For a record that would be created now, and for no other: searches the CRM by the keys of the mapping, in a call that
 * concurrent records share, and links the record that fits where the mapping or a person says so.
 */
export async function settleDuplicates(
  deps: Dependencies,
  { object, file, record, aceId, state }: RecordInput & { readonly aceId: string },
): Promise<SettledDuplicate> {
  const judged = await judgeNewRecord(deps, object, record, state);
  if (judged.kind !== 'link') return judged;
  return (await claim(deps, object, aceId, judged, causeOf(file)))
    ? { kind: 'linked', state: await readClaimed(deps, object, aceId) }
    : { kind: 'plan', verdict: 'taken' };
}

/** What is to become of a record that would be created now: by reading alone. */
export async function judgeNewRecord(
  deps: PlanningDependencies,
  object: SharedObject,
  record: AceRecord,
  { linked: { row } }: LinkedState,
): Promise<Exclude<SettledDuplicate, { readonly kind: 'linked' }> | ChosenRecord> {
  const mapping = mappingOf(deps, null)[object];
  const converted = await opportunityOfReferralLead(deps, row);
  const answer =
    converted === null ? (readPersonIntent(row?.fields.Intent__c).duplicate ?? null) : { crmId: converted };
  const search = answer === null ? duplicateSearch(mapping, record) : null;
  const found = search === null ? [] : await deps.crm.search(object, search.conditions, search.paths);
  const candidates = candidatesOf(mapping, record, found);
  const verdict = judgeDuplicates(mapping, candidates, answer);
  switch (verdict.kind) {
    case 'create':
      return verdict;
    case 'ask':
    case 'ignore':
      return { kind: 'plan', verdict };
    case 'link':
      return (await isFree(deps, object, verdict.crmId))
        ? {
            kind: 'link',
            crmId: verdict.crmId,
            note: writeDuplicates(candidates, verdict.leading),
            by: answer === null ? 'rule' : 'person',
          }
        : { kind: 'plan', verdict: 'taken' };
  }
}

/** A record of another ACE record is never linked, nor one that is on its way to ACE under a row of its own. */
async function isFree(deps: PlanningDependencies, object: SharedObject, crmId: string): Promise<boolean> {
  const [state] = await readLinked(deps, object, [{ crmId }]);
  const { record = null, row = null } = state?.linked ?? {};
  return record !== null && !record.deleted && record.aceId === null && !record.converted && row?.crmId !== crmId;
}

/**
 * The row of the ACE record takes the CRM record for itself. A record's id is unique among the rows, so of two ACE records
 * that find the same CRM record at once, Salesforce lets one have it.
 */
async function claim(
  deps: Dependencies,
  object: SharedObject,
  aceId: string,
  { crmId, note, by }: ChosenRecord,
  cause: string,
): Promise<boolean> {
  const lookup = object === 'opportunity' ? 'Opportunity__c' : 'Lead__c';
  const fields: Record<string, CrmValue> = {
    Object__c: object,
    CRM_Record_Id__c: crmId,
    [lookup]: crmId,
    Duplicate__c: note,
  };
  const change: FieldChange = {
    id: `${cause}#${aceId}#claim`,
    crmId,
    field: `${rowPrefix}ACE_Id__c`,
    before: null,
    after: aceId,
    cause,
    rule: 'duplicates',
    mappingVersion: mappingOf(deps, crmId).version,
    actor: by,
  };
  const write = () => deps.crm.write('sync', { externalId: 'ACE_Id__c', value: aceId }, fields);
  const outcome = await writeJournaled(deps, [change], write);
  if (outcome.kind === 'refused' && outcome.problem.code === valueTaken) return false;
  expectWritten(outcome, `companion row of ${aceId}`);
  return true;
}

async function readClaimed(deps: Dependencies, object: SharedObject, aceId: string): Promise<LinkedState> {
  const [state] = await readLinked(deps, object, [{ aceId }]);
  if (state === undefined) throw new Error('The CRM answered fewer records than keys.');
  return state;
}

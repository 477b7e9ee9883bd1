import type { CrmWriteFields, WriteKey, WriteOutcome } from '../crm/crm.ts';
import type { InboundPlan } from '../mapping/inbound.ts';
import type { ReasonCode } from '../mapping/reasons.ts';
import { decideLife } from '../mapping/record-life.ts';
import type { RecordInput } from './apply-record.ts';
import { type Dependencies, mappingOf } from './dependencies.ts';
import { waitOrReport } from './expect-written.ts';
import { causeOf, inboundChanges } from './inbound-changes.ts';
import { journaledCreation } from './journaled-creation.ts';
import { pathsOf } from './linked-records.ts';
import { becomeMaker, madeBy, makerOf } from './maker.ts';
import { type SettledRelations, settleRelations } from './settle-relations.ts';
import { announce, type FieldChange, type NoteAnswer } from './write-journaled.ts';

export interface WrittenRecord {
  readonly outcome: WriteOutcome | { readonly kind: 'none' };
  /** What people are told of choices that were made for them. */
  readonly notes: readonly ReasonCode[];
}

/** What the record is written with, its related records made first; no fields where the plan writes no record. */
export async function prepareRecord(
  deps: Dependencies,
  { file, state }: RecordInput,
  plan: InboundPlan,
): Promise<SettledRelations> {
  const isWritten = Object.keys(plan.recordWrites).length > 0 && (state.linked.record !== null || plan.creates);
  if (!isWritten) return { fields: {}, notes: [], refused: null };
  const settled = await settleRelations(journaledCreation(deps, causeOf(file), 'related record'), plan);
  if (settled.refused !== null) return { ...settled, refused: waitOrReport(settled.refused) };
  if (state.linked.record !== null || plan.aceId === null) return settled;
  return { ...settled, fields: { ...settled.fields, ...madeBy(makerOf(deps, file, plan.aceId)) } };
}

/**
 * Writes the record as it was prepared, and answers for its changes. A record that Salesforce does not take for its
 * owner's sake is written once more, under the fallback owner.
 */
export async function writeRecord(
  deps: Dependencies,
  input: RecordInput,
  plan: InboundPlan,
  { fields, notes }: SettledRelations,
  announcedChanges: readonly FieldChange[],
  answered: NoteAnswer,
): Promise<WrittenRecord> {
  if (Object.keys(fields).length === 0) return { outcome: { kind: 'none' }, notes };
  const { record } = input.state.linked;
  const answer = (outcome: WriteOutcome, changes: readonly FieldChange[]): WriteOutcome => {
    answered(changes, outcome.kind, outcome.kind === 'written' ? outcome.id : null);
    return waitOrReport(outcome);
  };
  const outcome = await writeFields(deps, input, plan, fields);
  const { fallback } = mappingOf(deps, record?.id ?? null)[input.object].owner;
  const isOwnersFault = outcome.kind === 'refused' && decideLife(input.state.linked, outcome).do === 'useFallbackOwner';
  if (!isOwnersFault || fallback === null || fields.OwnerId === fallback)
    return { outcome: answer(outcome, announcedChanges), notes };
  deps.log.warn({ aceId: plan.aceId, crmId: record?.id }, 'The owner is inactive: the fallback owner is used.');
  // Announced again before any answer, the owner's line takes the place of the one before.
  const owner = inboundChanges(deps, input, plan, { OwnerId: fallback }, {}).record;
  await announce(deps, owner);
  const again = await writeFields(deps, input, plan, { ...fields, OwnerId: fallback });
  const others = announcedChanges.filter(({ field }) => field !== 'OwnerId');
  return { outcome: answer(again, [...others, ...owner]), notes: [...notes, 'OWNER_FALLBACK'] };
}

async function writeFields(
  deps: Dependencies,
  { object, file, state }: RecordInput,
  { aceId }: InboundPlan,
  fields: CrmWriteFields,
): Promise<WriteOutcome> {
  const { record } = state.linked;
  const readBack = pathsOf(deps, object);
  if (record !== null) return deps.crm.write(object, { id: record.id }, fields, { readBack });
  const ahead = aceId === null ? {} : await becomeMaker(deps, object, state, aceId, makerOf(deps, file, aceId));
  const key: WriteKey = { externalId: 'ACE_Id__c', value: aceId ?? '' };
  return deps.crm.write(object, key, without(fields, 'ACE_Id__c'), { readBack, ...ahead });
}

function without(fields: CrmWriteFields, name: string): CrmWriteFields {
  return Object.fromEntries(Object.entries(fields).filter(([field]) => field !== name));
}

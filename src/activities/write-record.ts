import type { CrmWriteFields, WriteKey, WriteOutcome } from '../crm/crm.ts';
import type { InboundPlan } from '../mapping/inbound.ts';
import type { ReasonCode } from '../mapping/reasons.ts';
import { decideLife } from '../mapping/record-life.ts';
import type { FileReference } from '../workflows/messages.ts';
import type { RecordInput } from './apply-record.ts';
import { type Dependencies, mappingOf } from './dependencies.ts';
import { waitOrReport } from './expect-written.ts';
import { type LinkedState, pathsOf } from './linked-records.ts';
import { settleRelations } from './settle-relations.ts';
import { type FieldChange, writeJournaled } from './write-journaled.ts';

export interface WrittenRecord {
  readonly outcome: WriteOutcome | { readonly kind: 'none' };
  /** What people are told of choices that were made for them. */
  readonly notes: readonly ReasonCode[];
}

/** Related records first, each on its external id, then the record itself; the journal knows before the CRM does. */
export async function writeRecord(deps: Dependencies, input: RecordInput, plan: InboundPlan): Promise<WrittenRecord> {
  const { record } = input.state.linked;
  if (Object.keys(plan.recordWrites).length === 0 || (record === null && !plan.creates)) {
    return { outcome: { kind: 'none' }, notes: [] };
  }
  const { fields, notes, refused } = await settleRelations(deps.crm, plan);
  if (refused !== null) return { outcome: waitOrReport(refused), notes };
  const outcome = await writeFields(deps, input, plan, fields);
  if (outcome.kind !== 'refused') return { outcome, notes };
  // A record that Salesforce does not take for its owner's sake is written once more, under the fallback owner.
  const { fallback } = mappingOf(deps, record?.id ?? null)[input.object].owner;
  const life = decideLife(input.state.linked, outcome);
  if (life.do !== 'useFallbackOwner' || fallback === null || fields.OwnerId === fallback) return { outcome, notes };
  deps.log.warn({ aceId: plan.aceId, crmId: record?.id }, 'The owner is inactive: the fallback owner is used.');
  const again = await writeFields(deps, input, plan, { ...fields, OwnerId: fallback });
  return { outcome: again, notes: [...notes, 'OWNER_FALLBACK'] };
}

async function writeFields(
  deps: Dependencies,
  { object, file, state }: RecordInput,
  plan: InboundPlan,
  fields: CrmWriteFields,
): Promise<WriteOutcome> {
  const { record } = state.linked;
  const key: WriteKey = record === null ? { externalId: 'ACE_Id__c', value: plan.aceId ?? '' } : { id: record.id };
  const written = record === null ? without(fields, 'ACE_Id__c') : fields;
  const write = () => deps.crm.write(object, key, written, { readBack: pathsOf(deps, object) });
  return waitOrReport(
    await writeJournaled(deps, changesOf(deps, file, state, { ...plan, recordWrites: fields }), write),
  );
}

function without(fields: CrmWriteFields, name: string): CrmWriteFields {
  return Object.fromEntries(Object.entries(fields).filter(([field]) => field !== name));
}

function changesOf(
  deps: Dependencies,
  file: FileReference,
  { linked }: LinkedState,
  plan: InboundPlan,
): readonly FieldChange[] {
  const before = linked.record?.fields ?? {};
  const rules = new Map(plan.decisions.map((decision) => [decision.path, decision.rule]));
  const cause = `${file.key}@${file.etag}`;
  return Object.entries(plan.recordWrites).map(([field, after]) => ({
    id: `${cause}#${plan.aceId}#${field}`,
    crmId: linked.record?.id ?? `new:${plan.aceId}`,
    field,
    before: before[field] ?? null,
    after,
    cause,
    rule: rules.get(field) ?? 'state',
    mappingVersion: mappingOf(deps, linked.record?.id ?? null).version,
    actor: 'aws',
  }));
}

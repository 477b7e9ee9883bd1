import type { Crm, CrmValue, CrmWriteFields, WriteOutcome } from '../crm/crm.ts';
import type { InboundPlan } from '../mapping/inbound.ts';
import { problemOf, type ReasonCode } from '../mapping/reasons.ts';
import type { RelatedKind, RelatedWrite } from '../mapping/related-records.ts';

/** A record's fields with its related records found or made, and what people are told of the choice. */
export interface SettledRelations {
  readonly fields: CrmWriteFields;
  readonly notes: readonly ReasonCode[];
  /** A related record that could not be made; the record itself is not written then. */
  readonly refused: Exclude<WriteOutcome, { kind: 'written' }> | null;
}

/** What settling asks of the CRM. */
export type RelationsCrm = Pick<Crm, 'related' | 'write'>;

const notChosen: Readonly<Record<RelatedKind, ReasonCode>> = {
  account: 'ACCOUNT_NOT_CHOSEN',
  contact: 'CONTACT_NOT_CHOSEN',
};

/** Who owns a new record, and which account and contact belong to it: what only the CRM can answer. */
export async function settleRelations(crm: RelationsCrm, plan: InboundPlan): Promise<SettledRelations> {
  const fields: Record<string, CrmWriteFields[string]> = { ...plan.recordWrites };
  const notes: ReasonCode[] = [];
  const email = plan.owner?.email ?? null;
  if (email !== null) {
    const [user, ...others] = await crm.related('User', 'Email', email);
    if (user !== undefined && others.length === 0) fields.OwnerId = user;
    else notes.push('OWNER_FALLBACK');
  }
  for (const related of plan.related) {
    const { kind, reference, parent } = related;
    const found = await findRelated(crm, related);
    const above = parent === null ? null : (fields[parent.reference] ?? parent.now);
    if (found.kind === 'one') fields[reference] = found.id;
    else if (found.kind === 'several' || (parent !== null && above === null)) {
      delete fields[reference];
      notes.push(found.kind === 'several' ? notChosen[kind] : 'CONTACT_WITHOUT_ACCOUNT');
    } else {
      const key = { externalId: related.externalId, value: related.value };
      const belongsTo = parent === null ? {} : { [parent.field]: above };
      const outcome = await crm.write({ sobject: related.sobject }, key, { ...related.fields, ...belongsTo });
      if (outcome.kind !== 'written') return { fields, notes, refused: outcome };
      fields[reference] = outcome.id;
    }
  }
  return { fields, notes, refused: null };
}

type Found = { readonly kind: 'none' | 'several' } | { readonly kind: 'one'; readonly id: string };

/** By the sync's own key first; one that people made is known by its name or e-mail alone, and stays as it is. */
async function findRelated(crm: RelationsCrm, { sobject, externalId, value, matchedBy }: RelatedWrite): Promise<Found> {
  const [byKey] = await crm.related(sobject, externalId, value);
  if (byKey !== undefined) return { kind: 'one', id: byKey };
  const [match, ...others] = matchedBy === null ? [] : await crm.related(sobject, matchedBy.field, matchedBy.value);
  if (match === undefined) return { kind: 'none' };
  return others.length > 0 ? { kind: 'several' } : { kind: 'one', id: match };
}

/** What stands in `Note__c`; empty when there is nothing to say, so that an earlier note stays. */
export function noteWrites(notes: readonly ReasonCode[]): Readonly<Record<string, CrmValue>> {
  if (notes.length === 0) return {};
  const sentences = notes.map((code) => problemOf(code)).map(({ message, fix }) => `${message} ${fix}`);
  return { Note__c: sentences.join('\n') };
}

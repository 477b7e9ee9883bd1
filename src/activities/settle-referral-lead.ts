import type { SyncRow, WriteOutcome } from '../crm/crm.ts';
import type { InboundPlan } from '../mapping/inbound.ts';
import type { ReasonCode } from '../mapping/reasons.ts';
import type { RecordInput } from './apply-record.ts';
import { type Dependencies, mappingOf } from './dependencies.ts';
import { waitOrReport } from './expect-written.ts';
import { causeOf } from './inbound-changes.ts';
import { journaledCreation } from './journaled-creation.ts';
import { type FieldChange, writeJournaled } from './write-journaled.ts';

/** The external id of the lead: a field of its own, so that the lead is not taken for a lead of AWS. */
const leadKey = 'ACE_Referral_Id__c';
const statusField = 'Status';

/** Makes the lead that stands for a referral until it is accepted; one that is there stays as people keep it. */
export async function settleReferralLead(
  deps: Dependencies,
  { file }: RecordInput,
  { referralLead }: InboundPlan,
): Promise<WriteOutcome | { readonly kind: 'none' }> {
  if (referralLead?.do !== 'make') return { kind: 'none' };
  const { aceId, fields } = referralLead;
  const crm = journaledCreation(deps, causeOf(file), 'referral.lead');
  const [id] = await crm.related('Lead', leadKey, aceId);
  if (id !== undefined) return { kind: 'written', id, created: false };
  return waitOrReport(await crm.write('lead', { externalId: leadKey, value: aceId }, fields));
}

/**
 * Gives the lead of a referral that ended its last status, once, unless people converted the lead or changed its status.
 * @returns what people are told; the record itself goes on also where Salesforce refuses the change.
 */
export async function endReferralLead(
  deps: Dependencies,
  { file }: RecordInput,
  { aceId, referralLead }: InboundPlan,
): Promise<readonly ReasonCode[]> {
  if (referralLead?.do !== 'end') return [];
  const { leadId, madeWith, status } = referralLead;
  const [found] = await deps.crm.find('lead', [{ crmId: leadId }], [statusField], []);
  const lead = found?.record ?? null;
  if (lead === null || lead.deleted || lead.converted !== null) return [];
  const before = lead.fields[statusField] ?? null;
  if (before !== madeWith && before !== status) return [];
  const cause = causeOf(file);
  const change: FieldChange = {
    id: `${cause}#${aceId}#${leadId}#${statusField}`,
    crmId: leadId,
    field: statusField,
    before,
    after: status,
    cause,
    rule: 'referral.endedLeadStatus',
    mappingVersion: mappingOf(deps, null).version,
    actor: 'aws',
  };
  // After a kill the lead has the status already, and only the journal waits for its confirmation.
  const write = async (): Promise<WriteOutcome> =>
    before === status
      ? { kind: 'written', id: leadId, created: false }
      : deps.crm.write('lead', { id: leadId }, { [statusField]: status });
  const { kind } = waitOrReport(await writeJournaled(deps, [change], write));
  return kind === 'refused' || kind === 'later' ? ['LEAD_STATUS_REFUSED'] : [];
}

/** The opportunity that people made of the lead by converting it; null when they did not. */
export async function opportunityOfReferralLead(
  { crm }: Pick<Dependencies, 'crm'>,
  row: SyncRow | null,
): Promise<string | null> {
  const lead = row?.fields.Referral_Lead__c;
  if (typeof lead !== 'string') return null;
  const [found] = await crm.find('lead', [{ crmId: lead }], [], []);
  return found?.record?.converted?.opportunityId ?? null;
}

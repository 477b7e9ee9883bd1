import type { SyncRow, WriteOutcome } from '../crm/crm.ts';
import type { InboundPlan } from '../mapping/inbound.ts';
import type { Dependencies } from './dependencies.ts';
import { waitOrReport } from './expect-written.ts';

/** The external id of the lead: a field of its own, so that the lead is not taken for a lead of AWS. */
const leadKey = 'ACE_Referral_Id__c';

/** Makes the lead that stands for a referral until it is accepted; one that is there stays as people keep it. */
export async function settleReferralLead(
  { crm }: Dependencies,
  { referralLead }: InboundPlan,
): Promise<WriteOutcome | { readonly kind: 'none' }> {
  if (referralLead === null) return { kind: 'none' };
  const { aceId, fields } = referralLead;
  const [id] = await crm.related('Lead', leadKey, aceId);
  if (id !== undefined) return { kind: 'written', id, created: false };
  return waitOrReport(await crm.write('lead', { externalId: leadKey, value: aceId }, fields));
}

/** The opportunity that people made of the lead by converting it; null when they did not. */
export async function opportunityOfReferralLead({ crm }: Dependencies, row: SyncRow | null): Promise<string | null> {
  const lead = row?.fields.Referral_Lead__c;
  if (typeof lead !== 'string') return null;
  const [found] = await crm.find('lead', [{ crmId: lead }], [], []);
  return found?.record?.converted?.opportunityId ?? null;
}

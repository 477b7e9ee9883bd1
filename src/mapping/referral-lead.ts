import { type AceRecord, isBlank } from '../ace/ace-record.ts';
import { identityOf } from '../ace/identity.ts';
import type { CrmValue } from '../crm/crm.ts';
import { acceptanceOf, aceStatusOf } from './ace-status.ts';
import type { ObjectMapping } from './compile.ts';
import type { InboundInput } from './inbound-plan.ts';
import { newValue } from './new-record.ts';

/** What a referral does to the lead that stands for it until it is accepted. */
export type ReferralLead =
  /** Made once, found by the referral's ACE id. */
  | { readonly do: 'make'; readonly aceId: string; readonly fields: Readonly<Record<string, CrmValue>> }
  /** The referral ended: the lead gets `status`, if it still has the status that it was made with. */
  | { readonly do: 'end'; readonly leadId: string; readonly madeWith: string; readonly status: string };

/** Null where the mapping wants no lead, or nothing is to be done with it. */
export async function planReferralLead(input: InboundInput, mapping: ObjectMapping): Promise<ReferralLead | null> {
  const { object, aceRecord, linked, received, now } = input;
  const { aceId } = identityOf(object, aceRecord);
  const leadId = linked.row?.fields.Referral_Lead__c;
  const status = aceStatusOf(object, aceRecord, received?.aceStatus ?? null);
  if (acceptanceOf(object, status, now) === 'pending') {
    const wanted = aceId !== null && linked.record === null && isBlank(leadId ?? null);
    return wanted ? planLead(mapping, aceRecord, aceId, now) : null;
  }
  // Only the version that brings the end ends the lead: later ones leave it to people.
  const wasPending = received !== null && acceptanceOf(object, received.aceStatus, received.at) === 'pending';
  const { endedLeadStatus, lead } = mapping.referral;
  const madeWith = lead.Status?.value;
  if (!wasPending || typeof leadId !== 'string' || endedLeadStatus === undefined || typeof madeWith !== 'string')
    return null;
  return { do: 'end', leadId, madeWith, status: endedLeadStatus };
}

async function planLead(
  mapping: ObjectMapping,
  record: AceRecord,
  aceId: string,
  now: string,
): Promise<ReferralLead | null> {
  if (mapping.referralLead.length === 0) return null;
  const fields: Record<string, CrmValue> = {};
  for (const rule of mapping.referralLead) {
    // A failing expression leaves its field to the lead's own defaults: the lead is a stand-in.
    const value = await newValue(mapping, rule, record, now).catch(() => null);
    if (value !== null) fields[rule.field] = value;
  }
  return { do: 'make', aceId, fields };
}

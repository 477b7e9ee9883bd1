import { type AceRecord, isBlank } from '../../ace/ace-record.ts';
import { reviewState } from '../../ace/life-cycle.ts';
import { leadContent, opportunityContent } from './content.ts';
import { allianceLead, awsContacts } from './people.ts';
import { changeRecord, createRecord, wholeSecond } from './records.ts';
import { awsUser, firstReviewStep } from './review.ts';
import type { SimulatedRecord } from './state.ts';
import { type Draft, payloadVersionOf, switchesOf, type World } from './world.ts';

const hourMs = 60 * 60_000;

/** AWS refers an opportunity: stage Prospect, no partner identifier, and a date until which it must be accepted. */
export function referOpportunity(
  world: World,
  draft: Draft,
  fields: AceRecord,
  acceptWithinHours?: number,
): SimulatedRecord {
  const number = draft.next('referral');
  const now = world.clock.now();
  const hours = acceptWithinHours ?? switchesOf(world).acceptWithinHours;
  const created = createRecord(world, draft, {
    object: 'opportunity',
    origin: 'awsReferral',
    by: awsUser,
    fields: {
      ...opportunityContent(world.chance, payloadVersionOf(world), now, `referral ${number}`),
      ...allianceLead,
      partnerCrmUniqueIdentifier: null,
      opportunityOwnership: 'AWS Referral',
      stage: 'Prospect',
      status: null,
      partnerAcceptanceStatus: null,
      acceptBy: wholeSecond(new Date(now.getTime() + hours * hourMs)),
      ...fields,
    },
  });
  return fields.partnerAcceptanceStatus === 'Accepted' ? withContacts(world, draft, created) : created;
}

function withContacts(world: World, draft: Draft, record: SimulatedRecord): SimulatedRecord {
  const shown = { ...record, fields: { ...awsContacts(world.chance, record.aceId), ...record.fields } };
  draft.putRecord(shown);
  return shown;
}

/** AWS hands over a lead, masked until the partner accepts it. */
export function referLead(world: World, draft: Draft, fields: AceRecord): SimulatedRecord {
  const number = draft.next('leadReferral');
  return createRecord(world, draft, {
    object: 'lead',
    origin: 'lead',
    by: awsUser,
    fields: {
      ...leadContent(world.chance, `lead ${number}`),
      leadOwnerEmail: allianceLead.opportunityOwnerEmail,
      leadOwnerName: allianceLead.opportunityOwnerName,
      partnerCrmLeadId: null,
      currentLeadStage: null,
      ...fields,
    },
  });
}

/**
 * A colleague of the partner types an opportunity into Partner Central: a partner referral that no CRM knows, already
 * approved unless `fields` says otherwise.
 */
export function enterOpportunityByHand(world: World, draft: Draft, fields: AceRecord): SimulatedRecord {
  const number = draft.next('enteredByHand');
  const created = createRecord(world, draft, {
    object: 'opportunity',
    origin: isBlank(fields.partnerCrmUniqueIdentifier) ? 'enteredByHand' : 'partnerReferral',
    reviewDue:
      reviewState(fields) === 'submitted' || reviewState(fields) === 'inReview' ? firstReviewStep(world) : null,
    by: allianceLead.opportunityOwnerName,
    fields: {
      ...opportunityContent(world.chance, payloadVersionOf(world), world.clock.now(), `by hand ${number}`),
      ...allianceLead,
      partnerCrmUniqueIdentifier: null,
      opportunityOwnership: 'Partner Referral',
      partnerAcceptanceStatus: null,
      stage: 'Qualified',
      status: 'Approved',
      ...fields,
    },
  });
  return created.fields.status === 'Approved' ? withContacts(world, draft, created) : created;
}

/** True while the partner may still accept: an AWS referral without an answer. */
export function awaitsAcceptance(record: SimulatedRecord): boolean {
  return record.origin === 'awsReferral' && (record.fields.partnerAcceptanceStatus ?? null) === null;
}

/** ACE rejects a referral in the partner's name when acceptBy has passed. */
export function expireReferral(world: World, draft: Draft, record: SimulatedRecord): SimulatedRecord {
  return changeRecord(world, draft, record, { fields: { partnerAcceptanceStatus: 'Rejected' }, by: awsUser });
}

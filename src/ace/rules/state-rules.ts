/** What the state at ACE closes, the identity of the record, and doors that open only one way. */

import { isBlank, sameValue } from '../ace-record.ts';
import { identityFields, identityOf, isAceId } from '../identity.ts';
import type { LifeCycleState } from '../record-state.ts';
import { stateBlocks } from '../state-blocks.ts';
import { holds, lacks, type Rule, type RuleContext, sends } from './rule.ts';

const opportunity = { object: 'opportunity', versions: [1, 2], severity: 'error' } as const;
const both = ['apnCrmUniqueIdentifier', 'partnerCrmUniqueIdentifier'] as const;

/** States in which ACE refuses the whole record, so that nothing else about it matters. */
export const lockedStates: readonly LifeCycleState[] = [
  'inReview',
  'reviewRejected',
  'acceptanceRejected',
  'acceptanceExpired',
];

/** Fields of the record that the state refuses and that would change something. */
function refused(context: RuleContext): readonly string[] {
  return [...context.refused].filter((name) => !sameValue(context.record[name], context.stored?.[name]));
}

function blocked(state: LifeCycleState, rule: Pick<Rule, 'test' | 'aceText' | 'verifiedIn' | 'source'>): Rule {
  const block = stateBlocks[state];
  return {
    ...opportunity,
    code: block?.problem.code ?? 'ACE_CLOSED',
    reads: [],
    field: null,
    when: { intent: 'update', states: [state] },
    sentence: block?.problem.message ?? '',
    fixBy: block?.problem.fixBy ?? 'nobody',
    fix: block?.problem.fix ?? '',
    ...rule,
  };
}

const notEditable = { test: () => true, aceText: 'Record is not editable.' } as const;
const closedText = 'Changes are not allowed when an opportunity stage is "Closed Lost" or "Launched."';

export const stateRules: readonly Rule[] = [
  blocked('inReview', { ...notEditable, verifiedIn: [1, 2], source: 'Acceptance scenarios A5, B3.13.' }),
  blocked('reviewRejected', { ...notEditable, verifiedIn: [1], source: 'Acceptance scenario B3.13.' }),
  blocked('acceptanceRejected', {
    ...notEditable,
    verifiedIn: [],
    source: 'Acceptance scenario C4.13; its text is not given.',
  }),
  blocked('acceptanceExpired', {
    ...notEditable,
    verifiedIn: [],
    source: 'DOC "opportunity sharing": ACE rejects by itself after acceptBy; acceptance scenario C4.13.',
  }),
  blocked('acceptancePending', {
    // Without an answer nothing may come, not even the partner's identifier of the record.
    test: (context) => {
      const fields = refused(context);
      return fields.length > 0 ? fields : !sends(context, 'partnerAcceptanceStatus');
    },
    aceText: 'Record is not editable.',
    verifiedIn: [],
    source: 'Acceptance scenario C4.13; its text is not given.',
  }),
  blocked('actionRequired', {
    test: refused,
    aceText: 'Record is not editable.',
    verifiedIn: [],
    source: 'Acceptance scenario B2.3; V14.3 column for Action Required; the text was not found.',
  }),
  blocked('launched', {
    test: refused,
    aceText: closedText,
    verifiedIn: [],
    source: 'Third-party report, against B3.14.',
  }),
  blocked('closedLost', { test: refused, aceText: closedText, verifiedIn: [], source: 'Third-party text.' }),
  {
    ...opportunity,
    code: 'ACE_ID_MISSING',
    reads: both,
    field: 'apnCrmUniqueIdentifier',
    when: { intent: 'update' },
    test: (context) => {
      const { aceId, partnerId } = identityOf('opportunity', context.record);
      return aceId === null && partnerId === null;
    },
    aceText: 'Required: <label>',
    verifiedIn: [],
    sentence: 'An update without identifiers names no opportunity.',
    fixBy: 'engineer',
    fix: "Send ACE's identifier (O…), and the partner's.",
    source: 'V14.3: both identifiers "for all updates"; DOC: either finds the record.',
  },
  {
    ...opportunity,
    code: 'ACE_ONLY_PARTNER_ID',
    reads: both,
    severity: 'warning',
    field: 'apnCrmUniqueIdentifier',
    when: { intent: 'update' },
    test: (context) => {
      const { aceId, partnerId } = identityOf('opportunity', context.record);
      return aceId === null && partnerId !== null;
    },
    aceText: null,
    verifiedIn: [],
    sentence: 'An update with only the partner identifier makes a second opportunity when ACE does not know it.',
    fixBy: 'engineer',
    fix: "Send ACE's identifier (O…) with every update.",
    source: 'DOC technical FAQ: an incorrect identifier creates a new opportunity.',
  },
  {
    ...opportunity,
    code: 'ACE_ID_FORM',
    reads: both,
    field: 'apnCrmUniqueIdentifier',
    when: { intent: 'update' },
    test: (context) => {
      const { aceId } = identityOf('opportunity', context.record);
      return aceId !== null && !isAceId('opportunity', aceId);
    },
    aceText: null,
    verifiedIn: [],
    sentence: "ACE's identifier of an opportunity is O and digits.",
    fixBy: 'engineer',
    fix: "Send the identifier that ACE's export or processed result gave.",
    source: 'GH samples; V12: Text 18.',
  },
  {
    ...opportunity,
    code: 'ACE_ID_CHANGED',
    reads: both,
    field: 'apnCrmUniqueIdentifier',
    when: { intent: 'update' },
    test: (context) => {
      const sent = identityOf('opportunity', context.record).aceId;
      const held = context.stored === undefined ? null : identityOf('opportunity', context.stored).aceId;
      return sent !== null && held !== null && sent !== held;
    },
    aceText: null,
    verifiedIn: [],
    sentence: "ACE's identifier never changes, and this one is another opportunity's.",
    fixBy: 'engineer',
    fix: 'Compare the link of this record with AWS before sending.',
    source: 'DOC: apnCrmUniqueIdentifier never changes.',
  },
  {
    ...opportunity,
    code: 'ACE_PARTNER_ID_CHANGED',
    reads: ['partnerCrmUniqueIdentifier'],
    severity: 'warning',
    field: 'partnerCrmUniqueIdentifier',
    when: { intent: 'update' },
    test: (context) => {
      const sent = context.record[identityFields.opportunity.partner];
      const held = context.stored?.[identityFields.opportunity.partner];
      return !isBlank(sent) && !isBlank(held) && !sameValue(sent, held);
    },
    aceText: null,
    verifiedIn: [],
    sentence: 'The partner identifier differs from the one that ACE holds.',
    fixBy: 'engineer',
    fix: 'Send the identifier of the first send, or nothing.',
    source: 'DOC technical FAQ: an unknown identifier creates a new opportunity.',
  },
  {
    ...opportunity,
    code: 'ACE_OFFERS_ON_CREATE',
    reads: ['offers'],
    versions: [2],
    field: 'offers',
    when: { intent: 'create' },
    test: (context) => !isBlank(context.record.offers),
    aceText: null,
    verifiedIn: [],
    sentence: 'A private offer cannot be sent with a create: ACE refuses the record.',
    fixBy: 'engineer',
    fix: 'Send the offer with an update after approval.',
    source: 'V14.3 note on offers, acceptance scenario A4; the text was not found.',
  },
  {
    ...opportunity,
    code: 'ACE_OFFER_ID',
    reads: ['offers'],
    versions: [2],
    field: 'offers',
    when: { intent: 'update' },
    test: (context) => {
      const { offers } = context.record;
      if (!sends(context, 'offers') || !Array.isArray(offers) || offers.length === 0) return false;
      return offers.length > 1 || !/^offer-[a-z0-9]{1,64}$/i.test(String(offers[0]));
    },
    aceText: null,
    verifiedIn: [],
    sentence: 'ACE takes one private offer, named offer-….',
    fixBy: 'salesPerson',
    fix: 'Name one AWS Marketplace private offer.',
    source: 'V14.3 note on offers: ["offer-…"], one; the text was not found.',
  },
  {
    ...opportunity,
    code: 'ACE_REJECTION_REASON_REQUIRED',
    reads: ['partnerAcceptanceStatus', 'rejectionReason'],
    versions: [2],
    field: 'rejectionReason',
    when: { intent: 'update' },
    test: (context) =>
      sends(context, 'partnerAcceptanceStatus') &&
      holds(context, 'partnerAcceptanceStatus', 'Rejected') &&
      !(sends(context, 'rejectionReason') && !lacks(context, 'rejectionReason')),
    aceText: 'Required: <label>',
    verifiedIn: [],
    sentence: 'A rejected AWS referral needs the reason.',
    fixBy: 'allianceManager',
    fix: 'Choose the reason for the rejection.',
    source: 'V14.3: conditional when partnerAcceptanceStatus is Rejected; the text was not found.',
  },
  {
    ...opportunity,
    code: 'ACE_ACCEPTANCE_DECIDED',
    reads: ['partnerAcceptanceStatus'],
    severity: 'warning',
    field: 'partnerAcceptanceStatus',
    when: { intent: 'update' },
    test: (context) => {
      const { partnerAcceptanceStatus: sent } = context.record;
      const dropped = !context.taken.has('partnerAcceptanceStatus') && !context.refused.has('partnerAcceptanceStatus');
      return dropped && !isBlank(sent) && !sameValue(sent, context.stored?.partnerAcceptanceStatus);
    },
    aceText: null,
    verifiedIn: [],
    sentence: 'The answer to an AWS referral is given once; ACE drops another one.',
    fixBy: 'allianceManager',
    fix: 'Nothing can be sent. Ask AWS if the answer must change.',
    source: 'DOC "opportunity sharing": the answer is sent only while acceptance is pending.',
  },
];

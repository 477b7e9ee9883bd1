/** Updates after Launched and Closed Lost, and those that name another record or go back a one-way door. */

import { type AcceptanceCase, both, cases, contract, launched, update } from './acceptance-case.ts';
import { approved } from './sample-records.ts';

export const closedAndIdentityCases: readonly AcceptanceCase[] = [
  ...cases('B3.9', 'after Launched only the public reference is taken', [1], (version) => ({
    ...update(
      version,
      { nextStep: 'x', additionalComments: 'y', isThisAPublicReference: 'Yes', publicReferenceTitle: 'Story' },
      launched,
    ),
    warned: ['additionalComments', 'nextStep'],
  })),
  ...cases('B3.9 older list', 'or DOC’s older list', [1], (version) => ({
    ...update(version, { nextStep: 'x', additionalComments: 'y', publicReferenceTitle: 'Story' }, launched),
    switches: { openAfterLaunchedV1: 'olderList' },
    warned: ['nextStep', 'publicReferenceTitle'],
  })),
  ...cases('B3.9 ISV', 'special programmes change more', [2], (version) => ({
    ...update(version, { deliveryModel: 'Resell', additionalComments: 'y', procurementType: 'Contract' }, launched),
    programme: 'isvAccelerate',
    warned: ['procurementType'],
  })),
  ...cases('B3.9 SaaS', 'and the SaaS programme most', [2], (version) => ({
    ...update(version, { additionalComments: 'y', ...contract }, launched),
    programme: 'saasRevenueRecognition',
  })),
  ...cases('B3.14', 'pipeline fields after Launched are dropped, with success', both, (version) => ({
    ...update(version, { expectedMonthlyAwsRevenue: 9, targetCloseDate: '2027-09-09', stage: 'Committed' }, launched),
    warned: ['expectedMonthlyAwsRevenue', 'stage', 'targetCloseDate'],
  })),
  ...cases('B3.14 refused', 'or refused', both, (version) => ({
    ...update(version, { nextStep: 'x' }, launched),
    switches: { changeAfterLaunched: 'refused' },
    refused: ['nextStep'],
    texts: ['Changes are not allowed when an opportunity stage is "Closed Lost" or "Launched."'],
  })),
  ...cases('closed', 'after Closed Lost changes are refused', both, (version) => ({
    ...update(version, { nextStep: 'x' }, { stage: 'Closed Lost', closedLostReason: 'Price' }),
    refused: ['nextStep'],
    texts: ['Changes are not allowed when an opportunity stage is "Closed Lost" or "Launched."'],
  })),
  ...cases('closed dropped', 'or dropped', both, (version) => ({
    ...update(version, { nextStep: 'x' }, { stage: 'Closed Lost', closedLostReason: 'Price' }),
    switches: { changeAfterClosedLost: 'ignored' },
    warned: ['nextStep'],
  })),
  ...cases('read only', 'the title may not change after create', both, (version) => ({
    ...update(version, { partnerProjectTitle: 'Another', customerCompanyName: 'Example Wholesale' }),
    warned: ['partnerProjectTitle'],
  })),
  ...cases('industry', 'changes only in version 1', both, (version) => ({
    ...update(version, { industry: 'Retail' }),
    warned: version === 1 ? [] : ['industry'],
  })),
  ...cases('prospect', 'Prospect is not submitted', both, (version) => ({
    ...update(version, { stage: 'Prospect' }),
    refused: ['stage'],
  })),
  ...cases('prospect accepted', 'or is', both, (version) => ({
    ...update(version, { stage: 'Prospect' }),
    switches: { prospectOnUpdate: 'accepted' },
  })),
  ...cases('no identifier', 'an update names its opportunity', both, (version) => ({
    intent: 'update',
    record: { nextStep: 'x' },
    stored: approved(version),
    refused: ['apnCrmUniqueIdentifier'],
  })),
  ...cases('partner id', 'alone is risky', both, (version) => ({
    intent: 'update',
    record: { partnerCrmUniqueIdentifier: '0065g00000ABCDE', nextStep: 'x' },
    stored: approved(version),
    warned: ['apnCrmUniqueIdentifier'],
  })),
  ...cases('partner id changed', 'is frozen', both, (version) => ({
    ...update(version, { partnerCrmUniqueIdentifier: 'another' }),
    warned: ['partnerCrmUniqueIdentifier'],
  })),
  ...cases('ACE id', 'of another opportunity', both, (version) => ({
    ...update(version, { apnCrmUniqueIdentifier: 'O9' }),
    refused: ['apnCrmUniqueIdentifier'],
  })),
  ...cases('ACE id form', 'is O and digits', both, () => ({
    intent: 'update',
    record: { apnCrmUniqueIdentifier: 'L12', nextStep: 'x' },
    refused: ['apnCrmUniqueIdentifier'],
  })),
  ...cases('contract dates', 'end after start', both, (version) => ({
    ...update(version, { contractStartDate: '2027-01-01', contractEndDate: '2026-12-31' }),
    refused: ['contractEndDate'],
    texts: ['Contract end date cannot be earlier than contract start date.'],
  })),
  ...cases('one way', 'there is no way back from co-sell', [2], (version) => ({
    ...update(version, { partnerPrimaryNeedFromAws: 'Do Not Need Support from AWS Sales Rep' }),
    refused: ['partnerPrimaryNeedFromAws'],
  })),
  ...cases('the other way', 'but one into it', [2], (version) =>
    update(
      version,
      { partnerPrimaryNeedFromAws: 'Co-Sell - Deal Support' },
      { partnerPrimaryNeedFromAws: 'Do Not Need Support from AWS Sales Rep' },
    ),
  ),
  ...cases('late other', 'no solution Other from Committed on', [2], (version) => ({
    ...update(version, { stage: 'Committed' }, { solutionOffered: ['Other'], otherSolutionOffered: 'Ours' }),
    refused: ['solutionOffered'],
  })),
  ...cases('offers', 'one offer by its id', [2], (version) => ({
    ...update(version, { offers: ['offer-a', 'offer-b'] }),
    refused: ['offers'],
  })),
  ...cases('offer', 'is taken on update', [2], (version) => update(version, { offers: ['offer-abc123'] })),
];

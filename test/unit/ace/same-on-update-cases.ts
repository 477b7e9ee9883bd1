/** Rules that hold on create hold on updates as well; some fields are open only in Action Required. */

import { type AcceptanceCase, both, cases, create, launched, update } from './acceptance-case.ts';
import { approved, ids } from './sample-records.ts';

export const sameOnUpdateCases: readonly AcceptanceCase[] = [
  ...cases('A6.4 update', 'the state', both, (version) => ({
    ...update(version, { nextStep: 'Call' }, { state: null }),
    refused: ['state'],
  })),
  ...cases('A6.4 action', 'no state elsewhere', [2], (version) => ({
    ...update(version, { state: 'Ohio' }, { status: 'Action Required', country: 'Canada', state: null }),
    refused: ['state'],
  })),
  ...cases('postal code action', 'the postal code', both, (version) => ({
    ...update(version, { postalCode: 'Z' }, { status: 'Action Required' }),
    refused: ['postalCode'],
  })),
  ...cases('website action', 'the website', both, (version) => ({
    ...update(version, { customerWebsite: 'our site' }, { status: 'Action Required' }),
    refused: ['customerWebsite'],
  })),
  ...cases('A6.8 action', 'the description', both, (version) => ({
    ...update(version, { projectDescription: 'Short' }, { status: 'Action Required' }),
    refused: ['projectDescription'],
  })),
  ...cases('A6.5 update', 'the account', both, (version) => ({
    ...update(version, { awsAccountId: '1' }),
    refused: ['awsAccountId'],
  })),
  ...cases('A6.6 update', 'the revenue', both, (version) => ({
    ...update(version, { expectedMonthlyAwsRevenue: 0 }),
    refused: ['expectedMonthlyAwsRevenue'],
  })),
  ...cases('date update', 'the close date', both, (version) => ({
    ...update(version, { targetCloseDate: '2026-11-19' }),
    refused: ['targetCloseDate'],
  })),
  ...cases('A6.9 update', 'the funds', both, (version) => ({
    ...update(version, { IsOppFromMarketingActivity: 'Yes' }),
    refused: ['isMarketingDevelopmentFunded'],
  })),
  ...cases('B3.5 create', 'the marketing fields', both, (version) => ({
    record: create(version, { marketingActivityChannel: 'Email' }),
    refused: ['marketingActivityChannel'],
  })),
  ...cases('competitor update', 'the competitor', both, (version) => ({
    ...update(version, { competitiveTracking: '*Other' }),
    // Version 1 never exports the name, so its absence in the export says nothing; here the export holds it as null.
    refused: ['competitiveTrackingOther'],
  })),
  ...cases('competitor not exported', 'a name that version 1 never shows may be there', [1], (version) => {
    const { competitiveTrackingOther: _hidden, ...stored } = approved(version, { competitiveTracking: '*Other' });
    return { intent: 'update', record: { ...ids, nextStep: 'Call' }, stored };
  }),
  ...cases('competitor exported', 'a name that version 2 does not show is not there', [2], (version) => {
    const { competitiveTrackingOther: _hidden, ...stored } = approved(version, { competitiveTracking: '*Other' });
    return { intent: 'update', record: { ...ids, nextStep: 'Call' }, stored, refused: ['competitiveTrackingOther'] };
  }),
  ...cases('sub use case update', 'the sub use case', [1], (version) => ({
    ...update(version, { useCase: 'Storage' }, { subUseCase: 'Kubernetes' }),
    refused: ['subUseCase'],
  })),
  ...cases('need other update', 'the other need', [1], (version) => ({
    ...update(version, { partnerPrimaryNeedFromAws: 'Other', partnerPrimaryNeedFromAwsOther: null }),
    refused: ['partnerPrimaryNeedFromAwsOther'],
  })),
  ...cases('need mixed update', 'the need', [2], (version) => ({
    ...update(
      version,
      { partnerPrimaryNeedFromAws: 'Co-Sell - Deal Support;Do Not Need Support from AWS Sales Rep' },
      { partnerPrimaryNeedFromAws: null },
    ),
    refused: ['partnerPrimaryNeedFromAws'],
  })),
  ...cases('DUNS update', 'the DUNS number', [2], (version) => ({
    ...update(version, { customerDuns: '1' }),
    refused: ['customerDuns'],
  })),
  ...cases('industry other update', 'the industry', [2], (version) => ({
    ...update(version, { nextStep: 'Call' }, { industry: 'Other' }),
    refused: ['industryOther'],
  })),
  ...cases('security update', 'classified information', [2], (version) => ({
    ...update(
      version,
      { partnerPrimaryNeedFromAws: 'Do Not Need Support from AWS Sales Rep' },
      { doesOppBelongToNatSec: 'Yes', partnerPrimaryNeedFromAws: null },
    ),
    refused: ['doesOppBelongToNatSec', 'partnerPrimaryNeedFromAws'],
  })),
  ...cases('solution other update', 'the other solution', [2], (version) => ({
    ...update(version, { solutionOffered: ['Other'] }),
    refused: ['otherSolutionOffered'],
  })),
  ...cases('solution id update', 'the solution', [2], (version) => ({
    ...update(version, { solutionOffered: ['soln-1'] }),
    refused: ['solutionOffered'],
  })),
  ...cases('renewal update', 'the renewal', [2], (version) => ({
    ...update(version, { opportunityType: 'Flat Renewal' }),
    refused: ['parentOppId'],
  })),
  ...cases('renewal parent update', 'its parent', [2], (version) => ({
    ...update(version, { parentOppId: 'x' }, { opportunityType: 'Expansion' }),
    refused: ['parentOppId'],
  })),
  ...cases('A4 parent update', 'the parent of new business', [2], (version) => ({
    ...update(version, { parentOppId: 'O1' }),
    warned: ['parentOppId'],
  })),
  ...cases('B3.6 consulting v1', 'SaaS of a consulting partner', [1], (version) =>
    update(version, {
      ...launched,
      deliveryModel: 'SaaS or PaaS',
      awsFieldEngagement: 'Yes',
      isThisForMarketplace: 'No',
    }),
  ),
  ...cases('comments maximum', '32,768 characters', both, (version) => ({
    ...update(version, { additionalComments: 'x'.repeat(32_768) }),
    warned: ['additionalComments'],
  })),
];

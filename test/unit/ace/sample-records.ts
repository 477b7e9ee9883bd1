/** Records that ACE takes, written by hand from the acceptance scenarios; the cases change a field or two of them. */

import type { AceRecord, PayloadVersion } from '../../../src/ace/ace-record.ts';

/** The day on which every case is checked. */
export const today = '2026-11-20';

/** A1 for payload version 1: the mandatory create fields, 15 since October 2022, state included. */
const createV1: AceRecord = {
  partnerCrmUniqueIdentifier: '0065g00000ABCDE',
  useCase: 'Containers & Serverless',
  targetCloseDate: '2027-03-31',
  projectDescription: 'Moves the order system of a wholesaler from its own data centre to containers.',
  postalCode: '98101-2345',
  partnerProjectTitle: 'Order system to containers',
  partnerPrimaryNeedFromAws: 'Technical consultation',
  industry: 'Wholesale & Distribution',
  expectedMonthlyAwsRevenue: 4500.0,
  deliveryModel: 'Managed Services;Professional Services',
  customerWebsite: 'https://www.example.com',
  customerCompanyName: 'Example Wholesale',
  country: 'United States',
  state: 'Washington',
  IsOppFromMarketingActivity: 'No',
};

/** A1 for payload version 2: the 17 mandatory create fields, state included. */
const createV2: AceRecord = {
  ...createV1,
  useCase: 'Containers & Serverless',
  partnerPrimaryNeedFromAws: 'Co-Sell - Technical Consultation;Co-Sell - Deal Support',
  salesActivities: 'Customer has shown interest in solution',
  solutionOffered: ['S-0012345'],
};

export function mandatoryCreate(version: PayloadVersion): AceRecord {
  return version === 1 ? createV1 : createV2;
}

const emptyAtAce = Object.fromEntries(
  [
    'awsAccountId',
    'closedLostReason',
    'nextStep',
    'industryOther',
    'competitiveTracking',
    'competitiveTrackingOther',
    'contractVehicle',
    'rfxSolicitationNumber',
    'isMarketingDevelopmentFunded',
    'marketingActivityChannel',
    'marketingActivityUsecase',
    'awsSFCampaignName',
    'procurementType',
    'customerSoftwareValue',
    'customerSoftwareValueCurrency',
    'contractStartDate',
    'contractEndDate',
    'isNetNewBusinessForCompany',
    'awsFieldEngagement',
    'isThisForMarketplace',
    'offers',
  ].map((field) => [field, null]),
);

/** A partner referral as ACE exports it after approval (B2). */
export function approved(version: PayloadVersion, changes: AceRecord = {}): AceRecord {
  return {
    ...emptyAtAce,
    ...mandatoryCreate(version),
    apnCrmUniqueIdentifier: 'O4711001',
    opportunityOwnership: 'Partner Referral',
    status: 'Approved',
    stage: 'Qualified',
    ...changes,
  };
}

/** An AWS referral as ACE exports it before acceptance (C1): personal data masked, no partner identifier. */
export function awsReferral(version: PayloadVersion, changes: AceRecord = {}): AceRecord {
  return {
    ...approved(version),
    apnCrmUniqueIdentifier: 'O4711002',
    partnerCrmUniqueIdentifier: null,
    opportunityOwnership: 'AWS Referral',
    status: null,
    stage: 'Prospect',
    partnerAcceptanceStatus: null,
    acceptBy: '2026-11-27T12:00:00.000Z',
    country: 'Accept To View',
    customerEmail: 'Accept To View',
    customerFirstName: 'Accept to view',
    customerLastName: 'Accept to View',
    solutionOffered: null,
    ...changes,
  };
}

/** A lead as ACE exports it, accepted (D3). */
export const lead: AceRecord = {
  apnCrmUniqueIdentifier: 'L1000001',
  partnerCrmLeadId: '00Q5g00000ABCDE',
  status: 'Open',
  currentLeadStage: 'Accepted',
  title: 'Head of IT',
  city: 'Leeds',
  industry: 'Retail',
  useCaseWorkload: 'Big Data;Content Delivery',
  leadAge: 4.0,
};

/** The identifiers of an update (V14.3: both "for all updates"). */
export const ids: AceRecord = {
  apnCrmUniqueIdentifier: 'O4711001',
  partnerCrmUniqueIdentifier: '0065g00000ABCDE',
};

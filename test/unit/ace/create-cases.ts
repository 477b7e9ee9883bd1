/** Creates of partner referrals: acceptance scenarios A. */

import { type AcceptanceCase, both, cases, contract, contractNames, create, notEditable } from './acceptance-case.ts';
import { approved, mandatoryCreate } from './sample-records.ts';

export const createCases: readonly AcceptanceCase[] = [
  ...cases('A1', 'the mandatory fields make an opportunity', both, (version) => ({ record: create(version, {}) })),
  ...cases('A2', 'with the partner sales contact', both, (version) => ({
    record: create(version, {
      primaryContactFirstName: 'Ada',
      primaryContactLastName: 'Byron',
      primaryContactEmail: 'ada@partner.example.com',
      primaryContactPhone: '+1 206 555 0100',
    }),
  })),
  ...cases('A3', 'with the customer contact', both, (version) => ({
    record: create(version, {
      customerFirstName: 'Ann',
      customerLastName: 'Lee',
      customerEmail: 'ann@example.com',
      customerPhone: '+1 206 555 0101',
      customerTitle: 'CTO',
    }),
  })),
  ...cases('A4', 'read-only fields and those of later states are dropped', both, (version) => ({
    record: create(version, {
      ...contract,
      stage: 'Prospect',
      status: 'Approved',
      opportunityOwnership: 'Partner Referral',
      nextStepHistory: 'old',
      wWPSPDM: 'Somebody',
      wWPSPDMEmail: 'somebody@example.com',
      createdBy: 'x',
      createdDate: '2026-01-01T00:00:00.000Z',
      lastModifiedBy: 'x',
      lastModifiedDate: '2026-01-01T00:00:00.000Z',
      aWSStage: 'Committed',
      closedLostReason: 'Price',
      apnCrmUniqueIdentifier: 'O1',
    }),
    warned: [
      'aWSStage',
      'apnCrmUniqueIdentifier',
      'closedLostReason',
      'contractEndDate',
      'contractStartDate',
      'createdBy',
      'createdDate',
      'customerSoftwareValue',
      'customerSoftwareValueCurrency',
      'lastModifiedBy',
      'lastModifiedDate',
      'nextStepHistory',
      'opportunityOwnership',
      'procurementType',
      'stage',
      'status',
      'wWPSPDM',
      'wWPSPDMEmail',
    ],
  })),
  ...cases('A4 offers', 'an offer on create is an error', [2], (version) => ({
    record: create(version, { offers: ['offer-abc123'] }),
    refused: ['offers'],
  })),
  ...cases('A4 parent', 'the parent of net new business is dropped', [2], (version) => ({
    record: create(version, { opportunityType: 'Net New Business', parentOppId: 'O77' }),
    warned: ['parentOppId'],
  })),
  ...cases('A4 next step', 'the next step of a deal for visibility only is dropped', both, (version) => ({
    record: create(version, {
      nextStep: 'Call',
      partnerPrimaryNeedFromAws:
        version === 1 ? 'For Visibility - No Assistance Needed' : 'Do Not Need Support from AWS Sales Rep',
    }),
    warned: ['nextStep'],
  })),
  ...cases('A4 next step, as V14.3 says', 'or taken', [2], (version) => ({
    record: create(version, { nextStep: 'Call', partnerPrimaryNeedFromAws: 'Do Not Need Support from AWS Sales Rep' }),
    switches: { nextStepForVisibility: 'accepted' },
  })),
  ...cases('A5', 'a create of an opportunity in review is not editable', both, (version) => ({
    intent: 'update',
    record: mandatoryCreate(version),
    stored: approved(version, { status: 'In review' }),
    refused: [''],
    texts: notEditable,
    warned: [],
  })),
  ...cases('A6.1', 'all missing fields are named on one line, by ACE’s labels', [1], () => ({
    record: { partnerCrmUniqueIdentifier: 'x', IsOppFromMarketingActivity: 'No' },
    refused: Object.keys(mandatoryCreate(1))
      .filter((field) => !['partnerCrmUniqueIdentifier', 'IsOppFromMarketingActivity', 'state'].includes(field))
      .sort(),
    texts: [
      'Required: Use Case;Target Launch Date;Project Description/Business Need;Postal Code;Partner Project Title;Industry Vertical;Expected Monthly AWS Revenue;Delivery Model;Customer Website;Customer Company Name;Country;Partner Primary Need from AWS',
    ],
  })),
  ...cases('A6.1 empty', 'version 2 needs 17 fields', [2], () => ({
    record: {},
    refused: Object.keys(mandatoryCreate(2))
      .filter((field) => field !== 'state')
      .sort(),
  })),
  ...cases('A6.1 sales activities', 'missing sales activities have a text of their own', [2], (version) => ({
    record: create(version, { salesActivities: null, useCase: '' }),
    refused: ['salesActivities', 'useCase'],
    texts: ['Required: Use Case', 'Please enter Pre-sales Activities'],
  })),
  ...cases('A6.1 marketing', 'so has the missing marketing activity', both, (version) => ({
    record: create(version, { IsOppFromMarketingActivity: null }),
    refused: ['IsOppFromMarketingActivity'],
    texts: ['Is Opportunity from Marketing Activity is required.'],
  })),
  ...cases('A6.1 key case', 'a key in another case is not seen', both, (version) => ({
    record: create(version, { IsOppFromMarketingActivity: undefined, isOppFromMarketingActivity: 'No' }),
    refused: ['IsOppFromMarketingActivity'],
    warned: ['isOppFromMarketingActivity'],
  })),
  ...cases('A6.1 FAQ', 'marketing activity as the older list has it', [1], (version) => ({
    record: create(version, { IsOppFromMarketingActivity: undefined }),
    switches: { marketingActivityV1: 'optional' },
  })),
  ...cases('A6.1 UAT example', 'solution offered as the mandatory-only example has it', [2], (version) => ({
    record: create(version, { solutionOffered: undefined }),
    switches: { solutionOfferedOnCreate: 'optional' },
  })),
  ...['Education', 'Government'].flatMap((industry) =>
    cases(`A6.2 ${industry}`, 'needs contract vehicle and RFx number', [1], (version) => ({
      record: create(version, { industry }),
      refused: ['contractVehicle', 'rfxSolicitationNumber'],
      texts: [
        'Contract Vehicle is required for opportunities for this industry.',
        "RFx/Public Tender Solicitation No is required when 'Education' or 'Government' industry vertical is selected.",
      ],
    })),
  ),
  ...cases('A6.2 filled', 'with both it is taken', [1], (version) => ({
    record: create(version, { industry: 'Education', contractVehicle: 'None', rfxSolicitationNumber: '12' }),
  })),
  ...cases('A6.2 v2', 'version 2 asks for neither', [2], (version) => ({
    record: create(version, { industry: 'Education' }),
  })),
  ...cases('A6.2 FAQ', 'only in the United States, by the FAQ', [1], (version) => ({
    record: create(version, { industry: 'Education', country: 'Germany', state: null, postalCode: '10115' }),
    switches: { contractVehicleCountry: 'unitedStates' },
  })),
  ...cases('A6.3', 'a value outside the standard values', [1], (version) => ({
    record: create(version, { industry: 'Wholesale and Distribution' }),
    refused: ['industry'],
    texts: ['Invalid Data: Select from the predefined Industry list'],
  })),
  ...cases('A6.3 multi', 'one wrong of several values, or a blank after the semicolon', both, (version) => ({
    record: create(version, { deliveryModel: 'Managed Services; Resell' }),
    refused: ['deliveryModel'],
  })),
  ...cases('A6.3 single', 'the need takes one value in version 1', [1], (version) => ({
    record: create(version, { partnerPrimaryNeedFromAws: 'Deal support;Pricing Assistance' }),
    refused: ['partnerPrimaryNeedFromAws'],
  })),
  ...cases('A6.3 sub use case', 'a sub use case of another use case', [1], (version) => ({
    record: create(version, { subUseCase: 'Data Lake' }),
    refused: ['subUseCase'],
    texts: ['Bad value for restricted picklist field: Data Lake'],
  })),
  ...cases('A6.3 own sub use case', 'and one of its own', [1], (version) => ({
    record: create(version, { subUseCase: 'Kubernetes' }),
  })),
  ...cases('A6.4', 'the United States need a state', both, (version) => ({
    record: create(version, { state: null }),
    refused: ['state'],
    texts: ['Missing Required Field: State is required when Country is United States'],
  })),
  ...cases('A6.4 elsewhere', 'version 2 takes no state of another country', [2], (version) => ({
    record: create(version, { country: 'Canada', state: 'Washington', postalCode: 'K1A 0B1' }),
    refused: ['state'],
  })),
  ...cases('A6.4 v1 elsewhere', 'version 1 does', [1], (version) => ({
    record: create(version, { country: 'Canada', state: 'Ontario', postalCode: 'K1A 0B1' }),
  })),
  ...cases('A6.5', 'an account id has 12 digits', both, (version) => ({
    record: create(version, { awsAccountId: '12345678901' }),
    refused: ['awsAccountId'],
    texts: ['Account Id must be 12 numerical digits'],
  })),
  ...cases('A6.5 right', 'and with 12 it is taken', both, (version) => ({
    record: create(version, { awsAccountId: '012345678901' }),
  })),
  ...[0, -1].flatMap((expectedMonthlyAwsRevenue) =>
    cases(`A6.6 ${expectedMonthlyAwsRevenue}`, 'revenue is more than zero', both, (version) => ({
      record: create(version, { expectedMonthlyAwsRevenue }),
      refused: ['expectedMonthlyAwsRevenue'],
      texts: ['Missing Required Field: Estimated AWS Monthly Recurring Revenue cannot be blank or 0'],
    })),
  ),
  ...cases('A6.8', 'the description is too short', both, (version) => ({
    record: create(version, { projectDescription: 'x'.repeat(version === 1 ? 49 : 19) }),
    refused: ['projectDescription'],
    ...(version === 1
      ? { texts: ['Missing Required Field: Project description must have minimum of 50 characters'] }
      : {}),
  })),
  ...cases('A6.8 just right', 'or just long enough', both, (version) => ({
    record: create(version, { projectDescription: 'x'.repeat(version === 1 ? 50 : 20) }),
  })),
  ...cases('A6.8 FAQ', 'or has no minimum', [1], (version) => ({
    record: create(version, { projectDescription: 'Short' }),
    switches: { descriptionMinimumV1: 0 },
  })),
  ...cases('A6.9', 'a marketing activity needs the funds answered', both, (version) => ({
    record: create(version, { IsOppFromMarketingActivity: 'Yes' }),
    refused: ['isMarketingDevelopmentFunded'],
    texts: ['Marketing Development Funds Used is required when Is Opportunity from Marketing Activity is Yes.'],
  })),
  ...cases('A6.9 answered', 'and with it is taken', both, (version) => ({
    record: create(version, {
      IsOppFromMarketingActivity: 'Yes',
      isMarketingDevelopmentFunded: 'No',
      marketingActivityChannel: 'Email',
      awsSFCampaignName: 'ABC-1',
    }),
  })),
  ...cases('A6.10', 'contract fields on create are dropped', both, (version) => ({
    record: create(version, contract),
    warned: contractNames,
  })),
];

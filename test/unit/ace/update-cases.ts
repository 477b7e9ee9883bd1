/** Updates of partner referrals: acceptance scenarios B up to the launch. */

import type { AceRecord } from '../../../src/ace/ace-record.ts';
import {
  type AcceptanceCase,
  both,
  cases,
  clearText,
  contract,
  contractNames,
  contractText,
  launched,
  notEditable,
  update,
} from './acceptance-case.ts';
import { ids } from './sample-records.ts';

export const updateCases: readonly AcceptanceCase[] = [
  ...cases('B3', 'an approved opportunity takes updates', both, (version) =>
    update(version, { nextStep: 'Send the offer', stage: 'Technical Validation', expectedMonthlyAwsRevenue: 5000 }),
  ),
  ...cases('B3 blind', 'without ACE’s record only what is sent is judged', both, () => ({
    intent: 'update',
    record: { ...ids, nextStep: 'Call', deliveryModel: 'nonsense' },
    refused: ['deliveryModel'],
  })),
  ...['In review', 'Submitted', 'Draft', 'Rejected'].flatMap((status) =>
    cases(`B3.13 ${status}`, 'an update before approval is not editable', both, (version) => ({
      ...update(version, { nextStep: 'Call', stage: 'nonsense' }, { status }),
      refused: [''],
      texts: notEditable,
    })),
  ),
  ...cases('B2.3', 'Action Required opens only its fields', both, (version) => ({
    ...update(
      version,
      { city: 'Seattle', postalCode: '98102', nextStep: 'Call', salesActivities: 'SOW Signed' },
      { status: 'Action Required' },
    ),
    refused: version === 1 ? ['nextStep'] : ['nextStep', 'salesActivities'],
    warned: version === 1 ? ['salesActivities'] : [],
  })),
  ...cases('B2.3 dropped', 'or drops the others', [2], (version) => ({
    ...update(version, { city: 'Seattle', nextStep: 'Call' }, { status: 'Action Required' }),
    switches: { closedFieldInActionRequired: 'ignored' },
    warned: ['nextStep'],
  })),
  ...['isNetNewBusinessForCompany', 'awsFieldEngagement', 'isThisForMarketplace'].flatMap((field) =>
    cases(`B3.1 ${field}`, 'an ISV answers it before Launched', [1], (version) => ({
      ...update(version, {
        stage: 'Launched',
        isNetNewBusinessForCompany: 'Yes',
        awsFieldEngagement: 'No',
        isThisForMarketplace: 'No',
        [field]: null,
      }),
      programme: 'isvAccelerate',
      refused: [field],
    })),
  ),
  ...[
    'useCase',
    'targetCloseDate',
    'stage',
    'partnerPrimaryNeedFromAws',
    'expectedMonthlyAwsRevenue',
    'deliveryModel',
  ].flatMap((field) => [
    ...cases(`B3.2 ${field}`, 'may not be empty at ACE', both, (version) => ({
      ...update(version, { nextStep: 'Call' }, { [field]: null }),
      refused: [field],
    })),
    ...cases(`B3.2 emptied ${field}`, 'nor be emptied', both, (version) => ({
      ...update(version, { [field]: null }),
      refused: [field],
    })),
  ]),
  ...cases('B3.3', 'consulting names the account at Launched', both, (version) => ({
    ...update(version, { stage: 'Launched' }),
    refused: ['awsAccountId'],
    texts: ['Account Id must be 12 numerical digits'],
  })),
  ...cases('B3.3 named', 'and with it launches', both, (version) => update(version, launched)),
  ...cases('B3.3 ISV', 'an ISV need not', [2], (version) => ({
    ...update(version, { stage: 'Launched' }),
    programme: 'isvAccelerate',
  })),
  ...cases('B3.4', 'Government without vehicle and number', [1], (version) => ({
    ...update(version, { nextStep: 'Call' }, { industry: 'Government' }),
    refused: ['contractVehicle', 'rfxSolicitationNumber'],
  })),
  ...[
    'marketingActivityChannel',
    'marketingActivityUsecase',
    'awsSFCampaignName',
    'isMarketingDevelopmentFunded',
  ].flatMap((field) =>
    cases(`B3.5 ${field}`, 'is cleared when there was no marketing', both, (version) => {
      const values: AceRecord = {
        marketingActivityChannel: 'Email',
        marketingActivityUsecase: 'Storage',
        awsSFCampaignName: 'C1',
        isMarketingDevelopmentFunded: 'Yes',
      };
      return {
        ...update(version, { nextStep: 'Call' }, { [field]: values[field] }),
        refused: [field],
        texts: [clearText],
      };
    }),
  ),
  ...cases('B3.5 cleared', 'null clears', both, (version) =>
    update(
      version,
      { IsOppFromMarketingActivity: 'No', awsSFCampaignName: null, isMarketingDevelopmentFunded: null },
      { IsOppFromMarketingActivity: 'Yes', awsSFCampaignName: 'C1', isMarketingDevelopmentFunded: 'Yes' },
    ),
  ),
  ...(['isvAccelerate', 'saasRevenueRecognition'] as const).flatMap((programme) =>
    cases(`B3.6 ${programme}`, 'launched SaaS needs its contract', both, (version) => ({
      ...update(version, {
        stage: 'Launched',
        deliveryModel: 'SaaS or PaaS;Resell',
        ...(version === 1
          ? { awsFieldEngagement: 'Yes', isThisForMarketplace: 'No', isNetNewBusinessForCompany: 'Yes' }
          : {}),
      }),
      programme,
      refused: contractNames,
      texts: [contractText],
    })),
  ),
  ...['deliveryModel', 'awsFieldEngagement', 'isThisForMarketplace'].flatMap((field) =>
    cases(`B3.6 not when ${field} differs`, 'all three conditions count', [1], (version) => ({
      ...update(version, {
        stage: 'Launched',
        isNetNewBusinessForCompany: 'Yes',
        deliveryModel: 'SaaS or PaaS',
        awsFieldEngagement: 'Yes',
        isThisForMarketplace: 'No',
        [field]: { deliveryModel: 'Resell', awsFieldEngagement: 'No', isThisForMarketplace: 'Yes' }[field],
      }),
      programme: 'isvAccelerate',
    })),
  ),
  ...cases('B3.6 consulting', 'other partners do not', [2], (version) =>
    update(version, { ...launched, deliveryModel: 'SaaS or PaaS' }),
  ),
  ...cases('B3.6 other delivery', 'nor other delivery', [2], (version) => ({
    ...update(version, { ...launched, deliveryModel: 'Resell' }),
    programme: 'saasRevenueRecognition',
  })),
  ...cases('B3.6 never', 'or version 2 asks for nothing', [2], (version) => ({
    ...update(version, { ...launched, deliveryModel: 'SaaS or PaaS' }),
    programme: 'saasRevenueRecognition',
    switches: { contractFieldsAtLaunchV2: 'never' },
  })),
  ...cases('B3.7', 'USD 120,000 is launched in Partner Central', [1], (version) => ({
    ...update(version, { ...launched, ...contract, customerSoftwareValue: 120_000 }),
    refused: ['customerSoftwareValue'],
    texts: [
      'To launch opportunities with Customer Software Value greater than or equal to USD120,000 use Partner Central UI.',
    ],
  })),
  ...cases('B3.7 less', 'USD 119,999 is not', [1], (version) =>
    update(version, { ...launched, ...contract, customerSoftwareValue: 119_999 }),
  ),
  ...cases('B3.7 marketplace', 'nor Marketplace', [1], (version) =>
    update(version, { ...launched, ...contract, customerSoftwareValue: 120_000, isThisForMarketplace: 'Yes' }),
  ),
  ...cases('B3.7 currency', 'nor another currency', [1], (version) =>
    update(version, { ...launched, ...contract, customerSoftwareValue: 120_000, customerSoftwareValueCurrency: 'EUR' }),
  ),
  ...cases('B3.7 earlier', 'nor an earlier stage', [1], (version) =>
    update(version, { ...contract, customerSoftwareValue: 120_000 }),
  ),
  ...cases('B3.7 always', 'unless the limit always holds', [1], (version) => ({
    ...update(version, { ...contract, customerSoftwareValue: 120_000 }),
    switches: { softwareValueLimit: 'always' },
    refused: ['customerSoftwareValue'],
  })),
  ...cases('B3.8', 'a lost deal has a reason', both, (version) => ({
    ...update(version, { stage: 'Closed Lost' }),
    refused: ['closedLostReason'],
    texts: ['Missing Required Field: Closed Lost Reason is required when closing the opportunity'],
  })),
  ...cases('B3.8 dash', 'whose dash is an en dash', both, (version) => ({
    ...update(version, { stage: 'Closed Lost', closedLostReason: 'Lost to Competitor - Google' }),
    refused: ['closedLostReason'],
  })),
  ...cases('B3.8 given', 'and with it is closed', both, (version) =>
    update(version, { stage: 'Closed Lost', closedLostReason: 'Lost to Competitor – Google' }),
  ),
  ...cases('B3.8 early', 'a reason without the stage', both, (version) => ({
    ...update(version, { closedLostReason: 'Price' }),
    refused: ['closedLostReason'],
    texts: ["Closed Lost Reason is not acceptable until Opportunity has been 'Closed Lost'."],
  })),
];

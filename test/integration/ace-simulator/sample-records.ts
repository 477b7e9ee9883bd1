import type { AceRecord } from '../../../src/ace/ace-record.ts';
import type { SimulatedAce } from './simulated-ace.ts';

export type Version = 1 | 2;
export const versions: readonly Version[] = [1, 2];

/** What a create needs: 15 fields in version 1 (V12), 17 in version 2 (V14.3), state because of the country. */
export function mandatory(version: Version, partnerId: string): AceRecord {
  return {
    partnerCrmUniqueIdentifier: partnerId,
    customerCompanyName: 'Harbor Health Partners',
    customerWebsite: 'www.harborhealth.example.com',
    country: 'United States',
    state: 'Washington',
    postalCode: '98101',
    industry: 'Healthcare',
    partnerProjectTitle: 'Patient records in the cloud',
    projectDescription:
      'The customer wants to keep patient records in the cloud and to retire two data centres this year.',
    useCase: 'Containers & Serverless',
    deliveryModel: 'SaaS or PaaS',
    partnerPrimaryNeedFromAws:
      version === 1 ? 'Architectural validation' : 'Co-Sell - Architectural Validation;Co-Sell - Deal Support',
    expectedMonthlyAwsRevenue: 5000,
    targetCloseDate: '2041-09-30',
    IsOppFromMarketingActivity: 'No',
    ...(version === 2
      ? { salesActivities: 'Customer has shown interest in solution', solutionOffered: ['S-0012345'] }
      : {}),
  };
}

export const salesContact: AceRecord = {
  primaryContactFirstName: 'Lena',
  primaryContactLastName: 'Janssen',
  primaryContactEmail: 'lena.janssen@partner.example.com',
  primaryContactPhone: '+12065550101',
};

export const customerContact: AceRecord = {
  customerFirstName: 'Kofi',
  customerLastName: 'Abara',
  customerEmail: 'kofi.abara@harborhealth.example.com',
  customerPhone: '+12065550102',
  customerTitle: 'Head of Platforms',
};

/** Fields that a partner may change once AWS has approved the opportunity, with values other than those of the create. */
export function updates(version: Version): AceRecord {
  return {
    stage: 'Technical Validation',
    targetCloseDate: '2041-11-15',
    expectedMonthlyAwsRevenue: 7500,
    nextStep: 'Workshop on Tuesday',
    additionalComments: 'The customer asked for a reference.',
    deliveryModel: 'SaaS or PaaS;Managed Services',
    useCase: version === 1 ? 'Storage' : 'Energy',
    city: 'Seattle',
    streetAddress: '100 Pine Street',
    competitiveTracking: 'No Competition',
    primaryContactPhone: '+12065550177',
    customerTitle: 'Director of Platforms',
    ...(version === 2
      ? { opportunityType: 'Expansion', salesActivities: 'Completed Action Plan', customerDuns: '123456789' }
      : {}),
  };
}

let created = 0;

/** Creates a partner referral and lets AWS approve it; gives both identifiers. */
export async function approvedReferral(
  { sendOne, ace }: SimulatedAce,
  version: Version,
  fields: AceRecord = {},
): Promise<{ apnCrmUniqueIdentifier: string; partnerCrmUniqueIdentifier: string }> {
  created += 1;
  const partnerCrmUniqueIdentifier = `006A${String(created).padStart(11, '0')}`;
  const result = await sendOne('opportunity', { ...mandatory(version, partnerCrmUniqueIdentifier), ...fields });
  if (result.apnCrmUniqueIdentifier === null)
    throw new Error(`Expected a new opportunity, got ${String(result.errors)}.`);
  await ace.approve({ id: result.apnCrmUniqueIdentifier });
  return { apnCrmUniqueIdentifier: result.apnCrmUniqueIdentifier, partnerCrmUniqueIdentifier };
}

/** Values that no standard list holds, so each must be refused. */
export function wrongValues(names: readonly string[]): readonly AceRecord[] {
  return names.map((name) => ({ [name]: name === 'awsProducts' ? ['NoSuchProduct'] : 'No such value' }));
}

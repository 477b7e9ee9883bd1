/**
 * Standard values by object, payload version and field. The lists themselves stand in `data/`, one a reader can put beside
 * AWS's. Values are letter for letter and case for case.
 */

import type { AceObject, PayloadVersion } from './ace-record.ts';
import { awsProductCodes } from './data/aws-products.ts';
import { countriesMissingFromLeads, countriesOnlyOfLeads, opportunityCountries } from './data/countries.ts';
import { currencies } from './data/currencies.ts';
import * as leads from './data/lead-values.ts';
import * as values from './data/opportunity-values.ts';
import { statesOfTheUnitedStates, statesOfTheWorld } from './data/states.ts';
import { subUseCases } from './data/sub-use-cases.ts';

export type Picklists = Readonly<Record<string, readonly string[]>>;

const yesNo = ['Yes', 'No'] as const;

const bothVersions = {
  IsOppFromMarketingActivity: yesNo,
  closedLostReason: values.closedLostReasonValues,
  competitiveTracking: values.competitiveTrackingValues,
  country: opportunityCountries,
  customerSoftwareValueCurrency: currencies,
  deliveryModel: values.deliveryModelValues,
  industry: values.industryValues,
  isMarketingDevelopmentFunded: yesNo,
  marketingActivityChannel: values.marketingActivityChannelValues,
  marketingActivityUsecase: values.marketingActivityUsecaseValues,
  opportunityOwnership: values.opportunityOwnershipValues,
  partnerAcceptanceStatus: values.partnerAcceptanceStatusValues,
  procurementType: values.procurementTypeValues,
  stage: values.stageValues,
  status: values.statusValues,
} as const satisfies Picklists;

const onlyVersion1 = {
  awsFieldEngagement: yesNo,
  campaignName: values.campaignNameV1,
  isNetNewBusinessForCompany: yesNo,
  isThisAPublicReference: yesNo,
  isThisForMarketplace: yesNo,
  partnerPrimaryNeedFromAws: values.partnerPrimaryNeedFromAwsV1,
  state: statesOfTheWorld,
  subUseCase: [...new Set(Object.values(subUseCases).flat())],
  useCase: values.useCaseV1,
} as const satisfies Picklists;

const onlyVersion2 = {
  awsProducts: awsProductCodes,
  campaignName: values.campaignNameV2,
  cosellConvertReason: values.cosellConvertReasonV2,
  doesOppBelongToNatSec: yesNo,
  engagementScore: values.engagementScoreV2,
  opportunityType: values.opportunityTypeV2,
  partnerPrimaryNeedFromAws: values.partnerPrimaryNeedFromAwsV2,
  rejectionReason: values.rejectionReasonV2,
  salesActivities: values.salesActivitiesV2,
  state: statesOfTheUnitedStates,
  useCase: values.useCaseV2,
} as const satisfies Picklists;

const missingFromLeads: ReadonlySet<string> = new Set(countriesMissingFromLeads);

const ofLeads = {
  country: [...opportunityCountries.filter((name) => !missingFromLeads.has(name)), ...countriesOnlyOfLeads],
  currentLeadStage: leads.leadCurrentLeadStage,
  industry: leads.leadIndustry,
  state: statesOfTheWorld,
  status: leads.leadStatus,
  useCaseWorkload: leads.leadUseCaseWorkload,
} as const satisfies Picklists;

export const picklists: Readonly<Record<AceObject, Readonly<Record<PayloadVersion, Picklists>>>> = {
  opportunity: { 1: { ...bothVersions, ...onlyVersion1 }, 2: { ...bothVersions, ...onlyVersion2 } },
  lead: { 1: ofLeads, 2: ofLeads },
};

/** The standard values of a field, or null for a field without a list. */
export function standardValues(object: AceObject, version: PayloadVersion, field: string): readonly string[] | null {
  const lists = picklists[object][version];
  return Object.hasOwn(lists, field) ? (lists[field] ?? null) : null;
}

/** The `subUseCase` values that belong to a `useCase` of payload version 1; empty where it has none. */
export function subUseCasesOf(useCase: string): readonly string[] {
  const lists: Picklists = subUseCases;
  return Object.hasOwn(lists, useCase) ? (lists[useCase] ?? []) : [];
}

/** The values of a multi-select field: joined by `;`, without blanks around it (V14.3, data types). */
export function splitValues(text: string): readonly string[] {
  return text.split(';');
}

export function joinValues(list: readonly string[]): string {
  return list.join(';');
}

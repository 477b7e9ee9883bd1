/**
 * Every lead field, one row a field. Leads have one format, whatever the payload version of the opportunities.
 *
 * Source: lead field definitions V12 in aws-samples/partner-crm-integration-samples (MIT). `useCaseWorkload` is a picklist
 * there; the samples hold several values joined by `;`.
 *
 * | column | values |
 * |---|---|
 * | length | most characters, null where none is published |
 * | partner | MU mandatory and may be changed, OU optional and may be changed, in only sent by a partner, id identifies the record, ro only from ACE |
 */

import type { LeadRow } from './fields.ts';

export const leadRows = [
  ['status', 'pick', null, 'MU'],
  ['currentLeadStage', 'pick', null, 'MU'],
  ['partnerCrmLeadId', 'text', 18, 'MU'],
  ['apnCrmUniqueIdentifier', 'text', 18, 'id'],
  ['campaignName', 'text', 255, 'ro'],
  ['firstName', 'text', 40, 'in'],
  ['lastName', 'text', 80, 'in'],
  ['fullName', 'text', 120, 'ro'],
  ['email', 'email', null, 'OU'],
  ['website', 'url', 255, 'OU'],
  ['useCaseWorkload', 'picks', null, 'OU'],
  ['title', 'text', 128, 'OU'],
  ['streetAddress', 'text', 255, 'OU'],
  ['state', 'pick', null, 'OU'],
  ['segmentCompanySize', 'text', 255, 'OU'],
  ['projectDescription', 'longText', 32000, 'OU'],
  ['postalCode', 'text', 20, 'OU'],
  ['phone', 'phone', null, 'OU'],
  ['levelofAWSUsage', 'text', 255, 'ro'],
  ['leadStatusReason', 'text', 255, 'OU'],
  ['leadSource', 'text', 255, 'ro'],
  ['leadOwnerName', 'text', 120, 'ro'],
  ['leadOwnerEmail', 'email', null, 'OU'],
  ['leadAge', 'number', null, 'ro'],
  ['lastModifiedDate', 'dateTime', null, 'ro'],
  ['lastModifiedBy', 'text', 255, 'ro'],
  ['industry', 'pick', null, 'OU'],
  ['createdDate', 'dateTime', null, 'ro'],
  ['createdBy', 'text', 255, 'ro'],
  ['country', 'pick', null, 'OU'],
  ['company', 'text', 255, 'ro'],
  ['city', 'text', 40, 'OU'],
  ['campaignMemberStatus', 'text', 40, 'ro'],
] as const satisfies readonly LeadRow[];

/**
 * What ACE hides until a partner accepts an AWS referral or a lead, and the text it shows instead.
 */

import { isBlank } from './ace-record.ts';

/** The sample's spelling; GH's sheet and DOC write the words in other cases, so masks are compared without case. */
export const maskText = 'Accept To View';
const mask = maskText.toLowerCase();

/** True for a value that ACE hides until the record is accepted: it must never be written over real data. */
export function isMasked(value: unknown): boolean {
  return typeof value === 'string' && value.length < 40 && value.trim().toLowerCase() === mask;
}

/** Opportunity fields that hold the mask before acceptance (GH sheet); the two solution fields are null instead. */
export const maskedOpportunityFields = [
  'customerEmail',
  'customerFirstName',
  'customerLastName',
  'customerPhone',
  'customerTitle',
  'country',
] as const;
export const hiddenOpportunityFields = ['solutionOffered', 'otherSolutionOffered'] as const;

/** Lead fields that hold the mask before acceptance (lead outbound sample). */
export const maskedLeadFields = [
  'title',
  'streetAddress',
  'state',
  'postalCode',
  'phone',
  'fullName',
  'email',
  'country',
  'company',
  'city',
] as const;

/** True when a field holds nothing that may be compared or written: blank or masked. */
export function holdsNothing(value: unknown): boolean {
  return isBlank(value) || isMasked(value);
}

/** The few words that everything in the contract speaks of. */

/** One record of an ACE file, as JSON gave it: keys are ACE's, case and all; values may be of any JSON type. */
export type AceRecord = Readonly<Record<string, unknown>>;

export const aceObjects = ['opportunity', 'lead'] as const;
export type AceObject = (typeof aceObjects)[number];

/** Payload version: sticky per partner at ACE, can only be upgraded (contract 14.3). */
export const payloadVersions = [1, 2] as const;
export type PayloadVersion = (typeof payloadVersions)[number];

/** The partner programme decides what Launched needs and what may change after it. */
export const programmes = ['consulting', 'isvAccelerate', 'saasRevenueRecognition'] as const;
export type Programme = (typeof programmes)[number];

/** Whether ACE will take the record as a new opportunity or as a change of one that it holds. */
export type Intent = 'create' | 'update';

/** Where ACE keeps its records in the envelope, by object. */
export const envelopeKeys: Readonly<Record<AceObject, 'opportunities' | 'leads'>> = {
  opportunity: 'opportunities',
  lead: 'leads',
};

/** ACE's way to hold nothing: absent, null, a text without characters or with blanks only, an empty array. */
export function isBlank(value: unknown): boolean {
  if (typeof value === 'string') return value.trim() === '';
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

/** True when both hold the same: blanks are alike, arrays are compared entry by entry. */
export function sameValue(left: unknown, right: unknown): boolean {
  if (left === right || (isBlank(left) && isBlank(right))) return true;
  return Array.isArray(left) && Array.isArray(right) && JSON.stringify(left) === JSON.stringify(right);
}

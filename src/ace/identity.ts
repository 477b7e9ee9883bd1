/**
 * Which fields identify a record on either side. An update of a record that ACE knows always carries ACE's identifier: with
 * the partner's alone, a partner identifier that ACE does not know makes a second opportunity (DOC technical FAQ).
 */

import { type AceObject, type AceRecord, isBlank } from './ace-record.ts';

export interface IdentityFields {
  /** ACE's identifier; never changes. */
  readonly ace: 'apnCrmUniqueIdentifier';
  /** The partner's identifier; frozen at first send. */
  readonly partner: 'partnerCrmUniqueIdentifier' | 'partnerCrmLeadId';
  /** First letter of ACE's identifier. */
  readonly aceIdLetter: 'O' | 'L';
}

export const identityFields: Readonly<Record<AceObject, IdentityFields>> = {
  opportunity: { ace: 'apnCrmUniqueIdentifier', partner: 'partnerCrmUniqueIdentifier', aceIdLetter: 'O' },
  lead: { ace: 'apnCrmUniqueIdentifier', partner: 'partnerCrmLeadId', aceIdLetter: 'L' },
};

export interface Identity {
  readonly aceId: string | null;
  readonly partnerId: string | null;
}

/** Both identifiers of a record; null where the record holds none. Numbers are read as their digits. */
export function identityOf(object: AceObject, record: AceRecord): Identity {
  const names = identityFields[object];
  return { aceId: identifier(record[names.ace]), partnerId: identifier(record[names.partner]) };
}

/** An identifier as text: files hold strings, some results hold numbers. */
export function identifier(value: unknown): string | null {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  return typeof value === 'string' && !isBlank(value.trim()) ? value.trim() : null;
}

/** True when the text has the form of ACE's identifier of that object: its letter and digits. */
export function isAceId(object: AceObject, text: string): boolean {
  return text.charAt(0) === identityFields[object].aceIdLetter && /^.[0-9]{1,17}$/.test(text);
}

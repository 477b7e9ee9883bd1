import type { SharedObject } from '../crm/crm.ts';

/** Salesforce's key prefixes of the two objects: the first three characters of a record id. */
const objectByPrefix: Readonly<Record<string, SharedObject>> = { '006': 'opportunity', '00Q': 'lead' };

/** Whose id it is; null when it is no 18-character id of an opportunity or lead. */
export function objectOf(crmId: string): SharedObject | null {
  return crmId.length === 18 ? (objectByPrefix[crmId.slice(0, 3)] ?? null) : null;
}

import type { SharedObject } from '../crm.ts';

/** Salesforce's names of the shared objects. */
export const sobjectOf: Readonly<Record<SharedObject, 'Opportunity' | 'Lead'>> = {
  opportunity: 'Opportunity',
  lead: 'Lead',
};

import type { Command } from 'commander';
import type { SharedObject } from '../crm/crm.ts';

/** Salesforce's key prefixes of the two objects: the first three characters of a record id. */
const objectByPrefix: Readonly<Record<string, SharedObject>> = { '006': 'opportunity', '00Q': 'lead' };

/** Whose id it is; the command ends with a usage error when it is no 18-character id of an opportunity or lead. */
export function objectOf(crmId: string, command: Command): SharedObject {
  const object = crmId.length === 18 ? objectByPrefix[crmId.slice(0, 3)] : undefined;
  return (
    object ?? command.error(`error: expected an 18-character id of an opportunity (006…) or lead (00Q…), got ${crmId}`)
  );
}

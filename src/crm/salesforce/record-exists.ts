import { query } from './query.ts';
import type { SalesforceSession } from './session.ts';
import { isOneOf } from './soql.ts';

/** Whether a record with this external id is there; asks one small query. */
export async function recordExists(
  session: SalesforceSession,
  sobject: string,
  externalId: string,
  value: string,
): Promise<boolean> {
  const soql = `SELECT Id FROM ${sobject} WHERE ${isOneOf(externalId, [value])} LIMIT 1`;
  return (await query(session, `query of ${sobject}`, soql)).length > 0;
}

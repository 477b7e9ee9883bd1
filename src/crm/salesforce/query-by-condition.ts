import { AceSyncError } from '../../errors.ts';
import { readSalesforceError } from './classify-error.ts';
import { type QueryRow, query } from './query.ts';
import type { SalesforceSession } from './session.ts';

/**
 * Rows of an object by a condition that a person typed: what Salesforce refuses in it is theirs to correct, and its own
 * words about it, which go to nobody else, say where. Reads only.
 * @param columns API names, such as `Account.Name`
 * @throws AceSyncError CONDITION_REFUSED
 */
export async function queryByCondition(
  session: SalesforceSession,
  { columns, sobject, condition }: { readonly columns: string; readonly sobject: string; readonly condition: string },
): Promise<readonly QueryRow[]> {
  const place = `query of ${sobject}`;
  try {
    return await query(session, place, `SELECT ${columns} FROM ${sobject} WHERE (${condition})`);
  } catch (thrown) {
    const refused = readSalesforceError(thrown);
    if (refused !== null) throw refusal(`${refused.message} (${refused.code})`);
    if (thrown instanceof AceSyncError && thrown.code === 'CRM_SCHEMA') throw refusal(thrown.message);
    throw thrown;
  }
}

const refusal = (reason: string) => new AceSyncError('CONDITION_REFUSED', reason.replace(/\s+/g, ' '));

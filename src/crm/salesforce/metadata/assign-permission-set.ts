import { SalesforceRefusal } from '../classify-error.ts';
import { type QueryRow, query, textAt } from '../query.ts';
import type { SalesforceSession } from '../session.ts';
import { isOneOf, literal } from '../soql.ts';
import { integrationPermissionSet } from './permission-sets.ts';

/**
 * Gives the integration user its permission set.
 * @returns whether the user has it now; or Salesforce's code when it refuses, as for a user without the licence.
 */
export async function assignIntegrationUser(
  session: SalesforceSession,
  username: string,
  dryRun: boolean,
): Promise<boolean | { readonly code: string }> {
  const [user] = await query(session, 'query of User', `SELECT Id FROM User WHERE Username = ${literal(username)}`);
  const sets = await query(
    session,
    'query of PermissionSet',
    `SELECT Id FROM PermissionSet WHERE Name = ${literal(integrationPermissionSet)}`,
  );
  const userId = idOf(user);
  const setId = idOf(sets[0]);
  if (userId === null || setId === null) return false;
  const condition = `${isOneOf('AssigneeId', [userId])} AND ${isOneOf('PermissionSetId', [setId])}`;
  const there = await query(
    session,
    'query of PermissionSetAssignment',
    `SELECT Id FROM PermissionSetAssignment WHERE ${condition}`,
  );
  if (there.length > 0) return true;
  if (dryRun) return false;
  try {
    await session.call('create PermissionSetAssignment', (connection) =>
      connection.requestPost('/sobjects/PermissionSetAssignment', { AssigneeId: userId, PermissionSetId: setId }),
    );
    return true;
  } catch (thrown) {
    if (thrown instanceof SalesforceRefusal) return { code: thrown.error.code };
    throw thrown;
  }
}

function idOf(row: QueryRow | undefined): string | null {
  return row === undefined ? null : textAt(row, 'Id');
}

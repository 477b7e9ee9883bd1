import type { CrmFields } from '../crm.ts';
import { connectionFields, connectionObject } from '../data-model.ts';
import { crmFields, query } from './query.ts';
import type { SalesforceSession } from './session.ts';
import { isOneOf } from './soql.ts';

/** Reads every field of the connection's row; people change only Requested State there. */
export async function readConnectionRow(session: SalesforceSession, connection: string): Promise<CrmFields | null> {
  const fields = ['Id', ...Object.keys(connectionFields)];
  const soql = `SELECT ${fields.join(', ')} FROM ${connectionObject} WHERE ${isOneOf('Connection__c', [connection])}`;
  const [row] = await query(session, `query of ${connectionObject}`, soql, { priority: 'urgent' });
  return row === undefined ? null : crmFields(row, fields);
}

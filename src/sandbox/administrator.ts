import { Connection } from 'jsforce';
import type { SalesforceStandIn } from './salesforce/start-stand-in.ts';

export type StandInConnection = SalesforceStandIn['connection'];

/** The few calls that set-up and seeding make as the org's administrator, never the sync. */
export interface Administrator {
  readonly connection: Connection;
  /** @returns the new record's id */
  create(sobject: string, fields: Readonly<Record<string, unknown>>): Promise<string>;
  update(sobject: string, id: string, fields: Readonly<Record<string, unknown>>): Promise<void>;
  query(soql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

export async function connectAsAdministrator({ instanceUrl, accessToken }: StandInConnection): Promise<Administrator> {
  const connection = new Connection({ instanceUrl, accessToken, version: '62.0' });
  return {
    connection,
    async create(sobject, fields) {
      const result = await connection.sobject(sobject).create({ ...fields });
      if (!result.success) throw new Error(`The stand-in refused a ${sobject}: ${result.errors[0]?.message}`);
      return result.id;
    },
    async update(sobject, id, fields) {
      const result = await connection.sobject(sobject).update({ ...fields, Id: id });
      if (!result.success)
        throw new Error(`The stand-in refused a change of ${sobject} ${id}: ${result.errors[0]?.message}`);
    },
    async query(soql) {
      return (await connection.query(soql)).records;
    },
  };
}

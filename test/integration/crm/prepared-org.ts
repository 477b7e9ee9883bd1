import { after } from 'node:test';
import type { Crm } from '../../../src/crm/crm.ts';
import { createSalesforceCrm } from '../../../src/crm/salesforce/create-salesforce-crm.ts';
import { deployDataModel } from '../../../src/crm/salesforce/metadata/deploy-data-model.ts';
import { type SalesforceOptions, salesforceOptionsSchema } from '../../../src/crm/salesforce/options.ts';
import { createSession, type SalesforceSession } from '../../../src/crm/salesforce/session.ts';
import {
  type SalesforceStandIn,
  type StandInOptions,
  startSalesforceStandIn,
} from '../../../src/sandbox/salesforce/index.ts';

export interface PreparedOrg {
  readonly standIn: SalesforceStandIn;
  /** An administrator's session through our own client. */
  readonly administrator: SalesforceSession;
  /** Options of the integration user, with short windows. */
  options(overrides?: Record<string, unknown>): SalesforceOptions;
  /** A client of the integration user: one worker. */
  crm(overrides?: Record<string, unknown>): Crm;
}

const cleanUps: (() => Promise<void>)[] = [];
after(async () => {
  for (const cleanUp of cleanUps.toReversed()) await cleanUp();
});

/** A stand-in without the data model. */
export async function emptyOrg(standInOptions: StandInOptions = {}): Promise<PreparedOrg> {
  const standIn = await startSalesforceStandIn(standInOptions);
  cleanUps.push(() => standIn.close());
  const { loginUrl, instanceUrl, accessToken } = standIn.connection;
  const administrator = createSession(
    salesforceOptionsSchema.parse({
      loginUrl,
      auth: { kind: 'accessToken', instanceUrl, accessToken: { static: accessToken } },
    }),
  );
  cleanUps.push(() => administrator.close());
  const { clientId, clientSecret } = standIn.integrationUser;
  const options = (overrides: Record<string, unknown> = {}) =>
    salesforceOptionsSchema.parse({
      loginUrl,
      auth: { kind: 'clientCredentials', clientId: { static: clientId }, clientSecret: { static: clientSecret } },
      batch: { loneWindowMs: 5, backlogWindowMs: 50 },
      requestTimeoutMs: 5_000,
      ...overrides,
    });
  const crm = (overrides?: Record<string, unknown>) => {
    const client = createSalesforceCrm(options(overrides), { sleep: async () => {} });
    cleanUps.push(() => client.close());
    return client;
  };
  return { standIn, administrator, options, crm };
}

/** A stand-in with the data model, whose integration user has its permission set. */
export async function preparedOrg(standInOptions: StandInOptions = {}): Promise<PreparedOrg> {
  const org = await emptyOrg(standInOptions);
  const report = await deployDataModel(org.administrator, {
    dryRun: false,
    integrationUser: org.standIn.integrationUser.username,
  });
  const failed = report.failed.filter(({ required }) => required);
  if (failed.length > 0) throw new Error(`not deployed: ${JSON.stringify(failed)}`);
  return org;
}

export const byAceId = (value: string) => ({ externalId: 'ACE_Id__c', value });

/** What the org itself requires of a new opportunity. */
export const newOpportunity = (extra: Record<string, string | number | boolean | null> = {}) => ({
  Name: 'Project',
  StageName: 'Prospecting',
  CloseDate: '2026-12-31',
  ...extra,
});

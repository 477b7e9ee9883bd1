import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { mappedPaths } from '../client/mapped-paths.ts';
import { deployDataModel } from '../crm/salesforce/metadata/deploy-data-model.ts';
import { salesforceOptionsSchema } from '../crm/salesforce/options.ts';
import { createSession } from '../crm/salesforce/session.ts';
import { loadMapping } from '../mapping/compile.ts';
import type { SalesforceStandIn } from './salesforce/start-stand-in.ts';
import { defaultMappingPath, type IntegrationLogin } from './sandbox-connection.ts';

/**
 * Brings the data model into the stand-in as an administrator does on an org, and gives the integration user its
 * permission set. What is there already is left alone.
 */
export async function prepareOrg(
  salesforce: SalesforceStandIn,
  folder: string,
  say: (line: string) => void,
): Promise<IntegrationLogin> {
  const { connection, integrationUser } = salesforce;
  const secrets = join(resolve(folder), 'secrets');
  await mkdir(secrets, { recursive: true, mode: 0o700 });
  const accessToken = join(secrets, 'salesforce-administrator-token');
  await writeFile(accessToken, connection.accessToken, { mode: 0o600 });
  const session = createSession(
    salesforceOptionsSchema.parse({
      loginUrl: connection.loginUrl,
      auth: { kind: 'accessToken', accessToken: { file: accessToken }, instanceUrl: connection.instanceUrl },
    }),
  );
  try {
    const paths = mappedPaths(loadMapping(readFileSync(defaultMappingPath, 'utf8')));
    const report = await deployDataModel(session, {
      dryRun: false,
      integrationUser: integrationUser.username,
      paths,
    });
    const failed = report.failed.filter((component) => component.required);
    if (failed.length > 0) {
      throw new Error(`The stand-in refused ${failed.map(({ name, code }) => `${name} (${code})`).join(', ')}.`);
    }
    if (report.missing.length > 0) say(`Salesforce data model: ${report.missing.length} components created.`);
  } finally {
    await session.close();
  }
  return { clientId: integrationUser.clientId, clientSecret: integrationUser.clientSecret };
}

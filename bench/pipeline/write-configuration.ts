import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type Configuration, loadConfiguration } from '../../src/config/configuration.ts';
import { freePort } from '../../src/sandbox/local-services/free-port.ts';
import { defaultMappingPath, type IntegrationLogin } from '../../src/sandbox/sandbox-connection.ts';

export const spmsId = '654321';

interface Addresses {
  readonly temporal: { readonly address: string; readonly namespace: string };
  readonly bucket: {
    readonly bucket: string;
    readonly endpoint: string;
    readonly region: string;
    readonly partner: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  readonly salesforceUrl: string;
  readonly login: IntegrationLogin;
}

/**
 * Production's own settings, all defaults, but for the addresses, a page of metrics, and a detector that only works when it
 * is told to.
 */
export async function writeConfiguration(
  folder: string,
  { temporal, bucket, salesforceUrl, login }: Addresses,
): Promise<{ configPath: string; config: Configuration }> {
  const secret = async (name: string, value: string) => {
    const file = join(folder, `secret-${name}`);
    await writeFile(file, value, { mode: 0o600 });
    return { file };
  };
  const configPath = join(folder, 'ace-sync.yaml');
  await writeFile(
    configPath,
    stringify({
      connection: 'bench',
      installation: 'bench',
      mode: 'live',
      temporal: { address: temporal.address, namespace: temporal.namespace },
      ace: {
        spmsId,
        environment: 'beta',
        bucket: {
          name: bucket.bucket,
          region: bucket.region,
          endpoint: bucket.endpoint,
          credentials: { static: bucket.partner },
        },
      },
      salesforce: {
        loginUrl: salesforceUrl,
        auth: {
          kind: 'clientCredentials',
          clientId: await secret('id', login.clientId),
          clientSecret: await secret('secret', login.clientSecret),
        },
      },
      mapping: defaultMappingPath,
      journal: { folder: join(folder, 'journal') },
      worker: { metricsPort: await freePort(0) },
      hashKey: await secret('hash-key', 'the key of a benchmark, long enough to be taken'),
      timing: { detectInterval: 24 * 60 * 60 },
    }),
  );
  return { configPath, config: loadConfiguration(configPath) };
}

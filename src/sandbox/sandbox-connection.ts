import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import type { Sandbox } from './start-sandbox.ts';
import { sandboxSpmsId } from './start-sandbox.ts';

/** The mapping that is shipped, used as it is by the sandbox. */
export const defaultMappingPath = fileURLToPath(new URL('../../mappings/salesforce-default.yaml', import.meta.url));

/** The login that the sync runs with in the sandbox: least rights, not the administrator's. */
export interface IntegrationLogin {
  readonly clientId: string;
  readonly clientSecret: string;
}

/**
 * Seconds, so that a person sees things move: an accelerated hour passes in a minute, so scans come every few seconds
 * where production takes minutes.
 */
const sandboxTiming = {
  scanInterval: 5,
  detectInterval: 4,
  sweepInterval: 600,
  detectOverlap: 60,
  resultTimeLimit: 60,
  probeInterval: 3600,
  parkedProbeInterval: 3600,
  deliverInterval: 20,
};

/**
 * Writes the configuration by which the worker and every other command reach the sandbox, with its secrets in files
 * beside it. Ports can differ at each start, so it is written at each start; the hash key is made once.
 */
export async function writeSandboxConnection(
  folder: string,
  sandbox: Sandbox,
  login: IntegrationLogin,
): Promise<string> {
  const { temporal, bucket, salesforce } = sandbox;
  if (temporal === null || bucket === null || salesforce === null) {
    throw new Error('The sandbox connection needs Temporal, the bucket and the Salesforce stand-in.');
  }
  const secrets = join(resolve(folder), 'secrets');
  await mkdir(secrets, { recursive: true, mode: 0o700 });
  const secret = async (name: string, value: string) => {
    const file = join(secrets, name);
    await replaceFile(file, value);
    return { file };
  };
  const hashKeyFile = join(secrets, 'hash-key');
  if (!existsSync(hashKeyFile)) await replaceFile(hashKeyFile, randomBytes(32).toString('base64'));
  const configuration = {
    connection: 'sandbox',
    installation: 'sbx',
    mode: 'live',
    temporal: { address: temporal.address, namespace: temporal.namespace },
    ace: {
      spmsId: sandboxSpmsId,
      environment: 'beta',
      payloadVersion: 2,
      bucket: {
        name: bucket.bucket,
        region: bucket.region,
        endpoint: sandbox.ace?.partnerEndpoint ?? bucket.endpoint,
        credentials: {
          accessKeyId: await secret('bucket-access-key-id', bucket.partner.accessKeyId),
          secretAccessKey: await secret('bucket-secret-access-key', bucket.partner.secretAccessKey),
        },
      },
    },
    salesforce: {
      loginUrl: salesforce.connection.loginUrl,
      auth: {
        kind: 'clientCredentials',
        clientId: await secret('salesforce-client-id', login.clientId),
        clientSecret: await secret('salesforce-client-secret', login.clientSecret),
      },
      batch: { backlogWindowMs: 500 },
    },
    mapping: defaultMappingPath,
    journal: { folder: join(resolve(folder), 'journal') },
    hashKey: { file: hashKeyFile },
    timing: sandboxTiming,
    tryAgain: { after: 30 },
  };
  const path = join(resolve(folder), 'ace-sync.yaml');
  await replaceFile(path, `# Written by ace-sync start: the sandbox's connection.\n${stringify(configuration)}`);
  return path;
}

/** Written beside and renamed, so that a reader never sees half a file. */
async function replaceFile(path: string, text: string): Promise<void> {
  const draft = `${path}.draft`;
  await writeFile(draft, text, { mode: 0o600 });
  await rename(draft, path);
}

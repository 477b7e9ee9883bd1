import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DeleteObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Client } from '@temporalio/client';
import { stringify } from 'yaml';
import { connectTemporal } from '../../src/client/connect.ts';
import { type Configuration, loadConfiguration } from '../../src/config/configuration.ts';
import type { StandInConnection } from '../../src/sandbox/administrator.ts';
import {
  createSupervisor,
  provisionAceBucket,
  startTemporal,
  startVersitygw,
} from '../../src/sandbox/local-services/index.ts';
import { defaultMappingPath, type IntegrationLogin } from '../../src/sandbox/sandbox-connection.ts';
import { type CountingProxy, startCountingProxy } from './counting-proxy.ts';

export const spmsId = '654321';

/** Real servers in processes of their own, behind proxies that count and delay. */
export interface BenchStack {
  readonly folder: string;
  readonly configPath: string;
  readonly config: Configuration;
  readonly client: Client;
  readonly s3: CountingProxy;
  readonly salesforce: CountingProxy;
  readonly bucket: string;
  /** ACE's hands: not counted, not delayed. */
  readonly ace: S3Client;
  /** The partner's S3 keys, for the peers. */
  readonly partner: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly org: StandInConnection;
  putOutbound(name: string, body: string): Promise<void>;
  countOutbound(): Promise<number>;
  emptyOutbound(): Promise<void>;
  close(): Promise<void>;
}

export async function startBenchStack(say: (line: string) => void): Promise<BenchStack> {
  const folder = await mkdtemp(join(tmpdir(), 'ace-sync-bench-'));
  const supervisor = createSupervisor();
  const common = { supervisor, dataFolder: folder, onProgress: say };
  const [temporal, server] = await Promise.all([
    startTemporal({ ...common, port: 0, uiPort: 0 }),
    startVersitygw({ ...common, port: 0 }),
  ]);
  const bucket = await provisionAceBucket(server, { spmsId, dataFolder: folder });
  const standIn = fork(fileURLToPath(new URL('./stand-in-process.ts', import.meta.url)), [folder]);
  const [message] = (await once(standIn, 'message')) as [{ connection: StandInConnection; login: IntegrationLogin }];
  const s3 = await startCountingProxy({
    target: bucket.endpoint,
    kindOf: (method, path) =>
      `${method}${path.includes('list-type') ? ' list' : path.includes('tagging') ? ' tags' : ''}`,
  });
  const salesforce = await startCountingProxy({
    target: message.connection.instanceUrl,
    // Logging in happens once and is no part of the work.
    kindOf: (method, path) =>
      path.startsWith('/services/data/') ? `${method} ${path.split('?')[0]?.split('/').slice(4, 6).join('/')}` : null,
    rewrite: (_path, body) => body.replaceAll(message.connection.instanceUrl, salesforce.url),
  });
  const { configPath, config } = await writeConfiguration(
    folder,
    temporal,
    { ...bucket, endpoint: s3.url },
    salesforce.url,
    message.login,
  );
  const connected = await connectTemporal(config);
  const ace = new S3Client({
    region: bucket.region,
    endpoint: bucket.endpoint,
    forcePathStyle: true,
    credentials: bucket.ace,
  });
  const prefix = 'opportunity-outbound/';

  async function keys(): Promise<string[]> {
    const found: string[] = [];
    let token: string | undefined;
    do {
      const page = await ace.send(
        new ListObjectsV2Command({ Bucket: bucket.bucket, Prefix: prefix, ContinuationToken: token }),
      );
      found.push(...(page.Contents ?? []).flatMap(({ Key, Size }) => (Key !== undefined && Size !== 0 ? [Key] : [])));
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return found;
  }

  return {
    folder,
    configPath,
    config,
    client: connected.client,
    s3,
    salesforce,
    bucket: bucket.bucket,
    ace,
    partner: bucket.partner,
    org: { ...message.connection, instanceUrl: salesforce.url, loginUrl: salesforce.url },
    async putOutbound(name, body) {
      await ace.send(new PutObjectCommand({ Bucket: bucket.bucket, Key: prefix + name, Body: Buffer.from(body) }));
    },
    countOutbound: async () => (await keys()).length,
    async emptyOutbound() {
      for (const Key of await keys()) await ace.send(new DeleteObjectCommand({ Bucket: bucket.bucket, Key }));
    },
    async close() {
      await connected.close();
      ace.destroy();
      await Promise.all([s3.close(), salesforce.close(), endChild(standIn)]);
      await supervisor.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function writeConfiguration(
  folder: string,
  temporal: { readonly address: string; readonly namespace: string },
  bucket: {
    readonly bucket: string;
    readonly endpoint: string;
    readonly region: string;
    readonly partner: BenchStack['partner'];
  },
  salesforceUrl: string,
  login: IntegrationLogin,
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
      // Production's own batching: the defaults.
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
      hashKey: await secret('hash-key', 'the key of a benchmark, long enough to be taken'),
    }),
  );
  return { configPath, config: loadConfiguration(configPath) };
}

async function endChild(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.disconnect();
  await ended;
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Client } from '@temporalio/client';
import { connectTemporal } from '../../src/client/connect.ts';
import type { Configuration } from '../../src/config/configuration.ts';
import { connectAceSimulator } from '../../src/sandbox/ace/connect.ts';
import type { AceOperations } from '../../src/sandbox/ace/operations.ts';
import { type Administrator, connectAsAdministrator, type StandInConnection } from '../../src/sandbox/administrator.ts';
import {
  createSupervisor,
  provisionAceBucket,
  startTemporal,
  startVersitygw,
} from '../../src/sandbox/local-services/index.ts';
import type { IntegrationLogin } from '../../src/sandbox/sandbox-connection.ts';
import { type BenchChild, startChild } from './child-process.ts';
import { type CountingProxy, startCountingProxy } from './counting-proxy.ts';
import { spmsId, writeConfiguration } from './write-configuration.ts';

/** Real servers in processes of their own, behind proxies that count and delay. */
export interface BenchStack {
  readonly folder: string;
  readonly configPath: string;
  readonly config: Configuration;
  readonly client: Client;
  readonly s3: CountingProxy;
  readonly salesforce: CountingProxy;
  /** Folder in which the S3 server keeps the bucket's objects as files. */
  readonly objects: string;
  readonly bucket: string;
  /** ACE's hands, neither counted nor delayed. */
  readonly awsS3: S3Client;
  readonly ace: AceOperations;
  /** A person's hands in the CRM, neither counted nor delayed. */
  readonly administrator: Administrator;
  /** The partner's S3 keys, for the peers. */
  readonly partner: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly org: StandInConnection;
  readonly standInPid: number;
  putOutbound(name: string, body: string, tagging?: string): Promise<void>;
  /** Keys in a folder of the bucket, its placeholder left out. */
  keys(folder: string): Promise<string[]>;
  /** By a listing of two keys: it is asked again and again while the sync works, and must not take its processor. */
  isEmpty(folder: string): Promise<boolean>;
  empty(folder: string): Promise<void>;
  /** Does something at the end of the run, before everything that was started earlier ends. */
  atEnd(end: () => Promise<void>): void;
  close(): Promise<void>;
}

export const outboundFolder = 'opportunity-outbound/';
export const inboundFolder = 'opportunity-inbound/';
export const resultsFolder = 'opportunity-inbound-processed-results/';

export async function startBenchStack(say: (line: string) => void): Promise<BenchStack> {
  const folder = await mkdtemp(join(tmpdir(), 'ace-sync-bench-'));
  const ends: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  let closing: Promise<void> | null = null;
  const endAll = async () => {
    const failures: unknown[] = [];
    for (const end of ends.splice(0).toReversed()) await end().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw new AggregateError(failures, 'Not everything of the bench could be ended.');
  };
  // Interrupted in the middle, the run fails while it is being closed, and waits for the same end.
  const close = () => {
    closing ??= endAll();
    return closing;
  };
  try {
    return { ...(await startOn(folder, ends, say)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startOn(
  folder: string,
  ends: (() => Promise<unknown>)[],
  say: (line: string) => void,
): Promise<Omit<BenchStack, 'close'>> {
  const supervisor = createSupervisor();
  ends.push(() => supervisor.stop());
  const common = { supervisor, dataFolder: folder, onProgress: say };
  const [temporal, server] = await Promise.all([
    startTemporal({ ...common, port: 0, uiPort: 0 }),
    startVersitygw({ ...common, port: 0 }),
  ]);
  const bucket = await provisionAceBucket(server, { spmsId, dataFolder: folder });
  const child = async <Message>(script: string, args: readonly string[]): Promise<BenchChild<Message>> => {
    const started = await startChild<Message>(script, args, join(folder, 'children.log'));
    ends.push(() => started.stop());
    return started;
  };
  const standIn = await child<{ connection: StandInConnection; login: IntegrationLogin }>('./stand-in-process.ts', [
    folder,
  ]);
  const { connection, login } = standIn.ready;
  const direct = { endpoint: bucket.endpoint, region: bucket.region };
  const ace = await child<string>('./ace-process.ts', [
    JSON.stringify({ ...direct, ...bucket.ace }),
    bucket.bucket,
    spmsId,
    join(folder, 'ace'),
  ]);
  const s3 = await startCountingProxy({
    target: bucket.endpoint,
    kindOf: (method, path) =>
      `${method}${path.includes('list-type') ? ' list' : path.includes('tagging') ? ' tags' : ''}`,
  });
  const salesforce = await startCountingProxy({
    target: connection.instanceUrl,
    // Logging in happens once and is no part of the work.
    kindOf: (method, path) =>
      path.startsWith('/services/data/') ? `${method} ${path.split('?')[0]?.split('/').slice(4, 6).join('/')}` : null,
    rewrite: (_path, body) => body.replaceAll(connection.instanceUrl, salesforce.url),
  });
  ends.push(() => Promise.all([s3.close(), salesforce.close()]));
  const addresses = { temporal, bucket: { ...bucket, endpoint: s3.url }, salesforceUrl: salesforce.url, login };
  const { configPath, config } = await writeConfiguration(folder, addresses);
  const connected = await connectTemporal(config);
  ends.push(() => connected.close());
  const awsS3 = new S3Client({ ...direct, forcePathStyle: true, credentials: bucket.ace });
  ends.push(async () => awsS3.destroy());
  const Bucket = bucket.bucket;

  async function keys(prefix: string): Promise<string[]> {
    const found: string[] = [];
    let token: string | undefined;
    do {
      const page = await awsS3.send(
        new ListObjectsV2Command({
          Bucket,
          Prefix: prefix,
          ...(token === undefined ? {} : { ContinuationToken: token }),
        }),
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
    objects: join(folder, 'versitygw', 'objects', Bucket),
    bucket: Bucket,
    awsS3,
    ace: connectAceSimulator(ace.ready),
    administrator: await connectAsAdministrator(connection),
    partner: bucket.partner,
    org: { ...connection, instanceUrl: salesforce.url, loginUrl: salesforce.url },
    standInPid: standIn.pid,
    async putOutbound(name, body, tagging) {
      const tags = tagging === undefined ? {} : { Tagging: tagging };
      await awsS3.send(new PutObjectCommand({ Bucket, Key: outboundFolder + name, Body: Buffer.from(body), ...tags }));
    },
    keys,
    async isEmpty(prefix) {
      const page = await awsS3.send(new ListObjectsV2Command({ Bucket, Prefix: prefix, MaxKeys: 2 }));
      return (page.Contents ?? []).every(({ Size }) => Size === 0);
    },
    async empty(prefix) {
      for (const Key of await keys(prefix)) await awsS3.send(new DeleteObjectCommand({ Bucket, Key }));
    },
    atEnd: (end) => void ends.push(end),
  };
}

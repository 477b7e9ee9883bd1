import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { AceObject, AceRecord } from '../../../src/ace/ace-record.ts';
import { aceFolders } from '../../../src/bucket/folders.ts';
import type { SimulatorOptions } from '../../../src/sandbox/ace/options.ts';
import { type AceSimulator, startAceSimulator } from '../../../src/sandbox/ace/simulator.ts';
import type { SwitchChanges } from '../../../src/sandbox/ace/switches.ts';
import { freshAceBucket, type TestAceBucket } from '../../support/shared-stack.ts';

/** Noon, so that stepping an hour never crosses a day by chance. */
export const start = '2026-03-02T12:00:00.000Z';

const cleanUps: (() => Promise<void>)[] = [];
after(async () => {
  for (const cleanUp of cleanUps.toReversed()) await cleanUp();
});

export interface Result {
  readonly success: unknown;
  readonly isApiError: unknown;
  readonly fileName: unknown;
  readonly fileApnProcessedDT: string;
  readonly inboundApiResults: readonly {
    readonly partnerCrmUniqueIdentifier: string | null;
    readonly apnCrmUniqueIdentifier: string | null;
    readonly isSuccess: boolean;
    readonly errors: readonly string[] | null;
  }[];
}

/** A simulator on a bucket of its own, used as a partner would: through S3 with the partner's key. */
export interface SimulatedAce {
  readonly ace: AceSimulator;
  readonly options: SimulatorOptions;
  readonly bucket: TestAceBucket;
  /** Uploads records in one file and lets ACE process it; gives the whole result file. */
  send(object: AceObject, records: readonly AceRecord[], version?: string): Promise<Result>;
  /** As `send` with one record; gives its result. */
  sendOne(object: AceObject, record: AceRecord): Promise<Result['inboundApiResults'][number]>;
  /** Uploads bytes under a name and lets ACE process them. */
  upload(object: AceObject, name: string, text: string | Buffer): Promise<void>;
  /** Lets ACE export and takes all outbound records of the object, deleting the files as a partner does. */
  outbound(object: AceObject): Promise<readonly AceRecord[]>;
  /** Names (without folder) in a folder. */
  names(folder: string): Promise<readonly string[]>;
  read(key: string): Promise<string>;
}

export async function simulateAce(
  version: 1 | 2,
  switches: SwitchChanges = {},
  more: Partial<SimulatorOptions> = {},
): Promise<SimulatedAce> {
  const bucket = await freshAceBucket();
  const { provisioned, spmsId } = bucket;
  const folder = await mkdtemp(path.join(tmpdir(), 'ace-simulator-'));
  const options: SimulatorOptions = {
    s3: { endpoint: provisioned.endpoint, region: provisioned.region, ...provisioned.ace },
    bucket: provisioned.bucket,
    spmsId,
    folder,
    payloadVersion: version,
    seed: 7,
    clock: { kind: 'stepped', start },
    switches: { review: 'hand', ...switches },
    ...more,
  };
  const ace = await startAceSimulator(options);
  cleanUps.push(async () => {
    await ace.stop();
    await rm(folder, { recursive: true, force: true });
  });
  return { ace, options, bucket, ...partnerOf(bucket, ace, version) };
}

/** The partner's side of a bucket, with file names that are never used twice. */
export function partnerOf(
  { partner, spmsId, provisioned }: TestAceBucket,
  ace: AceSimulator,
  version: 1 | 2,
): Omit<SimulatedAce, 'ace' | 'options' | 'bucket'> {
  let sent = 0;
  // The bucket room refuses to put what ACE refuses, and does not list empty objects; these tests need both.
  const s3 = new S3Client({
    endpoint: provisioned.endpoint,
    region: provisioned.region,
    credentials: provisioned.partner,
    forcePathStyle: true,
  });
  cleanUps.push(async () => s3.destroy());
  const list = async (folder: string) => (await partner.list(folder)).objects.filter(({ key }) => !key.endsWith('/'));
  const read = async (key: string): Promise<string> => {
    const object = (await list(key)).find((candidate) => candidate.key === key);
    if (object === undefined) throw new Error(`Expected the object ${key}.`);
    return (await partner.get(object)).toString('utf8');
  };
  const upload = async (object: AceObject, name: string, text: string | Buffer): Promise<void> => {
    await s3.send(
      new PutObjectCommand({
        Bucket: provisioned.bucket,
        Key: `${aceFolders[object].inbound}${name}`,
        Body: Buffer.from(text),
        ACL: 'bucket-owner-full-control',
      }),
    );
    await ace.processInbound();
  };
  const send = async (object: AceObject, records: readonly AceRecord[], wire = String(version)): Promise<Result> => {
    sent += 1;
    const name = `test-${sent}_03022026120000`;
    const key = object === 'lead' ? 'leads' : 'opportunities';
    await upload(object, `${name}.json`, JSON.stringify({ version: wire, spmsId, [key]: records }));
    return JSON.parse(await read(`${aceFolders[object].processedResults}${name}_result.json`)) as Result;
  };
  return {
    send,
    upload,
    read,
    async sendOne(object, record) {
      const { inboundApiResults } = await send(object, [record]);
      const [result] = inboundApiResults;
      if (result === undefined) throw new Error('Expected one result.');
      return result;
    },
    async outbound(object) {
      await ace.exportNow();
      const records: AceRecord[] = [];
      for (const file of await list(aceFolders[object].outbound)) {
        const envelope = JSON.parse((await partner.get(file)).toString('utf8')) as Record<string, AceRecord[]>;
        records.push(...(envelope[object === 'lead' ? 'leads' : 'opportunities'] ?? []));
        await partner.delete(file);
      }
      return records;
    },
    async names(folder) {
      const page = await s3.send(new ListObjectsV2Command({ Bucket: provisioned.bucket, Prefix: folder }));
      const keys = (page.Contents ?? []).map(({ Key }) => String(Key).slice(folder.length));
      return keys.filter((name) => name !== '');
    },
  };
}

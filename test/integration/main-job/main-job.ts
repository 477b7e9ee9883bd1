import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { stringify } from 'yaml';
import { uploadWorkflowId } from '../../../src/activities/signal-upload.ts';
import type { AceBucket } from '../../../src/bucket/ace-bucket.ts';
import { createAceBucket } from '../../../src/bucket/ace-bucket.ts';
import { connectTemporal } from '../../../src/client/connect.ts';
import { detectorWorkflowId, ensureDetector } from '../../../src/client/schedules.ts';
import { type ConnectionStatus, readStatus } from '../../../src/client/status.ts';
import { type Configuration, loadConfiguration } from '../../../src/config/configuration.ts';
import { type SharedObject, sharedObjects } from '../../../src/crm/crm.ts';
import { createJournal, type OutcomeLine } from '../../../src/journal/journal.ts';
import { type AceSimulator, startAceSimulator } from '../../../src/sandbox/ace/simulator.ts';
import type { SwitchChanges } from '../../../src/sandbox/ace/switches.ts';
import { type Administrator, connectAsAdministrator } from '../../../src/sandbox/administrator.ts';
import { prepareOrg } from '../../../src/sandbox/prepare-org.ts';
import {
  type SalesforceStandIn,
  type StandInOptions,
  startSalesforceStandIn,
} from '../../../src/sandbox/salesforce/index.ts';
import { defaultMappingPath } from '../../../src/sandbox/sandbox-connection.ts';
import { detectNow, detectorState, type ScanResult } from '../../../src/workflows/messages.ts';
import { freshAceBucket, sharedStack, uniqueName, whenDone } from '../../support/shared-stack.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { startWorkerProcess, type WorkerProcess } from './worker-process.ts';

export interface MainJobOptions {
  readonly switches?: SwitchChanges;
  /** Seconds, in place of the test's own; see `timing` of the configuration. */
  readonly timing?: Partial<Configuration['timing']>;
  readonly mode?: Configuration['mode'];
  /** Further parts of the configuration file, in place of the test's own. */
  readonly configuration?: Readonly<Record<string, unknown>>;
  /** Keys that encrypt payloads, as the configuration takes them. */
  readonly payloadKey?: Configuration['temporal']['payloadKey'];
  /** The same seed gives the same records at ACE. */
  readonly seed?: number;
  /** What the mapping is, made from the shipped one, with the org that it is for. */
  readonly mapping?: (shipped: string, org: SalesforceStandIn) => string;
  readonly org?: StandInOptions;
  /** Over the test's own connection to Salesforce; see `salesforce` of the configuration. */
  readonly salesforce?: Readonly<Record<string, unknown>>;
}

export type Rows = readonly Readonly<Record<string, unknown>>[];

/**
 * The main job of one connection, everything real: Temporal and S3 server of the test run, a simulated ACE whose clock
 * moves only when the test steps it, a Salesforce stand-in in memory, and a worker in a process of its own.
 */
export interface MainJob {
  readonly config: Configuration;
  /** Path of the configuration file. */
  readonly configPath: string;
  readonly client: Client;
  readonly ace: AceSimulator;
  readonly standIn: SalesforceStandIn;
  readonly crm: Administrator;
  /** The bucket as the partner sees it, past the fault proxy. */
  readonly bucket: AceBucket;
  /** The bucket as AWS sees it. */
  readonly awsBucket: AceBucket;
  readonly worker: WorkerProcess;
  /** Scans every folder once, as the schedules do. */
  scan(): Promise<readonly ScanResult[]>;
  /** Lets ACE take its inbound files, scans and detects until nothing moves any more. */
  settle(): Promise<void>;
  /** One more round of change detection than before. */
  detect(): Promise<number>;
  status(): Promise<ConnectionStatus>;
  outcomes(): Promise<readonly OutcomeLine[]>;
  uploadId(crmId: string, object?: SharedObject): string;
  query(soql: string): Promise<Rows>;
  /** Names in a folder of the bucket, without the folder. */
  names(folder: string): Promise<readonly string[]>;
}

/** Short where a test waits for it, long where a test wants to see that nobody waited for it. */
const testTiming: Configuration['timing'] = {
  scanInterval: 3600,
  detectInterval: 3600,
  sweepInterval: 86_400,
  detectOverlap: 60,
  resultTimeLimit: 3600,
  probeInterval: 3600,
  parkedProbeInterval: 3600,
  deliverInterval: 3,
};

export async function startMainJob(options: MainJobOptions = {}): Promise<MainJob> {
  const { temporal } = await sharedStack();
  const { provisioned, spmsId, partner, ace: awsBucket } = await freshAceBucket();
  const folder = await mkdtemp(join(tmpdir(), 'ace-sync-main-job-'));
  whenDone(() => rm(folder, { recursive: true, force: true }));
  const ace = await startAceSimulator({
    s3: { endpoint: provisioned.endpoint, region: provisioned.region, ...provisioned.ace },
    bucket: provisioned.bucket,
    spmsId,
    folder: join(folder, 'ace'),
    payloadVersion: 2,
    seed: options.seed ?? 1,
    clock: { kind: 'stepped', start: new Date().toISOString() },
    switches: { review: 'hand', exportPaused: true, ...options.switches },
    faultProxyPort: 0,
  });
  whenDone(() => ace.stop());
  const standIn = await startSalesforceStandIn(options.org);
  whenDone(() => standIn.close());
  const login = await prepareOrg(standIn, folder, () => {});
  const bucket = {
    name: provisioned.bucket,
    region: provisioned.region,
    endpoint: ace.partnerEndpoint,
    credentials: {
      accessKeyId: await secret('bucket-key-id', provisioned.partner.accessKeyId),
      secretAccessKey: await secret('bucket-key', provisioned.partner.secretAccessKey),
    },
  };
  const taskQueue = uniqueName('main-job');
  const mapping = join(folder, 'mapping.yaml');
  const shipped = await readFile(defaultMappingPath, 'utf8');
  await writeFile(mapping, options.mapping?.(shipped, standIn) ?? shipped);
  const path = join(folder, 'ace-sync.yaml');
  await writeFile(
    path,
    stringify({
      connection: uniqueName('t'),
      installation: 'test',
      mode: options.mode ?? 'live',
      temporal: { address: temporal.address, namespace: temporal.namespace, taskQueue, payloadKey: options.payloadKey },
      ace: { spmsId, environment: 'beta', payloadVersion: 2, bucket },
      salesforce: {
        loginUrl: standIn.connection.loginUrl,
        auth: {
          kind: 'clientCredentials',
          clientId: await secret('client-id', login.clientId),
          clientSecret: await secret('client-secret', login.clientSecret),
        },
        batch: { loneWindowMs: 5, backlogWindowMs: 20 },
        retry: { rowLockMs: 200, unavailableMs: 200, connectionMs: 500 },
        ...options.salesforce,
      },
      mapping,
      journal: { folder: join(folder, 'journal') },
      hashKey: await secret('hash-key', 'a key that is used in tests only'),
      timing: { ...testTiming, ...options.timing },
      tryAgain: { after: 1 },
      ...options.configuration,
    }),
  );
  const config = loadConfiguration(path);
  const connected = await connectTemporal(config);
  whenDone(() => connected.close());
  const { client } = connected;
  const worker = startWorkerProcess(path, join(folder, 'worker.log'));
  whenDone(() => worker.stop());
  const crm = await connectAsAdministrator(standIn.connection);
  const direct = createAceBucket({ ...config.ace.bucket, endpoint: provisioned.endpoint });
  whenDone(async () => direct.close());
  if (config.mode === 'live') {
    await ensureDetector(client, config);
    whenDone(async () => {
      await client.workflow.getHandle(detectorWorkflowId(config.connection)).terminate('The test is done.');
    });
  }

  const journal = createJournal(config.journal);
  const outcomes = () => journal.outcomes();
  const status = async () => readStatus(client, config.connection, await outcomes());

  async function scan(): Promise<readonly ScanResult[]> {
    const scans = ['scanOutbound', 'scanResults'].flatMap((workflow) =>
      sharedObjects.map((object) =>
        client.workflow.execute(workflow, {
          workflowId: uniqueName(`${config.connection}/${workflow}`),
          taskQueue,
          args: [{ connection: config.connection, object }],
        }),
      ),
    );
    return (await Promise.all(scans)) as readonly ScanResult[];
  }

  async function detect(): Promise<number> {
    const handle = client.workflow.getHandle(detectorWorkflowId(config.connection));
    const state = async () => handle.query(detectorState).catch(() => null);
    const before = await waitUntil('the detector answers', state);
    await handle.signal(detectNow);
    const after = await waitUntil(
      'a round of detection',
      async () => {
        const now = await state();
        // The detector counts anew after some hundred rounds.
        return now !== null && now.lastRound !== null && now.lastRound !== before.lastRound ? now : null;
        // A round that was cut short by a kill starts again only after its heartbeat time limit of two minutes.
      },
      240_000,
    );
    return after.rounds > before.rounds ? after.signalled - before.signalled : after.signalled;
  }

  async function settle(): Promise<void> {
    let quiet = 0;
    await waitUntil(
      'nothing moves any more',
      async () => {
        // ACE's clock must move: two results of one moment would have no order.
        await ace.step({ seconds: 2 });
        const scans = await scan();
        const signalled = config.mode === 'live' ? await detect() : 0;
        const { working } = await status();
        const still =
          signalled === 0 && working === 0 && scans.every(({ started, restarted }) => started + restarted === 0);
        quiet = still ? quiet + 1 : 0;
        return quiet >= 2;
      },
      240_000,
    );
  }

  return {
    config,
    configPath: path,
    client,
    ace,
    standIn,
    crm,
    bucket: direct,
    awsBucket,
    worker,
    scan,
    settle,
    detect,
    status,
    outcomes,
    uploadId: (crmId, object = 'opportunity') => uploadWorkflowId(config.connection, object, crmId),
    query: (soql) => crm.query(soql),
    names: async (prefix) => (await partner.list(prefix)).objects.map(({ key }) => key.slice(prefix.length)),
  };

  async function secret(name: string, value: string): Promise<{ file: string }> {
    const file = join(folder, name);
    await writeFile(file, value, { mode: 0o600 });
    return { file };
  }
}

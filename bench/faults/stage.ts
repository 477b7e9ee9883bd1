import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import { stringify } from 'yaml';
import { connectTemporal, type TemporalConnection } from '../../src/client/connect.ts';
import { ensureDetector, ensureSchedules } from '../../src/client/schedules.ts';
import { type Configuration, loadConfiguration } from '../../src/config/configuration.ts';
import type { AceSimulator } from '../../src/sandbox/ace/simulator.ts';
import { type Administrator, connectAsAdministrator } from '../../src/sandbox/administrator.ts';
import {
  createSupervisor,
  type ProvisionedAceBucket,
  type SupervisedChild,
  startTemporal,
  type TemporalService,
} from '../../src/sandbox/local-services/index.ts';
import { prepareOrg } from '../../src/sandbox/prepare-org.ts';
import type { SalesforceStandIn } from '../../src/sandbox/salesforce/index.ts';
import { defaultMappingPath } from '../../src/sandbox/sandbox-connection.ts';
import { sandboxSpmsId, startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { buildWorkerBundle } from './build-worker-bundle.ts';
import type { FaultOptions } from './options.ts';
import { persistent } from './persistent-user.ts';

/** Everything of one run: servers, two worker processes, and the doors by which people and trouble come in. */
export interface Stage {
  readonly folder: string;
  readonly config: Configuration;
  readonly ace: AceSimulator;
  readonly standIn: SalesforceStandIn;
  readonly bucket: ProvisionedAceBucket;
  readonly administrator: Administrator;
  readonly workers: readonly StagedWorker[];
  readonly taskQueue: string;
  client(): Client;
  temporalAddress(): string;
  restartTemporal(): Promise<void>;
  /** Deletes the database; namespace, schedules and detector are prepared again, as `ace-sync start` does. */
  loseTemporal(): Promise<void>;
  stop(): Promise<void>;
}

export interface StagedWorker {
  readonly child: SupervisedChild;
  readonly logFile: string;
  /** File that arms the next crash of this worker. */
  readonly crashFile: string;
}

const workerCount = 2;
const connection = 'faults';

/** Seconds at `waits` 1. The overlap covers what the stand-in shows late. */
const timing = {
  scanInterval: 3,
  detectInterval: 2,
  sweepInterval: 30,
  detectOverlap: 20,
  resultTimeLimit: 15,
  probeInterval: 20,
  parkedProbeInterval: 15,
  deliverInterval: 5,
};

export async function startStage(folder: string, options: FaultOptions, say: (line: string) => void): Promise<Stage> {
  const sandbox = await startSandbox({ folder, seed: options.seed, clockFactor: 120 / options.waits, onProgress: say });
  const ends: (() => Promise<void>)[] = [() => sandbox.stop()];
  const stop = async () => {
    for (const end of ends.splice(0).toReversed()) await end();
  };
  try {
    const { ace, salesforce: standIn, bucket } = sandbox;
    if (ace === null || standIn === null || bucket === null || sandbox.temporal === null) {
      throw new Error('The harness needs the whole sandbox.');
    }
    standIn.usage.settings.dailyApiRequests = 100_000_000;
    const login = await prepareOrg(standIn, folder, say);
    const configFile = await writeConfiguration(folder, sandbox.temporal, bucket, ace, standIn, login, options.waits);
    const config = loadConfiguration(configFile);
    const bundle = await buildWorkerBundle(folder, options.waits);
    const administrator = persistent(await connectAsAdministrator(standIn.connection));

    let temporal: TemporalService = sandbox.temporal;
    let connected: TemporalConnection = await connectTemporal(config);
    ends.push(() => connected.close());
    await ensureSchedules(connected.client, config);
    await ensureDetector(connected.client, config);

    const workers = await startWorkers(folder, configFile, bundle, ends);
    // The sandbox's own supervisor stops its servers at the end; a server that was lost gets one of its own.
    const temporals = createSupervisor();
    ends.push(() => temporals.stop());

    return {
      folder,
      config,
      ace,
      standIn,
      bucket,
      administrator,
      workers,
      taskQueue: config.temporal.taskQueue,
      client: () => connected.client,
      temporalAddress: () => config.temporal.address,
      async restartTemporal() {
        temporal.child?.kill('SIGKILL');
      },
      async loseTemporal() {
        const { port, uiPort } = temporal;
        await temporal.stop();
        for (const ending of ['', '-wal', '-shm'])
          await rm(join(folder, 'temporal', `temporal.db${ending}`), { force: true });
        temporal = await startTemporal({ supervisor: temporals, dataFolder: folder, port, uiPort });
        await connected.close();
        connected = await connectTemporal(config);
        await ensureSchedules(connected.client, config);
        await ensureDetector(connected.client, config);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startWorkers(
  folder: string,
  configFile: string,
  bundle: string,
  ends: (() => Promise<void>)[],
): Promise<readonly StagedWorker[]> {
  // A worker may be killed as often as the day wants; what starts it again never gives up.
  const supervisor = createSupervisor({ restartPausesMs: Array.from({ length: 1000 }, () => 100) });
  ends.push(() => supervisor.stop());
  const commandLine = fileURLToPath(new URL('../../src/client/cli.ts', import.meta.url));
  const workers: StagedWorker[] = [];
  for (let number = 1; number <= workerCount; number += 1) {
    const logFile = join(folder, 'logs', `worker-${number}.log`);
    const crashFile = join(folder, `crash-worker-${number}`);
    const child = await supervisor.start({
      name: `worker-${number}`,
      command: process.execPath,
      args: [commandLine, 'worker', '--config', configFile],
      env: {
        TEMPORAL_ADDRESS: '',
        TEMPORAL_NAMESPACE: '',
        ACE_SYNC_WORKFLOW_BUNDLE: bundle,
        ACE_SYNC_CRASH_FILE: crashFile,
      },
      logFile,
      graceMs: 3_000,
    });
    workers.push({ child, logFile, crashFile });
  }
  return workers;
}

async function writeConfiguration(
  folder: string,
  temporal: TemporalService,
  bucket: ProvisionedAceBucket,
  ace: AceSimulator,
  standIn: SalesforceStandIn,
  login: { readonly clientId: string; readonly clientSecret: string },
  waits: number,
): Promise<string> {
  const secret = async (name: string, value: string) => {
    const file = join(folder, 'secrets', name);
    await writeFile(file, value, { mode: 0o600 });
    return { file };
  };
  const scaled = Object.fromEntries(Object.entries(timing).map(([name, seconds]) => [name, seconds * waits]));
  const path = join(folder, 'ace-sync.yaml');
  await writeFile(
    path,
    stringify({
      connection,
      installation: 'flt',
      mode: 'live',
      temporal: { address: temporal.address, namespace: temporal.namespace },
      ace: {
        spmsId: sandboxSpmsId,
        environment: 'beta',
        payloadVersion: 2,
        bucket: {
          name: bucket.bucket,
          region: bucket.region,
          endpoint: ace.partnerEndpoint,
          credentials: {
            accessKeyId: await secret('bucket-key-id', bucket.partner.accessKeyId),
            secretAccessKey: await secret('bucket-key', bucket.partner.secretAccessKey),
          },
        },
      },
      salesforce: {
        loginUrl: standIn.connection.loginUrl,
        auth: {
          kind: 'clientCredentials',
          clientId: await secret('client-id', login.clientId),
          clientSecret: await secret('client-secret', login.clientSecret),
        },
        requestTimeoutMs: Math.round(6_000 * waits),
        batch: { loneWindowMs: 20, backlogWindowMs: 300 },
        retry: { rowLockMs: 500, approvalLockMs: 5_000, unavailableMs: 500, connectionMs: 1_500 },
      },
      mapping: defaultMappingPath,
      journal: { folder: join(folder, 'journal') },
      hashKey: await secret('hash-key', 'a key that is used in this run only'),
      timing: scaled,
    }),
  );
  return path;
}

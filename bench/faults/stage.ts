import { appendFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { connectTemporal, type TemporalConnection } from '../../src/client/connect.ts';
import { ensureDetector, ensureSchedules } from '../../src/client/schedules.ts';
import { type Configuration, loadConfiguration } from '../../src/config/configuration.ts';
import type { AceSimulator } from '../../src/sandbox/ace/simulator.ts';
import { type Administrator, connectAsAdministrator } from '../../src/sandbox/administrator.ts';
import {
  createSupervisor,
  type ProvisionedAceBucket,
  startTemporal,
  type TemporalService,
} from '../../src/sandbox/local-services/index.ts';
import { prepareOrg } from '../../src/sandbox/prepare-org.ts';
import type { SalesforceStandIn } from '../../src/sandbox/salesforce/index.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { buildWorkerBundle } from './build-worker-bundle.ts';
import { type CuttableConnection, startCuttableConnection } from './cuttable-connection.ts';
import type { FaultOptions } from './options.ts';
import { persistent } from './persistent-user.ts';
import { type NoticeReceiver, startNoticeReceiver } from './receive-notices.ts';
import { type StagedWorker, startWorkers } from './start-workers.ts';
import { type PageWatch, watchPages } from './watch-pages.ts';
import { writeConfiguration } from './write-configuration.ts';

/** Everything of one run: servers, two worker processes, and the doors by which people and trouble come in. */
export interface Stage {
  readonly folder: string;
  readonly config: Configuration;
  readonly ace: AceSimulator;
  readonly standIn: SalesforceStandIn;
  readonly bucket: ProvisionedAceBucket;
  readonly administrator: Administrator;
  readonly workers: readonly StagedWorker[];
  readonly crashFolder: string;
  /** The workers' way to Temporal. */
  readonly wayToTemporal: CuttableConnection;
  readonly notices: NoticeReceiver;
  readonly pages: PageWatch;
  client(): Client;
  temporalAddress(): string;
  restartTemporal(): Promise<void>;
  /** Deletes the database; namespace, schedules and detector are prepared again, as `ace-sync start` does. */
  loseTemporal(): Promise<void>;
  /** Adds a line to the run's timeline, for whoever looks for the cause of a violation. */
  note(what: string): void;
  stop(): Promise<void>;
}

/** @param onStop is told at once how to stop what was started so far, for when the harness is told to end. */
export async function startStage(
  folder: string,
  options: FaultOptions,
  say: (line: string) => void,
  onStop: (stop: () => Promise<void>) => void = () => {},
): Promise<Stage> {
  const ends: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of ends.splice(0).toReversed()) await end();
  };
  onStop(stop);
  const until = <T>(made: T, end: (made: T) => Promise<void>): T => {
    ends.push(() => end(made));
    return made;
  };
  try {
    const clockFactor = 120 / options.waits;
    const sandbox = until(
      await startSandbox({ folder, seed: options.seed, clockFactor, temporalPort: 0, onProgress: say }),
      (one) => one.stop(),
    );
    const { ace, salesforce: standIn, bucket } = sandbox;
    if (ace === null || standIn === null || bucket === null || sandbox.temporal === null) {
      throw new Error('The harness needs the whole sandbox.');
    }
    standIn.usage.settings.dailyApiRequests = 100_000_000;
    const login = await prepareOrg(standIn, folder, say);
    let temporal: TemporalService = sandbox.temporal;
    const notices = until(await startNoticeReceiver(), (one) => one.stop());
    const { waits } = options;
    const written = await writeConfiguration({
      ...{ folder, temporal, bucket, ace, standIn, login, waits },
      noticeUrl: notices.url,
    });
    const config = loadConfiguration(written.file);
    const bundle = await buildWorkerBundle(folder, waits);
    const administrator = persistent(await connectAsAdministrator(standIn.connection));

    let connected: TemporalConnection = await connectTemporal(config);
    ends.push(() => connected.close());
    await ensureSchedules(connected.client, config);
    await ensureDetector(connected.client, config);

    const wayToTemporal = until(await startCuttableConnection(temporal.port), (one) => one.stop());
    const { text } = written;
    const temporalAddress = wayToTemporal.address;
    const staged = until(await startWorkers({ folder, text, bundle, temporalAddress }), (one) => one.stop());
    const pages = until(watchPages(staged.workers.flatMap((worker) => worker.pages)), (one) => one.stop());
    // The sandbox's own supervisor stops its servers at the end; a server that was lost gets one of its own.
    const temporals = until(createSupervisor(), (one) => one.stop());

    return {
      ...{ folder, config, ace, standIn, bucket, administrator, wayToTemporal, notices, pages },
      workers: staged.workers,
      crashFolder: staged.crashFolder,
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
      note(what) {
        appendFileSync(join(folder, 'timeline.log'), `${new Date().toISOString()} ${what}\n`);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

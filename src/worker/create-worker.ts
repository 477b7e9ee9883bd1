import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, Worker, type WorkerOptions, type WorkerStatus } from '@temporalio/worker';
import type { Activities } from '../activities/create-activities.ts';
import type { Configuration } from '../config/configuration.ts';
import { payloadConversion } from '../encryption/payload-codec.ts';
import { AceSyncError } from '../errors.ts';

/** The two workers of a process: one for workflows and bucket activities, one for the CRM's shared calls. */
export interface WorkerPair {
  /** Resolves once both have shut down; when one fails the other ends too, and it rejects. */
  run(): Promise<void>;
  shutdown(): void;
  /** State of each worker and its pollers, by task queue; for `/health`. */
  status(): Readonly<Record<string, WorkerStatus>>;
}

/** Seconds that activities under way may take to finish at shutdown; the SDK's default is none. */
const shutdownGraceTime = '20s';

/** The SDK holds heartbeats back for 80 % of their time limit, which leaves a late one no room; this leaves 20 s of 30. */
const maxHeartbeatThrottleInterval = '10s';

/**
 * CRM activities wait together in shared calls, so their slots limit nothing but how many records can share
 * (design.md, rule 12); the calls themselves are limited where they are made.
 */
const crmSlots = 1000;

export async function createWorkerPair(
  { temporal }: Pick<Configuration, 'temporal'>,
  activities: Activities,
): Promise<WorkerPair> {
  const profile = loadClientConnectConfig();
  const connection = await NativeConnection.connect({
    ...profile.connectionOptions,
    address: process.env.TEMPORAL_ADDRESS || temporal.address,
  });
  const common = {
    connection,
    namespace: process.env.TEMPORAL_NAMESPACE || temporal.namespace,
    activities,
    shutdownGraceTime,
    maxHeartbeatThrottleInterval,
    ...payloadConversion({ temporal }),
  } satisfies Partial<WorkerOptions>;
  const sync = await create({ ...common, taskQueue: temporal.taskQueue, ...workflowSource() });
  const crm = await create({
    ...common,
    taskQueue: `${temporal.taskQueue}-crm`,
    maxConcurrentActivityTaskExecutions: crmSlots,
    activityTaskPollerBehavior: { type: 'autoscaling' },
  });
  let shutDown = false;
  function shutdown(): void {
    shutDown = true;
    for (const worker of [sync, crm]) if (worker.getState() === 'RUNNING') worker.shutdown();
  }
  return {
    async run() {
      // Told to end before it ran: a worker that is not running yet ignores its shutdown.
      const runs = shutDown ? [] : [sync.run(), crm.run()];
      try {
        await Promise.all(runs);
      } finally {
        shutdown();
        await Promise.allSettled(runs);
        await connection.close();
      }
    },
    status: () => ({ sync: sync.getStatus(), crm: crm.getStatus() }),
    shutdown,
  };
}

/** @throws AceSyncError TEMPORAL_NAMESPACE_MISSING */
async function create(options: WorkerOptions): Promise<Worker> {
  try {
    return await Worker.create(options);
  } catch (error) {
    if (!(error instanceof Error && /^Namespace \S+ was not found/.test(error.message))) throw error;
    throw new AceSyncError('TEMPORAL_NAMESPACE_MISSING', `It is called ${options.namespace}.`);
  }
}

/**
 * The bundle made by `npm run build` where there is one; else the sources, bundled at start. `ACE_SYNC_WORKFLOW_BUNDLE`
 * names another bundle: the fault harness makes its own, so that a killed worker is back within a second or two.
 */
function workflowSource(): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath'> {
  const built = fileURLToPath(new URL('../workflow-bundle.js', import.meta.url));
  const bundle = process.env.ACE_SYNC_WORKFLOW_BUNDLE || built;
  if (existsSync(bundle)) return { workflowBundle: { codePath: bundle } };
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return { workflowsPath: fileURLToPath(new URL(`../workflows/index.${extension}`, import.meta.url)) };
}

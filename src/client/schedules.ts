import {
  type Client,
  ScheduleAlreadyRunning,
  type ScheduleHandle,
  type ScheduleOptions,
  ScheduleOverlapPolicy,
  WorkflowIdConflictPolicy,
} from '@temporalio/client';
import type { Configuration } from '../config/configuration.ts';
import { type SharedObject, sharedObjects } from '../crm/crm.ts';
import { type DetectorInput, detectNow, type ScanInput } from '../workflows/messages.ts';
import { searchAttributes } from '../workflows/search-attributes.ts';
import { detectorSummary } from '../workflows/summaries.ts';

/** What a connection scans: one schedule per object and kind of folder. */
const scans = [
  { workflow: 'scanOutbound', label: 'scan-outbound' },
  { workflow: 'scanResults', label: 'scan-results' },
] as const;

type ScheduledConfiguration = Pick<Configuration, 'connection' | 'temporal' | 'timing' | 'watch'>;

export interface EnsuredSchedules {
  readonly created: readonly string[];
  readonly updated: readonly string[];
  readonly pruned: readonly string[];
}

export const detectorWorkflowId = (connection: string): string => `${connection}/detector`;

/**
 * Creates each schedule of the connection, or updates it when it exists, and deletes schedules of this connection that
 * no longer belong to it. Schedules, never `cronSchedule`: they can be paused, triggered and looked at in the Web UI,
 * and a run that takes long makes the next one skip instead of pile up.
 */
export async function ensureSchedules(client: Client, config: ScheduledConfiguration): Promise<EnsuredSchedules> {
  const wanted = [
    ...scans.flatMap((scan) => sharedObjects.map((object) => scheduleOf(config, scan, object))),
    watchSchedule(config),
  ];
  const created: string[] = [];
  const updated: string[] = [];
  for (const options of wanted) {
    try {
      await client.schedule.create(options);
      created.push(options.scheduleId);
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      await client.schedule.getHandle(options.scheduleId).update((current) => ({
        ...options,
        // A schedule that somebody paused stays paused: `schedules` changes what runs, not whether.
        state: { ...current.state, remainingActions: undefined },
      }));
      updated.push(options.scheduleId);
    }
  }
  const pruned = await prune(client, config.connection, new Set(wanted.map((options) => options.scheduleId)));
  return { created, updated, pruned };
}

/** Starts the one detector of the connection, or leaves the one that runs alone. */
export async function ensureDetector(client: Client, config: ScheduledConfiguration): Promise<void> {
  const input: DetectorInput = { connection: config.connection };
  await client.workflow.start('detectChanges', {
    workflowId: detectorWorkflowId(config.connection),
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    taskQueue: config.temporal.taskQueue,
    args: [input],
    staticSummary: detectorSummary(config.connection),
    typedSearchAttributes: searchAttributes({ AceConnection: config.connection }),
  });
}

/** Runs every scan and a round of change detection now. Passes SKIP, because a manual trigger defaults to ALLOW_ALL. */
export async function scanNow(client: Client, connection: string): Promise<void> {
  await forEach(await schedulesOf(client, connection), (handle) => handle.trigger(ScheduleOverlapPolicy.SKIP));
  await client.workflow.getHandle(detectorWorkflowId(connection)).signal(detectNow);
}

const watchScheduleId = (connection: string): string => `${connection}/watch`;

/** Pauses the scans. The watch goes on: it is what tells of a pause that somebody forgot. */
export async function pauseScans(client: Client, connection: string, reason: string): Promise<readonly string[]> {
  const scanning = await schedulesOf(client, connection);
  return forEach(
    scanning.filter(({ scheduleId }) => scheduleId !== watchScheduleId(connection)),
    (handle) => handle.pause(reason),
  );
}

/** Resumes every schedule, also a watch that somebody paused in the Web UI. */
export async function resumeSchedules(client: Client, connection: string, reason: string): Promise<readonly string[]> {
  return forEach(await schedulesOf(client, connection), (handle) => handle.unpause(reason));
}

async function forEach(handles: readonly ScheduleHandle[], change: (handle: ScheduleHandle) => Promise<void>) {
  for (const handle of handles) await change(handle);
  return handles.map(({ scheduleId }) => scheduleId).toSorted();
}

export function schedulesOf(client: Client, connection: string): Promise<ScheduleHandle[]> {
  return Array.fromAsync(client.schedule.list(), ({ scheduleId }) => scheduleId).then((ids) =>
    ids.filter((id) => id.startsWith(`${connection}/`)).map((id) => client.schedule.getHandle(id)),
  );
}

function scheduleOf(
  config: ScheduledConfiguration,
  { workflow, label }: (typeof scans)[number],
  object: SharedObject,
): ScheduleOptions {
  const scheduleId = `${config.connection}/${label}/${object}`;
  const interval = config.timing.scanInterval * 1000;
  const input: ScanInput = { connection: config.connection, object };
  return {
    scheduleId,
    spec: { intervals: [{ every: interval }], jitter: Math.min(interval / 10, 30_000) },
    // A missed run is worth catching up once: it looks at the same folder as the next one.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: Math.max(interval, 10_000) },
    action: {
      type: 'startWorkflow',
      workflowType: workflow,
      workflowId: scheduleId,
      taskQueue: config.temporal.taskQueue,
      args: [input],
      staticSummary: `${label} ${object}`,
      typedSearchAttributes: searchAttributes({ AceConnection: config.connection, AceObject: object }),
    },
  };
}

/** The watch has a schedule of its own, so that it goes on when the detector or a scan does not. */
function watchSchedule(config: ScheduledConfiguration): ScheduleOptions {
  const scheduleId = watchScheduleId(config.connection);
  const interval = config.watch.interval * 1000;
  return {
    scheduleId,
    spec: { intervals: [{ every: interval }], jitter: Math.min(interval / 10, 30_000) },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: Math.max(interval, 10_000) },
    action: {
      type: 'startWorkflow',
      workflowType: 'watchConnection',
      workflowId: scheduleId,
      taskQueue: config.temporal.taskQueue,
      staticSummary: `Watch over ${config.connection}`,
      typedSearchAttributes: searchAttributes({ AceConnection: config.connection }),
    },
  };
}

async function prune(client: Client, connection: string, wanted: ReadonlySet<string>): Promise<readonly string[]> {
  const orphans = (await schedulesOf(client, connection)).filter(({ scheduleId }) => !wanted.has(scheduleId));
  return forEach(orphans, (handle) => handle.delete());
}

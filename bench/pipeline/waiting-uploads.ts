import { signalUpload } from '../../src/activities/signal-upload.ts';
import type { BenchStack } from './bench-stack.ts';
import { detect } from './measure-uploads.ts';
import { residentMegabytes } from './resident-megabytes.ts';
import { shareOpportunities } from './share-opportunities.ts';
import { startSyncWorker } from './sync-worker.ts';
import { until } from './until.ts';
import { readWorkerCache, type WorkerCache } from './worker-cache.ts';

export interface WaitingUploads {
  readonly count: number;
  /** Of the run that waits; a wait has a run of its own. */
  readonly perWaiting: { readonly historyEvents: number; readonly historyBytes: number };
  /** The worker on a heap with room for all, which began them and keeps them. */
  readonly allCached: Footprint;
  /** The worker on a small heap, after each was in its memory once. */
  readonly smallCache: Footprint;
  /** By the worker with the small cache, most of which it had dropped: told that their record changed. */
  readonly woken: Wake;
}

/** Of a worker while all uploads wait. */
interface Footprint {
  readonly cache: WorkerCache;
  /** Megabytes when it had just started, and now. */
  readonly megabytes: { readonly started: number; readonly waiting: number };
}

interface Wake {
  /** How many looked at their record and wait again, in a new run each; the bench goes on only when all did. */
  readonly reached: number;
  readonly seconds: number;
}

interface Upload {
  readonly workflowId: string;
  readonly crmId: string;
}

export const waitingCount = 2_000;

/**
 * Heaps from which the SDK computes its `maxCachedWorkflows` of 229 and 3596: `(limit - 200) * 600 / 1024`, where Node 24 sets
 * the limit 192 above what it is told.
 */
const heapMegabytes = { small: 400, large: 6144 };

const waiting = `WorkflowType = 'uploadRecord' AND ExecutionStatus = 'Running' AND AceReason = 'ACE_DESCRIPTION_SHORT'`;

/** Calls to Temporal under way at once. */
const together = 32;

/**
 * Uploads of so many records that wait for a person: begun by a worker that keeps them all, then woken twice by one with a
 * small cache, so that the second time each had been in its memory. No other worker may run.
 */
export async function measureWaitingUploads(
  stack: BenchStack,
  say: (line: string) => void,
  count: number,
): Promise<WaitingUploads> {
  const large = await startMeasured(stack, heapMegabytes.large);
  await shareOpportunities(stack, count, 'heldForItsDescription');
  await detect(stack);
  await until(async () => (await running(stack, waiting)) === count);
  const uploads = await listWaiting(stack);
  const perWaiting = await measureHistories(stack, uploads);
  const allCached = await large.footprint();
  await large.stop();

  const small = await startMeasured(stack, heapMegabytes.small);
  say(`${uploads.length} uploads wait; a worker with a small cache wakes them`);
  await wakeAll(stack, uploads);
  const smallCache = await small.footprint();
  say('and again, now that it has dropped most');
  const woken = await wakeAll(stack, uploads);
  await small.stop();
  const result = { count: uploads.length, perWaiting, allCached, smallCache, woken };
  say(`${uploads.length} waiting uploads: ${JSON.stringify(result)}`);
  return result;
}

async function startMeasured(stack: BenchStack, megabytes: number) {
  const worker = await startSyncWorker(stack, megabytes);
  const started = await residentMegabytes(worker.pid);
  return {
    stop: () => worker.stop(),
    footprint: async (): Promise<Footprint> => ({
      cache: await readWorkerCache(stack.config.worker.metricsPort),
      megabytes: { started, waiting: await residentMegabytes(worker.pid) },
    }),
  };
}

const running = async ({ client }: BenchStack, query: string) => (await client.workflow.count(query)).count;

async function listWaiting({ client }: BenchStack): Promise<readonly Upload[]> {
  const uploads: Upload[] = [];
  for await (const { workflowId } of client.workflow.list({ query: waiting })) {
    uploads.push({ workflowId, crmId: workflowId.slice(workflowId.lastIndexOf('/') + 1) });
  }
  return uploads;
}

async function measureHistories({ client }: BenchStack, uploads: readonly Upload[]) {
  const total = { events: 0, bytes: 0 };
  await forEach(uploads, async ({ workflowId }) => {
    const { historyLength, historySize } = await client.workflow.getHandle(workflowId).describe();
    total.events += historyLength;
    total.bytes += historySize ?? 0;
  });
  return {
    historyEvents: Math.round(total.events / uploads.length),
    historyBytes: Math.round(total.bytes / uploads.length),
  };
}

async function wakeAll(stack: BenchStack, uploads: readonly Upload[]): Promise<Wake> {
  const { client, config } = stack;
  const since = new Date().toISOString();
  const start = performance.now();
  await forEach(uploads, ({ crmId }) =>
    signalUpload({ client, config }, 'opportunity', crmId, { signal: 'recordChanged' }),
  );
  // Whoever was woken waits in a new run.
  const reached = () => running(stack, `${waiting} AND StartTime >= '${since}'`);
  await until(async () => (await reached()) === uploads.length);
  return { reached: await reached(), seconds: Math.round((performance.now() - start) / 100) / 10 };
}

async function forEach<Item>(items: readonly Item[], act: (item: Item) => Promise<void>): Promise<void> {
  let next = 0;
  const hand = async () => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await act(item);
  };
  await Promise.all(Array.from({ length: together }, hand));
}

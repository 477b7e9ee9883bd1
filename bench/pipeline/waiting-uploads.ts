import { signalUpload } from '../../src/activities/signal-upload.ts';
import { type BenchStack, inboundFolder } from './bench-stack.ts';
import { answerUploads, detect } from './measure-uploads.ts';
import { residentMegabytes } from './resident-megabytes.ts';
import { shareOpportunities } from './share-opportunities.ts';
import { until } from './until.ts';

export interface WaitingUploads {
  readonly count: number;
  /** Megabytes of the worker: before the first of them began, while all wait, and after each was woken once. */
  readonly workerMegabytes: { readonly before: number; readonly waiting: number; readonly woken: number };
  /** Of the run that waits; a wait has a run of its own. */
  readonly perWaiting: { readonly historyEvents: number; readonly historyBytes: number };
  /** From the first of so many signals until every upload has looked at its record and waits again. */
  readonly answeredInSeconds: number;
}

export const waitingCount = 2_000;

const waiting = `WorkflowType = 'uploadRecord' AND ExecutionStatus = 'Running' AND AceReason = 'ACE_IN_REVIEW'`;

/** Calls to Temporal under way at once. */
const together = 32;

/** Uploads of so many records that AWS reviews, each told that its record changed. */
export async function measureWaitingUploads(
  stack: BenchStack,
  workerPid: number,
  say: (line: string) => void,
  count: number,
): Promise<WaitingUploads> {
  const { client, config } = stack;
  const running = async (query: string) => (await client.workflow.count(query)).count;
  const before = await residentMegabytes(workerPid);
  const earlier = await running(waiting);
  await shareOpportunities(stack, count);
  await detect(stack);
  await until(async () => (await stack.keys(inboundFolder)).length >= count);
  await answerUploads(stack);
  await until(async () => (await running(waiting)) === earlier + count);
  const idle = await residentMegabytes(workerPid);

  const uploads: { readonly workflowId: string; readonly crmId: string }[] = [];
  for await (const { workflowId } of client.workflow.list({ query: waiting })) {
    uploads.push({ workflowId, crmId: workflowId.slice(workflowId.lastIndexOf('/') + 1) });
  }
  const histories = { events: 0, bytes: 0 };
  await forEach(uploads, async ({ workflowId }) => {
    const { historyLength, historySize } = await client.workflow.getHandle(workflowId).describe();
    histories.events += historyLength;
    histories.bytes += historySize ?? 0;
  });

  const since = new Date().toISOString();
  const start = performance.now();
  await forEach(uploads, ({ crmId }) =>
    signalUpload({ client, config }, 'opportunity', crmId, { signal: 'recordChanged' }),
  );
  // Whoever was woken waits in a new run.
  await until(async () => (await running(`${waiting} AND StartTime >= '${since}'`)) === uploads.length);
  const answeredInSeconds = Math.round((performance.now() - start) / 100) / 10;
  const result: WaitingUploads = {
    count: uploads.length,
    workerMegabytes: { before, waiting: idle, woken: await residentMegabytes(workerPid) },
    perWaiting: {
      historyEvents: Math.round(histories.events / uploads.length),
      historyBytes: Math.round(histories.bytes / uploads.length),
    },
    answeredInSeconds,
  };
  say(`${uploads.length} waiting uploads: ${JSON.stringify(result)}`);
  return result;
}

async function forEach<Item>(items: readonly Item[], act: (item: Item) => Promise<void>): Promise<void> {
  let next = 0;
  const hand = async () => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await act(item);
  };
  await Promise.all(Array.from({ length: together }, hand));
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchStack } from './bench-stack.ts';
import { total } from './counting-proxy.ts';
import { until } from './until.ts';

const commandLine = fileURLToPath(new URL('../../src/client/cli.ts', import.meta.url));

export interface SyncRun {
  readonly seconds: number;
  readonly crmCalls: number;
  readonly s3Requests: number;
  readonly historyEvents: number;
  readonly historyBytes: number;
  readonly billableActions: number;
}

/** The worker of the sync in a process of its own. */
export async function startSyncWorker(stack: BenchStack): Promise<() => Promise<void>> {
  const log = openSync(join(stack.folder, 'worker.log'), 'a');
  const worker: ChildProcess = spawn(process.execPath, [commandLine, 'worker', '--config', stack.configPath], {
    stdio: ['ignore', log, log],
    env: { ...process.env, TEMPORAL_ADDRESS: '', TEMPORAL_NAMESPACE: '' },
  });
  closeSync(log);
  // Warm up: the first scan bundles workflows, logs in and reads the org's description.
  await scan(stack);
  return async () => {
    const ended = once(worker, 'exit');
    worker.kill('SIGTERM');
    await ended;
  };
}

/** Scans as a schedule would, again and again, until every file of the folder is settled. */
export async function runSync(stack: BenchStack): Promise<SyncRun> {
  stack.s3.reset();
  stack.salesforce.reset();
  const since = new Date().toISOString();
  const start = performance.now();
  await scan(stack);
  await until(async () => (await stack.countOutbound()) === 0);
  const seconds = (performance.now() - start) / 1000;
  const mine = `WorkflowType = 'processOutboundFile' AND StartTime >= '${since}'`;
  await until(async () => (await stack.client.workflow.count(`${mine} AND ExecutionStatus = 'Running'`)).count === 0);
  const totals = { events: 0, bytes: 0, actions: 0 };
  for await (const run of stack.client.workflow.list({ query: mine })) {
    totals.events += run.historyLength;
    totals.bytes += run.historySize ?? 0;
  }
  totals.actions = await billableActions(stack, mine);
  return {
    seconds,
    crmCalls: total(stack.salesforce.counts),
    s3Requests: total(stack.s3.counts),
    historyEvents: totals.events,
    historyBytes: totals.bytes,
    billableActions: totals.actions,
  };
}

async function scan(stack: BenchStack): Promise<void> {
  await stack.client.workflow.execute('scanOutbound', {
    workflowId: `bench-scan-${Date.now()}`,
    taskQueue: stack.config.temporal.taskQueue,
    args: [{ connection: stack.config.connection, object: 'opportunity' }],
  });
}

/** Billable actions by event (Temporal Cloud's documentation): what one file's workflow costs, of a sample times all. */
const actionsByEvent: Readonly<Record<string, number>> = {
  workflowExecutionStartedEventAttributes: 2,
  activityTaskScheduledEventAttributes: 1,
  timerStartedEventAttributes: 1,
  workflowExecutionSignaledEventAttributes: 1,
  upsertWorkflowSearchAttributesEventAttributes: 1,
};

async function billableActions(stack: BenchStack, query: string): Promise<number> {
  let sampled = 0;
  let actions = 0;
  for await (const { workflowId, runId } of stack.client.workflow.list({ query, pageSize: 50 })) {
    const history = await stack.client.workflow.getHandle(workflowId, runId).fetchHistory();
    for (const event of history.events ?? []) {
      for (const [attribute, count] of Object.entries(actionsByEvent))
        if (Reflect.get(event, attribute)) actions += count;
    }
    sampled += 1;
    if (sampled >= 50) break;
  }
  const { count } = await stack.client.workflow.count(query);
  return sampled === 0 ? 0 : (actions / sampled) * count;
}

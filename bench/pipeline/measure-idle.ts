import { detectorWorkflowId } from '../../src/client/schedules.ts';
import { configurationSchema } from '../../src/config/configuration.ts';
import { sharedObjects } from '../../src/crm/crm.ts';
import type { BenchStack } from './bench-stack.ts';
import { actionsOf } from './billable-actions.ts';
import { total } from './counting-proxy.ts';
import { detect } from './measure-uploads.ts';
import { scan } from './scan.ts';
import { until } from './until.ts';

/** What a connection costs a day on which nothing happens, at the default intervals. */
export interface Idle {
  readonly actionsPerDay: number;
  readonly crmCallsPerDay: number;
  readonly s3RequestsPerDay: number;
}

const day = 24 * 60 * 60;
/** A schedule that starts a workflow is three actions, the start included (Temporal Cloud's documentation). */
const actionsOfScheduledStart = 3;
const rounds = 3;

interface RunCost {
  readonly actions: number;
  readonly crmCalls: number;
  readonly s3Requests: number;
}

/** Runs each periodic workflow on the empty connection, and multiplies by how often a day has it. */
export async function measureIdle(stack: BenchStack): Promise<Idle> {
  const timing = configurationSchema.shape.timing.parse(undefined);
  const watch = configurationSchema.shape.watch.parse(undefined);
  const parts: { readonly perDay: number; readonly cost: RunCost }[] = [];
  for (const object of sharedObjects) {
    for (const workflow of ['scanOutbound', 'scanResults'] as const) {
      const run = async () => (await scan(stack, workflow, object)).workflowId;
      parts.push({ perDay: day / timing.scanInterval, cost: await scheduledRun(stack, run) });
    }
  }
  parts.push({ perDay: day / watch.interval, cost: await scheduledRun(stack, () => watchOnce(stack)) });
  parts.push({ perDay: day / timing.detectInterval, cost: await detectorRound(stack) });
  const perDay = (of: keyof RunCost) =>
    Math.round(parts.reduce((sum, { perDay: times, cost }) => sum + times * cost[of], 0));
  return {
    actionsPerDay: perDay('actions'),
    crmCallsPerDay: perDay('crmCalls'),
    s3RequestsPerDay: perDay('s3Requests'),
  };
}

async function requests({ s3, salesforce }: BenchStack, work: () => Promise<number>): Promise<RunCost> {
  s3.reset();
  salesforce.reset();
  const actions = await work();
  return { actions, crmCalls: total(salesforce.counts), s3Requests: total(s3.counts) };
}

/** A run as its schedule starts it: the start that the history shows belongs to the schedule's actions. */
function scheduledRun(stack: BenchStack, run: () => Promise<string>): Promise<RunCost> {
  return requests(stack, async () => {
    const workflowId = await run();
    const history = await stack.client.workflow.getHandle(workflowId).fetchHistory();
    return actionsOf(history) - 1 + actionsOfScheduledStart;
  });
}

async function watchOnce({ client, config }: BenchStack): Promise<string> {
  const workflowId = `bench-watch-${Date.now()}`;
  await client.workflow.execute('watchConnection', { workflowId, taskQueue: config.temporal.taskQueue });
  return workflowId;
}

/** One of several rounds: the look, and the pause behind it; signals are the bench's own. */
async function detectorRound(stack: BenchStack): Promise<RunCost> {
  const handle = stack.client.workflow.getHandle(detectorWorkflowId(stack.config.connection));
  /** Looks and pauses so far, and whether it pauses now; a signal in the middle of a look leaves its pause out. */
  const counts = async () => {
    const events = (await handle.fetchHistory()).events ?? [];
    const placesOf = (attribute: string) =>
      events.flatMap((event, place) => (Reflect.get(event, attribute) ? place : []));
    const looks = placesOf('activityTaskScheduledEventAttributes');
    const pauses = placesOf('timerStartedEventAttributes');
    return { looks: looks.length, pauses: pauses.length, isPausing: (pauses.at(-1) ?? 0) > (looks.at(-1) ?? 0) };
  };
  const round = async () => {
    const { looks } = await counts();
    await detect(stack);
    await until(async () => {
      const now = await counts();
      return now.looks > looks && now.isPausing;
    });
  };
  await round();
  const before = await counts();
  const cost = await requests(stack, async () => {
    for (let number = 0; number < rounds; number += 1) await round();
    const after = await counts();
    return after.looks - before.looks + after.pauses - before.pauses;
  });
  return { actions: cost.actions / rounds, crmCalls: cost.crmCalls / rounds, s3Requests: cost.s3Requests / rounds };
}

import type { BenchStack } from './bench-stack.ts';
import { billableActions } from './billable-actions.ts';
import { total } from './counting-proxy.ts';
import { until } from './until.ts';

/** What some work cost, in all. */
export interface Cost {
  readonly crmCalls: number;
  readonly s3Requests: number;
  readonly historyEvents: number;
  readonly historyBytes: number;
  readonly billableActions: number;
}

/** Does the work and adds up what it took: requests of every kind meanwhile, and the histories of the named workflows. */
export async function measureCost(
  stack: BenchStack,
  workflowTypes: readonly string[],
  work: () => Promise<void>,
): Promise<Cost> {
  stack.s3.reset();
  stack.salesforce.reset();
  const since = new Date().toISOString();
  await work();
  const types = workflowTypes.map((type) => `'${type}'`).join(', ');
  const mine = `WorkflowType IN (${types}) AND StartTime >= '${since}'`;
  await until(() => isDone(stack, workflowTypes));
  const totals = { events: 0, bytes: 0 };
  for await (const run of stack.client.workflow.list({ query: mine })) {
    totals.events += run.historyLength;
    totals.bytes += run.historySize ?? 0;
  }
  return {
    crmCalls: total(stack.salesforce.counts),
    s3Requests: total(stack.s3.counts),
    historyEvents: totals.events,
    historyBytes: totals.bytes,
    billableActions: await billableActions(stack.client, mine),
  };
}

/** Whether every workflow of these types has ended, or has nothing to do before AWS's review of its record ends. */
export async function isDone({ client }: BenchStack, workflowTypes: readonly string[]): Promise<boolean> {
  const types = workflowTypes.map((type) => `'${type}'`).join(', ');
  const running = `WorkflowType IN (${types}) AND ExecutionStatus = 'Running'`;
  const all = await client.workflow.count(running);
  const waiting = await client.workflow.count(`${running} AND AceReason = 'ACE_IN_REVIEW'`);
  return all.count === waiting.count;
}

const round = (value: number) => Math.round(value * 1000) / 1000;

/** The cost of one of so many. */
export function costOfOne(cost: Cost, count: number): Cost {
  return Object.fromEntries(
    Object.entries(cost).map(([name, value]) => [name, round(value / count)]),
  ) as unknown as Cost;
}

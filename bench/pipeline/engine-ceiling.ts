import { join } from 'node:path';
import type { BenchStack } from './bench-stack.ts';
import { startChild } from './child-process.ts';
import { until } from './until.ts';

/** Files per scan, as in the sync. */
const perScan = 300;

/** What the engine can do at all on this machine now: seconds for as many child workflows that do nothing. */
export async function runCeiling(stack: BenchStack, files: number): Promise<number> {
  const { address, namespace } = stack.config.temporal;
  const worker = await startChild('./ceiling-worker.ts', [address, namespace], join(stack.folder, 'children.log'));
  const run = `ceiling-${Date.now()}`;
  const start = performance.now();
  for (let from = 0; from < files; from += perScan) {
    await stack.client.workflow.execute('ceilingScan', {
      workflowId: `${run}-${from}`,
      taskQueue: 'ceiling',
      args: [{ from, count: Math.min(perScan, files - from) }],
    });
  }
  await until(async () => {
    const { count } = await stack.client.workflow.count(
      `WorkflowType = 'ceilingFile' AND ExecutionStatus = 'Completed' AND WorkflowId STARTS_WITH '${run}'`,
    );
    return count >= files;
  });
  const seconds = (performance.now() - start) / 1000;
  await worker.stop();
  return seconds;
}

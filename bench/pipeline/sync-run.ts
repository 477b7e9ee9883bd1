import { type BenchStack, outboundFolder } from './bench-stack.ts';
import { type Cost, measureCost } from './measure-cost.ts';
import { scan } from './scan.ts';
import { until } from './until.ts';

export interface SyncRun extends Cost {
  readonly seconds: number;
}

/** Scans once, as a schedule would, and waits until every file of the folder is settled. */
export async function runSync(stack: BenchStack): Promise<SyncRun> {
  let seconds = 0;
  const cost = await measureCost(stack, ['processOutboundFile'], async () => {
    const start = performance.now();
    await scan(stack, 'scanOutbound');
    await until(() => stack.isEmpty(outboundFolder));
    seconds = (performance.now() - start) / 1000;
  });
  return { seconds, ...cost };
}

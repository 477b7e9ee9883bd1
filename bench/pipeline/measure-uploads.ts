import { detectorWorkflowId, ensureDetector } from '../../src/client/schedules.ts';
import { detectNow } from '../../src/workflows/messages.ts';
import { type BenchStack, inboundFolder, resultsFolder } from './bench-stack.ts';
import { type Cost, costOfOne, isDone, measureCost } from './measure-cost.ts';
import { scan } from './scan.ts';
import { shareOpportunities } from './share-opportunities.ts';
import { until } from './until.ts';

const workflows = ['uploadRecord', 'processResultFile'];

/** A round of change detection, as the pause between two rounds ends. */
export async function detect({ client, config }: BenchStack): Promise<void> {
  await ensureDetector(client, config);
  await client.workflow.getHandle(detectorWorkflowId(config.connection)).signal(detectNow);
}

/** The cost of one upload: opportunities shared by people, from detection to the settled answer of ACE. */
export async function measureUploads(stack: BenchStack, count: number): Promise<Cost> {
  await shareOpportunities(stack, count);
  const cost = await measureCost(stack, workflows, async () => {
    await detect(stack);
    await until(async () => (await stack.keys(inboundFolder)).length >= count);
    await answerUploads(stack);
  });
  return costOfOne(cost, count);
}

/** ACE takes the inbound files, and its answers are scanned until none is left and nobody waits for one. */
export async function answerUploads(stack: BenchStack): Promise<void> {
  await until(async () => {
    await stack.ace.processInbound();
    if (!(await stack.isEmpty(resultsFolder))) await scan(stack, 'scanResults');
    return (await stack.isEmpty(resultsFolder)) && (await isDone(stack, workflows));
  });
}

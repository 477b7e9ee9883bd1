import type { SharedObject } from '../../src/crm/crm.ts';
import type { ScanResult } from '../../src/workflows/messages.ts';
import type { BenchStack } from './bench-stack.ts';

let number = 0;

/** One scan, as a schedule starts it. @returns its workflow id and what it found */
export async function scan(
  { client, config }: Pick<BenchStack, 'client' | 'config'>,
  workflow: 'scanOutbound' | 'scanResults',
  object: SharedObject = 'opportunity',
): Promise<{ readonly workflowId: string; readonly result: ScanResult }> {
  number += 1;
  const workflowId = `bench-${workflow}-${process.pid}-${number}`;
  const result = (await client.workflow.execute(workflow, {
    workflowId,
    taskQueue: config.temporal.taskQueue,
    args: [{ connection: config.connection, object }],
  })) as ScanResult;
  return { workflowId, result };
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import type { BenchStack } from './bench-stack.ts';
import { startChild } from './child-process.ts';
import { scan } from './scan.ts';

export interface SyncWorker {
  readonly pid: number;
  stop(): Promise<void>;
}

let bundled: Promise<string> | undefined;

async function bundleInto(folder: string): Promise<string> {
  const { code } = await bundleWorkflowCode({
    logger: new DefaultLogger('ERROR'),
    workflowsPath: fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url)),
  });
  const bundle = join(folder, 'workflow-bundle.js');
  await writeFile(bundle, code);
  return bundle;
}

/**
 * The worker of the sync in a process of its own, on a bundle that is made once, as a release has it. It has scanned
 * once when this resolves, so that nobody pays for the login and the org's descriptions.
 * @param heapMegabytes Node's own unless set
 */
export async function startSyncWorker(stack: BenchStack, heapMegabytes?: number): Promise<SyncWorker> {
  bundled ??= bundleInto(stack.folder);
  process.env.ACE_SYNC_WORKFLOW_BUNDLE = await bundled;
  const heap = heapMegabytes === undefined ? [] : [`--max-old-space-size=${heapMegabytes}`];
  const log = join(stack.folder, 'worker.log');
  const worker = await startChild<string>('./worker-process.ts', [stack.configPath], log, heap);
  stack.atEnd(() => worker.stop());
  await scan(stack, 'scanOutbound');
  return { pid: worker.pid, stop: () => worker.stop() };
}

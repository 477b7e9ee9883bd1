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

/**
 * The worker of the sync in a process of its own, on a bundle that is made once, as a release has it. It has scanned
 * once when this resolves, so that nobody pays for the login and the org's descriptions.
 */
export async function startSyncWorker(stack: BenchStack): Promise<SyncWorker> {
  const { code } = await bundleWorkflowCode({
    logger: new DefaultLogger('ERROR'),
    workflowsPath: fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url)),
  });
  const bundle = join(stack.folder, 'workflow-bundle.js');
  await writeFile(bundle, code);
  process.env.ACE_SYNC_WORKFLOW_BUNDLE = bundle;
  const worker = await startChild<string>('./worker-process.ts', [stack.configPath], join(stack.folder, 'worker.log'));
  stack.atEnd(() => worker.stop());
  await scan(stack, 'scanOutbound');
  return { pid: worker.pid, stop: () => worker.stop() };
}

/**
 * Global set-up of the test runner (`node --test --test-global-setup`): one Temporal, one S3 server and one bundle of the
 * workflows for all test files of a run. Test files run in processes of their own and find them through the environment.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { startTestStack, type TestStack } from './test-stack.ts';

let stop: (() => Promise<void>) | undefined;

export async function globalSetup(): Promise<void> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'ace-sync-test-'));
  const { stack, supervisor } = await startTestStack(dataFolder);
  process.env.ACE_SYNC_TEST_STACK = JSON.stringify(stack satisfies TestStack);
  process.env.ACE_SYNC_WORKFLOW_BUNDLE = await bundleWorkflows(dataFolder);
  stop = async () => {
    await supervisor.stop();
    await rm(dataFolder, { recursive: true, force: true });
  };
}

export async function globalTeardown(): Promise<void> {
  await stop?.();
}

/** A worker that a test starts would bundle them itself, each time again, for seconds of a core. */
async function bundleWorkflows(folder: string): Promise<string> {
  const { code } = await bundleWorkflowCode({
    logger: new DefaultLogger('WARN'),
    workflowsPath: fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url)),
  });
  const file = join(folder, 'workflow-bundle.js');
  await writeFile(file, code);
  return file;
}

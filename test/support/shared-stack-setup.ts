/**
 * Global set-up of the test runner (`node --test --test-global-setup`): one Temporal and one S3 server for all test
 * files of a run. Test files run in processes of their own and find the servers through the environment.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestStack, type TestStack } from './test-stack.ts';

let stop: (() => Promise<void>) | undefined;

export async function globalSetup(): Promise<void> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'ace-sync-test-'));
  const { stack, supervisor } = await startTestStack(dataFolder);
  process.env.ACE_SYNC_TEST_STACK = JSON.stringify(stack satisfies TestStack);
  stop = async () => {
    await supervisor.stop();
    await rm(dataFolder, { recursive: true, force: true });
  };
}

export async function globalTeardown(): Promise<void> {
  await stop?.();
}

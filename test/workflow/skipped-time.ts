import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import {
  bundleWorkflowCode,
  DefaultLogger,
  Runtime,
  Worker,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import type { Activities } from '../../src/activities/create-activities.ts';
import { searchAttributeTypes } from '../../src/workflows/search-attributes.ts';
import { uniqueName } from '../support/shared-stack.ts';
import { provideTimeSkippingServer } from '../support/time-skipping-server.ts';

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

export type Mocks = {
  readonly [Name in keyof Activities]?: (...args: Parameters<Activities[Name]>) => Promise<unknown>;
};

export interface SkippedTime {
  readonly env: TestWorkflowEnvironment;
  /** Runs the test while workers serve both task queues of a connection with these activities. */
  withWorkers<T>(mocks: Mocks, run: (taskQueue: string) => Promise<T>): Promise<T>;
}

const server = await provideTimeSkippingServer();

/** The reason why tests of long waits are skipped here, or false. */
export const skip = server.missing ?? false;

let environment: Promise<TestWorkflowEnvironment> | undefined;
let bundle: Promise<WorkflowBundleWithSourceMap> | undefined;
after(async () => {
  await (await environment)?.teardown();
});

async function startEnvironment(): Promise<TestWorkflowEnvironment> {
  if (server.path === null) throw new Error(server.missing);
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { forward: {}, filter: 'ERROR' } },
  });
  const env = await startServer(server.path);
  await env.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: searchAttributeTypes,
  });
  return env;
}

/** The SDK gives the server 5 s and no more, which a Java that starts on a busy machine may miss. */
async function startServer(path: string, attemptsLeft = 5): Promise<TestWorkflowEnvironment> {
  try {
    return await TestWorkflowEnvironment.createTimeSkipping({
      server: { executable: { type: 'existing-path', path } },
    });
  } catch (error) {
    if (attemptsLeft === 1 || !/did not start within/.test(String(error))) throw error;
    return startServer(path, attemptsLeft - 1);
  }
}

/** Workflows on a server that jumps over timers, with activities that only say what a step found. */
export async function skippedTime(): Promise<SkippedTime> {
  environment ??= startEnvironment();
  bundle ??= bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url)),
    logger: new DefaultLogger('ERROR'),
  });
  const env = await environment;
  const workflowBundle = await bundle;
  return {
    env,
    async withWorkers(mocks, run) {
      const taskQueue = uniqueName('skipped-time');
      const common = { connection: env.nativeConnection, activities: mocks };
      const sync = await Worker.create({
        ...common,
        taskQueue,
        workflowBundle,
        // A plain Error is a bug of the workflow: the test fails at once instead of retrying the task for ever.
        workflowFailureErrorTypes: { '*': ['Error'] },
      });
      const crm = await Worker.create({ ...common, taskQueue: `${taskQueue}-crm` });
      const crmRun = crm.run();
      try {
        return await sync.runUntil(run(taskQueue));
      } finally {
        crm.shutdown();
        await crmRun;
      }
    },
  };
}

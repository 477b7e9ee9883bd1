import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const pathOf = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** Bundles the workflows once for all lives of all workers, with the short time limits in place of the long ones. */
export async function buildWorkerBundle(file: string): Promise<string> {
  const { code } = await bundleWorkflowCode({
    logger: new DefaultLogger('WARN'),
    workflowsPath: pathOf('../../src/workflows/index.ts'),
    webpackConfigHook: (config) => ({
      ...config,
      resolve: {
        ...config.resolve,
        alias: {
          ...config.resolve?.alias,
          [pathOf('../../src/workflows/time-limits.ts')]: pathOf('./short-time-limits.ts'),
        },
      },
    }),
  });
  if (!code.includes('short-time-limits')) throw new Error('The bundle took the time limits of production.');
  await writeFile(file, code);
  return file;
}

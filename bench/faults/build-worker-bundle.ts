import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { shortTimeLimits } from './short-time-limits.ts';

const pathOf = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** Bundles the workflows once for all lives of all workers, with short time limits in place of the long ones. */
export async function buildWorkerBundle(folder: string, waits: number): Promise<string> {
  const shortened = join(folder, 'short-time-limits.ts');
  const exports = Object.entries(shortTimeLimits(waits)).map(
    ([name, limits]) => `export const ${name} = ${JSON.stringify(limits)};\n`,
  );
  await writeFile(shortened, exports.join(''));
  const { code } = await bundleWorkflowCode({
    logger: new DefaultLogger('WARN'),
    workflowsPath: pathOf('../../src/workflows/index.ts'),
    webpackConfigHook: (config) => ({
      ...config,
      resolve: {
        ...config.resolve,
        alias: { ...config.resolve?.alias, [pathOf('../../src/workflows/time-limits.ts')]: shortened },
      },
    }),
  });
  if (!code.includes('short-time-limits')) throw new Error('The bundle took the time limits of production.');
  const file = join(folder, 'workflow-bundle.js');
  await writeFile(file, code);
  return file;
}

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { createSupervisor, freePort, type SupervisedChild } from '../../src/sandbox/local-services/index.ts';
import type { SeenPage } from './watch-pages.ts';

export interface StagedWorker {
  readonly child: SupervisedChild;
  readonly logFile: string;
  /** File that says by how many milliseconds the worker's clock is off. */
  readonly clockFile: string;
  readonly pages: readonly SeenPage[];
}

export interface StagedWorkers {
  readonly workers: readonly StagedWorker[];
  /** Folder that arms crash points, and notes those that were met (`src/worker/crash-points.ts`). */
  readonly crashFolder: string;
  stop(): Promise<void>;
}

const workerCount = 2;
const pathOf = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** @param text the configuration as YAML; each worker gets its own ports for metrics and health. */
export async function startWorkers(given: {
  readonly folder: string;
  readonly text: string;
  readonly bundle: string;
  readonly temporalAddress: string;
}): Promise<StagedWorkers> {
  const { folder, text, bundle, temporalAddress } = given;
  // A worker may be killed as often as the day wants; what starts it again never gives up.
  const supervisor = createSupervisor({ restartPausesMs: Array.from({ length: 1000 }, () => 100) });
  const crashFolder = join(folder, 'crash');
  await mkdir(crashFolder, { recursive: true });
  const workers: StagedWorker[] = [];
  const taken: number[] = [];
  for (let number = 1; number <= workerCount; number += 1) {
    const name = `worker-${number}`;
    const [metricsPort, healthPort] = [await freePort(0, taken), await freePort(0, taken)];
    taken.push(metricsPort, healthPort);
    const configFile = join(folder, `${name}.yaml`);
    await writeFile(configFile, stringify({ ...(parse(text) as object), worker: { metricsPort, healthPort } }));
    const logFile = join(folder, 'logs', `${name}.log`);
    const clockFile = join(folder, `${name}.clock`);
    const child = await supervisor.start({
      name,
      command: process.execPath,
      args: [
        '--import',
        pathOf('./jumping-clock.ts'),
        pathOf('../../src/client/cli.ts'),
        'worker',
        '--config',
        configFile,
      ],
      env: {
        TEMPORAL_ADDRESS: temporalAddress,
        TEMPORAL_NAMESPACE: '',
        ACE_SYNC_WORKFLOW_BUNDLE: bundle,
        ACE_SYNC_CRASH_FOLDER: crashFolder,
        FAULTS_CLOCK_FILE: clockFile,
      },
      logFile,
      graceMs: 3_000,
    });
    const page = (kind: string, port: number) => ({
      name: `${name} /${kind}`,
      url: `http://127.0.0.1:${port}/${kind}`,
    });
    workers.push({ child, logFile, clockFile, pages: [page('metrics', metricsPort), page('health', healthPort)] });
  }
  return { workers, crashFolder, stop: () => supervisor.stop() };
}

import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Configuration, loadConfiguration } from '../config/configuration.ts';
import { createJournal } from '../journal/journal.ts';
import { stopOnSignals } from '../sandbox/local-services/index.ts';
import { prepareOrg } from '../sandbox/prepare-org.ts';
import { writeSandboxConnection } from '../sandbox/sandbox-connection.ts';
import { seedSandbox } from '../sandbox/seed-sandbox.ts';
import { type Sandbox, startSandbox } from '../sandbox/start-sandbox.ts';
import { connectTemporal, type TemporalConnection } from './connect.ts';
import { ensureDetector, ensureSchedules } from './schedules.ts';
import { type ConnectionStatus, readStatus } from './status.ts';
import { statusText } from './status-text.ts';
import { waitUntilSettled } from './wait-until-settled.ts';

export interface StartOptions {
  readonly data: string;
  readonly fresh: boolean;
  readonly once: boolean;
  /** False leaves the worker to somebody else, such as a container of its own. */
  readonly worker: boolean;
  readonly json: boolean;
  readonly seed: number;
  /** Factor of ACE's clock. */
  readonly clock: number;
}

/**
 * The main job on the embedded default: sandbox, seed data, schedules, worker. With `once` it ends by itself when
 * everything settled; else it runs until it is told to stop.
 * @returns the exit code
 */
export async function runStart(options: StartOptions): Promise<number> {
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const sandbox = await startSandbox({
    folder: options.data,
    fresh: options.fresh,
    seed: options.seed,
    clockFactor: options.clock,
    onProgress: say,
  });
  const forgetSignals = stopOnSignals(
    () => sandbox.stop(),
    (signal) => say(`${signal}: stopping.`),
  );
  try {
    const { config, temporal } = await prepare(sandbox, options, say);
    try {
      if (options.worker) await startWorker(sandbox, options.data);
      await ensureSchedules(temporal.client, config);
      await ensureDetector(temporal.client, config);
      announce(sandbox, options, say);
      if (!options.once) return await new Promise<never>(() => {});
      return await finish(sandbox, config, temporal, options, say);
    } finally {
      await temporal.close();
    }
  } finally {
    forgetSignals();
    await sandbox.stop();
  }
}

/** Data model, seed data and configuration; a restart finds them there and goes on. */
async function prepare(sandbox: Sandbox, options: StartOptions, say: (line: string) => void) {
  if (sandbox.salesforce === null || sandbox.ace === null) throw new Error('The main job needs the whole sandbox.');
  const login = await prepareOrg(sandbox.salesforce, options.data, say);
  const path = await writeSandboxConnection(options.data, sandbox, login);
  const config = loadConfiguration(path);
  const seeded = join(options.data, 'seeded');
  if (!existsSync(seeded)) {
    say('Seeding both sides: opportunities and leads at ACE, records in the CRM.');
    await seedSandbox(sandbox.ace, sandbox.salesforce, options.seed);
    await writeFile(seeded, '');
  }
  return { config, temporal: await connectTemporal(config) };
}

async function startWorker(sandbox: Sandbox, data: string): Promise<void> {
  await sandbox.supervisor.start({
    name: 'worker',
    command: process.execPath,
    args: [
      fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './cli.ts' : './cli.js', import.meta.url)),
      'worker',
      '--config',
      join(data, 'ace-sync.yaml'),
    ],
    env: { TEMPORAL_ADDRESS: '', TEMPORAL_NAMESPACE: '' },
    logFile: join(data, 'logs', 'worker.log'),
  });
}

function announce(sandbox: Sandbox, options: StartOptions, say: (line: string) => void): void {
  say('');
  say(`  Temporal Web UI     ${sandbox.temporal?.url}/namespaces/${sandbox.temporal?.namespace}/workflows`);
  say(`  ACE bucket          ${sandbox.bucket?.bucket} at ${sandbox.bucket?.endpoint}`);
  say(`  ACE simulator       one hour of ACE passes in ${Math.round(3600 / options.clock)} s`);
  say(`  Salesforce stand-in ${sandbox.salesforce?.connection.instanceUrl}`);
  say(`  Logs                ${join(options.data, 'logs')}`);
  say('');
  say(
    options.once ? 'Running until everything settled.' : 'Running. See `npx ace-sync status`; Ctrl-C stops everything.',
  );
}

async function finish(
  sandbox: Sandbox,
  config: Configuration,
  temporal: TemporalConnection,
  options: StartOptions,
  say: (line: string) => void,
): Promise<number> {
  if (sandbox.ace === null) throw new Error('The main job needs the ACE simulator.');
  await waitUntilSettled(sandbox.ace, temporal.client, config.connection, say);
  const outcomes = await createJournal(config.journal).outcomes();
  const status = await readStatus(temporal.client, config.connection, outcomes);
  const webUi = `${sandbox.temporal?.url}/namespaces/${sandbox.temporal?.namespace}/workflows`;
  process.stdout.write(
    options.json ? `${JSON.stringify(summaryOf(status, webUi))}\n` : statusText(config.connection, status, webUi),
  );
  return status.unexplained === 0 ? 0 : 1;
}

function summaryOf(status: ConnectionStatus, webUi: string) {
  const { outboundFiles, outboundRecords, filesRejected, uploads, unexplained, held } = status;
  return { outboundFiles, outboundRecords, filesRejected, uploads, unexplained, webUi, held };
}

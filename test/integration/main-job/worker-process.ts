import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const commandLine = fileURLToPath(new URL('../../../src/client/cli.ts', import.meta.url));

/** The worker of a connection in a process of its own, so that a test can kill it. */
export interface WorkerProcess {
  /** What it logged so far, over all its lives. */
  log(): string;
  /** SIGKILL: nothing is finished, flushed or told to anybody. */
  kill(): Promise<void>;
  /** Starts it again after `kill` or `stop`. */
  start(): void;
  /** SIGTERM, then its orderly end. */
  stop(): Promise<void>;
}

export function startWorkerProcess(configuration: string, logFile: string): WorkerProcess {
  let child: ChildProcess | null = null;
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;

  function start(): void {
    const log = openSync(logFile, 'a');
    child = spawn(process.execPath, [commandLine, 'worker', '--config', configuration], {
      // A zone west of GMT, in which a day that is read as a moment becomes the day before.
      env: { ...env, TZ: 'America/Los_Angeles', TEMPORAL_ADDRESS: '', TEMPORAL_NAMESPACE: '' },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = child;
    child = null;
    if (ending === null || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = once(ending, 'exit');
    ending.kill(signal);
    await ended;
  }

  start();
  return { log: () => readFileSync(logFile, 'utf8'), kill: () => end('SIGKILL'), start, stop: () => end('SIGTERM') };
}

import { setTimeout as delay } from 'node:timers/promises';
import { AceSyncError } from '../../errors.ts';
import { type GuardianProcess, type Launched, startGuardianProcess } from './guardian-process.ts';
import type { ExitStatus } from './guardian-protocol.ts';
import { signalProcess } from './process-group.ts';

export type { ExitStatus } from './guardian-protocol.ts';

export interface ChildOptions {
  /** Shown in events and errors. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** @default this process's working folder */
  readonly cwd?: string;
  /** Absolute path that stdout and stderr are appended to. @default this process's own stdout and stderr */
  readonly logFile?: string;
  /** Start it again when it ends without having been stopped. @default true */
  readonly restart?: boolean;
  /** Milliseconds between SIGTERM and SIGKILL. @default 5,000 */
  readonly graceMs?: number;
}

export interface SupervisedChild {
  readonly name: string;
  /** Null while it is not running. */
  readonly pid: number | null;
  /** Resolves when it has ended for good: stopped, not to be restarted, or ended too often. */
  readonly ended: Promise<ExitStatus>;
  /** Sends a signal to the child itself, as a fault harness does. SIGKILL leads to a restart unless told otherwise. */
  kill(signal: NodeJS.Signals): void;
  /** Ends it and everything it started, without a restart. */
  stop(): Promise<void>;
}

export interface ChildEvent {
  readonly name: string;
  readonly event: 'started' | 'ended' | 'restarting' | 'gaveUp';
  readonly pid: number | null;
  readonly status?: ExitStatus;
}

export interface Supervisor {
  /** Throws AceSyncError SERVICE_FAILED when the program cannot be started at all. */
  start(options: ChildOptions): Promise<SupervisedChild>;
  /** Stops all children, last started first, and the guardian. Further calls wait for the same end. */
  stop(): Promise<void>;
}

export interface SupervisorOptions {
  readonly onEvent?: (event: ChildEvent) => void;
  /**
   * Milliseconds before the first, second, … restart of a child within a minute; with none left it gives up.
   * @default at once for a killed worker, then slower: 0, 500, 1,000, 2,000, 4,000
   */
  readonly restartPausesMs?: readonly number[];
}

const restartWindowMs = 60_000;

/**
 * Owns child processes. However this process ends (by itself, Ctrl-C, SIGTERM, SIGKILL), its guardian ends the
 * children and what they started in their process groups.
 */
export function createSupervisor(supervisorOptions: SupervisorOptions = {}): Supervisor {
  const running: SupervisedChild[] = [];
  let guardian: GuardianProcess | null = null;
  let stopping: Promise<void> | null = null;

  function currentGuardian(): GuardianProcess {
    guardian ??= startGuardianProcess(() => {
      guardian = null;
    });
    return guardian;
  }

  async function stopAll(): Promise<void> {
    for (const child of running.toReversed()) await child.stop();
    await guardian?.close();
  }

  return {
    async start(options) {
      if (stopping !== null) throw new AceSyncError('SERVICE_FAILED', `${options.name}: the supervisor is stopping.`);
      const child = await superviseChild(options, currentGuardian, supervisorOptions);
      running.push(child);
      return child;
    },
    stop() {
      stopping ??= stopAll();
      return stopping;
    },
  };
}

async function superviseChild(
  options: ChildOptions,
  guardian: () => GuardianProcess,
  { onEvent = () => {}, restartPausesMs = [0, 500, 1_000, 2_000, 4_000] }: SupervisorOptions,
): Promise<SupervisedChild> {
  const {
    name,
    command,
    args,
    env = {},
    cwd = process.cwd(),
    logFile = null,
    restart = true,
    graceMs = 5_000,
  } = options;
  const ended = Promise.withResolvers<ExitStatus>();
  const stop = new AbortController();
  let launched: Launched | null = null;
  let restarts: number[] = [];

  async function launch(): Promise<void> {
    // A child that ends at once may be reported as ended before it is reported as started.
    const { promise: started, resolve: start } = Promise.withResolvers<void>();
    const program = { command, args, env, cwd, logFile, graceMs };
    launched = await guardian().launch(program, (status) => void started.then(() => exited(status)));
    onEvent({ name, event: 'started', pid: launched.pid });
    if (stop.signal.aborted) launched.end();
    start();
  }

  async function exited(status: ExitStatus): Promise<void> {
    onEvent({ name, event: 'ended', pid: launched?.pid ?? null, status });
    launched = null;
    restarts = restarts.filter((at) => at > Date.now() - restartWindowMs);
    const pause = restartPausesMs[restarts.length];
    if (stop.signal.aborted || !restart) return ended.resolve(status);
    if (pause === undefined) {
      onEvent({ name, event: 'gaveUp', pid: null, status });
      return ended.resolve(status);
    }
    restarts.push(Date.now());
    onEvent({ name, event: 'restarting', pid: null, status });
    try {
      await delay(pause, undefined, { signal: stop.signal });
      await launch();
    } catch {
      ended.resolve(status);
    }
  }

  await launch();
  return {
    name,
    get pid() {
      return launched?.pid ?? null;
    },
    ended: ended.promise,
    kill(signal) {
      if (launched !== null) signalProcess(launched.pid, signal);
    },
    async stop() {
      stop.abort();
      launched?.end();
      await ended.promise;
    },
  };
}

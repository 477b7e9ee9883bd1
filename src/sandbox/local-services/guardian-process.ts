import { type ChildProcess, fork } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AceSyncError } from '../../errors.ts';
import type { ExitStatus, LaunchOrder, Order, Report } from './guardian-protocol.ts';
import { signalGroup } from './process-group.ts';

/** The supervising process's end of the channel to its guardian. */
export interface GuardianProcess {
  /** Resolves with the process id. Throws AceSyncError SERVICE_FAILED when the program cannot be started. */
  launch(order: Omit<LaunchOrder, 'type' | 'id'>, onExit: (status: ExitStatus) => void): Promise<Launched>;
  /** Ends all children that are left, then the guardian itself. */
  close(): Promise<void>;
}

export interface Launched {
  readonly pid: number;
  /** SIGTERM to the child's process group and SIGKILL after its grace time; the exit is reported as any other. */
  end(): void;
}

interface Entry {
  pid: number | null;
  readonly onExit: (status: ExitStatus) => void;
  readonly launched: PromiseWithResolvers<Launched>;
}

/** Runs from sources in development and from built files in the package, so it has this file's own extension. */
const guardianFile = fileURLToPath(new URL(`./guardian${extname(import.meta.url)}`, import.meta.url));

/** @param onLost called when the guardian ended without being asked to; its children have been killed then. */
export function startGuardianProcess(onLost: () => void): GuardianProcess {
  const entries = new Map<number, Entry>();
  let nextId = 1;
  let closing = false;
  const guardian = fork(guardianFile, { detached: true, execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ended = new Promise<void>((resolve) => guardian.once('exit', () => resolve()));

  guardian.on('message', (message) => receive(message as Report));
  // Sending to a guardian that is already gone must not throw; its exit is handled below.
  guardian.on('error', () => {});
  guardian.once('exit', () => {
    if (closing) return;
    onLost();
    for (const [id, { pid, onExit, launched }] of entries) {
      entries.delete(id);
      if (pid !== null) signalGroup(pid, 'SIGKILL');
      launched.reject(new AceSyncError('SERVICE_FAILED', 'The guardian process was killed.'));
      if (pid !== null) onExit({ code: null, signal: 'SIGKILL' });
    }
  });

  function receive(report: Report): void {
    const entry = entries.get(report.id);
    if (entry === undefined) return;
    switch (report.type) {
      case 'launched':
        entry.pid = report.pid;
        entry.launched.resolve({ pid: report.pid, end: () => send(guardian, { type: 'end', id: report.id }) });
        return;
      case 'notLaunched':
        entries.delete(report.id);
        entry.launched.reject(new AceSyncError('SERVICE_FAILED', report.reason));
        return;
      case 'exited':
        entries.delete(report.id);
        entry.onExit({ code: report.code, signal: report.signal });
    }
  }

  return {
    launch(order, onExit) {
      const id = nextId++;
      const launched = Promise.withResolvers<Launched>();
      entries.set(id, { pid: null, onExit, launched });
      send(guardian, { ...order, type: 'launch', id });
      return launched.promise;
    },
    async close() {
      closing = true;
      if (guardian.connected) guardian.disconnect();
      await ended;
    },
  };
}

function send(guardian: ChildProcess, order: Order): void {
  guardian.send(order, () => {});
}

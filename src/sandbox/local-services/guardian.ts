/**
 * The guardian: a small process that starts the children of the supervising process and outlives it for a moment.
 * Its IPC channel closes when the supervising process ends in whatever way, SIGKILL included; then it ends all
 * children and itself. It starts them, and not the supervising process, so that no moment exists in which a child is
 * running and nobody but its parent knows its process id.
 */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { LaunchOrder, Order, Report } from './guardian-protocol.ts';
import { endLeftovers, signalGroup } from './process-group.ts';

interface Child {
  readonly pid: number;
  readonly graceMs: number;
  /** Resolves when it and what it started have ended. */
  readonly gone: Promise<void>;
}

/** For what a child started and did not end itself before it went. */
const leftoverGraceMs = 300;

const children = new Map<number, Child>();

function report(message: Report): void {
  if (process.connected) process.send?.(message);
}

function launch(order: LaunchOrder): void {
  const { id, command, args, cwd, env, logFile, graceMs } = order;
  const output = logFile === null ? 'inherit' : openSync(logFile, 'a', 0o600);
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', output, output],
  });
  if (typeof output === 'number') closeSync(output);
  const { pid } = child;
  child.once('error', (error) => {
    if (pid === undefined) report({ type: 'notLaunched', id, reason: error.message });
  });
  if (pid === undefined) return;
  const gone = Promise.withResolvers<void>();
  children.set(id, { pid, graceMs, gone: gone.promise });
  child.once('exit', async (code, signal) => {
    await endLeftovers(pid, leftoverGraceMs);
    children.delete(id);
    report({ type: 'exited', id, code, signal });
    gone.resolve();
  });
  report({ type: 'launched', id, pid });
}

function obey(order: Order): void {
  try {
    if (order.type === 'launch') launch(order);
    else void end(order.id);
  } catch (error) {
    report({ type: 'notLaunched', id: order.id, reason: error instanceof Error ? error.message : String(error) });
  }
}

async function end(id: number): Promise<void> {
  const child = children.get(id);
  if (child === undefined) return;
  signalGroup(child.pid, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), child.graceMs);
  await child.gone;
  clearTimeout(timer);
}

async function endEverything(): Promise<void> {
  await Promise.all([...children.keys()].map(end));
  process.exit(0);
}

// Ctrl-C and a terminal that closes reach whole process groups; only the end of the channel ends the guardian.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('message', (order: Order) => obey(order));
process.once('disconnect', () => void endEverything());

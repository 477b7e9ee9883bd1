import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A script of this folder in a process of its own; it ends when its channel to this process closes, however that ends. */
export interface BenchChild<Message> {
  readonly pid: number;
  /** What it sent when it was ready. */
  readonly ready: Message;
  stop(): Promise<void>;
}

export async function startChild<Message>(
  script: string,
  args: readonly string[],
  logFile: string,
  execArgv: readonly string[] = [],
): Promise<BenchChild<Message>> {
  const log = openSync(logFile, 'a');
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), args, {
    stdio: ['ignore', log, log, 'ipc'],
    execArgv: [...process.execArgv, ...execArgv],
    env: { ...process.env, TEMPORAL_ADDRESS: '', TEMPORAL_NAMESPACE: '' },
  });
  closeSync(log);
  const ended = once(child, 'exit');
  const failed = ended.then(() => {
    throw new Error(`${script} ended before it was ready; see ${logFile}.`);
  });
  const [ready] = (await Promise.race([once(child, 'message'), failed])) as [Message];
  failed.catch(() => {});
  return { pid: child.pid ?? 0, ready, stop: () => stop(child, ended) };
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.disconnect();
  await ended;
}

import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { AceSyncError } from '../errors.ts';

/**
 * Marks a journal folder as used by this worker. Workers of one host may share a folder: each append is one write with
 * O_APPEND, which a local file system does not interleave, and files are renamed into place. Network file systems promise
 * neither between hosts, so a worker of another host is refused while it lives.
 */
export interface FolderLock {
  release(): void;
}

/** A lock is touched this often (ms), and one of another host that was not for a minute belongs to a dead worker. */
const touchInterval = 15_000;
const deadAfter = 60_000;

/** @throws AceSyncError JOURNAL_IN_USE naming the other host and process. */
export function lockFolder(folder: string, host = hostname(), pid = process.pid): FolderLock {
  const locks = join(folder, 'workers');
  mkdirSync(locks, { recursive: true, mode: 0o700 });
  const own = join(locks, `${host}.${pid}.lock`);
  for (const name of readdirSync(locks)) refuseOrClear(join(locks, name), host);
  writeFileSync(own, JSON.stringify({ host, pid }), { mode: 0o600 });
  const timer = setInterval(() => {
    try {
      const now = new Date();
      utimesSync(own, now, now);
    } catch {
      // The folder is away for a moment: the journal's own writes report that.
    }
  }, touchInterval);
  timer.unref();
  return {
    release() {
      clearInterval(timer);
      rmSync(own, { force: true });
    },
  };
}

function refuseOrClear(path: string, host: string): void {
  const holder = readHolder(path);
  if (holder === null) return;
  const alive = holder.host === host ? isRunning(holder.pid) : Date.now() - holder.touched < deadAfter;
  if (!alive) rmSync(path, { force: true });
  else if (holder.host !== host) {
    throw new AceSyncError('JOURNAL_IN_USE', `A worker on ${holder.host} (process ${holder.pid}) uses it.`);
  }
}

function readHolder(path: string): { readonly host: string; readonly pid: number; readonly touched: number } | null {
  try {
    const { host, pid } = JSON.parse(readFileSync(path, 'utf8')) as { host: string; pid: number };
    return { host, pid, touched: statSync(path).mtimeMs };
  } catch {
    return null;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

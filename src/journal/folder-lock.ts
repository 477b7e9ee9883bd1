import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
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
  /**
   * Resolves with JOURNAL_IN_USE once a worker of another host has taken the folder, because this one was not heard of for
   * too long (a suspended machine); never otherwise.
   */
  readonly lost: Promise<AceSyncError>;
}

/** A lock is touched this often (ms), and one of another host that was not for a minute belongs to a dead worker. */
const touchInterval = 15_000;
const deadAfter = 60_000;

/** @throws AceSyncError JOURNAL_IN_USE naming the other host and process. */
export function lockFolder(folder: string, host = hostname(), pid = process.pid): FolderLock {
  const locks = join(folder, 'workers');
  const own = join(locks, `${host}.${pid}.lock`);
  const take = () => {
    mkdirSync(locks, { recursive: true, mode: 0o700 });
    clearDead(locks, host, own);
    writeFileSync(own, JSON.stringify({ host, pid }), { mode: 0o600 });
    // Of two that begin at once both see the other now, and neither goes on.
    try {
      clearDead(locks, host, own);
    } catch (error) {
      rmSync(own, { force: true });
      throw error;
    }
  };
  take();
  const lost = Promise.withResolvers<AceSyncError>();
  const timer = setInterval(() => {
    try {
      const now = new Date();
      if (existsSync(own)) utimesSync(own, now, now);
      else take();
    } catch (error) {
      // Anything else is a folder that is away for a moment: the journal's own writes report that.
      if (!(error instanceof AceSyncError)) return;
      clearInterval(timer);
      lost.resolve(error);
    }
  }, touchInterval);
  timer.unref();
  return {
    lost: lost.promise,
    release() {
      clearInterval(timer);
      rmSync(own, { force: true });
    },
  };
}

/** Takes away the marks of other workers that are dead. @throws AceSyncError JOURNAL_IN_USE for a living one of another host */
function clearDead(locks: string, host: string, own: string): void {
  for (const name of readdirSync(locks)) if (join(locks, name) !== own) refuseOrClear(join(locks, name), host);
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

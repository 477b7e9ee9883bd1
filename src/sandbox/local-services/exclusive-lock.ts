import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';

/** A lock that the operating system frees when its holder ends, however that happens. */
export interface ExclusiveLock {
  release(): void;
}

/** SQLite's SQLITE_BUSY. */
const busy = 5;
const pollMs = 200;

/**
 * Takes the lock that `file` stands for, or returns null when another process or another part of this one holds it.
 * Node offers no file locks of its own; SQLite's exclusive transaction is one (POSIX record locks), without a stale
 * state that somebody would have to clean up after a kill.
 */
export function tryExclusiveLock(file: string): ExclusiveLock | null {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === busy) return null;
    throw error;
  }
  return { release: () => database.close() };
}

/** Waits until the lock is free. `onWait` is called once, when somebody else holds it. */
export async function takeExclusiveLock(
  file: string,
  { onWait = () => {}, signal }: { onWait?: () => void; signal?: AbortSignal | undefined } = {},
): Promise<ExclusiveLock> {
  for (let attempt = 0; ; attempt++) {
    const lock = tryExclusiveLock(file);
    if (lock !== null) return lock;
    if (attempt === 0) onWait();
    await delay(pollMs, undefined, signal === undefined ? {} : { signal });
  }
}

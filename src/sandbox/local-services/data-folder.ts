import { mkdir, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AceSyncError } from '../../errors.ts';
import { tryExclusiveLock } from './exclusive-lock.ts';

export interface DataFolder {
  /** Absolute. */
  readonly path: string;
  /** Lets another process use it. The operating system does so too, when this process ends. */
  release(): void;
}

const lockFile = 'in-use.lock';

/**
 * Makes the folder that the local stack keeps its data in, readable by its owner only, and takes it for this process:
 * two stacks on one folder would share a database file and ruin it.
 * @param options.fresh empties it first
 * @throws AceSyncError SERVICE_FAILED when another process uses it
 */
export async function openDataFolder(path: string, { fresh = false }: { fresh?: boolean } = {}): Promise<DataFolder> {
  const folder = resolve(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const lock = tryExclusiveLock(join(folder, lockFile));
  if (lock === null) {
    throw new AceSyncError('SERVICE_FAILED', `${folder} is in use by another ace-sync; stop that one first.`);
  }
  if (fresh) {
    for (const name of await readdir(folder)) {
      if (!name.startsWith(lockFile)) await rm(join(folder, name), { recursive: true, force: true });
    }
  }
  return { path: folder, release: () => lock.release() };
}

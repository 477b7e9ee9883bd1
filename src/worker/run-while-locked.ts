import type { FolderLock } from '../journal/folder-lock.ts';
import type { WorkerPair } from './create-worker.ts';

/**
 * Runs the workers until they are told to stop. When a worker of another host takes the journal's folder over, they finish
 * what they have begun and end: two hosts would mix the lines of one folder.
 * @throws AceSyncError JOURNAL_IN_USE once they have ended because of that
 */
export async function runWhileLocked(
  workers: Pick<WorkerPair, 'run' | 'shutdown'>,
  lock: Pick<FolderLock, 'lost'> | null,
): Promise<void> {
  const ended = workers.run();
  const lost = await Promise.race([ended, ...(lock === null ? [] : [lock.lost])]);
  if (lost === undefined) return;
  workers.shutdown();
  await ended;
  throw lost;
}

import { AceSyncError } from '../errors.ts';
import type { FileReference } from '../workflows/messages.ts';
import type { Dependencies } from './dependencies.ts';

/**
 * Deletes one file version (If-Match). `gone` is a success: an earlier attempt may have deleted it without hearing so.
 * `replaced` leaves the new version to its own workflow.
 */
export function deleteFile({ bucket, files }: Dependencies) {
  return async (file: FileReference): Promise<{ kind: 'deleted' | 'gone' | 'replaced' }> => {
    files.drop(file);
    try {
      await bucket.delete(file);
      return { kind: 'deleted' };
    } catch (error) {
      if (error instanceof AceSyncError && error.code === 'OBJECT_GONE') return { kind: 'gone' };
      if (error instanceof AceSyncError && error.code === 'OBJECT_REPLACED') return { kind: 'replaced' };
      throw error;
    }
  };
}

import { AceSyncError } from '../errors.ts';
import type { FileReference } from '../workflows/messages.ts';
import type { Dependencies } from './dependencies.ts';

/**
 * Tags a file with its outcome and ETag, so that S3 says it even after Temporal's retention. A bucket policy without
 * tagging rights is a supported mode: the file then stays held by its workflow alone, and `tagged` says so.
 */
export function tagFile({ bucket, settled, log, config }: Dependencies) {
  return async (input: { file: FileReference; outcome: 'rejected' | 'parked' }): Promise<{ tagged: boolean }> => {
    if (config.mode === 'observe') return { tagged: false };
    try {
      await bucket.tag(input.file, input.outcome);
      if (input.outcome === 'rejected') settled.remember(input.file);
      return { tagged: true };
    } catch (error) {
      if (!(error instanceof AceSyncError) || !untaggable.has(error.code)) throw error;
      log.warn({ key: input.file.key, code: error.code }, 'The file could not be tagged.');
      return { tagged: false };
    }
  };
}

const untaggable = new Set<string>(['BUCKET_ACCESS_DENIED', 'OBJECT_GONE', 'OBJECT_REPLACED']);

import { AceSyncError } from '../errors.ts';
import type { FileReference } from '../workflows/messages.ts';
import type { Dependencies } from './dependencies.ts';

/**
 * Tags a file with its outcome and ETag, so that S3 says it even after Temporal's retention. A bucket policy without
 * tagging rights is a supported mode: the file then stays held by its workflow alone.
 */
export async function tagFile(
  { bucket, settled, log, config }: Dependencies,
  file: FileReference,
  outcome: 'rejected' | 'parked',
): Promise<void> {
  if (config.mode === 'observe') return;
  try {
    await bucket.tag(file, outcome);
    if (outcome === 'rejected') settled.remember(file, outcome);
  } catch (error) {
    if (!(error instanceof AceSyncError) || !untaggable.has(error.code)) throw error;
    log.warn({ key: file.key, code: error.code }, 'The file could not be tagged.');
  }
}

const untaggable = new Set<string>(['BUCKET_ACCESS_DENIED', 'OBJECT_GONE', 'OBJECT_REPLACED']);

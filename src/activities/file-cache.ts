import type { AceBucket } from '../bucket/ace-bucket.ts';
import { AceSyncError } from '../errors.ts';
import type { Journal } from '../journal/journal.ts';
import type { FileReference } from '../workflows/messages.ts';

/**
 * Contents of files by key and ETag, local to a worker: the steps of one file download it once when they run on one
 * worker, and again when they do not. Bounded by bytes, oldest out first.
 */
export interface FileCache {
  get(file: FileReference): Promise<Buffer>;
  drop(file: FileReference): void;
}

/** 64 files of the largest size that ACE writes. */
const capacityInBytes = 64 * 1024 * 1024;

export function createFileCache(bucket: AceBucket, journal: Journal): FileCache {
  const contents = new Map<string, Buffer>();
  let bytes = 0;
  const nameOf = (file: FileReference) => `${file.key}\n${file.etag}`;
  function drop(name: string): void {
    bytes -= contents.get(name)?.length ?? 0;
    contents.delete(name);
  }
  /** A file that was kept in the journal before can be read although it left the bucket. */
  async function read(file: FileReference): Promise<Buffer> {
    try {
      return await bucket.get(file);
    } catch (error) {
      const left = error instanceof AceSyncError && (error.code === 'OBJECT_GONE' || error.code === 'OBJECT_REPLACED');
      const kept = left && file.journalSha !== undefined ? await journal.read(file.journalSha) : null;
      if (kept === null) throw error;
      return kept;
    }
  }
  return {
    async get(file) {
      const name = nameOf(file);
      const cached = contents.get(name);
      if (cached !== undefined) return cached;
      const content = await read(file);
      contents.set(name, content);
      bytes += content.length;
      for (const oldest of contents.keys()) {
        if (bytes <= capacityInBytes) break;
        drop(oldest);
      }
      return content;
    },
    drop: (file) => drop(nameOf(file)),
  };
}

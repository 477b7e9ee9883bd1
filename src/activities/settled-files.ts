import type { AceBucket } from '../bucket/ace-bucket.ts';
import { AceSyncError } from '../errors.ts';
import type { FileReference } from '../workflows/messages.ts';
import type { SettledFiles } from './dependencies.ts';

/** Outcomes after which nobody works on a file any more; a `parked` file without a running workflow starts again. */
const finalOutcomes = new Set<string>(['rejected', 'dismissed', 'settled']);

/**
 * Files younger than this are started without asking for their tag: a file that just came has none, and one that is
 * tagged meanwhile is known by its workflow id. Saves a request per file where it matters, in a backlog of new files.
 */
const youngFileMilliseconds = 60 * 60 * 1000;

/**
 * A worker's memory of which file versions are final: listings carry no tags, so without it every scan would cost a
 * request per tagged file. It is only an optimisation; the tags are the truth.
 */
export function createSettledFiles(bucket: AceBucket, now: () => Date): SettledFiles {
  const known = new Map<string, boolean>();
  const nameOf = (file: FileReference) => `${file.key}\n${file.etag}`;
  return {
    async isFinal(file) {
      const name = nameOf(file);
      const remembered = known.get(name);
      if (remembered !== undefined) return remembered;
      if (now().getTime() - Date.parse(file.lastModified) < youngFileMilliseconds) return false;
      const final = finalOutcomes.has((await readTag(bucket, file)) ?? '');
      known.set(name, final);
      return final;
    },
    remember: (file) => void known.set(nameOf(file), true),
  };
}

async function readTag(bucket: AceBucket, file: FileReference): Promise<string | null> {
  try {
    return await bucket.readTag(file);
  } catch (error) {
    // Without the right to read tags, or for a file that vanished since the listing, there is no tag to obey.
    if (error instanceof AceSyncError && (error.code === 'BUCKET_ACCESS_DENIED' || error.code === 'OBJECT_GONE'))
      return null;
    throw error;
  }
}

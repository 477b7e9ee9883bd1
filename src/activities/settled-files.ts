import type { AceBucket } from '../bucket/ace-bucket.ts';
import type { Outcome } from '../bucket/outcome-tag.ts';
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
  const known = new Map<string, Outcome | null>();
  const nameOf = ({ key, etag, lastModified }: FileReference) => `${key}\n${etag}\n${lastModified}`;
  async function outcomeOf(file: FileReference): Promise<Outcome | null> {
    const name = nameOf(file);
    const remembered = known.get(name);
    if (remembered !== undefined) return remembered;
    if (now().getTime() - Date.parse(file.lastModified) < youngFileMilliseconds) return null;
    const tag = await readTag(bucket, file);
    const final = finalOutcomes.has(tag ?? '') ? tag : null;
    known.set(name, final);
    return final;
  }
  return {
    outcomeOf,
    isFinal: async (file) => (await outcomeOf(file)) !== null,
    remember: (file, outcome) => void known.set(nameOf(file), outcome),
  };
}

async function readTag(bucket: AceBucket, file: FileReference): Promise<Outcome | null> {
  try {
    return await bucket.readTag(file);
  } catch (error) {
    // Without the right to read tags, or for a file that vanished since the listing, there is no tag to obey.
    if (error instanceof AceSyncError && (error.code === 'BUCKET_ACCESS_DENIED' || error.code === 'OBJECT_GONE'))
      return null;
    throw error;
  }
}

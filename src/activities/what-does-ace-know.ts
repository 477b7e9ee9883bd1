import { rejectedSuffixes, resultNameOf, resultSuffixes } from '../ace/file-name.ts';
import { aceFolders } from '../bucket/folders.ts';
import type { SharedObject } from '../crm/crm.ts';
import { AceSyncError } from '../errors.ts';
import type { FileReference } from '../workflows/messages.ts';
import type { Dependencies } from './dependencies.ts';

export interface AceKnowledge {
  /** The file still lies in the inbound folder: ACE has not taken it. */
  readonly inbound: 'present' | 'absent' | 'unknown';
  /** ACE's archive holds the file: ACE has taken it. */
  readonly archived: 'present' | 'absent' | 'unknown';
  /** Its processed result, in the results folder or in an archive. */
  readonly result: FileReference | null;
}

/**
 * The one place that asks the bucket what became of a file that we sent (design.md, rule 4): used by repeated PUTs,
 * overdue results and adopted intents. A refusal (403) is "unknown", never "absent".
 */
export async function whatDoesAceKnow(
  { bucket }: Dependencies,
  object: SharedObject,
  name: string,
): Promise<AceKnowledge> {
  const folders = aceFolders[object];
  const result = await findResult();
  const [inbound, archived] = await Promise.all([
    bucket.exists(folders.inbound + name),
    bucket.exists(folders.inboundArchive + name),
  ]);
  return { inbound, archived, result };

  async function findResult(): Promise<FileReference | null> {
    const places = [folders.processedResults, ...folders.processedResultsArchives];
    for (const folder of places) {
      const stem = folder + name.replace(/\.json$/, '');
      const known = new Set(
        [...resultSuffixes, ...rejectedSuffixes].map((suffix) => folder + resultNameOf(name, suffix)),
      );
      const found = (await listIfAllowed(stem)).find((file) => known.has(file.key));
      if (found !== undefined) return found;
    }
    return null;
  }

  async function listIfAllowed(prefix: string): Promise<readonly FileReference[]> {
    try {
      return (await bucket.list(prefix)).objects;
    } catch (error) {
      // Archives are often not readable for partners; then they simply tell nothing.
      if (error instanceof AceSyncError && error.code === 'BUCKET_ACCESS_DENIED') return [];
      throw error;
    }
  }
}

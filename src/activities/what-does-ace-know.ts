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
  { bucket }: Pick<Dependencies, 'bucket'>,
  object: SharedObject,
  name: string,
): Promise<AceKnowledge> {
  const folders = aceFolders[object];
  // In this order: ACE copies a file before it deletes it, so a file that left inbound between two looks is seen later.
  const inbound = await bucket.exists(folders.inbound + name);
  const archived = await existsInAny([folders.inboundArchive]);
  const result = await findResult();
  return { inbound, archived, result };

  async function existsInAny(archives: readonly string[]): Promise<AceKnowledge['archived']> {
    const looks = await Promise.all(datedFolders(archives, name).map((folder) => bucket.exists(folder + name)));
    return looks.find((look) => look === 'present') ?? looks.find((look) => look === 'unknown') ?? 'absent';
  }

  async function findResult(): Promise<FileReference | null> {
    const places = [folders.processedResults, ...datedFolders(folders.processedResultsArchives, name)];
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

/** `_MMDDYYYYHHMMSS.json`, the end of the names that we make. */
const timeInName = /_(\d{2})(\d{2})(\d{4})\d{6}\.json$/;
const dayMs = 24 * 60 * 60 * 1000;

/** AWS's documents disagree whether archives have folders by date (`YYYY/MM/DD/`): both, for the day of sending and the next. */
function datedFolders(archives: readonly string[], name: string): readonly string[] {
  const [, month, day, year] = timeInName.exec(name) ?? [];
  const sent = Date.parse(`${year}-${month}-${day}T00:00:00Z`);
  const days = Number.isNaN(sent) ? [] : [sent, sent + dayMs];
  const dates = days.map((time) => `${new Date(time).toISOString().slice(0, 10).replaceAll('-', '/')}/`);
  return archives.flatMap((archive) => [archive, ...dates.map((date) => archive + date)]);
}

import { dayOfSending, type ResultSuffix, rejectedSuffixes, resultNameOf, resultSuffixes } from '../ace/file-name.ts';
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
  /** Its processed result, in the results folder or in an archive; `unknown` when the results folder refuses a look. */
  readonly result: FileReference | 'absent' | 'unknown';
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

  /** A result per record says more than the refusal of a file, wherever both lie: for one name a success stands. */
  async function findResult(): Promise<AceKnowledge['result']> {
    const files = await answersIn(folders.processedResults);
    const found = pick(files ?? [], resultSuffixes);
    if (found !== undefined) return found;
    // Archives are often not readable for partners; then they simply tell nothing.
    const archives = datedFolders(folders.processedResultsArchives, name);
    const archived = (await Promise.all(archives.map(answersIn))).flatMap((answers) => answers ?? []);
    const known = [...(files ?? []), ...archived];
    return pick(known, resultSuffixes) ?? pick(known, rejectedSuffixes) ?? (files === null ? 'unknown' : 'absent');
  }

  function pick(files: readonly FileReference[], suffixes: readonly ResultSuffix[]): FileReference | undefined {
    const names = new Set(suffixes.map((suffix) => resultNameOf(name, suffix)));
    return files.find(({ key }) => names.has(key.slice(key.lastIndexOf('/') + 1)));
  }

  /** Files of the folder that begin like the name; null when it refuses a look. */
  async function answersIn(folder: string): Promise<readonly FileReference[] | null> {
    try {
      return (await bucket.list(folder + name.replace(/\.json$/, ''))).objects;
    } catch (error) {
      if (error instanceof AceSyncError && error.code === 'BUCKET_ACCESS_DENIED') return null;
      throw error;
    }
  }
}

const dayMs = 24 * 60 * 60 * 1000;

/** AWS's documents disagree whether archives have folders by date (`YYYY/MM/DD/`): both, for the day of sending and the next. */
function datedFolders(archives: readonly string[], name: string): readonly string[] {
  const sent = dayOfSending(name)?.getTime();
  const days = sent === undefined ? [] : [sent, sent + dayMs];
  const dates = days.map((time) => `${new Date(time).toISOString().slice(0, 10).replaceAll('-', '/')}/`);
  return archives.flatMap((archive) => [archive, ...dates.map((date) => archive + date)]);
}

import { createHash } from 'node:crypto';
import { folderPrefix } from '../bucket/folders.ts';
import type { SharedObject } from '../crm/crm.ts';
import { AceSyncError } from '../errors.ts';
import type { FileReference, Folder, Waits } from '../workflows/messages.ts';
import { readableName } from '../workflows/summaries.ts';
import type { ConnectionHold } from './connection-hold.ts';
import type { Dependencies } from './dependencies.ts';

export interface FoundFile {
  readonly file: FileReference;
  readonly workflowId: string;
  /** File name without folder, cut to what a workflow id may show. */
  readonly readableName: string;
}

export interface FolderListing {
  readonly listed: number;
  readonly files: readonly FoundFile[];
  readonly waits: Waits;
  readonly reason: string | null;
  /** Where the next run of the scan goes on; null when the end of the folder was reached. */
  readonly startAfter: string | null;
}

/** Files started by one scan, or a few more: a scan stays far below the history limit, and the bucket is the queue. */
const filesPerScan = 300;
/** Tags read at once where nobody remembers them; as many as the S3 client has connections. */
const filesAtOnce = 50;
/** Milliseconds after which a run of the scan hands over to the next one, well within the activity's time limit. */
const longestListing = 15_000;

/**
 * Lists the files of a folder that nobody has settled, oldest name first. Files whose tag says that they are final are
 * left out; tags are read once per worker and file version.
 */
export function listFolder({ config, bucket, crm, waits, settled, running, hold, now }: Dependencies) {
  return async (input: { object: SharedObject; folder: Folder; startAfter?: string }): Promise<FolderListing> => {
    const nothing = { listed: 0, files: [], waits, startAfter: null };
    const held = crm.openBreaker() ?? (await heldReason(hold));
    if (held !== null) return { ...nothing, reason: `Nothing is started: ${held}` };
    const busy = await running(input.object, input.folder);
    const files: FoundFile[] = [];
    const deadline = now().getTime() + longestListing;
    let listed = 0;
    let startAfter: string | null = input.startAfter ?? null;
    try {
      do {
        const page = await bucket.list(
          folderPrefix(input.object, input.folder),
          startAfter === null ? {} : { startAfter },
        );
        for (let from = 0; from < page.objects.length; from += filesAtOnce) {
          if (files.length >= filesPerScan || now().getTime() > deadline)
            return { listed, files, waits, reason: null, startAfter };
          const some = page.objects.slice(from, from + filesAtOnce);
          const unsettled = await Promise.all(
            some.map(async (file) => {
              const found = describeFile(config.connection, input.object, input.folder, file);
              return busy.has(found.workflowId) || (await settled.isFinal(file)) ? [] : [found];
            }),
          );
          listed += some.length;
          files.push(...unsettled.flat());
          startAfter = some.at(-1)?.key ?? startAfter;
        }
        startAfter = page.next;
      } while (startAfter !== null);
    } catch (error) {
      // A folder that cannot be listed is an outcome of the scan, not an activity that hides behind its retries.
      if (error instanceof AceSyncError && unlistable.has(error.code)) {
        return { ...nothing, listed, reason: `Cannot list: ${error.message} ${error.entry.fix}` };
      }
      throw error;
    }
    return { listed, files, waits, reason: null, startAfter: null };
  };
}

const unlistable = new Set<string>(['BUCKET_ACCESS_DENIED', 'BUCKET_UNAVAILABLE']);

/** A CRM that cannot be asked holds the scan too; its breaker says so from then on. */
async function heldReason(hold: ConnectionHold): Promise<string | null> {
  try {
    return await hold.reason('in');
  } catch (error) {
    if (error instanceof AceSyncError) return `${error.message} ${error.entry.fix}`;
    throw error;
  }
}

/**
 * The workflow id carries connection, folder, a readable name and a short hash of key, ETag and LastModified: the same
 * bytes delivered again under the same key are another delivery.
 */
export function describeFile(connection: string, object: SharedObject, folder: Folder, file: FileReference): FoundFile {
  const name = readableName(file.key);
  const version = createHash('sha256')
    .update(`${file.key}\n${file.etag}\n${file.lastModified}`)
    .digest('hex')
    .slice(0, 12);
  return { file, readableName: name, workflowId: `${connection}/${folder}/${object}/${name}/${version}` };
}

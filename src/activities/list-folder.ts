import { createHash } from 'node:crypto';
import { folderPrefix } from '../bucket/folders.ts';
import type { SharedObject } from '../crm/crm.ts';
import { AceSyncError } from '../errors.ts';
import type { FileReference, Folder, Waits } from '../workflows/messages.ts';
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
}

/** Most files started by one scan: a scan stays far below the history limit, and the bucket is the queue. */
const filesPerScan = 300;

/**
 * Lists the files of a folder that nobody has settled, oldest name first. Files whose tag says that they are final are
 * left out; tags are read once per worker and file version.
 */
export function listFolder({ config, bucket, crm, waits, settled, running }: Dependencies) {
  return async (input: { object: SharedObject; folder: Folder }): Promise<FolderListing> => {
    const breaker = crm.openBreaker();
    if (breaker !== null) return { listed: 0, files: [], waits, reason: `Nothing is started: ${breaker}` };
    const busy = await running(input.object, input.folder);
    const files: FoundFile[] = [];
    let listed = 0;
    let startAfter: string | undefined;
    try {
      do {
        const page = await bucket.list(
          folderPrefix(input.object, input.folder),
          startAfter === undefined ? {} : { startAfter },
        );
        for (const file of page.objects) {
          listed += 1;
          const found = describeFile(config.connection, input.object, input.folder, file);
          if (busy.has(found.workflowId) || files.length >= filesPerScan) continue;
          if (!(await settled.isFinal(file))) files.push(found);
        }
        startAfter = page.next ?? undefined;
      } while (startAfter !== undefined && files.length < filesPerScan);
    } catch (error) {
      // A folder that cannot be listed is an outcome of the scan, not an activity that hides behind its retries.
      if (error instanceof AceSyncError && error.code === 'BUCKET_ACCESS_DENIED') {
        return { listed, files: [], waits, reason: `Cannot list: ${error.message}` };
      }
      throw error;
    }
    return { listed, files, waits, reason: null };
  };
}

/**
 * The workflow id carries connection, folder, a readable name and a short hash of key, ETag and LastModified: the same
 * bytes delivered again under the same key are another delivery.
 */
function describeFile(connection: string, object: SharedObject, folder: Folder, file: FileReference): FoundFile {
  const name = file.key.slice(file.key.lastIndexOf('/') + 1);
  const readableName = name.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, 100);
  const version = createHash('sha256')
    .update(`${file.key}\n${file.etag}\n${file.lastModified}`)
    .digest('hex')
    .slice(0, 12);
  return { file, readableName, workflowId: `${connection}/${folder}/${object}/${readableName}/${version}` };
}

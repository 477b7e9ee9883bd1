import type { Client } from '@temporalio/client';
import { readProcessedResult } from '../ace/processed-result.ts';
import { listAll } from '../activities/bucket-evidence.ts';
import { readFileStanding } from '../activities/file-standing.ts';
import { describeFile } from '../activities/list-folder.ts';
import { validateFile } from '../activities/validate-file.ts';
import { type AceBucket, createAceBucket, type ObjectRef } from '../bucket/ace-bucket.ts';
import { folderPrefix } from '../bucket/folders.ts';
import type { Configuration } from '../config/configuration.ts';
import { type SharedObject, sharedObjects } from '../crm/crm.ts';
import { AceSyncError } from '../errors.ts';
import { fileLineId, type OutcomeLine } from '../journal/journal.ts';
import type { Folder } from '../workflows/messages.ts';

/** A file in the bucket that nobody can read. */
export interface RejectedFile {
  readonly key: string;
  readonly kind: 'outboundFile' | 'resultFile';
  readonly workflowId: string;
  readonly code: string;
  /** Our own sentence, without values. */
  readonly reason: string;
  /** When that was found, or, where the journal does not know, when AWS put the file; ISO 8601. */
  readonly since: string;
}

const kinds = { outbound: 'outboundFile', results: 'resultFile' } as const;
/** Files asked about at once. */
const atOnce = 50;

/**
 * Files that nobody can read: what the bucket's tags say, since Temporal forgets closed workflows.
 * @throws AceSyncError BUCKET_ACCESS_DENIED, BUCKET_UNAVAILABLE
 */
export async function readRejectedFiles(
  config: Configuration,
  client: Client,
  outcomes: readonly OutcomeLine[],
): Promise<readonly RejectedFile[]> {
  // Mode observe settles no file.
  if (config.mode === 'observe') return [];
  const foundAt = new Map(outcomes.filter(({ outcome }) => outcome === 'rejected').map(({ id, at }) => [id, at]));
  const bucket = createAceBucket(config.ace.bucket);
  try {
    const rejected: RejectedFile[] = [];
    for (const object of sharedObjects)
      for (const folder of ['outbound', 'results'] as const) rejected.push(...(await inFolder(object, folder)));
    return rejected;
  } finally {
    bucket.close();
  }

  async function inFolder(object: SharedObject, folder: Folder): Promise<readonly RejectedFile[]> {
    const files = await listAll(bucket, folderPrefix(object, folder));
    const rejected: RejectedFile[] = [];
    for (let start = 0; start < files.length; start += atOnce) {
      const found = files.slice(start, start + atOnce).map(async (file): Promise<readonly RejectedFile[]> => {
        const { workflowId } = describeFile(config.connection, object, folder, file);
        if ((await readFileStanding({ bucket, client }, { file, workflowId })) !== 'rejected') return [];
        const since = foundAt.get(fileLineId(file)) ?? file.lastModified;
        return [{ key: file.key, kind: kinds[folder], workflowId, since, ...(await reasonOf(object, folder, file)) }];
      });
      rejected.push(...(await Promise.all(found)).flat());
    }
    return rejected;
  }

  async function reasonOf(object: SharedObject, folder: Folder, file: ObjectRef) {
    const { spmsId } = config.ace;
    const read = {
      outbound: (bytes: Buffer) => validateFile(bytes, { key: file.key, object, spmsId }),
      results: (bytes: Buffer) => readProcessedResult(bytes, file),
    }[folder];
    const [problem] = await problemsOf(bucket, file, read);
    return problem === undefined
      ? { code: 'FILE_UNREADABLE', reason: 'Another release of ace-sync could not read it.' }
      : { code: problem.code, reason: problem.message };
  }
}

async function problemsOf(
  bucket: AceBucket,
  file: ObjectRef,
  read: (bytes: Buffer) => { readonly problems: readonly { readonly code: string; readonly message: string }[] },
) {
  try {
    return read(await bucket.get(file)).problems;
  } catch (error) {
    if (error instanceof AceSyncError && !error.entry.retryable) return [error];
    throw error;
  }
}

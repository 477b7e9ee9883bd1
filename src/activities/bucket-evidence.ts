import type { AceBucket, ObjectRef } from '../bucket/ace-bucket.ts';
import { folderPrefix } from '../bucket/folders.ts';
import { type SharedObject, sharedObjects } from '../crm/crm.ts';
import { AceSyncError } from '../errors.ts';
import type { Evidence, FilesInFolder } from '../notices/evidence.ts';
import type { Folder } from '../workflows/messages.ts';
import type { Dependencies } from './dependencies.ts';
import { readFileStanding } from './file-standing.ts';
import { describeFile } from './list-folder.ts';

/** Files asked about in one look and folder: those that lie there for long are few, or all of one cause. */
const mostAsked = 50;

/** What lies in the folders that AWS fills: what nobody settled, what nobody can read, and how much waits in all. */
export async function readBucketEvidence(deps: Dependencies): Promise<Evidence['bucket']> {
  const folders: Awaited<ReturnType<typeof readFolder>>[] = [];
  try {
    for (const object of sharedObjects)
      for (const folder of ['outbound', 'results'] as const) folders.push(await readFolder(deps, object, folder));
  } catch (error) {
    if (error instanceof AceSyncError && faults.has(error.code)) return { kind: 'fault', code: error.code };
    throw error;
  }
  return {
    kind: 'listed',
    waiting: folders.reduce((sum, { waiting }) => sum + waiting, 0),
    unsettled: folders.flatMap(({ unsettled }) => unsettled),
    rejected: folders.flatMap(({ rejected }) => rejected),
  };
}

const faults = new Set<string>(['BUCKET_ACCESS_DENIED', 'BUCKET_UNAVAILABLE', 'SECRET_MISSING']);

async function readFolder(deps: Dependencies, object: SharedObject, folder: Folder) {
  const { config, settled, now } = deps;
  const prefix = folderPrefix(object, folder);
  const files = await listAll(deps.bucket, prefix);
  const before = now().getTime() - config.watch.fileUnsettledAfter * 1000;
  const unsettled: ObjectRef[] = [];
  const rejected: ObjectRef[] = [];
  let waiting = 0;
  let asked = 0;
  // Mode observe leaves every file where it is.
  for (const file of config.mode === 'observe' ? [] : files) {
    const isOld = Date.parse(file.lastModified) < before;
    if (isOld && asked >= mostAsked) {
      waiting += 1;
      continue;
    }
    let standing = standingOf(await settled.outcomeOf(file));
    if (standing === 'open' && isOld) {
      asked += 1;
      standing = await readFileStanding(deps, describeFile(config.connection, object, folder, file));
      if (standing === 'open') unsettled.push(file);
    }
    if (standing === 'rejected') rejected.push(file);
    if (standing === 'open') waiting += 1;
  }
  return { waiting, unsettled: inFolder(prefix, unsettled), rejected: inFolder(prefix, rejected) };
}

const standingOf = (outcome: string | null) => (outcome === null ? 'open' : outcome === 'rejected' ? outcome : 'done');

export async function listAll(bucket: AceBucket, prefix: string): Promise<readonly ObjectRef[]> {
  const files: ObjectRef[] = [];
  let startAfter: string | null = null;
  do {
    const page = await bucket.list(prefix, startAfter === null ? {} : { startAfter });
    files.push(...page.objects);
    startAfter = page.next;
  } while (startAfter !== null);
  return files;
}

function inFolder(folder: string, files: readonly ObjectRef[]): readonly FilesInFolder[] {
  const oldest = files.map(({ lastModified }) => lastModified).sort()[0];
  return oldest === undefined ? [] : [{ folder, count: files.length, oldest }];
}

import type { Client } from '@temporalio/client';
import type { AceBucket } from '../bucket/ace-bucket.ts';
import { AceSyncError } from '../errors.ts';
import { searchAttributeOf } from '../workflows/search-attributes.ts';
import { describeRun } from './describe-run.ts';
import type { FoundFile } from './list-folder.ts';

/**
 * How a file that lies in the bucket stands.
 * - `open`: nobody has settled it, or nobody works on it any more. - `parked`: its workflow waits for a person.
 * - `rejected`: nobody can read it. - `done`: nothing is left to do, or it is gone.
 */
export type FileStanding = 'open' | 'parked' | 'rejected' | 'done';

/**
 * The tag outlives Temporal's retention, and the workflow knows a file that could not be tagged. Parked is only what a
 * workflow still waits with: a tag alone moves nothing on.
 */
export async function readFileStanding(
  { bucket, client }: { readonly bucket: AceBucket; readonly client: Client },
  { file, workflowId }: Pick<FoundFile, 'file' | 'workflowId'>,
): Promise<FileStanding> {
  const tag = await orUnknown(() => bucket.readTag(file));
  if (tag === 'gone' || tag === 'settled' || tag === 'dismissed') return 'done';
  if (tag === 'rejected') return 'rejected';
  const run = await describeRun(client, workflowId);
  if (run === null) return 'open';
  const outcome = searchAttributeOf(run.typedSearchAttributes, 'AceOutcome');
  if (run.status.name === 'COMPLETED') return unreadable.has(outcome ?? '') ? 'rejected' : 'open';
  return run.status.name === 'RUNNING' && (tag === 'parked' || outcome === 'parked') ? 'parked' : 'open';
}

/** Outcomes of workflows whose file nobody can read. */
const unreadable = new Set<string>(['rejected', 'unreadable']);

async function orUnknown<T>(read: () => Promise<T>): Promise<T | 'gone' | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof AceSyncError && error.code === 'OBJECT_GONE') return 'gone';
    // A bucket without the right to read tags is a supported mode.
    if (error instanceof AceSyncError && error.code === 'BUCKET_ACCESS_DENIED') return null;
    throw error;
  }
}

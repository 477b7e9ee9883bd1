import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { readAceFile } from '../ace/envelope.ts';
import { identityOf } from '../ace/identity.ts';
import { folderPrefix } from '../bucket/folders.ts';
import type { Configuration } from '../config/configuration.ts';
import type { SharedObject } from '../crm/crm.ts';
import type { OutboundFileInput, OutboundFileResult } from '../workflows/messages.ts';
import { searchAttributes } from '../workflows/search-attributes.ts';
import { fileSummary } from '../workflows/summaries.ts';
import type { Dependencies } from './dependencies.ts';
import { waitsOf } from './waits.ts';

/** An outbound file that is kept in the journal and shall run again. */
export interface ArchivedFile {
  readonly sha: string;
  readonly object: SharedObject;
  readonly bytes: number;
  /** ACE ids of its records, null where a record names none. */
  readonly aceIds: readonly (string | null)[];
}

/** What of an archived file its run needs. */
export type RunnableFile = Omit<ArchivedFile, 'aceIds'>;

/** What the bytes are; null when they are no file that AWS exports: a result, our own upload, or unreadable. */
export function describeArchived(bytes: Buffer): ArchivedFile | null {
  const sha = createHash('sha256').update(bytes).digest('hex');
  const file = readAceFile(bytes, { key: sha });
  // Only AWS writes lastModifiedDate: without it the file is one of ours (see newestExports).
  if (!file.ok || !file.records.some((record) => typeof record.lastModifiedDate === 'string')) return null;
  const aceIds = file.records.map((record) => identityOf(file.object, record).aceId);
  return { sha, object: file.object, bytes: bytes.length, aceIds };
}

/**
 * When ACE put the file, ISO 8601: of versions of the same second the later file's stands (design.md, rule 6), and a file
 * is none the younger for running again. Null where nobody knows any more: it then gives way to whatever came.
 */
export type PutAt = string | null;
const longAgo = new Date(0).toISOString();

/** A run of an archived file, as far as it went by itself. */
export type ArchivedRun = OutboundFileResult | 'waits';

type Context = Pick<Dependencies, 'client'> & {
  readonly config: Pick<Configuration, 'connection' | 'temporal' | 'timing'>;
};

/**
 * Starts the run of an archived file through the same workflow as a delivered one, so that its records get outcomes,
 * parked ones wait for a person, and the CRM refuses what is older than it holds. The key and ETag are no object's, so
 * nothing in the bucket is deleted or tagged.
 */
export async function startArchived(
  { client, config }: Context,
  { sha, object, bytes }: RunnableFile,
  putAt: PutAt,
  now: Date,
) {
  const name = `replayed-${sha.slice(0, 16)}-${now.getTime()}.json`;
  const input: OutboundFileInput = {
    connection: config.connection,
    object,
    file: {
      key: folderPrefix(object, 'outbound') + name,
      etag: `"${sha.slice(0, 32)}"`,
      size: bytes,
      lastModified: putAt ?? longAgo,
      journalSha: sha,
      replayed: true,
    },
    waits: waitsOf(config.timing),
  };
  return client.workflow.start<(input: OutboundFileInput) => Promise<OutboundFileResult>>('processOutboundFile', {
    workflowId: `${config.connection}/outbound/${object}/${name}`,
    taskQueue: config.temporal.taskQueue,
    args: [input],
    staticSummary: fileSummary(object, 'outbound', name),
    typedSearchAttributes: searchAttributes({ AceConnection: config.connection, AceObject: object, AceFile: name }),
  });
}

/**
 * Runs an archived file.
 * @returns what came of its records, or `waits` once it goes on in a run that waits for a person
 */
export async function runArchived(context: Context, file: RunnableFile, putAt: PutAt, now: Date): Promise<ArchivedRun> {
  const handle = await startArchived(context, file, putAt, now);
  for (;;) {
    const { status, raw } = await context.client.workflow.getHandle(handle.workflowId).describe();
    if (status.name !== 'RUNNING') return handle.result();
    const { firstRunId, execution } = raw.workflowExecutionInfo ?? {};
    if (firstRunId && firstRunId !== execution?.runId) return 'waits';
    await delay(500);
  }
}

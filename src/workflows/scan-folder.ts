import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { continueAsNew, ParentClosePolicy, setCurrentDetails, startChild, workflowInfo } from '@temporalio/workflow';
import type { FolderListing, FoundFile } from '../activities/list-folder.ts';
import { scanActivities } from './activity-proxies.ts';
import type { Folder, ScanInput, ScanResult } from './messages.ts';
import { processOutboundFile } from './process-outbound-file.ts';
import { processResultFile } from './process-result-file.ts';
import { searchAttributes } from './search-attributes.ts';
import { fileSummary } from './summaries.ts';

/** Child of each kind of folder: one workflow per file version. */
const processors = { outbound: processOutboundFile, results: processResultFile } as const;

/** Looks into an outbound folder and starts one workflow per file version, without waiting for any of them. */
export async function scanOutbound(input: ScanInput): Promise<ScanResult> {
  return scan('outbound', input);
}

/** Looks into a processed-results folder and starts one workflow per result file. */
export async function scanResults(input: ScanInput): Promise<ScanResult> {
  return scan('results', input);
}

async function scan(folder: Folder, input: ScanInput): Promise<ScanResult> {
  const listing = await scanActivities.listFolder({ ...input, folder });
  // All at once: one after the other would cost a workflow task for each file.
  const starts = await Promise.all(listing.files.map((found) => startProcessor(folder, input, listing, found)));
  const known = listing.files.filter((_, position) => starts[position] === false);
  const started = listing.files.length - known.length;
  const restarted = known.length === 0 ? 0 : await restartUnsettled(folder, input, listing, known);
  const result: ScanResult = {
    listed: listing.listed,
    started,
    known: known.length,
    restarted,
    reason: listing.reason,
  };
  if (listing.startAfter !== null) {
    return continueAsNew<typeof scanOutbound>({ ...input, startAfter: listing.startAfter });
  }
  setCurrentDetails(
    result.reason ??
      `${result.listed} files listed, ${started} started, ${known.length} known, ${restarted} started again.`,
  );
  return result;
}

/** "Known" is not "done": a closed workflow whose file is still there unsettled starts again, a bounded number of times. */
async function restartUnsettled(
  folder: Folder,
  input: ScanInput,
  listing: FolderListing,
  known: readonly FoundFile[],
): Promise<number> {
  const unsettled = new Set(
    await scanActivities.findUnsettled({ workflowIds: known.map((found) => found.workflowId) }),
  );
  const again = await Promise.all(
    known
      .filter((found) => unsettled.has(found.workflowId))
      .map((found) => startProcessor(folder, input, listing, found, 'ALLOW_DUPLICATE')),
  );
  return again.filter((started) => started).length;
}

/** @returns false when a workflow of this file version is already known. */
async function startProcessor(
  folder: Folder,
  input: ScanInput,
  { files, waits }: FolderListing,
  found: FoundFile,
  workflowIdReusePolicy: 'REJECT_DUPLICATE' | 'ALLOW_DUPLICATE' = 'REJECT_DUPLICATE',
): Promise<boolean> {
  const backlog = { id: workflowInfo().runId, size: files.length };
  try {
    await startChild<typeof processOutboundFile | typeof processResultFile>(processors[folder], {
      workflowId: found.workflowId,
      workflowIdReusePolicy,
      parentClosePolicy: ParentClosePolicy.ABANDON,
      taskQueue: workflowInfo().taskQueue,
      args: [{ connection: input.connection, object: input.object, file: found.file, waits, backlog }],
      staticSummary: fileSummary(input.object, folder, found.file.key),
      typedSearchAttributes: searchAttributes({
        AceConnection: input.connection,
        AceObject: input.object,
        AceFile: found.readableName,
      }),
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

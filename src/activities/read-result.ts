import { inboundNameOfResult, parseInboundFileName } from '../ace/file-name.ts';
import { type ProcessedResult, readProcessedResult } from '../ace/processed-result.ts';
import type { SharedObject } from '../crm/crm.ts';
import { AceSyncError } from '../errors.ts';
import type { FileReference, ResultEvidence } from '../workflows/messages.ts';
import type { Dependencies } from './dependencies.ts';
import { tagFile } from './tag-file.ts';

/** One record's part of a result file, and the CRM record whose upload must hear of it. */
export interface ResultPart {
  readonly crmId: string;
  readonly evidence: Omit<ResultEvidence, 'replyTo'>;
}

export type ReadResult =
  | { readonly kind: 'readable'; readonly parts: readonly ResultPart[] }
  | { readonly kind: 'foreign' | 'unreadable' | 'gone' | 'replaced' | 'observed'; readonly reason: string };

/**
 * Reads a processed-result file, keeps it in the journal and says whose uploads it speaks of. Texts of ACE stay in the
 * journal: they quote e-mail addresses and values. A file of another installation is left alone.
 */
export function readResult(deps: Dependencies) {
  return async ({ object, file }: { object: SharedObject; file: FileReference }): Promise<ReadResult> => {
    if (deps.config.mode === 'observe') return { kind: 'observed', reason: 'Mode observe leaves result files alone.' };
    try {
      return await readResultFile(deps, object, file);
    } catch (error) {
      if (error instanceof AceSyncError && error.code === 'OBJECT_GONE') return { kind: 'gone', reason: error.message };
      if (error instanceof AceSyncError && error.code === 'OBJECT_REPLACED') {
        return { kind: 'replaced', reason: error.message };
      }
      throw error;
    }
  };
}

async function readResultFile(deps: Dependencies, object: SharedObject, file: FileReference): Promise<ReadResult> {
  const bytes = await deps.files.get(file);
  const result = readProcessedResult(bytes, { key: file.key });
  if (!result.ok) {
    await deps.journal.archive(bytes);
    await tagFile(deps, file, 'rejected');
    return { kind: 'unreadable', reason: result.problems[0]?.message ?? 'The result file cannot be read.' };
  }
  const answered = result.fileName ?? inboundNameOfResult(file.key) ?? '';
  const name = answered.slice(answered.lastIndexOf('/') + 1);
  const parsed = parseInboundFileName(name);
  if (parsed === null || parsed.prefix !== deps.config.installation || parsed.object !== object) {
    return { kind: 'foreign', reason: `It answers ${name}, which this installation did not send.` };
  }
  const journalSha = await deps.journal.archive(bytes);
  return { kind: 'readable', parts: partsOf(result, name, parsed.recordId, journalSha, file.lastModified) };
}

/** One part per record; a result of a shared backfill file names its records by partner identifier. */
export function partsOf(
  result: ProcessedResult,
  name: string,
  recordId: string,
  journalSha: string,
  receivedAt: string,
): readonly ResultPart[] {
  const processedAt = result.processedAt ?? receivedAt;
  const common = { name, journalSha, processedAt };
  const shared = isWave(recordId);
  if (result.wholeFileError !== null || result.results.length === 0) {
    return shared ? [] : [{ crmId: recordId, evidence: { ...common, index: null, success: false } }];
  }
  return result.results.map((part, index) => ({
    crmId: shared ? (part.partnerId ?? recordId) : recordId,
    evidence: { ...common, index, success: part.isSuccess },
  }));
}

/** A backfill wave stands in the place of the record id: `w` and its number. */
export const isWave = (recordId: string): boolean => /^w\d+$/.test(recordId);

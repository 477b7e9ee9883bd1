import { dayOfSending, inboundNameOfResult, parseInboundFileName } from '../ace/file-name.ts';
import { type ProcessedResult, readProcessedResult } from '../ace/processed-result.ts';
import type { SharedObject } from '../crm/crm.ts';
import { AceSyncError } from '../errors.ts';
import { fileLineId, type OutcomeLine } from '../journal/journal.ts';
import type { FileReference, ResultEvidence } from '../workflows/messages.ts';
import type { Dependencies } from './dependencies.ts';
import { noteOutcomes, type Outcome } from './note-outcome.ts';
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
    const sha = await deps.journal.archive(bytes);
    await noteOutcomes(deps, [unreadableLine(object, file, sha)]);
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
  const source = { name, recordId: parsed.recordId, journalSha, receivedAt: file.lastModified };
  return { kind: 'readable', parts: await readParts(deps, result, source) };
}

const unreadableLine = (object: SharedObject, file: FileReference, sha: string): Outcome => ({
  id: fileLineId(file),
  kind: 'resultFile',
  object,
  file: file.key,
  index: null,
  aceId: null,
  crmId: null,
  outcome: 'rejected',
  code: 'RESULT_UNREADABLE',
  sha,
});

/**
 * One part per record. The records of a backfill wave share a file: each gets the entry that names it, by either id or,
 * where an entry names none, by its place; those that no entry is for are told that they have no answer of their own.
 */
export async function readParts(
  { journal }: Pick<Dependencies, 'journal'>,
  result: ProcessedResult,
  { name, recordId, journalSha, receivedAt }: ResultSource,
): Promise<readonly ResultPart[]> {
  const common = { name, journalSha, processedAt: result.processedAt ?? receivedAt };
  const part = (crmId: string, index: number | null): ResultPart => {
    const success = index !== null && result.results[index]?.isSuccess === true;
    return { crmId, evidence: { ...common, index, success } };
  };
  const entries = result.wholeFileError === null ? result.results : [];
  if (!isWave(recordId)) {
    return entries.length === 0 ? [part(recordId, null)] : entries.map((_, index) => part(recordId, index));
  }
  const sent = await sentInWave(journal, name);
  const named = (crmId: string, aceId: string | null) =>
    entries.findIndex((entry) => entry.partnerId === crmId || (entry.aceId !== null && entry.aceId === aceId));
  const unnamed = (index: number | null) => {
    const entry = index === null || entries.length !== sent.length ? undefined : entries[index];
    return entry !== undefined && entry.partnerId === null && entry.aceId === null ? index : null;
  };
  return sent.map(({ crmId, aceId, index }) => {
    const found = named(crmId, aceId);
    return part(crmId, found >= 0 ? found : unnamed(index));
  });
}

export interface ResultSource {
  /** Of the inbound file. */
  readonly name: string;
  /** Record id in that name, or the wave's. */
  readonly recordId: string;
  readonly journalSha: string;
  readonly receivedAt: string;
}

type SentRecord = Pick<OutcomeLine, 'aceId' | 'index'> & { readonly crmId: string };

/** The records that the journal knows to be in the file of a wave. */
async function sentInWave(journal: Dependencies['journal'], name: string): Promise<readonly SentRecord[]> {
  const lines = await journal.outcomes(dayOfSending(name) ?? undefined);
  return lines.flatMap(({ kind, file, crmId, aceId, index }) =>
    kind === 'sent' && file === name && crmId !== null ? [{ crmId, aceId, index }] : [],
  );
}

/** A backfill wave stands in the place of the record id: `w` and its number. */
export const isWave = (recordId: string): boolean => /^w\d+$/.test(recordId);

/** Whether several records share the file of this name, so that no upload alone may put it again. */
export const isWaveFile = (name: string): boolean => isWave(parseInboundFileName(name)?.recordId ?? '');

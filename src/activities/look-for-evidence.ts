import { parseInboundFileName } from '../ace/file-name.ts';
import { readProcessedResult } from '../ace/processed-result.ts';
import type { SharedObject } from '../crm/crm.ts';
import { AceSyncError } from '../errors.ts';
import type { Send } from '../mapping/sync-state.ts';
import type { FileReference, ResultEvidence } from '../workflows/messages.ts';
import type { HeldMark } from './decide-upload.ts';
import type { Dependencies } from './dependencies.ts';
import { readLinkedRecord } from './linked-records.ts';
import { isWaveFile, readParts } from './read-result.ts';
import { isShownByExport } from './release-intent.ts';
import { whatDoesAceKnow } from './what-does-ace-know.ts';

export type Evidence =
  /** The result lies there: it is taken directly, in case nobody scans. */
  | { readonly kind: 'result'; readonly evidence: ResultEvidence }
  /** The bucket shows no trace, and every place was readable: the file never went out. */
  | { readonly kind: 'neverSent' }
  /**
   * ACE took it without an answer: an update, whose record can be sent again without harm, or a create that an export
   * shows, which is settled when its intent is released.
   */
  | { readonly kind: 'released' }
  /** A create that ACE took without an answer: only a person, or an export that shows it, may decide. */
  | { readonly kind: 'lost'; readonly mark: HeldMark; readonly milliseconds: number }
  /** ACE has not taken the file, or the bucket does not let us see: nothing is sent meanwhile. */
  | { readonly kind: 'pending'; readonly mark: HeldMark; readonly milliseconds: number };

/** What became of a file that has no result: decides whether to wait, to send anew or to ask a person (design.md, rule 4). */
export function lookForEvidence(deps: Dependencies) {
  return async (input: {
    object: SharedObject;
    crmId: string;
    send: Send;
    /** The bucket confirmed the PUT, so a file that is gone from inbound was taken by ACE. */
    acknowledged: boolean;
  }): Promise<Evidence> => {
    const { object, crmId, send, acknowledged } = input;
    const known = await whatDoesAceKnow(deps, object, send.name);
    if (typeof known.result === 'object') {
      const evidence = await takeResult(known.result, crmId, send.name);
      if (evidence !== null) return { kind: 'result', evidence };
    }
    const { resultTimeLimit } = deps.waits;
    if (known.inbound === 'present') return { kind: 'pending', mark: notTaken, milliseconds: resultTimeLimit };
    if (known.inbound === 'unknown' || known.result === 'unknown')
      return { kind: 'pending', mark: unseen, milliseconds: resultTimeLimit };
    // The file of a wave is not the upload's to put: its record goes on by itself.
    if (!acknowledged && !isWaveFile(send.name) && known.archived === 'absent') return { kind: 'neverSent' };
    if (send.kind === 'update' || isShownByExport(await readLinkedRecord(deps, object, crmId))) {
      return { kind: 'released' };
    }
    return { kind: 'lost', mark: withoutResult, milliseconds: deps.waits.probeInterval };
  };

  /** An answer that goes or changes while it is read is looked for anew, by the next attempt. */
  async function readAnswer(file: FileReference): Promise<Buffer> {
    try {
      return await deps.files.get(file);
    } catch (error) {
      if (!(error instanceof AceSyncError) || error.entry.retryable) throw error;
      throw new AceSyncError('BUCKET_UNAVAILABLE', `${file.key} changed while it was read.`, { cause: error });
    }
  }

  async function takeResult(file: FileReference, crmId: string, name: string): Promise<ResultEvidence | null> {
    const bytes = await readAnswer(file);
    const result = readProcessedResult(bytes, { key: file.key });
    if (!result.ok) return null;
    const recordId = parseInboundFileName(name)?.recordId ?? crmId;
    const journalSha = await deps.journal.archive(bytes);
    const source = { name, recordId, journalSha, receivedAt: file.lastModified };
    const part = (await readParts(deps, result, source)).find((candidate) => candidate.crmId === crmId);
    return part === undefined ? null : { ...part.evidence, replyTo: null };
  }
}

const mark = (status: HeldMark['status'], code: string, reason: string, fixBy: HeldMark['fixBy']): HeldMark => ({
  status,
  code,
  reason,
  fixBy,
  problems: [],
});

const notTaken = mark(
  'Sending',
  'INBOUND_PRESENT',
  'AWS has not taken the file yet; nothing else is sent until it does.',
  'aws',
);
const unseen = mark(
  'Sending',
  'INBOUND_UNKNOWN',
  'The inbound folder or that of the results cannot be looked into, so the fate of the file is unknown.',
  'engineer',
);
const withoutResult = mark(
  'Held',
  'CREATE_WITHOUT_RESULT',
  'AWS may have taken the new record but gave no answer; sending it again could make a second one. ' +
    'Look for it in Partner Central: if it is there, wait for its export; if not, choose Retry.',
  'engineer',
);

import { type RecordResult, readProcessedResult } from '../ace/processed-result.ts';
import type { SharedObject } from '../crm/crm.ts';
import type { ResultEvidence } from '../workflows/messages.ts';
import type { Dependencies } from './dependencies.ts';
import { whatDoesAceKnow } from './what-does-ace-know.ts';

type Evidence = Pick<ResultEvidence, 'name' | 'index' | 'journalSha'>;

/** One record's part of ACE's answer; null when the answer is neither in the journal nor in the bucket any more. */
export async function readAnswer(
  deps: Pick<Dependencies, 'bucket' | 'files' | 'journal'>,
  object: SharedObject,
  evidence: Evidence,
): Promise<RecordResult | null> {
  const bytes = (await deps.journal.read(evidence.journalSha)) ?? (await readAgain(deps, object, evidence));
  if (bytes === null) return null;
  // Any key with a result's suffix reads the same content; the evidence names the inbound file.
  const result = readProcessedResult(bytes, { key: `${evidence.name.replace(/\.json$/, '')}_result.json` });
  const whole: RecordResult = { partnerId: null, aceId: null, isSuccess: false, errors: [], warnings: [] };
  if (!result.ok) return { ...whole, errors: ['The answer of AWS cannot be read.'] };
  if (evidence.index === null)
    return { ...whole, errors: [result.wholeFileError ?? 'The answer of AWS does not name the record.'] };
  return result.results[evidence.index] ?? whole;
}

/** A result file stays in the bucket until it is handled, and in ACE's archive after that. */
async function readAgain(
  deps: Pick<Dependencies, 'bucket' | 'files' | 'journal'>,
  object: SharedObject,
  { name, journalSha }: Evidence,
): Promise<Buffer | null> {
  const { result } = await whatDoesAceKnow(deps, object, name);
  if (typeof result !== 'object') return null;
  const bytes = await deps.files.get(result);
  return (await deps.journal.archive(bytes)) === journalSha ? bytes : null;
}

import type { SharedObject } from '../crm/crm.ts';
import type { Problem } from '../errors.ts';
import { fileLineId } from '../journal/journal.ts';
import type { FileReference, RecordOutcome } from '../workflows/messages.ts';
import type { Dependencies } from './dependencies.ts';
import { noteOutcomes } from './note-outcome.ts';

export interface SettledFile {
  readonly object: SharedObject;
  readonly file: FileReference;
  readonly outcome: 'processed' | 'parked' | 'rejected';
  readonly outcomes: readonly RecordOutcome[];
  readonly problems: readonly Problem[];
}

/** Writes one line per record and one for the file into the journal: the ledger of promise 1, before anything is deleted. */
export async function recordFileOutcome(
  deps: Pick<Dependencies, 'config' | 'journal' | 'now' | 'log'>,
  input: SettledFile,
): Promise<void> {
  const common = {
    object: input.object,
    file: input.file.key,
    ...(input.file.journalSha === undefined ? {} : { sha: input.file.journalSha }),
  };
  const version = fileLineId(input.file);
  const records = input.outcomes.map(({ index, aceId, crmId, outcome, code }) => ({
    ...common,
    id: `${version}#${index}`,
    kind: 'outboundRecord' as const,
    index,
    aceId,
    crmId,
    outcome,
    code,
  }));
  const file = {
    ...common,
    id: version,
    kind: 'outboundFile' as const,
    index: null,
    aceId: null,
    crmId: null,
    outcome: input.outcome,
    code: input.problems[0]?.code ?? input.outcome.toUpperCase(),
  };
  await noteOutcomes(deps, [...records, file]);
  if (input.outcome !== 'processed') {
    deps.log.warn(
      { key: input.file.key, outcome: input.outcome, codes: codesOf(input) },
      'An outbound file needs a person.',
    );
  }
}

function codesOf(input: SettledFile): readonly string[] {
  const parked = input.outcomes.filter((outcome) => outcome.outcome === 'parked');
  return [...new Set([...parked, ...input.problems].map((entry) => entry.code))];
}

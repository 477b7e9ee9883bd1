import { readAceFile } from '../ace/envelope.ts';
import type { SharedObject } from '../crm/crm.ts';
import { catalogue, type Problem } from '../errors.ts';

export interface FileValidation {
  /** Problems of the whole file: not empty means rejected. */
  readonly problems: readonly Problem[];
  /** Indexes of the records to process. */
  readonly indexes: readonly number[];
}

/** Reads the file as ACE file of the folder's object. Records are judged one by one later; here only the whole file. */
export function validateFile(
  bytes: Uint8Array,
  { key, object, spmsId }: { key: string; object: SharedObject; spmsId: string },
): FileValidation {
  const read = readAceFile(bytes, { key });
  if (!read.ok) return { problems: read.problems.map(withoutSeverity), indexes: [] };
  const problems: Problem[] = [];
  if (read.object !== object) problems.push(problem(`It holds ${read.object} records in the ${object} folder.`));
  if (read.spmsId !== null && read.spmsId !== spmsId) {
    problems.push(problem('Its spmsId is not the one of this connection.', 'spmsId'));
  }
  return { problems, indexes: problems.length > 0 ? [] : read.records.map((_, index) => index) };
}

function problem(detail: string, field?: string): Problem {
  const { message, fix, fixBy } = catalogue.FILE_UNREADABLE;
  return {
    code: 'FILE_UNREADABLE',
    message: `${message} ${detail}`,
    fix,
    fixBy,
    ...(field === undefined ? {} : { field }),
  };
}

/** Only what may stand in a history: code, field and our own sentences. */
function withoutSeverity({ code, field, message, fix, fixBy }: Problem): Problem {
  return { code, message, fix, fixBy, ...(field === undefined ? {} : { field }) };
}

/** The check of a whole file: envelope, size, number of records, and every record in it. */

import type { AceObject, AceRecord, Intent, PayloadVersion, Programme } from './ace-record.ts';
import { checkOutboundRecord } from './check-outbound.ts';
import { compileChecker } from './compile-checker.ts';
import { type AceFile, maximumRecords, readAceFile } from './envelope.ts';
import { identityOf } from './identity.ts';
import { readProcessedResult } from './processed-result.ts';
import { fileProblem } from './read-json.ts';
import { classifyResultMessage } from './result-messages.ts';
import type { RuleProblem } from './rule-problem.ts';
import { type ContractSwitches, documentedSwitches } from './switches.ts';

export interface CheckFileOptions {
  /** What the file is: sent to ACE, received from ACE, or a processed result. @default 'inbound' */
  readonly as?: 'inbound' | 'outbound' | 'result';
  /** Key or path of the file, for messages and for reading an error file's name. @default '' */
  readonly key?: string;
  /** What the file must hold; absent takes what it holds. */
  readonly object?: AceObject;
  /** The partner's payload version at ACE; absent takes the file's, and 1 where it names none. */
  readonly version?: PayloadVersion;
  /** @default 'consulting' */
  readonly programme?: Programme;
  /** How ACE will take opportunities. @default by record: an update when it holds an O… identifier, else a create */
  readonly intent?: Intent;
  /** `YYYY-MM-DD`, GMT. */
  readonly today: string;
  readonly switches?: ContractSwitches;
}

export interface CheckedFile {
  /** False when the bytes are no such file, so that no record could be looked at. */
  readonly readable: boolean;
  /** In the order of the records, those of the whole file first. */
  readonly problems: readonly RuleProblem[];
}

const check = compileChecker();

/** Checks a file. Never throws, whatever the bytes. */
export function checkFile(bytes: Uint8Array, options: CheckFileOptions): CheckedFile {
  const key = options.key ?? '';
  if (options.as === 'result') return resultFile(bytes, key);
  const file = readAceFile(bytes, { key });
  if (!file.ok) return { readable: false, problems: file.problems };
  const problems = [...file.problems];
  if (options.object !== undefined && options.object !== file.object) {
    const message = `The file holds records of kind ${file.object}, expected ${options.object}.`;
    problems.push(fileProblem('ACE_OTHER_OBJECT', message, 'Put the file into the folder of its kind.'));
  }
  const unreadable = new Set(
    file.problems.filter((problem) => problem.code === 'ACE_RECORD').map(({ record }) => record),
  );
  const found = file.records.flatMap((record, index) => {
    if (unreadable.has(index)) return [];
    const ofRecord =
      options.as === 'outbound' ? checkOutboundRecord(file.object, record) : inboundRecord(file, record, options);
    return ofRecord.map((problem) => ({ ...problem, record: index }));
  });
  if (options.as !== 'outbound') problems.push(...inboundFile(file, bytes.length, options));
  const all = [...problems, ...found];
  return { readable: true, problems: all.sort((a, b) => (a.record ?? -1) - (b.record ?? -1)) };
}

/** What ACE refused, in our words: its own texts hold values. */
function resultFile(bytes: Uint8Array, key: string): CheckedFile {
  const result = readProcessedResult(bytes, { key });
  if (!result.ok) return { readable: false, problems: result.problems };
  const whole = result.wholeFileError === null ? [] : [refusal(result.wholeFileError, null)];
  const rows = result.results.flatMap((row, index) =>
    row.isSuccess ? [] : row.errors.map((text) => refusal(text, index)),
  );
  return { readable: true, problems: [...whole, ...result.problems, ...rows] };
}

function refusal(text: string, record: number | null): RuleProblem {
  const { class: kind, problem } = classifyResultMessage(text);
  return { ...problem, severity: kind === 'alreadySo' ? 'warning' : 'error', record };
}

function inboundRecord(file: AceFile, record: AceRecord, options: CheckFileOptions): readonly RuleProblem[] {
  const known = file.object === 'lead' || identityOf(file.object, record).aceId !== null;
  return check({
    object: file.object,
    version: options.version ?? file.version ?? 1,
    programme: options.programme ?? 'consulting',
    intent: file.object === 'lead' ? 'update' : (options.intent ?? (known ? 'update' : 'create')),
    record,
    today: options.today,
    ...(options.switches === undefined ? {} : { switches: options.switches }),
  });
}

function inboundFile(file: AceFile, size: number, options: CheckFileOptions): readonly RuleProblem[] {
  const problems: RuleProblem[] = [];
  const switches = options.switches ?? documentedSwitches;
  const add = (...problem: Parameters<typeof fileProblem>): void => void problems.push(fileProblem(...problem));
  const count = file.records.length;
  if (count === 0) add('ACE_NO_RECORDS', 'The file holds no records.', 'Send at least one record.');
  if (count > maximumRecords) {
    add(
      'ACE_TOO_MANY_RECORDS',
      `The file holds ${count} records; ACE takes ${maximumRecords}.`,
      'Send fewer records a file.',
    );
  }
  if (size >= 1_048_576 && switches.sizeLimit === 'below') {
    add('ACE_FILE_TOO_LARGE', `The file has ${size} bytes; ACE takes less than 1 MB.`, 'Send fewer records a file.');
  }
  if (options.version !== undefined && (file.version ?? 1) < options.version && switches.lowerVersion === 'refused') {
    add(
      'ACE_VERSION_LOWER',
      `The file is of payload version ${file.version ?? 1}, the partner is on ${options.version}.`,
      'A partner cannot go back: write the higher version.',
    );
  }
  if (options.version !== undefined && (file.version ?? 1) > options.version) {
    add(
      'ACE_VERSION_HIGHER',
      `The file is of payload version ${file.version}, the partner is on ${options.version}: ACE would upgrade the partner for good.`,
      'Send it only when the upgrade is meant.',
      'warning',
    );
  }
  return [...problems, ...doubles(file)];
}

/** Two records of one identifier in a file: which of them wins is not known, and a create would happen twice. */
function doubles(file: AceFile): readonly RuleProblem[] {
  const seen = new Map<string, number>();
  return file.records.flatMap((record, index) => {
    const { aceId, partnerId } = identityOf(file.object, record);
    const keys = [aceId === null ? null : `ace ${aceId}`, partnerId === null ? null : `partner ${partnerId}`];
    const earlier = keys.map((key) => (key === null ? undefined : seen.get(key))).find((found) => found !== undefined);
    for (const key of keys) if (key !== null && !seen.has(key)) seen.set(key, index);
    if (earlier === undefined) return [];
    const message = `The record has an identifier that record ${earlier} has as well.`;
    return [{ ...fileProblem('ACE_DOUBLE_RECORD', message, 'Send each record once.'), record: index }];
  });
}

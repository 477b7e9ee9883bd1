/**
 * Processed results: ACE's answer to one inbound file. The usual shape lists every record of the file:
 * `{"success":"ALL"|"NONE", "inboundApiResults":[{"isSuccess", "errors", "warnings", "partnerCrmUniqueIdentifier",
 * "apnCrmUniqueIdentifier"}], "fileName", "fileApnProcessedDT", "isApiError", "apiErrors", "spmsId"}`; a file that ACE could not
 * read gives `{"error", "fileName"}`. Source: GH (2023), DOC, and third-party types for what AWS does not show.
 */

import type { AceRecord } from './ace-record.ts';
import { inboundNameOfResult, isRejectedName } from './file-name.ts';
import { identifier } from './identity.ts';
import { fileProblem, readJson } from './read-json.ts';
import type { RuleProblem } from './rule-problem.ts';

/** The outcome of one record. Texts are ACE's and may hold e-mails and values: data, not for logs. */
export interface RecordResult {
  /** The partner's identifier as ACE gives it back; null when absent. Lead results use the opportunity's key for it. */
  readonly partnerId: string | null;
  /** Null on a failed create, and with "Record is not editable.". */
  readonly aceId: string | null;
  readonly isSuccess: boolean;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

export interface ProcessedResult {
  readonly ok: true;
  /** The inbound file's key as ACE names it, or its name read out of the result's; null when neither is known. */
  readonly fileName: string | null;
  /** ACE's processing time as it stands in the file (ISO 8601, milliseconds, GMT); null when absent. */
  readonly processedAt: string | null;
  readonly spmsId: string | null;
  /** ACE's text for a file that it refused whole. Holds the file's contents: data, not for logs. */
  readonly wholeFileError: string | null;
  readonly results: readonly RecordResult[];
  readonly problems: readonly RuleProblem[];
}

export type ProcessedResultReading =
  | ProcessedResult
  | { readonly ok: false; readonly problems: readonly RuleProblem[] };

/** `inboundApiProcessedResults` stands in the FAQ; every sample has the first. */
const listKeys = ['inboundApiResults', 'inboundApiProcessedResults'] as const;

function isObject(value: unknown): value is AceRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads a processed result in any known shape. Never throws, whatever the bytes. The content of an error file
 * (`_error.json` and its spellings) is not documented: there every readable or unreadable content means "refused whole".
 */
export function readProcessedResult(bytes: Uint8Array, { key }: { readonly key: string }): ProcessedResultReading {
  const reading = readJson(bytes);
  const named = inboundNameOfResult(key);
  if (!reading.ok) {
    if (!isRejectedName(key)) return reading;
    return refusedWhole(named, null, 'ACE could not read the file; its answer has no readable text.', reading.problems);
  }
  const file = reading.value;
  if (!isObject(file)) {
    if (isRejectedName(key)) return refusedWhole(named, null, asText(file), reading.problems);
    return { ok: false, problems: [shapeProblem('is not a JSON object')] };
  }
  const fileName = text(file.fileName) ?? named;
  const spmsId = identifier(file.spmsId);
  const listKey = listKeys.find((candidate) => file[candidate] !== undefined && file[candidate] !== null);
  const list = listKey === undefined ? undefined : file[listKey];
  const error = wholeFileError(file);
  if (!Array.isArray(list)) {
    if (isRejectedName(key) || (list === undefined && error !== null)) {
      return { ...refusedWhole(fileName, processedAt(file), error ?? asText(file), reading.problems), spmsId };
    }
    const what =
      list === undefined ? 'holds neither "inboundApiResults" nor "error"' : `has an "${listKey}" that is no array`;
    return { ok: false, problems: [shapeProblem(what)] };
  }
  const problems = [...reading.problems];
  const results = list.map((entry, index) => recordResult(entry, index, problems));
  return { ok: true, fileName, processedAt: processedAt(file), spmsId, wholeFileError: error, results, problems };
}

function refusedWhole(
  fileName: string | null,
  at: string | null,
  wholeFileError: string,
  problems: readonly RuleProblem[],
): ProcessedResult {
  const warnings = problems.map((problem) => ({ ...problem, severity: 'warning' as const }));
  return { ok: true, fileName, processedAt: at, spmsId: null, wholeFileError, results: [], problems: warnings };
}

/** `apiErrors` was only ever seen null; with `isApiError` true it is taken as the error of the whole file. */
function wholeFileError(file: AceRecord): string | null {
  const { error, isApiError, apiErrors } = file;
  if (error !== undefined && error !== null && error !== '') return asText(error);
  return isApiError === true || isApiError === 'true' ? asText(apiErrors ?? 'apiError') : null;
}

function recordResult(entry: unknown, index: number, problems: RuleProblem[]): RecordResult {
  const row: AceRecord = isObject(entry) ? entry : {};
  const isSuccess = row.isSuccess === true || row.isSuccess === 'true';
  const answered = isSuccess || row.isSuccess === false || row.isSuccess === 'false';
  if (!answered) {
    problems.push({
      ...fileProblem(
        'ACE_RESULT_ROW',
        `Row ${index} of the result does not say whether it succeeded.`,
        'Report the file to AWS; the record is taken as refused.',
      ),
      fixBy: 'aws',
      record: index,
    });
  }
  return {
    partnerId: identifier(row.partnerCrmUniqueIdentifier) ?? identifier(row.partnerCrmLeadId),
    aceId: identifier(row.apnCrmUniqueIdentifier),
    isSuccess,
    errors: texts(row.errors),
    warnings: texts(row.warnings),
  };
}

function shapeProblem(what: string): RuleProblem {
  return {
    ...fileProblem(
      'ACE_RESULT_SHAPE',
      `The processed result ${what}.`,
      'Report the file to AWS; it stays in the bucket.',
    ),
    fixBy: 'aws',
  };
}

function processedAt(file: AceRecord): string | null {
  const value = text(file.fileApnProcessedDT);
  return value !== null && !Number.isNaN(Date.parse(value)) ? value : null;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** Null, one text, or an array of texts. */
function texts(value: unknown): readonly string[] {
  if (value === undefined || value === null || value === '') return [];
  return (Array.isArray(value) ? value : [value]).map(asText);
}

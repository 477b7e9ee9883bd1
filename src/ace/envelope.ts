/**
 * The envelope of opportunity and lead files, in both directions:
 * `{"version": "2", "spmsId": "123456", "opportunities": [ … ]}` or `"leads": [ … ]`.
 * Source: samples and V14.3 "Instructions" in aws-samples/partner-crm-integration-samples.
 */

import { type AceObject, type AceRecord, aceObjects, envelopeKeys, type PayloadVersion } from './ace-record.ts';
import { identifier } from './identity.ts';
import { fileProblem, maximumFileBytes, readJson } from './read-json.ts';
import type { RuleProblem } from './rule-problem.ts';

/** Most records that ACE takes in one file (DOC technical FAQ); one is recommended. */
export const maximumRecords = 50;

export interface AceFile {
  readonly ok: true;
  readonly object: AceObject;
  /** Null when the file names none, which ACE reads as 1, or one that the contract does not know. */
  readonly version: PayloadVersion | null;
  readonly spmsId: string | null;
  /** As many as in the file; an entry that is no object is an empty record here, with an error among the problems. */
  readonly records: readonly AceRecord[];
  /** Warnings of the file, and errors that concern single records (`record` is their index). */
  readonly problems: readonly RuleProblem[];
}

export type AceFileReading = AceFile | { readonly ok: false; readonly problems: readonly RuleProblem[] };

function refuse(code: string, message: string, fix: string): AceFileReading {
  return { ok: false, problems: [fileProblem(code, message, fix)] };
}

function isObject(value: unknown): value is AceRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads a file of records. Never throws, whatever the bytes: what cannot be read is one clear problem.
 * `key` is the file's key in the bucket; it is only named in messages.
 */
export function readAceFile(bytes: Uint8Array, { key }: { readonly key: string }): AceFileReading {
  const reading = readJson(bytes);
  if (!reading.ok) return reading;
  const file = reading.value;
  if (!isObject(file)) {
    return refuse('ACE_ENVELOPE', 'The file is not a JSON object.', 'Put the records into the envelope.');
  }
  const problems = [...reading.problems];
  const found = Object.keys(file).flatMap((name) => {
    const object = aceObjects.find((candidate) => envelopeKeys[candidate] === name.toLowerCase());
    return object === undefined ? [] : [{ name, object }];
  });
  const [records, second] = found;
  if (records === undefined || second !== undefined) {
    const what = records === undefined ? 'neither "opportunities" nor "leads"' : 'more than one list of records';
    return refuse('ACE_ENVELOPE', `The file holds ${what}.`, 'Put one of the two lists into the envelope.');
  }
  const { name, object } = records;
  if (name !== envelopeKeys[object]) {
    const message = `The list is called "${name}"; ACE's name is "${envelopeKeys[object]}".`;
    problems.push(fileProblem('ACE_ENVELOPE_KEY_CASE', message, 'Write the key as ACE does: case matters.', 'warning'));
  }
  const list = file[name];
  if (!Array.isArray(list)) {
    return refuse('ACE_ENVELOPE', `"${name}" is not an array.`, 'Write the records as an array, also a single one.');
  }
  const version = payloadVersion(file.version, problems);
  const spmsId = identifier(file.spmsId);
  if (spmsId === null && file.spmsId !== undefined && file.spmsId !== null) {
    const message = 'spmsId is neither a text nor a whole number.';
    problems.push(fileProblem('ACE_SPMS_ID', message, 'Write the number of the bucket name as a text.', 'warning'));
  }
  for (const unknown of Object.keys(file).filter((candidate) => !known.has(candidate) && candidate !== name)) {
    const shown = /^[A-Za-z_][A-Za-z0-9_]{0,79}$/.test(unknown) ? `"${unknown}"` : 'that is no name';
    const message = `The envelope holds a key ${shown} that the contract does not know.`;
    problems.push(fileProblem('ACE_ENVELOPE_UNKNOWN_KEY', message, 'Nothing: it is left alone.', 'warning'));
  }
  return {
    ok: true,
    object,
    version,
    spmsId,
    records: list.map((entry, index) => asRecord(entry, index, problems, key)),
    problems,
  };
}

const known: ReadonlySet<string> = new Set(['version', 'spmsId']);

/** "1", "1.0", "1.9" are 1, "2" and "2.0" are 2, as texts or numbers: ACE truncates (V14.3 "Instructions"). */
function payloadVersion(value: unknown, problems: RuleProblem[]): PayloadVersion | null {
  if (value === undefined || value === null || value === '') return null;
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  const match = /^([12])(?:\.[0-9]{1,9})?$/.exec(text);
  if (match?.[1] === '1') return 1;
  if (match?.[1] === '2') return 2;
  problems.push(fileProblem('ACE_VERSION', 'The payload version is neither 1 nor 2.', 'Write "version": "1" or "2".'));
  return null;
}

function asRecord(entry: unknown, index: number, problems: RuleProblem[], key: string): AceRecord {
  if (isObject(entry)) return entry;
  problems.push({
    code: 'ACE_RECORD',
    message: `Record ${index} of ${key} is not a JSON object.`,
    fix: 'Write each record as an object.',
    fixBy: 'engineer',
    severity: 'error',
    record: index,
  });
  return {};
}

/**
 * Writes the documented form: a text version, ACE's key, UTF-8 without byte order mark.
 * @throws RangeError for no records, more than 50, or 1 MB and more.
 */
export function writeAceFile(file: {
  readonly object: AceObject;
  readonly version: PayloadVersion;
  readonly spmsId: string | null;
  readonly records: readonly AceRecord[];
}): Buffer {
  const count = file.records.length;
  if (count < 1 || count > maximumRecords)
    throw new RangeError(`expected 1 to ${maximumRecords} records, got ${count}`);
  const envelope = {
    version: String(file.version),
    ...(file.spmsId === null ? {} : { spmsId: file.spmsId }),
    [envelopeKeys[file.object]]: file.records,
  };
  const bytes = Buffer.from(JSON.stringify(envelope), 'utf8');
  // "Less than 1 MB" and "must not exceed 1 MB" both stand in the user guide; what we write keeps both.
  if (bytes.length >= maximumFileBytes) throw new RangeError(`expected less than 1 MB, got ${bytes.length} bytes`);
  return bytes;
}

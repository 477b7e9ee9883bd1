/**
 * Bytes to JSON, for files that somebody else wrote: never throws, and says in plain words why a file cannot be read.
 */

import { type JsonPath, scanJson } from './json-scan.ts';
import type { RuleProblem } from './rule-problem.ts';

/** 1 MB as S3 counts it. ACE takes no larger file, so none is read (DOC; user guide: "must not exceed 1 MB"). */
export const maximumFileBytes = 1_048_576;

/** An ACE file nests four deep (file, records, record, array of codes); more than this is no ACE file. */
export const maximumDepth = 16;

export type JsonReading =
  | { readonly ok: true; readonly value: unknown; readonly problems: readonly RuleProblem[] }
  | { readonly ok: false; readonly problems: readonly RuleProblem[] };

/** What the first bytes give away, in the order in which it is asked. */
const signatures = [
  ['a gzip archive', [0x1f, 0x8b]],
  ['a zip archive', [0x50, 0x4b, 0x03, 0x04]],
  ['a PDF document', [0x25, 0x50, 0x44, 0x46]],
  ['UTF-16 text', [0xff, 0xfe]],
  ['UTF-16 text', [0xfe, 0xff]],
] as const satisfies readonly (readonly [what: string, bytes: readonly number[]])[];

function refuse(code: string, message: string, fix: string): JsonReading {
  return { ok: false, problems: [fileProblem(code, message, fix)] };
}

export function fileProblem(
  code: string,
  message: string,
  fix: string,
  severity: RuleProblem['severity'] = 'error',
): RuleProblem {
  return { code, message, fix, fixBy: 'engineer', severity, record: null };
}

/** Reads UTF-8 JSON of at most `maximumFileBytes`. A byte order mark is a warning, everything else that is off refuses. */
export function readJson(bytes: Uint8Array): JsonReading {
  if (bytes.length > maximumFileBytes) {
    return refuse(
      'ACE_FILE_TOO_LARGE',
      `The file has ${bytes.length} bytes; ACE takes 1 MB.`,
      'Send fewer records a file.',
    );
  }
  for (const [what, start] of signatures) {
    if (start.every((byte, index) => bytes[index] === byte)) {
      return refuse('ACE_NOT_JSON', `The file is ${what}, not UTF-8 JSON.`, 'Write the file as plain UTF-8 JSON.');
    }
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return refuse('ACE_NOT_UTF8', 'The file holds bytes that are not UTF-8.', 'Write the file as UTF-8.');
  }
  const problems: RuleProblem[] = [];
  if (text.startsWith('\uFEFF')) {
    text = text.slice(1);
    problems.push(
      fileProblem('ACE_BYTE_ORDER_MARK', 'The file begins with a byte order mark.', 'Write it without one.', 'warning'),
    );
  }
  return parse(text, problems);
}

function parse(text: string, problems: RuleProblem[]): JsonReading {
  const start = text.trimStart();
  if (start === '') return refuse('ACE_FILE_EMPTY', 'The file is empty.', 'Write the envelope with its records.');
  if (start.startsWith('<')) {
    return refuse(
      'ACE_NOT_JSON',
      'The file is HTML or XML, not JSON.',
      'Upload the JSON file itself, not a saved page.',
    );
  }
  if (text.slice(0, 64).includes('\0')) {
    return refuse(
      'ACE_NOT_JSON',
      'The file is UTF-16 or binary, not UTF-8 JSON.',
      'Write the file as plain UTF-8 JSON.',
    );
  }
  const scan = scanJson(text);
  if (scan.depth > maximumDepth) {
    return refuse(
      'ACE_TOO_DEEP',
      `The JSON is nested ${scan.depth} deep; an ACE file needs 4 and at most ${maximumDepth} are read.`,
      'Write records as flat objects.',
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse(
      'ACE_NOT_JSON',
      'The file is not valid JSON: it is cut off, or has a character where JSON allows none.',
      'Write the file with a JSON library and upload it whole.',
    );
  }
  const duplicate = scan.duplicateKeys[0];
  if (duplicate !== undefined) {
    const rest = scan.duplicateKeys.length - 1;
    return refuse(
      'ACE_DUPLICATE_KEY',
      `A key stands twice in one object, so one of its values would be lost: ${keyName(duplicate)}${rest > 0 ? `, and ${rest} more` : ''}.`,
      'Write each key once.',
    );
  }
  for (const path of scan.inexactNumbers) problems.push(inexact(path));
  if (scan.prototypeKeys) {
    dropPrototypeKeys(value);
    problems.push(
      fileProblem('ACE_FORBIDDEN_KEY', 'The key __proto__ was dropped.', 'Do not write this key.', 'warning'),
    );
  }
  return { ok: true, value, problems };
}

/** Keys of files are field names, save hostile or broken ones: those are data, and are not repeated. */
function keyName(path: JsonPath): string {
  const index = path.find((step) => typeof step === 'number');
  const key = path.findLast((step) => typeof step === 'string') ?? '';
  const shown = /^[A-Za-z_][A-Za-z0-9_]{0,79}$/.test(key) ? `"${key}"` : 'one that is no field name';
  return index === undefined ? shown : `${shown} in record ${index}`;
}

function inexact(path: JsonPath): RuleProblem {
  const index = path.find((step) => typeof step === 'number');
  const key = path.findLast((step) => typeof step === 'string');
  return {
    code: 'ACE_NUMBER_NOT_EXACT',
    ...(key !== undefined && /^[A-Za-z_][A-Za-z0-9_]{0,79}$/.test(key) ? { field: key } : {}),
    message: 'A number has more digits than a JSON number keeps, so its value would change by reading it.',
    fix: 'Write it as a text, or with at most 15 digits.',
    fixBy: 'engineer',
    severity: 'error',
    record: index ?? null,
  };
}

/** `JSON.parse` makes `__proto__` an ordinary key; merging such an object later would not be harmless. */
function dropPrototypeKeys(root: unknown): void {
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (!Array.isArray(value)) Reflect.deleteProperty(value, '__proto__');
    for (const child of Object.values(value)) open.push(child);
  }
}

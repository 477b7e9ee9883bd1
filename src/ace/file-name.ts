/**
 * Names of inbound files and of ACE's answers to them.
 *
 * Inbound: `<prefix>-<object>-<recordId>-<8 hex of the render's sha>-<attempt>_MMDDYYYYHHMMSS.json`. ACE wants a unique name
 * that ends in the GMT time (DOC, GH); seconds alone are not unique, so record, content and attempt stand before it.
 */

import type { AceObject } from './ace-record.ts';

export interface InboundFileName {
  /** Names the installation: a result of another installation's file is left alone. */
  readonly prefix: string;
  readonly object: AceObject;
  /** CRM record id, or `w<wave>` for a wave of the backfill. */
  readonly recordId: string;
  /** First 8 hexadecimal digits of the render's sha. */
  readonly sha8: string;
  /** 1 for the first send of this intent. */
  readonly attempt: number;
}

/** S3 allows 1,024 bytes a key; file systems behind test servers 255 a name, `_results.json` included. */
const longestName = 240;

const inboundForm =
  /^(?<prefix>[A-Za-z0-9_-]+)-(?<object>opportunity|lead)-(?<recordId>[A-Za-z0-9_]+)-(?<sha8>[0-9a-f]{8})-(?<attempt>[1-9][0-9]{0,8})_[0-9]{14}\.json$/;

/**
 * @throws RangeError when a part holds other characters than letters, digits, `_` (and `-` in the prefix), or the name
 * becomes too long.
 */
export function makeInboundFileName(parts: {
  readonly prefix: string;
  readonly object: AceObject;
  readonly recordId: string;
  /** Hexadecimal; the first 8 digits are used. */
  readonly sha: string;
  readonly attempt: number;
  readonly at: Date;
}): string {
  const { prefix, object, recordId, sha, attempt, at } = parts;
  const name = `${prefix}-${object}-${recordId}-${sha.slice(0, 8).toLowerCase()}-${attempt}_${timeStamp(at)}.json`;
  if (!inboundForm.test(name)) {
    throw new RangeError(
      'expected a file name of letters, digits, - and _ with 8 hexadecimal digits and an attempt from 1',
    );
  }
  if (name.length > longestName) throw new RangeError(`expected at most ${longestName} characters, got ${name.length}`);
  return name;
}

/** `MMDDYYYYHHMMSS` in GMT, ACE's order (DOC: `{name}_MMDDYYYY24HHMMSS.json`). */
function timeStamp(at: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = `${two(at.getUTCMonth() + 1)}${two(at.getUTCDate())}${String(at.getUTCFullYear()).padStart(4, '0')}`;
  return `${date}${two(at.getUTCHours())}${two(at.getUTCMinutes())}${two(at.getUTCSeconds())}`;
}

/** Reads a name (or a key with its folder) that `makeInboundFileName` wrote; null for any other file. */
export function parseInboundFileName(name: string): InboundFileName | null {
  const match = inboundForm.exec(baseName(name));
  const { prefix, object, recordId, sha8, attempt } = match?.groups ?? {};
  if (prefix === undefined || recordId === undefined || sha8 === undefined) return null;
  if (object !== 'opportunity' && object !== 'lead') return null;
  return { prefix, object, recordId, sha8, attempt: Number(attempt) };
}

/** `_MMDDYYYYHHMMSS.json`, the end of the names that we make. */
const timeInName = /_(\d{2})(\d{2})(\d{4})\d{6}\.json$/;

/** Midnight (GMT) of the day that a name of ours bears; null for any other name. */
export function dayOfSending(name: string): Date | null {
  const [, month, day, year] = timeInName.exec(name) ?? [];
  const sent = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return Number.isNaN(sent.getTime()) ? null : sent;
}

/** Spellings of the answer's name that AWS's documents use; the first of each kind is the documented default. */
export const resultSuffixes = ['_result.json', '_results.json'] as const;
export const rejectedSuffixes = ['_error.json', '._error.json', '.error.json'] as const;
export type ResultSuffix = (typeof resultSuffixes)[number] | (typeof rejectedSuffixes)[number];

/** Name (without folder) of the answer to an inbound file. A file that is not `.json` keeps its own ending before the suffix. */
export function resultNameOf(inboundKey: string, suffix: ResultSuffix = '_result.json'): string {
  return `${baseName(inboundKey).replace(/\.json$/, '')}${suffix}`;
}

/** Longest first, so that `._error.json` is not read as `_error.json` of a name ending in a dot. */
const answerSuffixes: readonly string[] = [...rejectedSuffixes, ...resultSuffixes].sort((a, b) => b.length - a.length);

/** Name (without folder) of the inbound file that a result answers; null when the key is no result. */
export function inboundNameOfResult(resultKey: string): string | null {
  const name = baseName(resultKey);
  const suffix = answerSuffixes.find((candidate) => name.endsWith(candidate) && name.length > candidate.length);
  if (suffix === undefined) return null;
  const inbound = name.slice(0, -suffix.length);
  return /\.[A-Za-z0-9]{1,5}$/.test(inbound) ? inbound : `${inbound}.json`;
}

/** True when the answer's name says that ACE could not read the inbound file at all. */
export function isRejectedName(resultKey: string): boolean {
  return rejectedSuffixes.some((suffix) => resultKey.endsWith(suffix));
}

function baseName(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}

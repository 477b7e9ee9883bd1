import { type AceRecord, isBlank } from '../ace/ace-record.ts';
import { fieldDefinition } from '../ace/fields.ts';
import { isMasked } from '../ace/life-cycle.ts';
import type { CrmFields, CrmValue, FoundRecord, SearchCondition } from '../crm/crm.ts';
import type { ObjectMapping } from './compile.ts';
import { conversion } from './conversions.ts';
import type { comparisons, KeyPart } from './new-record-rules.ts';

/**
 * A new ACE record that may be in the CRM already: what to search for, which of the found records fit, and what the
 * mapping or a person makes of it. Records that are linked with another ACE record are never found.
 */

/** A CRM record that fits a key of the mapping. */
export interface Candidate {
  readonly id: string;
  readonly name: string;
  /** The keys that fit, in the labels of ACE's fields. */
  readonly keys: readonly string[];
}

/** What a person chose on the companion row: a record to link with, or a record of its own. */
export type DuplicateAnswer = 'create' | { readonly crmId: string };

/** Whose values the fields of a newly linked record take; null leaves it to their first-sync rules. */
export type Leading = 'ace' | 'crm' | null;

export type DuplicateVerdict =
  | { readonly kind: 'create' }
  | { readonly kind: 'link'; readonly crmId: string; readonly leading: Leading }
  | { readonly kind: 'ask' | 'ignore'; readonly candidates: readonly Candidate[] };

export interface DuplicateSearch {
  /** A record that fits meets one of these; they are wider than the keys. */
  readonly conditions: readonly SearchCondition[];
  readonly paths: readonly string[];
}

/** How a value is compared, and how the CRM can search for it; null where the value is none of its kind. */
const comparing: Readonly<
  Record<
    (typeof comparisons)[number],
    { readonly of: (text: string) => string | null; readonly how: SearchCondition['how'] | null }
  >
> = {
  text: { of: (text) => text.toLowerCase(), how: 'is' },
  domain: { of: domainOf, how: 'contains' },
  // Both sides spell countries in their own way, so the CRM cannot be searched for one.
  country: { of: (text) => String(conversion('countryName').out(text)).toLowerCase(), how: null },
};

/** Whether the CRM can be searched by this part of a key. */
export const isSearchable = ({ compare }: KeyPart): boolean => comparing[compare].how !== null;

/** `https://www.Example.com/about` and `jo@example.com` are both `example.com`. */
function domainOf(text: string): string | null {
  const host = text
    .toLowerCase()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//, '')
    .replace(/^.*@/, '')
    .replace(/[/?#:].*$/s, '')
    .replace(/^www\./, '');
  return /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(host) ? host : null;
}

function comparable({ compare }: KeyPart, value: unknown): string | null {
  if (isBlank(value) || isMasked(value) || (typeof value !== 'string' && typeof value !== 'number')) return null;
  const text = String(value).trim();
  return text === '' ? null : comparing[compare].of(text);
}

/** What to search the CRM for; null when the mapping names no keys, or the record shows no whole key yet. */
export function duplicateSearch({ duplicates }: ObjectMapping, record: AceRecord): DuplicateSearch | null {
  const whole = usableKeys(duplicates?.keys ?? [], record);
  const conditions = whole.flatMap((key): SearchCondition[] => {
    const part = key.find(isSearchable);
    const how = part === undefined ? null : comparing[part.compare].how;
    if (part === undefined || how === null) return [];
    // `is` leaves the comparison of case to the CRM, which knows its own rules.
    const value = how === 'is' ? String(record[part.ace]).trim() : (comparable(part, record[part.ace]) ?? '');
    return [{ path: part.crm, how, value }];
  });
  if (conditions.length === 0) return null;
  return { conditions, paths: [...new Set(['Name', ...(duplicates?.keys ?? []).flat().map(({ crm }) => crm)])].sort() };
}

/** Keys all of whose parts the record shows: what AWS hides until the acceptance fits nothing. */
const usableKeys = (keys: readonly (readonly KeyPart[])[], record: AceRecord) =>
  keys.filter((key) => key.every((part) => comparable(part, record[part.ace]) !== null));

/** The found records that fit a key wholly. */
export function candidatesOf(
  { object, duplicates }: ObjectMapping,
  record: AceRecord,
  found: readonly FoundRecord[],
): readonly Candidate[] {
  const keys = usableKeys(duplicates?.keys ?? [], record);
  return found.flatMap(({ id, fields }) => {
    const fitting = keys.filter((key) => key.every((part) => fits(part, record, fields)));
    const names = fitting.map((key) => key.map(({ ace }) => fieldDefinition(object, ace)?.label || ace).join(' and '));
    return names.length === 0 ? [] : [{ id, name: String(fields.Name ?? ''), keys: [...new Set(names)] }];
  });
}

const fits = (part: KeyPart, record: AceRecord, fields: CrmFields): boolean => {
  const theirs = comparable(part, fields[part.crm]);
  return theirs !== null && theirs === comparable(part, record[part.ace]);
};

/** What becomes of the record: a person's answer, else what the mapping says. */
export function judgeDuplicates(
  { duplicates }: ObjectMapping,
  candidates: readonly Candidate[],
  answer: DuplicateAnswer | null,
): DuplicateVerdict {
  if (answer === 'create') return { kind: 'create' };
  if (answer !== null) return { kind: 'link', crmId: answer.crmId, leading: null };
  const [first, ...others] = candidates;
  const action = duplicates?.onMatch ?? 'create';
  if (first === undefined || action === 'create') return { kind: 'create' };
  if (action === 'ignore') return { kind: 'ignore', candidates };
  if (action === 'ask' || others.length > 0) return { kind: 'ask', candidates };
  return { kind: 'link', crmId: first.id, leading: leadingSide[action] };
}

const leadingSide = { link: null, mergeAce: 'ace', mergeCrm: 'crm' } as const;

const divider = '\n----\n';
/** Candidates that people are shown; more than this is a key that is too wide. */
const maxShown = 20;

/** The text of `Duplicate__c`: the candidates in words, and once more as JSON for the answer. */
export function writeDuplicates(candidates: readonly Candidate[], leading: Leading = null): string {
  const shown = candidates.slice(0, maxShown);
  const more = candidates.length > shown.length ? `\n… and ${candidates.length - shown.length} more` : '';
  const words = shown.map(({ id, name, keys }) => `${name} (${id}): same ${keys.join(', ')}`).join('\n');
  return words + more + divider + JSON.stringify({ leading, candidates: shown });
}

/** The candidates that a row shows; a text somebody changed gives none. */
export const readDuplicates = (text: CrmValue | undefined): readonly Candidate[] => parse(text).candidates;

/** Which side leads in the record that the row was just linked with. */
export const leadingOf = (text: CrmValue | undefined): Leading => parse(text).leading;

function parse(text: CrmValue | undefined): { readonly leading: Leading; readonly candidates: readonly Candidate[] } {
  const nothing = { leading: null, candidates: [] };
  if (typeof text !== 'string' || !text.includes(divider)) return nothing;
  try {
    const parsed: unknown = JSON.parse(text.slice(text.lastIndexOf(divider) + divider.length));
    if (typeof parsed !== 'object' || parsed === null) return nothing;
    const { leading, candidates } = parsed as { leading?: unknown; candidates?: unknown };
    return {
      leading: leading === 'ace' || leading === 'crm' ? leading : null,
      candidates: Array.isArray(candidates) ? candidates.filter(isCandidate) : [],
    };
  } catch {
    return nothing;
  }
}

const isCandidate = (value: unknown): value is Candidate =>
  typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string' && 'keys' in value;

import { isMasked } from '../../ace/mask.ts';
import type { SharedObject } from '../../crm/crm.ts';
import { aceTypeOf, isListType } from '../ace-types.ts';
import { canonicalAce, toList } from '../canonical.ts';

/** What records hold in one field. Samples and values are record values. */
export interface FieldUse {
  /** Records with a value. */
  filled: number;
  /** Records by value, member by member for lists. */
  readonly values: Map<string, number>;
  /** Different values, in the order of the records. */
  readonly samples: string[];
}

/** What the records of one object hold. */
export interface ObjectUse {
  /** Records of the CRM that were looked at. */
  readonly records: number;
  /** By CRM path. */
  readonly crm: ReadonlyMap<string, FieldUse>;
  /** What people call a CRM path; null where the org does not have it or hides it. */
  readonly labels: ReadonlyMap<string, string | null>;
  /** Records of AWS that were looked at: the newest export of each in the journal. */
  readonly exports: number;
  /** By ACE name. */
  readonly ace: ReadonlyMap<string, FieldUse>;
}

export const mostSamples = 5;
/** Characters of a sample: enough to recognise it. */
const sampleLength = 80;
/** More different values than that are text that people write, not values to map. */
const mostValues = 500;

export const noUse = (): FieldUse => ({ filled: 0, values: new Map(), samples: [] });

/** Adds one record's value of a field; what AWS hides is no value. */
export function count(use: FieldUse, value: unknown, list: boolean): void {
  if (isMasked(value)) return;
  const text = list ? toList(value).join(';') : canonicalAce({ kind: 'text', maxLength: null }, value);
  if (text === null || text === '') return;
  use.filled += 1;
  for (const member of list ? toList(value) : [text]) {
    const known = use.values.get(member);
    if (known !== undefined || use.values.size < mostValues) use.values.set(member, (known ?? 0) + 1);
  }
  const sample = text.length > sampleLength ? `${text.slice(0, sampleLength - 1)}…` : text;
  if (use.samples.length < mostSamples && !use.samples.includes(sample)) use.samples.push(sample);
}

/** Values, the most frequent first. */
export const byFrequency = ({ values }: FieldUse): readonly (readonly [value: string, records: number])[] =>
  [...values].sort(([, one], [, other]) => other - one);

/** Whether the values of a field are members of a list. */
export function isList(object: SharedObject, ace: string): boolean {
  return isListType(aceTypeOf(object, ace));
}

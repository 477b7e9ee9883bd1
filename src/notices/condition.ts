import type { FixBy } from '../errors.ts';

/** Where evidence comes from. What could not be read is unknown, and neither begins nor ends anything. */
export const evidenceParts = [
  'temporal',
  'bucket',
  'rows',
  'connection',
  'rhythm',
  'secrets',
  'sweep',
  'journal',
] as const;
export type EvidencePart = (typeof evidenceParts)[number];

/**
 * Something about the connection that somebody should know, as seen in one look. Sentences are our own and links carry
 * ids: a notice never holds the value of a record or a foreign text (design.md, promise 9).
 */
export interface Condition {
  /** One state of the connection: the same key in the next look is the same state. */
  readonly key: string;
  readonly part: EvidencePart;
  readonly fixBy: FixBy;
  /** Goes out in quiet hours too. */
  readonly urgent: boolean;
  /** Nobody is told when it is over: its end says little, such as a deadline that passed. */
  readonly endsQuietly: boolean;
  /** Items it concerns. */
  readonly count: number;
  /** ISO 8601; null when only the look itself tells, then it counts from the first look. */
  readonly since: string | null;
  /** Milliseconds that it must last before anybody is told. */
  readonly after: number;
  /** A symptom of an incident that is told: nobody is told of it beside that, nor right after it. */
  readonly covered: boolean;
  readonly sentence: string;
  readonly fix: string;
  readonly link: string | null;
}

/** A condition of one item that is told at once, unless `more` says otherwise. */
export function condition(
  key: string,
  part: EvidencePart,
  fixBy: FixBy,
  texts: { readonly sentence: string; readonly fix: string; readonly link: string | null },
  more: Partial<Condition> = {},
): Condition {
  return {
    key,
    part,
    fixBy,
    urgent: false,
    endsQuietly: false,
    count: 1,
    since: null,
    after: 0,
    covered: false,
    ...texts,
    ...more,
  };
}

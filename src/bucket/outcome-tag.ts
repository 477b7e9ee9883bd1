/**
 * The outcome of an object, as the one tag that ace-sync keeps on it. The tag carries the ETag that it speaks of,
 * because S3 cannot tag conditionally: a tag for another ETag counts as none (design.md, rule 7). AWS allows letters,
 * digits, spaces and `+ - = . _ : / @` in tags, 128 characters in a key, 256 in a value, 10 tags on an object.
 */

/**
 * - `settled`: nothing is left to do, but the object could not be deleted.
 * - `parked`: some record waits for a person.
 * - `rejected`: nobody can read the file. - `dismissed`: a person gave it up.
 */
export const outcomes = ['settled', 'parked', 'rejected', 'dismissed'] as const;
export type Outcome = (typeof outcomes)[number];

export const outcomeTagKey = 'ace-sync';

export interface ObjectTag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/** Sixteen hexadecimal digits of the ETag tell two versions of one key apart, and fit everywhere. */
export function shortEtag(etag: string): string {
  return etag.replaceAll(/[^0-9A-Za-z-]/g, '').slice(0, 16);
}

export function outcomeFromTags(tags: readonly ObjectTag[], etag: string): Outcome | null {
  const value = tags.find((tag) => tag.Key === outcomeTagKey)?.Value;
  return outcomes.find((outcome) => value === tagValue(outcome, etag)) ?? null;
}

/** The tag set to write: ours replaced, everybody else's kept, such as `partner_processed` of AWS's sample code. */
export function tagsWithOutcome(
  tags: readonly ObjectTag[],
  outcome: Outcome,
  etag: string,
): { readonly Key: string; readonly Value: string }[] {
  const foreign = tags.flatMap(({ Key, Value }) =>
    Key === undefined || Key === outcomeTagKey ? [] : [{ Key, Value: Value ?? '' }],
  );
  return [...foreign, { Key: outcomeTagKey, Value: tagValue(outcome, etag) }];
}

function tagValue(outcome: Outcome, etag: string): string {
  return `${outcome}:${shortEtag(etag)}`;
}

import type { ObjectEntry } from '../mapping-file.ts';
import { relatedRules } from '../related-records.ts';

/** By AWS field, the parts of the mapping besides `fields` that read it by name; what expressions read is not looked at. */
export function otherUses(entry: ObjectEntry): ReadonlyMap<string, ReadonlySet<string>> {
  const { create, referral, duplicates, owner } = entry;
  const standIn = referral.createAs === 'lead' ? referral.lead : {};
  const named: readonly (readonly [part: string, names: readonly (string | undefined)[]])[] = [
    ['create', Object.values(create).map(({ ace }) => ace)],
    ['referral.lead', Object.values(standIn).map(({ ace }) => ace)],
    ...relatedRules(entry).map(({ kind, keyedBy, fields }) => [kind, [...keyedBy, ...Object.values(fields)]] as const),
    ['duplicates', (duplicates?.keys ?? []).flat().map(({ ace }) => ace)],
    ['owner', [owner?.byEmail]],
  ];
  const uses = new Map<string, Set<string>>();
  for (const [part, names] of named) {
    for (const name of names) {
      if (name !== undefined) uses.set(name, (uses.get(name) ?? new Set()).add(part));
    }
  }
  return uses;
}

import type { DescribeCache, DescribedField } from './describe-cache.ts';

/**
 * A relation whose object is watched: a change of an account or a user does not touch the opportunity's SystemModstamp.
 * Plain lookups are followed within the query; lookups to several objects, such as a lead's owner, offer no
 * SystemModstamp there, so the changed users are read first.
 */
export type WatchedRelation =
  | { readonly kind: 'traverse'; readonly path: string }
  | { readonly kind: 'byId'; readonly lookup: string; readonly sobject: string };

/** The relations of paths such as `Account.Owner.Email`: `Account` and `Account.Owner`. Unknown ones are left out. */
export async function watchedRelations(
  cache: DescribeCache,
  sobject: string,
  paths: readonly string[],
): Promise<readonly WatchedRelation[]> {
  const found = new Map<string, WatchedRelation>();
  for (const path of paths) {
    let object = sobject;
    const walked: string[] = [];
    for (const relation of path.split('.').slice(0, -1)) {
      const field = await relationField(cache, object, relation);
      if (field === null) break;
      const targets = field.referenceTo ?? [];
      const target = targets.length > 1 && targets.includes('User') ? 'User' : targets[0];
      if (target === undefined) break;
      const lookup = [...walked, field.name].join('.');
      walked.push(field.relationshipName ?? relation);
      // Users are few and their lookups often polymorphic: reading the changed ones first always works.
      const byId = targets.length > 1 || target === 'User';
      found.set(
        walked.join('.').toLowerCase(),
        byId ? { kind: 'byId', lookup, sobject: target } : { kind: 'traverse', path: walked.join('.') },
      );
      object = target;
    }
  }
  return [...found.values()];
}

async function relationField(cache: DescribeCache, sobject: string, relation: string): Promise<DescribedField | null> {
  const description = await cache.describe(sobject);
  const fields = description === null ? [] : [...description.fields.values()];
  return fields.find((field) => field.relationshipName?.toLowerCase() === relation.toLowerCase()) ?? null;
}

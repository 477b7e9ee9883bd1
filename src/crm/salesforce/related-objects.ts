import { childPath } from '../child-path.ts';
import type { DescribeCache } from './describe-cache.ts';
import { type PathStep, targetOf, walkPath } from './walk-path.ts';

/**
 * A relation whose object is watched: a change of an account or a user does not touch the opportunity's SystemModstamp.
 * Plain lookups are followed within the query; lookups to several objects, such as a lead's owner, offer no
 * SystemModstamp there, so the changed users are read first. Children are read first too, by their own stamp and by that
 * of the parents that they are read through, such as a contact role by its contact's.
 */
export type WatchedRelation =
  | { readonly kind: 'traverse'; readonly path: string }
  | { readonly kind: 'byId'; readonly lookup: string; readonly sobject: string }
  | { readonly kind: 'children'; readonly sobject: string; readonly lookup: string; readonly through: string };

/** The relations of paths such as `Account.Owner.Email`: `Account` and `Account.Owner`. Unknown ones are left out. */
export async function watchedRelations(
  cache: DescribeCache,
  sobject: string,
  paths: readonly string[],
): Promise<readonly WatchedRelation[]> {
  const found = new Map<string, WatchedRelation>();
  for (const path of paths) {
    const { steps, children, missing } = await walkPath(cache, sobject, path);
    const names = (childPath(path)?.path ?? path).split('.').slice(0, -1);
    const relations = steps.slice(0, missing === null ? -1 : steps.length);
    const watched = children === null ? alongParents(relations, names) : belowRecord(children, relations, names);
    for (const relation of watched) found.set(JSON.stringify(relation).toLowerCase(), relation);
  }
  return [...found.values()];
}

const isPolymorphic = ({ field }: PathStep): boolean => (field.referenceTo ?? []).length > 1;

const walked = (relations: readonly PathStep[], names: readonly string[], position: number): readonly string[] =>
  relations.slice(0, position).map(({ field }, index) => field.relationshipName ?? names[index] ?? '');

function alongParents(relations: readonly PathStep[], names: readonly string[]): readonly WatchedRelation[] {
  return relations.flatMap((step, position): WatchedRelation[] => {
    const target = targetOf(step.field);
    if (target === null) return [];
    // Users are few and their lookups often polymorphic: reading the changed ones first always works.
    if (isPolymorphic(step) || target === 'User') {
      const lookup = [...walked(relations, names, position), step.field.name].join('.');
      return [{ kind: 'byId', lookup, sobject: target }];
    }
    return [{ kind: 'traverse', path: walked(relations, names, position + 1).join('.') }];
  });
}

/** A lookup of a child to several objects offers no SystemModstamp; the nightly sweep sees changes behind it. */
function belowRecord(
  { object, field }: PathStep,
  relations: readonly PathStep[],
  names: readonly string[],
): readonly WatchedRelation[] {
  const plain = relations.findIndex(isPolymorphic);
  const depth = plain === -1 ? relations.length : plain;
  return Array.from({ length: depth + 1 }, (_, position) => ({
    kind: 'children',
    sobject: object.name,
    lookup: field.name,
    through: walked(relations, names, position)
      .map((name) => `${name}.`)
      .join(''),
  }));
}

import { childPath } from '../child-path.ts';
import type { DescribeCache, DescribedField, DescribedObject } from './describe-cache.ts';

/** One name of a path in the org: a relation, or the field at its end. */
export interface PathStep {
  readonly object: DescribedObject;
  readonly field: DescribedField;
}

export interface WalkedPath {
  /** The relations on the way, and last the field, as far as the org has them and shows them to this user. */
  readonly steps: readonly PathStep[];
  /** The children that the path leads through, and their lookup to the record; null where it leads through none. */
  readonly children: PathStep | null;
  /** The first name that leads nowhere; null for a path that is there. */
  readonly missing: { readonly name: string; readonly isRelation: boolean } | null;
}

/** Follows a path such as `Account.Owner.Email` or `OpportunityLineItems[].Product2.ProductCode` through the org's objects. */
export async function walkPath(cache: DescribeCache, sobject: string, path: string): Promise<WalkedPath> {
  const child = childPath(path);
  const parent = await cache.describe(sobject);
  if (child === null) return { ...(await walk(cache, parent, path)), children: null };
  const relation = parent?.children.get(child.relationship.toLowerCase());
  const object = relation === undefined ? null : await cache.describe(relation.sobject);
  const field = relation && object?.fields.get(relation.field.toLowerCase());
  const lost = (name: string, isRelation: boolean) => ({ steps: [], children: null, missing: { name, isRelation } });
  if (object === null || !field) return lost(child.relationship, true);
  if (child.only !== null && !object.fields.has(child.only.toLowerCase())) return lost(child.only, false);
  return { ...(await walk(cache, object, child.path)), children: { object, field } };
}

async function walk(
  cache: DescribeCache,
  start: DescribedObject | null,
  path: string,
): Promise<Pick<WalkedPath, 'steps' | 'missing'>> {
  const names = path.split('.');
  const steps: PathStep[] = [];
  let object = start;
  for (const [position, name] of names.entries()) {
    const isRelation = position < names.length - 1;
    const field = isRelation ? relationOf(object, name) : object?.fields.get(name.toLowerCase());
    if (object === null || field === undefined) return { steps, missing: { name, isRelation } };
    steps.push({ object, field });
    if (!isRelation) continue;
    const target = targetOf(field);
    object = target === null ? null : await cache.describe(target);
  }
  return { steps, missing: null };
}

const relationOf = (object: DescribedObject | null, name: string): DescribedField | undefined =>
  [...(object?.fields.values() ?? [])].find((field) => field.relationshipName?.toLowerCase() === name.toLowerCase());

/** The object behind a lookup; of several the user, because owners are users or queues, and a queue has no fields to map. */
export function targetOf({ referenceTo }: DescribedField): string | null {
  const targets = referenceTo ?? [];
  return targets.includes('User') ? 'User' : (targets[0] ?? null);
}

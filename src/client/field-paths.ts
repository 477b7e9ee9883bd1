import type { SharedObject } from '../crm/crm.ts';
import type { DescribeCache, DescribedField, DescribedObject } from '../crm/salesforce/describe-cache.ts';
import { sobjectOf } from '../crm/salesforce/record-objects.ts';

/** Where a CRM path such as `Account.Industry` leads in the org. */
export interface DescribedPath {
  readonly field: DescribedField;
  /** Labels of the related objects on the way: `Account`. */
  readonly through: readonly string[];
}

/** Null where the org does not have the path, or hides it from this user. */
export async function describePath(
  cache: DescribeCache,
  object: SharedObject,
  path: string,
): Promise<DescribedPath | null> {
  const names = path.split('.');
  let described = await cache.describe(sobjectOf[object]);
  const through: string[] = [];
  for (const relation of names.slice(0, -1)) {
    const target = targetOf(described, relation);
    if (target === null) return null;
    described = await cache.describe(target);
    through.push(described?.label ?? relation);
  }
  const field = described?.fields.get((names.at(-1) ?? '').toLowerCase());
  return field === undefined ? null : { field, through };
}

function targetOf(described: DescribedObject | null, relation: string): string | null {
  const fields = [...(described?.fields.values() ?? [])];
  const field = fields.find(({ relationshipName }) => relationshipName?.toLowerCase() === relation.toLowerCase());
  const targets = field?.referenceTo ?? [];
  return targets.includes('User') ? 'User' : (targets[0] ?? null);
}

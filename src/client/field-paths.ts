import type { SharedObject } from '../crm/crm.ts';
import type { DescribeCache, DescribedField } from '../crm/salesforce/describe-cache.ts';
import { sobjectOf } from '../crm/salesforce/record-objects.ts';
import { walkPath } from '../crm/salesforce/walk-path.ts';

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
  const { steps, children, missing } = await walkPath(cache, sobjectOf[object], path);
  const end = steps.at(-1);
  if (missing !== null || end === undefined) return null;
  const objects = steps.map(({ object: { label } }) => label);
  // Without children the first object is the record itself.
  return { field: end.field, through: children === null ? objects.slice(1) : objects };
}

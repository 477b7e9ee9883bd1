import type { SharedObject } from '../crm/crm.ts';
import { syncFields } from '../crm/data-model.ts';
import { createDescribeCache } from '../crm/salesforce/describe-cache.ts';
import type { SalesforceSession } from '../crm/salesforce/session.ts';
import { rowPrefix } from '../mapping/mapping-checks.ts';
import { type DescribedPath, describePath } from './field-paths.ts';

/** Gives what people call a CRM path: "Close Date", "Account › Industry"; the path itself where the org hides it. */
export type LabelOf = (object: SharedObject, path: string) => Promise<string>;

const rowLabels: Readonly<Record<string, { readonly label: string }>> = syncFields;

/** Labels as the org shows them to the integration user. */
export function createFieldLabels(session: SalesforceSession): LabelOf {
  const cache = createDescribeCache(session, Date.now);
  return async (object, path) => {
    if (path.startsWith(rowPrefix)) {
      const name = path.slice(rowPrefix.length);
      return Object.hasOwn(rowLabels, name) ? `AWS › ${rowLabels[name]?.label ?? name}` : path;
    }
    return labelOf(await describePath(cache, object, path)) ?? path;
  };
}

/** Null for a path that leads nowhere. */
export const labelOf = (described: DescribedPath | null): string | null =>
  described === null ? null : [...described.through, described.field.label].join(' › ');

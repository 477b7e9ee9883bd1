import type { SharedObject } from '../crm/crm.ts';
import { syncFields } from '../crm/data-model.ts';
import { createDescribeCache, type DescribedObject } from '../crm/salesforce/describe-cache.ts';
import { sobjectOf } from '../crm/salesforce/record-objects.ts';
import type { SalesforceSession } from '../crm/salesforce/session.ts';
import { rowPrefix } from '../mapping/mapping-checks.ts';

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
    const names = path.split('.');
    let described = await cache.describe(sobjectOf[object]);
    const labels: string[] = [];
    for (const relation of names.slice(0, -1)) {
      const target = targetOf(described, relation);
      if (target === null) return path;
      described = await cache.describe(target);
      labels.push(described?.label ?? relation);
    }
    const field = described?.fields.get((names.at(-1) ?? '').toLowerCase());
    return field === undefined ? path : [...labels, field.label].join(' › ');
  };
}

function targetOf(described: DescribedObject | null, relation: string): string | null {
  const fields = [...(described?.fields.values() ?? [])];
  const field = fields.find(({ relationshipName }) => relationshipName?.toLowerCase() === relation.toLowerCase());
  const targets = field?.referenceTo ?? [];
  return targets.includes('User') ? 'User' : (targets[0] ?? null);
}

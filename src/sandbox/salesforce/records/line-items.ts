import { isoOf } from '../org/clock.ts';
import type { Org } from '../org/org.ts';

/** The amount of an opportunity with products is the sum of their prices. */
export function sumLineItems(org: Org, opportunityId: string): void {
  const opportunity = org.objectNamed('Opportunity');
  const lineItem = org.objectNamed('OpportunityLineItem');
  const link = org.schema.field(lineItem, 'OpportunityId');
  const row = org.store.get('Opportunity', opportunityId);
  if (link === undefined || row === undefined) return;
  const items = org.store.findBy(lineItem, link, opportunityId);
  const total = items.reduce((sum, item) => sum + Number(item.values.TotalPrice ?? 0), 0);
  org.store.put(opportunity, opportunityId, {
    ...row.values,
    HasOpportunityLineItem: items.length > 0,
    Amount: items.length > 0 ? Math.round(total * 100) / 100 : (row.values.Amount ?? null),
    SystemModstamp: isoOf(org.clock.now()),
  });
}

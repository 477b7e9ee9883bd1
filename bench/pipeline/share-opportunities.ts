import { unsharedOpportunities } from '../../src/sandbox/crm-seed-data.ts';
import type { BenchStack } from './bench-stack.ts';

/** Which of the sandbox's unshared opportunities ACE accepts as they are, and which is held before it is sent. */
const kinds = { acceptable: [0, 7], heldForItsDescription: [7, 8] } as const;
/** Creations under way at once. */
const together = 8;

let made = 0;

/** A sales person shares opportunities: each with its account, and the row that the quick action makes. */
export async function shareOpportunities(
  { administrator }: BenchStack,
  count: number,
  kind: keyof typeof kinds = 'acceptable',
): Promise<void> {
  const drafts = unsharedOpportunities(new Date()).slice(...kinds[kind]);
  let left = count;
  const person = async () => {
    while (left > 0) {
      left -= 1;
      made += 1;
      const number = made;
      const draft = drafts[number % drafts.length];
      if (draft === undefined) throw new Error('There is no draft.');
      const AccountId = await administrator.create('Account', {
        ...draft.account,
        Name: `${draft.account.Name} ${number}`,
      });
      const Opportunity__c = await administrator.create('Opportunity', {
        ...draft.opportunity,
        Name: `${draft.opportunity.Name} ${number}`,
        AccountId,
      });
      await administrator.create('ACE_Sync__c', { ...draft.details, Opportunity__c, Action__c: 'Share' });
    }
  };
  await Promise.all(Array.from({ length: Math.min(together, count) }, person));
}

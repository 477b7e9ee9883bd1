import { seedAce } from './ace/seed.ts';
import type { AceSimulator } from './ace/simulator.ts';
import { type Administrator, connectAsAdministrator, type StandInConnection } from './administrator.ts';
import { unsharedOpportunities } from './crm-seed-data.ts';

/** ACE's stages by the stages of a Salesforce org as it comes, for records that both sides agree on. */
const stageInCrm: Readonly<Record<string, string>> = {
  Prospect: 'Prospecting',
  Qualified: 'Qualification',
  'Technical Validation': 'Needs Analysis',
  'Business Validation': 'Value Proposition',
  Committed: 'Negotiation/Review',
  Launched: 'Closed Won',
  'Closed Lost': 'Closed Lost',
};

const partnerReferrals = 15;

/**
 * Fills both sides as a partner of some years has them: opportunities and leads at ACE, the CRM records of the partner
 * referrals with both identifiers, and CRM opportunities that nobody has shared yet, some of them with mistakes.
 */
export async function seedSandbox(
  ace: AceSimulator,
  salesforce: { readonly connection: StandInConnection },
  seed: number,
): Promise<void> {
  const crm = await connectAsAdministrator(salesforce.connection);
  await addCompanyRule(crm);
  const partnerIds: string[] = [];
  for (let number = 1; number <= partnerReferrals; number += 1) {
    // ACE's seed needs the CRM's ids first; what ACE then holds is what the CRM once sent, so it is written back below.
    partnerIds.push(
      await crm.create('Opportunity', {
        Name: `Partner referral ${number}`,
        StageName: 'Prospecting',
        CloseDate: '2030-01-31',
      }),
    );
  }
  const seeded = await seedAce(ace, { seed, partnerIds });
  for (const { aceId, partnerId } of seeded.partnerReferrals) {
    const { fields } = await ace.record({ id: aceId });
    const accountId = await crm.create('Account', {
      Name: text(fields.customerCompanyName),
      Website: text(fields.customerWebsite),
    });
    await crm.update('Opportunity', partnerId, {
      Name: text(fields.partnerProjectTitle),
      AccountId: accountId,
      Description: text(fields.projectDescription),
      CloseDate: text(fields.targetCloseDate),
      StageName: stageInCrm[text(fields.stage)] ?? 'Prospecting',
      ACE_Id__c: aceId,
    });
  }
  const now = new Date((await ace.state()).now);
  for (const { account, opportunity, details } of unsharedOpportunities(now)) {
    const accountId = await crm.create('Account', account);
    const opportunityId = await crm.create('Opportunity', { ...opportunity, AccountId: accountId });
    // What the quick action "Share with AWS" does: one row with the form's answers and the action.
    await crm.create('ACE_Sync__c', { ...details, Opportunity__c: opportunityId, Action__c: 'Share' });
  }
}

/** Name of the partner's own validation rule in the sandbox; without it the held record of the large file can be saved. */
export const companyRule = 'Opportunity.Short_Names';

/** An org of some years has rules of its own; one of the records from AWS breaks this one. */
async function addCompanyRule({ connection }: Administrator): Promise<void> {
  await connection.metadata.create('ValidationRule', {
    fullName: companyRule,
    active: true,
    errorConditionFormula: 'LEN(Name) > 100',
    errorDisplayField: 'Name',
    errorMessage: 'Our opportunity names have at most 100 characters.',
  });
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

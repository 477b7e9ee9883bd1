import type { PicklistValue } from './schema.ts';

/** Opportunity stages as a new org has them, with what each sets on the opportunity (salesforce.md, section 4). */
export interface Stage {
  readonly name: string;
  readonly probability: number;
  readonly forecast: 'Pipeline' | 'Best Case' | 'Commit' | 'Omitted' | 'Closed';
  readonly closed?: true;
  readonly won?: true;
}

export const stages: readonly Stage[] = [
  { name: 'Prospecting', probability: 10, forecast: 'Pipeline' },
  { name: 'Qualification', probability: 10, forecast: 'Pipeline' },
  { name: 'Needs Analysis', probability: 20, forecast: 'Pipeline' },
  { name: 'Value Proposition', probability: 50, forecast: 'Pipeline' },
  { name: 'Id. Decision Makers', probability: 60, forecast: 'Pipeline' },
  { name: 'Perception Analysis', probability: 70, forecast: 'Pipeline' },
  { name: 'Proposal/Price Quote', probability: 75, forecast: 'Pipeline' },
  { name: 'Negotiation/Review', probability: 90, forecast: 'Pipeline' },
  { name: 'Closed Won', probability: 100, forecast: 'Closed', closed: true, won: true },
  { name: 'Closed Lost', probability: 0, forecast: 'Omitted', closed: true },
];

export const leadStatuses: readonly PicklistValue[] = [
  { value: 'Open - Not Contacted', isDefault: true },
  { value: 'Working - Contacted' },
  { value: 'Closed - Converted' },
  { value: 'Closed - Not Converted' },
];
/** The status a lead gets when it is converted and nobody chose another. */
export const convertedLeadStatus = 'Closed - Converted';

export const leadSources = ['Web', 'Phone Inquiry', 'Partner Referral', 'Purchased List', 'Other'];
export const opportunityTypes = [
  'Existing Customer - Upgrade',
  'Existing Customer - Replacement',
  'Existing Customer - Downgrade',
  'New Customer',
];
export const industries = [
  'Agriculture',
  'Apparel',
  'Banking',
  'Biotechnology',
  'Chemicals',
  'Communications',
  'Construction',
  'Consulting',
  'Education',
  'Electronics',
  'Energy',
  'Engineering',
  'Entertainment',
  'Environmental',
  'Finance',
  'Food & Beverage',
  'Government',
  'Healthcare',
  'Hospitality',
  'Insurance',
  'Machinery',
  'Manufacturing',
  'Media',
  'Not For Profit',
  'Other',
  'Recreation',
  'Retail',
  'Shipping',
  'Technology',
  'Telecommunications',
  'Transportation',
  'Utilities',
];
export const accountTypes = [
  'Prospect',
  'Customer - Direct',
  'Customer - Channel',
  'Channel Partner / Reseller',
  'Installation Partner',
  'Technology Partner',
  'Other',
];
export const ratings = ['Hot', 'Warm', 'Cold'];
export const salutations = ['Mr.', 'Ms.', 'Mrs.', 'Dr.', 'Prof.'];
export const contactRoles = [
  'Business User',
  'Decision Maker',
  'Economic Buyer',
  'Economic Decision Maker',
  'Evaluator',
  'Executive Sponsor',
  'Influencer',
  'Technical Buyer',
  'Other',
];

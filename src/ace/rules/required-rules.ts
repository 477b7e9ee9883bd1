/** What a create must hold, and what an update may not leave empty. */

import { isBlank } from '../ace-record.ts';
import { countriesWithoutPostalCode } from '../data/postal-formats.ts';
import { holds, lacks, type Rule, type RuleContext, value } from './rule.ts';

const unverified = { verifiedIn: [] } as const;
const opportunity = { object: 'opportunity', versions: [1, 2], severity: 'error' } as const;
/** With the spelling of the country list: two names of the list without postal code differ from it in blanks. */
const withoutPostalCode: ReadonlySet<unknown> = new Set(
  countriesWithoutPostalCode.map((name) => name.replace(/,\s*/g, ', ').replace(/\s+/g, ' ')),
);

/** ACE redacts these of opportunities with classified information, so they are not asked for (V14.3 notes). */
const notForNationalSecurity: ReadonlySet<string> = new Set([
  'customerWebsite',
  'customerCompanyName',
  'postalCode',
  'state',
]);

/** Mandatory on create by the field table, and excused neither by the country nor by national security. */
function missingOnCreate(context: RuleContext): readonly string[] {
  const natSec = context.version === 2 && holds(context, 'doesOppBelongToNatSec', 'Yes');
  return context.mandatory.filter((field) => {
    if (withOwnText.has(field)) return false;
    if (natSec && notForNationalSecurity.has(field)) return false;
    if (field === 'postalCode' && withoutPostalCode.has(value(context, 'country'))) return false;
    if (field === 'solutionOffered' && context.switches.solutionOfferedOnCreate === 'optional') return false;
    return isBlank(value(context, field));
  });
}

/** These have rules of their own, because ACE has texts of its own for them. */
const withOwnText: ReadonlySet<string> = new Set(['IsOppFromMarketingActivity', 'salesActivities']);

/** Source: acceptance scenario B3.2. */
const neverEmpty = [
  'useCase',
  'targetCloseDate',
  'stage',
  'partnerPrimaryNeedFromAws',
  'expectedMonthlyAwsRevenue',
  'deliveryModel',
] as const;

export const requiredRules: readonly Rule[] = [
  {
    ...opportunity,
    code: 'ACE_REQUIRED',
    reads: ['country', 'doesOppBelongToNatSec'],
    field: null,
    when: { intent: 'create' },
    test: missingOnCreate,
    aceText: 'Required: <label>',
    verifiedIn: [1, 2],
    sentence: 'ACE needs "<label>" to create an opportunity.',
    fixBy: 'salesPerson',
    fix: 'Fill the field.',
    source: 'Acceptance scenario A6.1; columns "inbound" of V12 and V14.3.',
  },
  {
    ...opportunity,
    code: 'ACE_MARKETING_ACTIVITY_REQUIRED',
    reads: ['IsOppFromMarketingActivity'],
    field: 'IsOppFromMarketingActivity',
    when: { intent: 'create' },
    test: (context) =>
      context.mandatory.includes('IsOppFromMarketingActivity') &&
      !(context.version === 1 && context.switches.marketingActivityV1 === 'optional') &&
      lacks(context, 'IsOppFromMarketingActivity'),
    aceText: 'Is Opportunity from Marketing Activity is required.',
    verifiedIn: [1],
    sentence: 'ACE needs to know whether the opportunity comes from a marketing activity.',
    fixBy: 'salesPerson',
    fix: 'Choose Yes or No.',
    source: 'FAQ 2022; mandatory in V12 and V14.3. The key begins with a capital I.',
  },
  {
    ...opportunity,
    code: 'ACE_SALES_ACTIVITIES_REQUIRED',
    versions: [2],
    reads: ['salesActivities'],
    field: 'salesActivities',
    when: { intent: 'create' },
    test: (context) => context.mandatory.includes('salesActivities') && lacks(context, 'salesActivities'),
    aceText: 'Please enter Pre-sales Activities',
    verifiedIn: [2],
    sentence: 'ACE needs at least one sales activity.',
    fixBy: 'salesPerson',
    fix: 'Choose what was done with the customer so far.',
    source: 'GH acceptance script for version 2: second entry of errors beside "Required: …".',
  },
  {
    ...opportunity,
    ...unverified,
    code: 'ACE_REQUIRED_ON_UPDATE',
    reads: [...neverEmpty],
    field: null,
    when: { intent: 'update' },
    test: (context) => neverEmpty.filter((field) => lacks(context, field)),
    aceText: 'Required: <label>',
    sentence: 'An update may not leave "<label>" empty at ACE.',
    fixBy: 'salesPerson',
    fix: 'Fill the field.',
    source: 'Acceptance scenario B3.2; its text there is not given.',
  },
  {
    ...opportunity,
    code: 'ACE_STATE_REQUIRED',
    reads: ['state', 'country', 'doesOppBelongToNatSec'],
    field: 'state',
    when: {},
    test: (context) =>
      holds(context, 'country', 'United States') &&
      lacks(context, 'state') &&
      !(context.version === 2 && holds(context, 'doesOppBelongToNatSec', 'Yes')),
    aceText: 'Missing Required Field: State is required when Country is United States',
    verifiedIn: [1],
    sentence: 'ACE needs the state of a customer in the United States.',
    fixBy: 'salesPerson',
    fix: 'Choose the state.',
    source: 'Acceptance scenario A6.4; FAQ 2022.',
  },
];

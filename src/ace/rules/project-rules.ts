/** Rules on the project: description, dates, money, need, use case, solutions, competitors. */

import { isBlank } from '../ace-record.ts';
import { subUseCasesOf } from '../picklists.ts';
import { entries, holds, lacks, type Rule, type RuleContext, sends, value } from './rule.ts';

const opportunity = { object: 'opportunity', versions: [1, 2], severity: 'error', when: {} } as const;
const required = { ...opportunity, aceText: 'Required: <label>', verifiedIn: [], fixBy: 'salesPerson' } as const;

const noSupport = 'Do Not Need Support from AWS Sales Rep';
const visibilityOnly: ReadonlySet<unknown> = new Set([noSupport, 'For Visibility - No Assistance Needed']);

function descriptionMinimum(context: RuleContext): number {
  return context.version === 1 ? context.switches.descriptionMinimumV1 : 20;
}

export const projectRules: readonly Rule[] = [
  {
    ...opportunity,
    code: 'ACE_DESCRIPTION_SHORT',
    reads: ['projectDescription'],
    field: 'projectDescription',
    test: (context) => {
      const text = value(context, 'projectDescription');
      const short = typeof text === 'string' && !isBlank(text) && text.trim().length < descriptionMinimum(context);
      return sends(context, 'projectDescription') && short;
    },
    aceText: 'Missing Required Field: Project description must have minimum of 50 characters',
    verifiedIn: [1],
    sentence:
      'The project description is too short: ACE asks for 50 characters in payload version 1 and 20 in version 2.',
    fixBy: 'salesPerson',
    fix: "Describe the customer's business problem in more words.",
    source: 'Acceptance scenario A6.8 (50); V14.3 (20).',
  },
  {
    ...opportunity,
    code: 'ACE_CLOSE_DATE_PAST',
    reads: ['targetCloseDate'],
    field: 'targetCloseDate',
    test: (context) => {
      const date = value(context, 'targetCloseDate');
      return sends(context, 'targetCloseDate') && typeof date === 'string' && !isBlank(date) && date < context.today;
    },
    aceText: 'Invalid Data: Target Close Date should be a future date',
    verifiedIn: [1],
    sentence: 'The target close date lies in the past (GMT); ACE takes today and later.',
    fixBy: 'salesPerson',
    fix: 'Set the close date to today or later.',
    source: 'V12 "only today and future dates", V14.3 "not in the past"; FAQ 2022 for the text.',
  },
  {
    ...opportunity,
    code: 'ACE_REVENUE',
    reads: ['expectedMonthlyAwsRevenue'],
    field: 'expectedMonthlyAwsRevenue',
    test: (context) => {
      const revenue = value(context, 'expectedMonthlyAwsRevenue');
      return sends(context, 'expectedMonthlyAwsRevenue') && typeof revenue === 'number' && !(revenue > 0);
    },
    aceText: 'Missing Required Field: Estimated AWS Monthly Recurring Revenue cannot be blank or 0',
    verifiedIn: [1],
    sentence: 'The expected monthly AWS revenue must be more than zero.',
    fixBy: 'salesPerson',
    fix: 'Estimate the monthly AWS revenue.',
    source: 'Acceptance scenario A6.6; FAQ 2022.',
  },
  {
    ...opportunity,
    code: 'ACE_SUB_USE_CASE',
    versions: [1],
    reads: ['useCase', 'subUseCase'],
    field: 'subUseCase',
    test: (context) => {
      const useCase = value(context, 'useCase');
      const subUseCase = value(context, 'subUseCase');
      const changed = sends(context, 'subUseCase') || sends(context, 'useCase');
      if (!changed || typeof useCase !== 'string' || typeof subUseCase !== 'string' || isBlank(subUseCase))
        return false;
      return !subUseCasesOf(useCase).includes(subUseCase);
    },
    aceText: 'Bad value for restricted picklist field: <value>',
    verifiedIn: [],
    sentence: 'The sub use case does not belong to the use case.',
    fixBy: 'salesPerson',
    fix: 'Choose a sub use case of this use case, or empty it.',
    source: 'Sheet "Usecase-subusecase" of V12; the text is the platform\'s.',
  },
  {
    ...opportunity,
    code: 'ACE_NEED_OTHER_REQUIRED',
    versions: [1],
    reads: ['partnerPrimaryNeedFromAws', 'partnerPrimaryNeedFromAwsOther'],
    field: 'partnerPrimaryNeedFromAwsOther',
    test: (context) =>
      holds(context, 'partnerPrimaryNeedFromAws', 'Other') && lacks(context, 'partnerPrimaryNeedFromAwsOther'),
    aceText: 'Missing Required Field: "Other Need" field is required when Partner Primary Need From AWS ="Other"',
    verifiedIn: [1],
    sentence: 'The need Other wants a description.',
    fixBy: 'salesPerson',
    fix: 'Describe what is needed of AWS.',
    source: 'FAQ 2022; V12.',
  },
  {
    ...opportunity,
    code: 'ACE_NEED_CONTRADICTS',
    versions: [2],
    reads: ['partnerPrimaryNeedFromAws'],
    field: 'partnerPrimaryNeedFromAws',
    test: (context) => {
      const needs = entries(context, 'partnerPrimaryNeedFromAws');
      return sends(context, 'partnerPrimaryNeedFromAws') && needs.includes(noSupport) && new Set(needs).size > 1;
    },
    aceText: null,
    verifiedIn: [],
    sentence: 'A co-sell need and "Do Not Need Support from AWS Sales Rep" exclude each other.',
    fixBy: 'salesPerson',
    fix: 'Choose co-sell needs, or no support.',
    source: 'V14.3 note on partnerPrimaryNeedFromAws; the text was not found.',
  },
  {
    ...opportunity,
    code: 'ACE_NEED_ONE_WAY',
    versions: [2],
    reads: ['partnerPrimaryNeedFromAws'],
    field: 'partnerPrimaryNeedFromAws',
    when: { intent: 'update' },
    test: (context) =>
      sends(context, 'partnerPrimaryNeedFromAws') &&
      entries(context, 'partnerPrimaryNeedFromAws').includes(noSupport) &&
      String(context.stored?.partnerPrimaryNeedFromAws ?? '').startsWith('Co-Sell'),
    aceText: null,
    verifiedIn: [],
    sentence: 'Once AWS co-sells an opportunity there is no way back to "no support".',
    fixBy: 'salesPerson',
    fix: 'Keep a co-sell need.',
    source: 'V14.3 note on partnerPrimaryNeedFromAws; the text was not found.',
  },
  {
    ...required,
    code: 'ACE_COMPETITOR_OTHER_REQUIRED',
    reads: ['competitiveTracking', 'competitiveTrackingOther'],
    field: 'competitiveTrackingOther',
    test: (context) => holds(context, 'competitiveTracking', '*Other') && lacks(context, 'competitiveTrackingOther'),
    sentence: 'The competitor *Other wants a name.',
    fix: 'Name the competitor.',
    source: 'V12 and V14.3: mandatory when competitiveTracking is Other (the value is "*Other").',
  },
  {
    ...opportunity,
    code: 'ACE_NEXT_STEP_IGNORED',
    severity: 'warning',
    reads: ['nextStep', 'partnerPrimaryNeedFromAws'],
    field: 'nextStep',
    when: { intent: 'create' },
    test: (context) =>
      context.switches.nextStepForVisibility === 'ignored' &&
      sends(context, 'nextStep') &&
      !lacks(context, 'nextStep') &&
      visibilityOnly.has(value(context, 'partnerPrimaryNeedFromAws')),
    aceText: null,
    verifiedIn: [],
    sentence: 'ACE drops the next step of an opportunity that is only for visibility.',
    fixBy: 'nobody',
    fix: 'Nothing: it can be sent with an update.',
    source: 'GH acceptance script, ignored on create (V14.3 says otherwise).',
  },
];

/** Rules on solutions and on the parent of a renewal: payload version 2 only. */

import { isBlank } from '../ace-record.ts';
import { atStage, entries, holds, lacks, type Rule, type RuleContext, sends, value } from './rule.ts';

const opportunity = { object: 'opportunity', versions: [1, 2], severity: 'error', when: {} } as const;
const required = { ...opportunity, aceText: 'Required: <label>', verifiedIn: [], fixBy: 'salesPerson' } as const;

export const solutionRules: readonly Rule[] = [
  {
    ...required,
    code: 'ACE_SOLUTION_OTHER_REQUIRED',
    versions: [2],
    reads: ['solutionOffered', 'otherSolutionOffered'],
    field: 'otherSolutionOffered',
    test: (context) => entries(context, 'solutionOffered').includes('Other') && lacks(context, 'otherSolutionOffered'),
    sentence: 'The solution Other wants a description.',
    fix: 'Name the solution.',
    source: 'V14.3: conditional when solutionOffered is Other.',
  },
  {
    ...opportunity,
    code: 'ACE_SOLUTION_ID',
    versions: [2],
    reads: ['solutionOffered'],
    field: 'solutionOffered',
    test: (context) =>
      sends(context, 'solutionOffered') &&
      entries(context, 'solutionOffered').some((entry) => entry !== 'Other' && !/^S-\d{1,18}$/.test(entry)),
    aceText: null,
    verifiedIn: [],
    sentence: 'A solution is its id (S- and digits) or Other.',
    fixBy: 'allianceManager',
    fix: 'Enter the S-… id of the solution in Partner Central; the newer soln-… ids are not taken here.',
    source: 'V14.3 note on solutionOffered; DOC upgrade-crm-api on soln-… ids; the text was not found.',
  },
  {
    ...opportunity,
    code: 'ACE_SOLUTION_OTHER_LATE',
    versions: [2],
    reads: ['solutionOffered', 'stage'],
    field: 'solutionOffered',
    when: { intent: 'update' },
    test: (context) =>
      (sends(context, 'stage') || sends(context, 'solutionOffered')) &&
      atStage(context, 'Committed', 'Launched') &&
      entries(context, 'solutionOffered').includes('Other'),
    aceText: "Solution offered cannot be 'Other' when Opportunity stage is Committed or Launched.",
    verifiedIn: [],
    sentence: 'From the stage Committed on the solution may not be Other.',
    fixBy: 'salesPerson',
    fix: 'Name the solution by its S-… id.',
    source: 'V14.3 note on solutionOffered; the text is that of the Selling API.',
  },
  {
    ...required,
    code: 'ACE_PARENT_REQUIRED',
    versions: [2],
    reads: ['opportunityType', 'parentOppId'],
    field: 'parentOppId',
    test: (context) => holds(context, 'opportunityType', 'Flat Renewal') && lacks(context, 'parentOppId'),
    sentence: 'A flat renewal needs the ACE id of the opportunity that it renews.',
    fix: 'Enter the O… id of the earlier opportunity.',
    source: 'V14.3: conditional when opportunityType is Flat Renewal; the text was not found.',
  },
  {
    ...opportunity,
    code: 'ACE_PARENT_ID',
    versions: [2],
    reads: ['parentOppId', 'opportunityType'],
    field: 'parentOppId',
    test: (context) => {
      const parent = value(context, 'parentOppId');
      if (!sends(context, 'parentOppId') || typeof parent !== 'string' || isBlank(parent)) return false;
      return !netNew(context) && !/^O\d{1,18}$/.test(parent);
    },
    aceText: null,
    verifiedIn: [],
    sentence: 'The parent opportunity is named by its ACE id: O and digits.',
    fixBy: 'salesPerson',
    fix: 'Enter the O… id of your own earlier opportunity.',
    source: "V14.3 note on parentOppId: the partner's own O… id; the text was not found.",
  },
  {
    ...opportunity,
    code: 'ACE_PARENT_IGNORED',
    versions: [2],
    severity: 'warning',
    reads: ['parentOppId', 'opportunityType'],
    field: 'parentOppId',
    test: (context) => sends(context, 'parentOppId') && !lacks(context, 'parentOppId') && netNew(context),
    aceText: null,
    verifiedIn: [],
    sentence: 'ACE drops the parent opportunity of net new business.',
    fixBy: 'salesPerson',
    fix: 'Choose Flat Renewal or Expansion, or empty the parent.',
    source: 'V14.3 and GH acceptance script, ignored on create.',
  },
];

/** Blank counts: ACE fills in Net New Business. */
function netNew(context: RuleContext): boolean {
  return holds(context, 'opportunityType', 'Net New Business') || lacks(context, 'opportunityType');
}

/** What Launched and Closed Lost need, by programme of the partner. */

import { isBlank } from '../ace-record.ts';
import { atStage, entries, holds, knows, lacks, type Rule, sends, value } from './rule.ts';

const opportunity = { object: 'opportunity', versions: [1, 2], severity: 'error' } as const;
const launching = { ...opportunity, fixBy: 'salesPerson' } as const;
const specialProgrammes = ['isvAccelerate', 'saasRevenueRecognition'] as const;

const contractFields = [
  'procurementType',
  'customerSoftwareValue',
  'customerSoftwareValueCurrency',
  'contractStartDate',
  'contractEndDate',
] as const;

const contractText =
  "Following fields are required for all ISV Accelerate and SaaS Revenue Recognition when Opportunity is Launched: 'Customer Software Value (Number and Currency)', 'Procurement Type', 'Contract Effective Date/Term Start Date' and 'Contract Expiration Date'.";

/** USD 119,999 is the largest value that ACE takes by file without Marketplace (acceptance scenario B3.7). */
const softwareValueLimit = 120_000;

function neededByIsv(field: string, what: string): Rule {
  return {
    ...launching,
    code: 'ACE_LAUNCH_ISV',
    versions: [1],
    reads: ['stage', field],
    field,
    when: { intent: 'update', programmes: ['isvAccelerate'] },
    test: (context) => atStage(context, 'Launched') && lacks(context, field),
    aceText: 'Required: <label>',
    verifiedIn: [],
    sentence: `An ISV Accelerate partner says before Launched ${what}.`,
    fix: 'Answer Yes or No.',
    source: 'Acceptance scenario B3.1; its text is not given.',
  };
}

export const launchRules: readonly Rule[] = [
  {
    ...launching,
    code: 'ACE_LAUNCH_ACCOUNT',
    reads: ['stage', 'awsAccountId'],
    field: 'awsAccountId',
    when: { intent: 'update', programmes: ['consulting'] },
    test: (context) => atStage(context, 'Launched') && lacks(context, 'awsAccountId'),
    aceText: 'Account Id must be 12 numerical digits',
    verifiedIn: [],
    sentence: "A consulting partner names the customer's AWS account before Launched.",
    fix: 'Enter the 12 digits of the AWS account id.',
    source: 'Acceptance scenario B3.3; V14.3: conditional for consulting partners when Launched.',
  },
  neededByIsv('isNetNewBusinessForCompany', 'whether this is net new business'),
  neededByIsv('awsFieldEngagement', 'whether an AWS account representative helped'),
  neededByIsv('isThisForMarketplace', 'whether the deal goes through AWS Marketplace'),
  {
    ...launching,
    code: 'ACE_LAUNCH_CONTRACT',
    versions: [1],
    reads: ['stage', 'deliveryModel', 'awsFieldEngagement', 'isThisForMarketplace', ...contractFields],
    field: null,
    when: { intent: 'update', programmes: specialProgrammes },
    test: (context) =>
      atStage(context, 'Launched') &&
      entries(context, 'deliveryModel').includes('SaaS or PaaS') &&
      holds(context, 'awsFieldEngagement', 'Yes') &&
      holds(context, 'isThisForMarketplace', 'No') &&
      contractFields.filter((field) => lacks(context, field)),
    aceText: contractText,
    verifiedIn: [1],
    sentence: 'Launched software as a service outside AWS Marketplace needs "<label>".',
    fix: 'Fill software value, currency, procurement type, contract start and end.',
    source: 'Acceptance scenario B3.6; FAQ 2022.',
  },
  {
    ...launching,
    code: 'ACE_LAUNCH_CONTRACT',
    versions: [2],
    reads: ['stage', 'deliveryModel', ...contractFields],
    field: null,
    when: { intent: 'update', programmes: specialProgrammes },
    test: (context) =>
      context.switches.contractFieldsAtLaunchV2 === 'saasDelivery' &&
      atStage(context, 'Launched') &&
      entries(context, 'deliveryModel').includes('SaaS or PaaS') &&
      contractFields.filter((field) => lacks(context, field)),
    aceText: contractText,
    verifiedIn: [],
    sentence: 'Launched software as a service needs "<label>" in your programme.',
    fix: 'Fill software value, currency, procurement type, contract start and end.',
    source:
      'V14.3: conditional for special programs when Launched; its two other conditions are fields that version 2 dropped.',
  },
  {
    ...launching,
    code: 'ACE_SOFTWARE_VALUE_LIMIT',
    versions: [1],
    reads: ['stage', 'customerSoftwareValue', 'customerSoftwareValueCurrency', 'isThisForMarketplace'],
    field: 'customerSoftwareValue',
    when: { intent: 'update' },
    test: (context) => {
      const amount = value(context, 'customerSoftwareValue');
      return (
        (context.switches.softwareValueLimit === 'always' || atStage(context, 'Launched')) &&
        typeof amount === 'number' &&
        amount >= softwareValueLimit &&
        holds(context, 'customerSoftwareValueCurrency', 'USD') &&
        knows(context, 'isThisForMarketplace') &&
        !holds(context, 'isThisForMarketplace', 'Yes')
      );
    },
    aceText:
      'To launch opportunities with Customer Software Value greater than or equal to USD120,000 use Partner Central UI.',
    verifiedIn: [1],
    sentence: 'ACE launches a software value of USD 120,000 or more by file only for AWS Marketplace.',
    fix: 'Launch this opportunity in Partner Central.',
    source: 'Acceptance scenario B3.7; FAQ 2022.',
  },
  {
    ...opportunity,
    code: 'ACE_CONTRACT_DATES',
    reads: ['contractStartDate', 'contractEndDate'],
    field: 'contractEndDate',
    when: { intent: 'update' },
    test: (context) => {
      const start = value(context, 'contractStartDate');
      const end = value(context, 'contractEndDate');
      if (typeof start !== 'string' || typeof end !== 'string' || isBlank(start) || isBlank(end)) return false;
      return (sends(context, 'contractStartDate') || sends(context, 'contractEndDate')) && end < start;
    },
    aceText: 'Contract end date cannot be earlier than contract start date.',
    verifiedIn: [],
    sentence: 'The contract ends before it starts.',
    fixBy: 'salesPerson',
    fix: 'Correct the contract dates. AWS documents had the two swapped until November 2024.',
    source: 'Third-party text.',
  },
  {
    ...opportunity,
    code: 'ACE_CLOSED_LOST_REASON_REQUIRED',
    reads: ['stage', 'closedLostReason'],
    field: 'closedLostReason',
    when: { intent: 'update' },
    test: (context) => atStage(context, 'Closed Lost') && lacks(context, 'closedLostReason'),
    aceText: 'Missing Required Field: Closed Lost Reason is required when closing the opportunity',
    verifiedIn: [1],
    sentence: 'A lost opportunity needs the reason.',
    fixBy: 'salesPerson',
    fix: 'Choose the reason why it was lost.',
    source: 'Acceptance scenario B3.8; FAQ 2022.',
  },
  {
    ...opportunity,
    code: 'ACE_CLOSED_LOST_REASON_EARLY',
    reads: ['stage', 'closedLostReason'],
    field: 'closedLostReason',
    when: { intent: 'update' },
    test: (context) =>
      sends(context, 'closedLostReason') &&
      !lacks(context, 'closedLostReason') &&
      knows(context, 'stage') &&
      !holds(context, 'stage', 'Closed Lost'),
    aceText: "Closed Lost Reason is not acceptable until Opportunity has been 'Closed Lost'.",
    verifiedIn: [],
    sentence: 'A reason for the loss goes only with the stage Closed Lost.',
    fixBy: 'salesPerson',
    fix: 'Empty the reason, or close the opportunity.',
    source: 'Third-party text.',
  },
  {
    ...opportunity,
    code: 'ACE_PROSPECT',
    reads: ['stage'],
    field: 'stage',
    when: { intent: 'update' },
    test: (context) =>
      context.switches.prospectOnUpdate === 'refused' && sends(context, 'stage') && holds(context, 'stage', 'Prospect'),
    aceText: null,
    verifiedIn: [],
    sentence: 'The stage Prospect is not submitted: only AWS referrals arrive with it.',
    fixBy: 'salesPerson',
    fix: 'Set the stage to Qualified or later before sending.',
    source: 'FAQ: Prospect must become Qualified before submission; the text was not found.',
  },
];

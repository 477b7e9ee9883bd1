/** Rules on marketing activity. */

import { holds, knows, lacks, type Rule } from './rule.ts';

const opportunity = { object: 'opportunity', versions: [1, 2], severity: 'error', when: {} } as const;

const marketingDetails = [
  'marketingActivityChannel',
  'marketingActivityUsecase',
  'awsSFCampaignName',
  'isMarketingDevelopmentFunded',
] as const;

export const marketingRules: readonly Rule[] = [
  {
    ...opportunity,
    code: 'ACE_MARKETING_FUNDS_REQUIRED',
    reads: ['IsOppFromMarketingActivity', 'isMarketingDevelopmentFunded'],
    field: 'isMarketingDevelopmentFunded',
    test: (context) =>
      holds(context, 'IsOppFromMarketingActivity', 'Yes') && lacks(context, 'isMarketingDevelopmentFunded'),
    aceText: 'Marketing Development Funds Used is required when Is Opportunity from Marketing Activity is Yes.',
    verifiedIn: [1],
    sentence: 'An opportunity from a marketing activity says whether development funds were used.',
    fixBy: 'salesPerson',
    fix: 'Choose Yes or No for the marketing development funds.',
    source: 'Acceptance scenario A6.9; FAQ 2022.',
  },
  {
    ...opportunity,
    code: 'ACE_MARKETING_NOT_CLEARED',
    reads: ['IsOppFromMarketingActivity', ...marketingDetails],
    field: null,
    test: (context) =>
      holds(context, 'IsOppFromMarketingActivity', 'No')
        ? marketingDetails.filter((field) => knows(context, field) && !lacks(context, field))
        : [],
    aceText:
      'Clear values in Marketing Activity Channel, Marketing Activity UseCase, AWS Campaign Name and Was Marketing Development Funds Used.',
    verifiedIn: [1],
    sentence: '"<label>" must be empty when the opportunity is not from a marketing activity.',
    fixBy: 'salesPerson',
    fix: 'Empty the four marketing fields (they are sent as null), or choose Yes.',
    source: 'Acceptance scenario B3.5; FAQ 2022.',
  },
];

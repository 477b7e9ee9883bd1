import type { AceRecord } from '../../ace/ace-record.ts';
import { dateAfter } from './content.ts';

export interface RecordSeed {
  /** What the record is an example of. */
  readonly as: string;
  /** What differs from a new record of its kind. */
  readonly fields: (now: Date) => AceRecord;
}

export interface ReferralSeed extends RecordSeed {
  /** Hours until acceptBy; negative for one that has passed. */
  readonly acceptWithinHours?: number;
}

/** Longer than the 120 characters of a CRM's opportunity name, within the 255 that ACE allows. */
export const longTitle = `Migration of the warehouse management system, ${'with all of its regional interfaces and reports, '.repeat(3)}in four waves`;

const accepted = (stage: string) => (): AceRecord => ({ partnerAcceptanceStatus: 'Accepted', stage });

function times<T>(count: number, seed: T): readonly T[] {
  return Array.from({ length: count }, () => seed);
}

const unaccepted = (acceptWithinHours: number): ReferralSeed => ({
  as: 'unaccepted',
  fields: () => ({}),
  acceptWithinHours,
});

/** 25 opportunities that AWS referred. */
export const awsReferralSeeds: readonly ReferralSeed[] = [
  ...[120, 118, 96, 90, 72, 48].map(unaccepted),
  ...[20, 6].map((hours) => ({ ...unaccepted(hours), as: 'unaccepted, soon over' })),
  ...times(4, { as: 'accepted', fields: accepted('Prospect') }),
  ...times(3, { as: 'rejected', fields: () => ({ partnerAcceptanceStatus: 'Rejected' }) }),
  ...times(2, { as: 'expired', fields: () => ({ partnerAcceptanceStatus: 'Rejected' }), acceptWithinHours: -24 }),
  { as: 'qualified', fields: accepted('Qualified') },
  { as: 'technical validation', fields: accepted('Technical Validation') },
  { as: 'business validation', fields: accepted('Business Validation') },
  { as: 'committed', fields: accepted('Committed') },
  ...times(2, {
    as: 'launched',
    fields: (now: Date) => ({
      ...accepted('Launched')(),
      targetCloseDate: dateAfter(now, -20),
      aWSStage: 'Launched',
      aWSCloseDate: dateAfter(now, -20),
    }),
  }),
  ...times(2, {
    as: 'closed lost',
    fields: (now: Date) => ({
      ...accepted('Closed Lost')(),
      closedLostReason: 'Price',
      targetCloseDate: dateAfter(now, -10),
      aWSStage: 'Closed Lost',
      aWSCloseDate: dateAfter(now, -10),
      aWSClosedLostReason: 'Price',
    }),
  }),
];

const reviewed = (status: string, comments?: string) => (): AceRecord => ({
  status,
  stage: 'Prospect',
  ...(comments === undefined ? {} : { apnReviewerComments: comments }),
});
const approved = (stage: string) => (): AceRecord => ({ status: 'Approved', stage });

/** 15 opportunities that the partner referred: every review state, and every stage after approval. */
export const partnerReferralSeeds: readonly RecordSeed[] = [
  { as: 'submitted', fields: reviewed('Submitted') },
  { as: 'submitted', fields: reviewed('Submitted') },
  { as: 'in review', fields: reviewed('In review') },
  { as: 'in review', fields: reviewed('In review') },
  {
    as: 'action required',
    fields: reviewed('Action Required', 'Please describe the business problem of the customer in more detail.'),
  },
  { as: 'action required', fields: reviewed('Action Required', 'Please correct the postal code.') },
  { as: 'rejected', fields: reviewed('Rejected', 'The opportunity duplicates another one.') },
  { as: 'qualified', fields: approved('Qualified') },
  { as: 'qualified', fields: approved('Qualified') },
  { as: 'technical validation', fields: approved('Technical Validation') },
  { as: 'business validation', fields: approved('Business Validation') },
  { as: 'committed', fields: approved('Committed') },
  {
    as: 'launched',
    fields: (now) => ({
      ...approved('Launched')(),
      awsAccountId: '111122223333',
      targetCloseDate: dateAfter(now, -5),
      aWSStage: 'Launched',
      aWSCloseDate: dateAfter(now, -5),
    }),
  },
  {
    as: 'closed lost',
    fields: (now) => ({
      ...approved('Closed Lost')(),
      closedLostReason: 'Lost to Competitor – Other',
      targetCloseDate: dateAfter(now, -3),
      aWSStage: 'Closed Lost',
      aWSCloseDate: dateAfter(now, -3),
      aWSClosedLostReason: 'Lost to Competitor – Other',
    }),
  },
  {
    as: 'committed, from marketing',
    fields: () => ({
      ...approved('Committed')(),
      IsOppFromMarketingActivity: 'Yes',
      isMarketingDevelopmentFunded: 'Yes',
      marketingActivityChannel: 'Live Event',
    }),
  },
];

/** 15 leads from AWS. */
export const leadSeeds: readonly RecordSeed[] = [
  ...times(8, { as: 'unaccepted', fields: () => ({}) }),
  ...times(3, { as: 'accepted', fields: () => ({ currentLeadStage: 'Accepted' }) }),
  { as: 'accepted, in research', fields: () => ({ currentLeadStage: 'Accepted', status: 'Research' }) },
  { as: 'accepted, qualified', fields: () => ({ currentLeadStage: 'Accepted', status: 'Qualified' }) },
  ...times(2, { as: 'rejected', fields: () => ({ currentLeadStage: 'Rejected' }) }),
];

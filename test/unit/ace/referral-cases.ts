/** AWS referrals: acceptance scenarios C. */

import { type AcceptanceCase, both, cases } from './acceptance-case.ts';
import { awsReferral } from './sample-records.ts';

const referral = { apnCrmUniqueIdentifier: 'O4711002' };
const accepted = { partnerAcceptanceStatus: 'Accepted', country: 'United States', stage: 'Qualified' };

export const referralCases: readonly AcceptanceCase[] = [
  ...cases('C2', 'accepting an AWS referral', both, (version) => ({
    intent: 'update',
    record: { ...referral, partnerAcceptanceStatus: 'Accepted' },
    stored: awsReferral(version),
  })),
  ...cases('C2.1', 'rejecting one; version 2 asks why', both, (version) => ({
    intent: 'update',
    record: { ...referral, partnerAcceptanceStatus: 'Rejected' },
    stored: awsReferral(version),
    refused: version === 1 ? [] : ['rejectionReason'],
  })),
  ...cases('C2.1 why', 'with the reason', [2], (version) => ({
    intent: 'update',
    record: { ...referral, partnerAcceptanceStatus: 'Rejected', rejectionReason: 'Unable to support' },
    stored: awsReferral(version),
  })),
  ...cases('C2 other', 'with another answer', both, (version) => ({
    intent: 'update',
    record: { ...referral, partnerAcceptanceStatus: 'Maybe' },
    stored: awsReferral(version),
    refused: ['partnerAcceptanceStatus'],
  })),
  ...cases('C4', 'an accepted referral takes updates', both, (version) => ({
    intent: 'update',
    record: { ...referral, partnerCrmUniqueIdentifier: '0065g00000NEWID', nextStep: 'Call' },
    stored: awsReferral(version, accepted),
  })),
  ...cases('C4 twice', 'and is answered once', both, (version) => ({
    intent: 'update',
    record: { ...referral, partnerAcceptanceStatus: 'Rejected', nextStep: 'Call' },
    stored: awsReferral(version, accepted),
    warned: ['partnerAcceptanceStatus'],
    codes: ['ACE_ACCEPTANCE_DECIDED'],
  })),
  ...cases('C4.13', 'an unaccepted one does not', both, (version) => ({
    intent: 'update',
    record: { ...referral, nextStep: 'Call' },
    stored: awsReferral(version),
    refused: ['nextStep'],
  })),
  ...cases('C4.13 identifier', 'not even of its identifier', both, (version) => ({
    intent: 'update',
    record: { ...referral, partnerCrmUniqueIdentifier: '0065g00000NEWID' },
    stored: awsReferral(version),
    refused: ['partnerCrmUniqueIdentifier'],
  })),
  ...cases('C4.13 nothing', 'nor without any change', both, (version) => ({
    intent: 'update',
    record: { ...referral },
    stored: awsReferral(version),
    refused: [''],
  })),
  ...cases('C4.13 rejected', 'nor a rejected one', both, (version) => ({
    intent: 'update',
    record: { ...referral, nextStep: 'Call' },
    stored: awsReferral(version, { partnerAcceptanceStatus: 'Rejected' }),
    refused: [''],
  })),
  ...cases('C4.13 expired', 'nor an expired one', both, (version) => ({
    intent: 'update',
    record: { ...referral, partnerAcceptanceStatus: 'Accepted' },
    stored: awsReferral(version, { acceptBy: '2026-11-19T12:00:00.000Z' }),
    refused: [''],
  })),
];

/** Creates with values that other sources than the acceptance scenarios speak of. */

import { type AcceptanceCase, both, cases, create } from './acceptance-case.ts';

export const createValueCases: readonly AcceptanceCase[] = [
  ...cases('date past', 'the close date is today or later', both, (version) => ({
    record: create(version, { targetCloseDate: '2026-11-19' }),
    refused: ['targetCloseDate'],
    texts: ['Invalid Data: Target Close Date should be a future date'],
  })),
  ...cases('date today', 'today is taken', both, (version) => ({
    record: create(version, { targetCloseDate: '2026-11-20' }),
  })),
  ...cases('date form', 'a date is a day of the calendar', both, (version) => ({
    record: create(version, { targetCloseDate: '2027-02-30' }),
    refused: ['targetCloseDate'],
  })),
  ...cases('website', 'a website has a domain', both, (version) => ({
    record: create(version, { customerWebsite: 'our site' }),
    refused: ['customerWebsite'],
    texts: ['Invalid Data: Customer website should be a valid domain'],
  })),
  ...cases('postal code', 'the postal code has the form of its country', both, (version) => ({
    record: create(version, { country: 'Germany', state: null, postalCode: '1011' }),
    refused: ['postalCode'],
    texts: ['The postal code is invalid for country Germany, Germany postal code must be in 99999 format.'],
  })),
  ...['Hong Kong', 'Bonaire, Sint Eustatius and Saba', 'Saint Helena, Ascension and Tristan Da Cunha'].flatMap(
    (country) =>
      cases(`postal code ${country}`, 'is not asked for where there is none', both, (version) => ({
        record: create(version, { country, state: null, postalCode: null }),
      })),
  ),
  ...cases('owner e-mail', 'an e-mail address has its form', both, (version) => ({
    record: create(version, { opportunityOwnerEmail: 'nobody' }),
    refused: ['opportunityOwnerEmail'],
  })),
  ...cases('types', 'money is a number, texts are texts', both, (version) => ({
    record: create(version, { expectedMonthlyAwsRevenue: '4500', postalCode: 98101 }),
    refused: ['expectedMonthlyAwsRevenue', 'postalCode'],
  })),
  ...cases('types of arrays', 'an array is no text', [2], (version) => ({
    record: create(version, { solutionOffered: 'S-0012345', awsProducts: 'Lambda' }),
    refused: ['awsProducts', 'solutionOffered'],
  })),
  ...cases('products', 'a product is one of ACE’s codes', [2], (version) => ({
    record: create(version, { awsProducts: ['Lambda', 'lambda'] }),
    refused: ['awsProducts'],
  })),
  ...cases('products known', 'and a known one is taken', [2], (version) => ({
    record: create(version, { awsProducts: ['AWSBackup', 'AWSBatch'] }),
  })),
  ...cases('twice', 'a value named twice is odd', both, (version) => ({
    record: create(version, { deliveryModel: 'Resell;Resell' }),
    warned: ['deliveryModel'],
  })),
  ...cases('need other', 'the need Other is described', [1], (version) => ({
    record: create(version, { partnerPrimaryNeedFromAws: 'Other' }),
    refused: ['partnerPrimaryNeedFromAwsOther'],
    texts: ['Missing Required Field: "Other Need" field is required when Partner Primary Need From AWS ="Other"'],
  })),
  ...cases('need mixed', 'co-sell and no support exclude each other', [2], (version) => ({
    record: create(version, {
      partnerPrimaryNeedFromAws: 'Co-Sell - Deal Support;Do Not Need Support from AWS Sales Rep',
    }),
    refused: ['partnerPrimaryNeedFromAws'],
  })),
  ...cases('competitor', '*Other is named', both, (version) => ({
    record: create(version, { competitiveTracking: '*Other' }),
    refused: ['competitiveTrackingOther'],
  })),
  ...cases('solution other', 'Other is named', [2], (version) => ({
    record: create(version, { solutionOffered: ['Other'] }),
    refused: ['otherSolutionOffered'],
  })),
  ...cases('solution id', 'new-style ids are not taken', [2], (version) => ({
    record: create(version, { solutionOffered: ['soln-abc'] }),
    refused: ['solutionOffered'],
  })),
  ...cases('industry other', 'is described in version 2', [2], (version) => ({
    record: create(version, { industry: 'Other' }),
    refused: ['industryOther'],
  })),
  ...cases('industry other v1', 'and need not in version 1', [1], (version) => ({
    record: create(version, { industry: 'Other' }),
  })),
  ...cases('renewal', 'a flat renewal names its parent', [2], (version) => ({
    record: create(version, { opportunityType: 'Flat Renewal' }),
    refused: ['parentOppId'],
  })),
  ...cases('renewal parent', 'by its O… id', [2], (version) => ({
    record: create(version, { opportunityType: 'Flat Renewal', parentOppId: '0065g0' }),
    refused: ['parentOppId'],
  })),
  ...cases('DUNS', 'has 9 digits', [2], (version) => ({
    record: create(version, { customerDuns: '12-34567' }),
    refused: ['customerDuns'],
  })),
  ...cases('security', 'classified needs Government and AWS', [2], (version) => ({
    record: create(version, {
      doesOppBelongToNatSec: 'Yes',
      partnerPrimaryNeedFromAws: 'Do Not Need Support from AWS Sales Rep',
    }),
    refused: ['doesOppBelongToNatSec', 'partnerPrimaryNeedFromAws'],
  })),
  ...cases('security redacted', 'and hides the customer', [2], (version) => ({
    record: create(version, {
      doesOppBelongToNatSec: 'Yes',
      industry: 'Government',
      state: null,
      postalCode: null,
      customerWebsite: null,
      customerCompanyName: null,
    }),
  })),
  ...cases('masked', 'a mask is no value', both, (version) => ({
    record: create(version, { customerFirstName: 'Accept To View' }),
    warned: ['customerFirstName'],
  })),
  ...cases('control', 'a control character is odd', both, (version) => ({
    record: create(version, { nextStep: 'Call\u0000' }),
    warned: ['nextStep'],
  })),
  ...cases('comments', 'beyond 255 characters are odd', both, (version) => ({
    record: create(version, { additionalComments: 'x'.repeat(256) }),
    warned: ['additionalComments'],
  })),
  ...cases('comments by text', 'or refused', both, (version) => ({
    record: create(version, { additionalComments: 'x'.repeat(256) }),
    switches: { additionalCommentsMaximum: 255 },
    refused: ['additionalComments'],
    warned: ['additionalComments'],
  })),
  ...cases('public reference URL', 'is a web address', [1], (version) => ({
    record: create(version, { publicReferenceUrl: 'none' }),
    refused: ['publicReferenceUrl'],
  })),
  ...cases('huge money', 'has more digits than JSON keeps', both, (version) => ({
    record: create(version, { expectedMonthlyAwsRevenue: 1e17 }),
    refused: ['expectedMonthlyAwsRevenue'],
  })),
  ...cases('unknown key', 'a key of nobody is odd', both, (version) => ({
    record: create(version, { favouriteColour: 'blue' }),
    warned: ['favouriteColour'],
  })),
  ...cases('other version', 'a key of the other version is dropped', both, (version) => ({
    record: create(version, version === 1 ? { opportunityType: 'Expansion' } : { contractVehicle: 'x' }),
    warned: [version === 1 ? 'opportunityType' : 'contractVehicle'],
  })),
];

/** Records made at random from the field tables and standard values: valid ones, and ones with one known fault. */

import fc from 'fast-check';
import type { AceRecord, PayloadVersion } from '../../../src/ace/ace-record.ts';
import { opportunityCountries } from '../../../src/ace/data/countries.ts';
import { countriesWithoutPostalCode, postalFormats } from '../../../src/ace/data/postal-formats.ts';
import { standardValues, subUseCasesOf } from '../../../src/ace/picklists.ts';

const noPostalCode: ReadonlySet<string> = new Set(countriesWithoutPostalCode);
const formatOf = new Map<string, string>(postalFormats.map(([country, notation]) => [country, notation]));

/** Notations that are no pattern of 9, A and N: one code each, written by hand. */
const postalSamples: Readonly<Record<string, string>> = {
  'United Kingdom': 'SW1A 1AA',
  'Great Britain': 'DT3 6GB',
  Netherlands: '1012 AB',
};

const text = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'abcdefgh ÄÖé中\u{1F600}XYZ019.,-'), minLength, maxLength }).map((chars) => {
    const filled = `a${chars.slice(0, maxLength - 2)}`;
    return filled.isWellFormed() ? filled : 'a'.repeat(Math.max(1, minLength));
  });
const word = text(1, 60);
const digits = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length });
const email = fc.stringMatching(/^[a-z]{1,12}\.[a-z]{1,12}$/).map((name) => `${name}@example.com`);
const day = fc
  .date({ min: new Date('2027-01-01T00:00:00Z'), max: new Date('2030-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const amount = fc.integer({ min: 1, max: 1_000_000 });

function one(version: PayloadVersion, field: string): fc.Arbitrary<string> {
  return fc.constantFrom(...(standardValues('opportunity', version, field) ?? []));
}

function several(version: PayloadVersion, field: string): fc.Arbitrary<string> {
  const list = standardValues('opportunity', version, field) ?? [];
  return fc.uniqueArray(fc.constantFrom(...list), { minLength: 1, maxLength: 4 }).map((values) => values.join(';'));
}

function needs(version: PayloadVersion): fc.Arbitrary<string> {
  if (version === 1) return one(1, 'partnerPrimaryNeedFromAws').filter((need) => need !== 'Other');
  const coSell = (standardValues('opportunity', 2, 'partnerPrimaryNeedFromAws') ?? []).filter((need) =>
    need.startsWith('Co-Sell'),
  );
  return fc.oneof(
    fc.constant('Do Not Need Support from AWS Sales Rep'),
    fc.uniqueArray(fc.constantFrom(...coSell), { minLength: 1 }).map((values) => values.join(';')),
  );
}

/** A country with what its address needs. */
function address(version: PayloadVersion): fc.Arbitrary<AceRecord> {
  return fc.constantFrom(...opportunityCountries).chain((country) => {
    const state =
      country === 'United States' ? one(version, 'state').map((name) => ({ state: name })) : fc.constant({});
    const notation = formatOf.get(country)?.split(/ or /i)[0];
    // Beside N or other digits a 9 stands for itself ("972NN", "97133"), else for any digit.
    const anyDigit = /[N0-8]/.test(notation ?? '') ? 'N' : '9';
    const sample = postalSamples[country] ?? notation?.replaceAll(anyDigit, '4').replaceAll('A', 'K');
    const postal = noPostalCode.has(country.replace('Bonaire, ', 'Bonaire,')) ? {} : { postalCode: sample ?? '12345' };
    return state.map((ofState): AceRecord => ({ country, ...ofState, ...postal }));
  });
}

function industry(version: PayloadVersion): fc.Arbitrary<AceRecord> {
  return fc.tuple(one(version, 'industry'), word, word).map(([name, first, second]): AceRecord => {
    if (version === 1 && (name === 'Government' || name === 'Education')) {
      return { industry: name, contractVehicle: first, rfxSolicitationNumber: second };
    }
    return version === 2 && name === 'Other' ? { industry: name, industryOther: first } : { industry: name };
  });
}

function marketing(version: PayloadVersion): fc.Arbitrary<AceRecord> {
  const yes = fc.record(
    {
      isMarketingDevelopmentFunded: fc.constantFrom('Yes', 'No'),
      marketingActivityChannel:
        version === 1 ? one(1, 'marketingActivityChannel') : several(2, 'marketingActivityChannel'),
      awsSFCampaignName: word,
    },
    { requiredKeys: ['isMarketingDevelopmentFunded'] },
  );
  return fc.oneof(
    fc.constant<AceRecord>({ IsOppFromMarketingActivity: 'No' }),
    yes.map((details): AceRecord => ({ IsOppFromMarketingActivity: 'Yes', ...details })),
  );
}

function useCase(version: PayloadVersion): fc.Arbitrary<AceRecord> {
  return fc.tuple(one(version, 'useCase'), fc.nat(100)).map(([name, index]): AceRecord => {
    const subs = version === 1 ? subUseCasesOf(name) : [];
    return index % 2 === 0 || subs.length === 0
      ? { useCase: name }
      : { useCase: name, subUseCase: subs[index % subs.length] };
  });
}

/** Fields that depend on no other: they may come in any combination, on create and on update. */
function freeFields(version: PayloadVersion): fc.Arbitrary<AceRecord> {
  const all = {
    city: word,
    streetAddress: word,
    additionalComments: text(1, 200),
    awsAccountId: digits(12),
    campaignName: version === 1 ? one(1, 'campaignName') : several(2, 'campaignName'),
    competitiveTracking: one(version, 'competitiveTracking').filter((name) => name !== '*Other'),
    customerEmail: email,
    customerFirstName: word,
    customerLastName: word,
    customerPhone: digits(12),
    customerTitle: word,
    primaryContactEmail: email,
    primaryContactFirstName: word,
    opportunityOwnerEmail: email,
  };
  const ofVersion1 = fc.record(
    { isThisAPublicReference: fc.constantFrom('Yes', 'No'), publicReferenceTitle: word },
    { requiredKeys: [] },
  );
  const ofVersion2 = fc.record(
    { customerDuns: digits(9), awsProducts: fc.uniqueArray(one(2, 'awsProducts'), { maxLength: 3 }) },
    { requiredKeys: [] },
  );
  return fc
    .tuple(fc.record(all, { requiredKeys: [] }), version === 1 ? ofVersion1 : ofVersion2)
    .map(([shared, own]): AceRecord => ({ ...shared, ...own }));
}

function mandatoryFields(version: PayloadVersion): fc.Arbitrary<AceRecord> {
  return fc.record({
    partnerCrmUniqueIdentifier: fc.uuid(),
    targetCloseDate: day,
    projectDescription: text(50, 300).filter((description) => description.trim().length >= 50),
    partnerProjectTitle: word,
    partnerPrimaryNeedFromAws: needs(version),
    expectedMonthlyAwsRevenue: amount,
    deliveryModel: several(version, 'deliveryModel'),
    customerWebsite: fc.domain().filter((domain) => /^[a-z0-9.-]+\.[a-z]{2,}$/i.test(domain)),
    customerCompanyName: word,
    ...(version === 2
      ? {
          salesActivities: several(2, 'salesActivities'),
          solutionOffered: fc.oneof(
            digits(7).map((number) => [`S-${number}`]),
            fc.constant(['Other']),
          ),
          otherSolutionOffered: word,
        }
      : {}),
  });
}

/** A create that ACE takes. */
export function validCreate(version: PayloadVersion): fc.Arbitrary<AceRecord> {
  return fc
    .tuple(
      mandatoryFields(version),
      address(version),
      industry(version),
      marketing(version),
      useCase(version),
      freeFields(version),
    )
    .map((parts): AceRecord => Object.assign({}, ...parts));
}

/** A fault, and the field that ACE must name for it. */
export interface Fault {
  readonly field: string;
  readonly says: string;
  readonly apply: (record: AceRecord) => AceRecord;
}

const without = (
  field: string,
  version: readonly PayloadVersion[] = [1, 2],
): Fault & { readonly versions: readonly PayloadVersion[] } => ({
  field,
  says: `without ${field}`,
  versions: version,
  apply: (record) => ({ ...record, [field]: null }),
});

const setting = (field: string, says: string, changes: AceRecord, version: readonly PayloadVersion[] = [1, 2]) => ({
  field,
  says: `${field}: ${says}`,
  versions: version,
  apply: (record: AceRecord): AceRecord => ({ ...record, ...changes }),
});

const everyFault: readonly (Fault & { readonly versions: readonly PayloadVersion[] })[] = [
  ...['useCase', 'targetCloseDate', 'projectDescription', 'partnerProjectTitle', 'partnerPrimaryNeedFromAws'].map(
    (field) => without(field),
  ),
  ...['partnerCrmUniqueIdentifier', 'industry', 'expectedMonthlyAwsRevenue', 'deliveryModel', 'customerWebsite'].map(
    (field) => without(field),
  ),
  ...['customerCompanyName', 'country', 'IsOppFromMarketingActivity'].map((field) => without(field)),
  ...['salesActivities', 'solutionOffered'].map((field) => without(field, [2])),
  setting('state', 'missing in the United States', { country: 'United States', state: null, postalCode: '98101' }),
  setting('state', 'of no country', { state: 'Atlantis' }),
  setting('postalCode', 'of another country', { country: 'Germany', state: null, postalCode: 'SW1A 1AA' }),
  setting('postalCode', 'missing', { country: 'Germany', state: null, postalCode: null }),
  setting('expectedMonthlyAwsRevenue', 'zero', { expectedMonthlyAwsRevenue: 0 }),
  setting('expectedMonthlyAwsRevenue', 'a text', { expectedMonthlyAwsRevenue: '100' }),
  setting('projectDescription', 'short', { projectDescription: 'Too short' }),
  setting('targetCloseDate', 'long ago', { targetCloseDate: '2020-01-01' }),
  setting('awsAccountId', 'short', { awsAccountId: '123' }),
  setting('deliveryModel', 'unknown', { deliveryModel: 'saas or paas' }),
  setting('customerWebsite', 'no domain', { customerWebsite: 'none' }),
  setting('customerEmail', 'no address', { customerEmail: 'none' }),
  setting('partnerProjectTitle', 'long', { partnerProjectTitle: 'x'.repeat(256) }),
  setting('isMarketingDevelopmentFunded', 'open', {
    IsOppFromMarketingActivity: 'Yes',
    isMarketingDevelopmentFunded: null,
  }),
  setting('awsSFCampaignName', 'without marketing', { IsOppFromMarketingActivity: 'No', awsSFCampaignName: 'C' }),
  setting('competitiveTrackingOther', 'missing', { competitiveTracking: '*Other', competitiveTrackingOther: null }),
  setting('contractVehicle', 'missing', { industry: 'Education', contractVehicle: null }, [1]),
  setting('subUseCase', 'of another', { useCase: 'Training', subUseCase: 'Data Lake' }, [1]),
  setting('offers', 'on create', { offers: ['offer-1'] }, [2]),
  setting('awsProducts', 'unknown', { awsProducts: ['NoProduct'] }, [2]),
  setting('industryOther', 'missing', { industry: 'Other', industryOther: null }, [2]),
  setting('parentOppId', 'missing', { opportunityType: 'Flat Renewal' }, [2]),
];

export function faults(version: PayloadVersion): readonly Fault[] {
  return everyFault.filter(({ versions }) => versions.includes(version));
}

/** Changes of an update: free fields, some that are closed after create, and some that may be anything. */
export function sparseChanges(version: PayloadVersion): fc.Arbitrary<AceRecord> {
  const closed = fc.record(
    { partnerProjectTitle: word, customerCompanyName: word, wWPSPDM: word },
    { requiredKeys: [] },
  );
  const pipeline = fc.record(
    {
      nextStep: word,
      targetCloseDate: day,
      expectedMonthlyAwsRevenue: amount,
      deliveryModel: several(version, 'deliveryModel'),
      stage: fc.constantFrom('Qualified', 'Technical Validation', 'Business Validation'),
    },
    { requiredKeys: ['nextStep'] },
  );
  const broken = fc.constantFrom<AceRecord>(
    {},
    {},
    {},
    { deliveryModel: 'none' },
    { expectedMonthlyAwsRevenue: -1 },
    { targetCloseDate: '2020-01-01' },
    { awsAccountId: 'x' },
    { useCase: null },
    { stage: 'Closed Lost', closedLostReason: null },
    { stage: 'Launched', awsAccountId: null },
  );
  return fc.tuple(freeFields(version), closed, pipeline, broken).map((parts): AceRecord => Object.assign({}, ...parts));
}

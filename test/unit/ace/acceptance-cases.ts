/**
 * What ACE must say, case by case, from AWS's acceptance scenarios (the ids), the data contract and the known error texts.
 * Nothing here is read from the rules under test.
 */

import type { AceObject, AceRecord, Intent, PayloadVersion, Programme } from '../../../src/ace/ace-record.ts';
import type { ContractSwitches } from '../../../src/ace/switches.ts';
import { approved, awsReferral, ids, lead, mandatoryCreate } from './sample-records.ts';

export interface AcceptanceCase {
  readonly id: string;
  readonly says: string;
  readonly object: AceObject;
  readonly version: PayloadVersion;
  readonly programme: Programme;
  readonly intent: Intent;
  readonly record: AceRecord;
  readonly stored?: AceRecord;
  readonly switches?: Partial<ContractSwitches>;
  /** Fields of errors, sorted; an empty text stands for an error of the whole record. Empty: ACE takes the record. */
  readonly refused: readonly string[];
  /** Fields of warnings, sorted: ACE takes the record and drops them, or something is odd with them. */
  readonly warned: readonly string[];
  /** Codes of the problems in their order, where fields alone do not tell. */
  readonly codes?: readonly string[];
  /** ACE's texts, where a source holds them. */
  readonly texts?: readonly string[];
}

type Short = Partial<Omit<AcceptanceCase, 'id' | 'says'>>;

const both: readonly PayloadVersion[] = [1, 2];

function cases(
  id: string,
  says: string,
  versions: readonly PayloadVersion[],
  make: (version: PayloadVersion) => Short,
): readonly AcceptanceCase[] {
  return versions.map((version) => ({
    id: `${id} v${version}`,
    says,
    object: 'opportunity',
    version,
    programme: 'consulting',
    intent: 'create',
    record: {},
    refused: [],
    warned: [],
    ...make(version),
  }));
}

/** A create: the mandatory fields with changes; `undefined` takes a field away. */
function create(version: PayloadVersion, changes: AceRecord): AceRecord {
  const all = { ...mandatoryCreate(version), ...changes };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** An update of an approved opportunity: identifiers and changes over what ACE holds. */
function update(version: PayloadVersion, changes: AceRecord, held: AceRecord = {}): Short {
  return { intent: 'update', record: { ...ids, ...changes }, stored: approved(version, held) };
}

const launched = { stage: 'Launched', awsAccountId: '123456789012' };
const contract = {
  procurementType: 'Subscription',
  customerSoftwareValue: 24000.5,
  customerSoftwareValueCurrency: 'USD',
  contractStartDate: '2026-12-01',
  contractEndDate: '2027-11-30',
};
const contractNames = Object.keys(contract).sort();
const contractText =
  "Following fields are required for all ISV Accelerate and SaaS Revenue Recognition when Opportunity is Launched: 'Customer Software Value (Number and Currency)', 'Procurement Type', 'Contract Effective Date/Term Start Date' and 'Contract Expiration Date'.";
const clearText =
  'Clear values in Marketing Activity Channel, Marketing Activity UseCase, AWS Campaign Name and Was Marketing Development Funds Used.';
const notEditable = ['Record is not editable.'];

const creates: readonly AcceptanceCase[] = [
  ...cases('A1', 'the mandatory fields make an opportunity', both, (version) => ({ record: create(version, {}) })),
  ...cases('A2', 'with the partner sales contact', both, (version) => ({
    record: create(version, {
      primaryContactFirstName: 'Ada',
      primaryContactLastName: 'Byron',
      primaryContactEmail: 'ada@partner.example.com',
      primaryContactPhone: '+1 206 555 0100',
    }),
  })),
  ...cases('A3', 'with the customer contact', both, (version) => ({
    record: create(version, {
      customerFirstName: 'Ann',
      customerLastName: 'Lee',
      customerEmail: 'ann@example.com',
      customerPhone: '+1 206 555 0101',
      customerTitle: 'CTO',
    }),
  })),
  ...cases('A4', 'read-only fields and those of later states are dropped', both, (version) => ({
    record: create(version, {
      ...contract,
      stage: 'Prospect',
      status: 'Approved',
      opportunityOwnership: 'Partner Referral',
      nextStepHistory: 'old',
      wWPSPDM: 'Somebody',
      wWPSPDMEmail: 'somebody@example.com',
      createdBy: 'x',
      createdDate: '2026-01-01T00:00:00.000Z',
      lastModifiedBy: 'x',
      lastModifiedDate: '2026-01-01T00:00:00.000Z',
      aWSStage: 'Committed',
      closedLostReason: 'Price',
      apnCrmUniqueIdentifier: 'O1',
    }),
    warned: [
      'aWSStage',
      'apnCrmUniqueIdentifier',
      'closedLostReason',
      'contractEndDate',
      'contractStartDate',
      'createdBy',
      'createdDate',
      'customerSoftwareValue',
      'customerSoftwareValueCurrency',
      'lastModifiedBy',
      'lastModifiedDate',
      'nextStepHistory',
      'opportunityOwnership',
      'procurementType',
      'stage',
      'status',
      'wWPSPDM',
      'wWPSPDMEmail',
    ],
  })),
  ...cases('A4 offers', 'an offer on create is an error', [2], (version) => ({
    record: create(version, { offers: ['offer-abc123'] }),
    refused: ['offers'],
  })),
  ...cases('A4 parent', 'the parent of net new business is dropped', [2], (version) => ({
    record: create(version, { opportunityType: 'Net New Business', parentOppId: 'O77' }),
    warned: ['parentOppId'],
  })),
  ...cases('A4 next step', 'the next step of a deal for visibility only is dropped', both, (version) => ({
    record: create(version, {
      nextStep: 'Call',
      partnerPrimaryNeedFromAws:
        version === 1 ? 'For Visibility - No Assistance Needed' : 'Do Not Need Support from AWS Sales Rep',
    }),
    warned: ['nextStep'],
  })),
  ...cases('A4 next step, as V14.3 says', 'or taken', [2], (version) => ({
    record: create(version, { nextStep: 'Call', partnerPrimaryNeedFromAws: 'Do Not Need Support from AWS Sales Rep' }),
    switches: { nextStepForVisibility: 'accepted' },
  })),
  ...cases('A5', 'a create of an opportunity in review is not editable', both, (version) => ({
    intent: 'update',
    record: mandatoryCreate(version),
    stored: approved(version, { status: 'In review' }),
    refused: [''],
    texts: notEditable,
    warned: [],
  })),
  ...cases('A6.1', 'all missing fields are named on one line, by ACE’s labels', [1], () => ({
    record: { partnerCrmUniqueIdentifier: 'x', IsOppFromMarketingActivity: 'No' },
    refused: Object.keys(mandatoryCreate(1))
      .filter((field) => !['partnerCrmUniqueIdentifier', 'IsOppFromMarketingActivity', 'state'].includes(field))
      .sort(),
    texts: [
      'Required: Use Case;Target Launch Date;Project Description/Business Need;Postal Code;Partner Project Title;Industry Vertical;Expected Monthly AWS Revenue;Delivery Model;Customer Website;Customer Company Name;Country;Partner Primary Need from AWS',
    ],
  })),
  ...cases('A6.1 empty', 'version 2 needs 17 fields', [2], () => ({
    record: {},
    refused: Object.keys(mandatoryCreate(2))
      .filter((field) => field !== 'state')
      .sort(),
  })),
  ...cases('A6.1 sales activities', 'missing sales activities have a text of their own', [2], (version) => ({
    record: create(version, { salesActivities: null, useCase: '' }),
    refused: ['salesActivities', 'useCase'],
    texts: ['Required: Use Case', 'Please enter Pre-sales Activities'],
  })),
  ...cases('A6.1 marketing', 'so has the missing marketing activity', both, (version) => ({
    record: create(version, { IsOppFromMarketingActivity: null }),
    refused: ['IsOppFromMarketingActivity'],
    texts: ['Is Opportunity from Marketing Activity is required.'],
  })),
  ...cases('A6.1 key case', 'a key in another case is not seen', both, (version) => ({
    record: create(version, { IsOppFromMarketingActivity: undefined, isOppFromMarketingActivity: 'No' }),
    refused: ['IsOppFromMarketingActivity'],
    warned: ['isOppFromMarketingActivity'],
  })),
  ...cases('A6.1 FAQ', 'marketing activity as the older list has it', [1], (version) => ({
    record: create(version, { IsOppFromMarketingActivity: undefined }),
    switches: { marketingActivityV1: 'optional' },
  })),
  ...cases('A6.1 UAT example', 'solution offered as the mandatory-only example has it', [2], (version) => ({
    record: create(version, { solutionOffered: undefined }),
    switches: { solutionOfferedOnCreate: 'optional' },
  })),
  ...['Education', 'Government'].flatMap((industry) =>
    cases(`A6.2 ${industry}`, 'needs contract vehicle and RFx number', [1], (version) => ({
      record: create(version, { industry }),
      refused: ['contractVehicle', 'rfxSolicitationNumber'],
      texts: [
        'Contract Vehicle is required for opportunities for this industry.',
        "RFx/Public Tender Solicitation No is required when 'Education' or 'Government' industry vertical is selected.",
      ],
    })),
  ),
  ...cases('A6.2 filled', 'with both it is taken', [1], (version) => ({
    record: create(version, { industry: 'Education', contractVehicle: 'None', rfxSolicitationNumber: '12' }),
  })),
  ...cases('A6.2 v2', 'version 2 asks for neither', [2], (version) => ({
    record: create(version, { industry: 'Education' }),
  })),
  ...cases('A6.2 FAQ', 'only in the United States, by the FAQ', [1], (version) => ({
    record: create(version, { industry: 'Education', country: 'Germany', state: null, postalCode: '10115' }),
    switches: { contractVehicleCountry: 'unitedStates' },
  })),
  ...cases('A6.3', 'a value outside the standard values', [1], (version) => ({
    record: create(version, { industry: 'Wholesale and Distribution' }),
    refused: ['industry'],
    texts: ['Invalid Data: Select from the predefined Industry list'],
  })),
  ...cases('A6.3 multi', 'one wrong of several values, or a blank after the semicolon', both, (version) => ({
    record: create(version, { deliveryModel: 'Managed Services; Resell' }),
    refused: ['deliveryModel'],
  })),
  ...cases('A6.3 single', 'the need takes one value in version 1', [1], (version) => ({
    record: create(version, { partnerPrimaryNeedFromAws: 'Deal support;Pricing Assistance' }),
    refused: ['partnerPrimaryNeedFromAws'],
  })),
  ...cases('A6.3 sub use case', 'a sub use case of another use case', [1], (version) => ({
    record: create(version, { subUseCase: 'Data Lake' }),
    refused: ['subUseCase'],
    texts: ['Bad value for restricted picklist field: Data Lake'],
  })),
  ...cases('A6.3 own sub use case', 'and one of its own', [1], (version) => ({
    record: create(version, { subUseCase: 'Kubernetes' }),
  })),
  ...cases('A6.4', 'the United States need a state', both, (version) => ({
    record: create(version, { state: null }),
    refused: ['state'],
    texts: ['Missing Required Field: State is required when Country is United States'],
  })),
  ...cases('A6.4 elsewhere', 'version 2 takes no state of another country', [2], (version) => ({
    record: create(version, { country: 'Canada', state: 'Washington', postalCode: 'K1A 0B1' }),
    refused: ['state'],
  })),
  ...cases('A6.4 v1 elsewhere', 'version 1 does', [1], (version) => ({
    record: create(version, { country: 'Canada', state: 'Ontario', postalCode: 'K1A 0B1' }),
  })),
  ...cases('A6.5', 'an account id has 12 digits', both, (version) => ({
    record: create(version, { awsAccountId: '12345678901' }),
    refused: ['awsAccountId'],
    texts: ['Account Id must be 12 numerical digits'],
  })),
  ...cases('A6.5 right', 'and with 12 it is taken', both, (version) => ({
    record: create(version, { awsAccountId: '012345678901' }),
  })),
  ...[0, -1].flatMap((expectedMonthlyAwsRevenue) =>
    cases(`A6.6 ${expectedMonthlyAwsRevenue}`, 'revenue is more than zero', both, (version) => ({
      record: create(version, { expectedMonthlyAwsRevenue }),
      refused: ['expectedMonthlyAwsRevenue'],
      texts: ['Missing Required Field: Estimated AWS Monthly Recurring Revenue cannot be blank or 0'],
    })),
  ),
  ...cases('A6.8', 'the description is too short', both, (version) => ({
    record: create(version, { projectDescription: 'x'.repeat(version === 1 ? 49 : 19) }),
    refused: ['projectDescription'],
    ...(version === 1
      ? { texts: ['Missing Required Field: Project description must have minimum of 50 characters'] }
      : {}),
  })),
  ...cases('A6.8 just right', 'or just long enough', both, (version) => ({
    record: create(version, { projectDescription: 'x'.repeat(version === 1 ? 50 : 20) }),
  })),
  ...cases('A6.8 FAQ', 'or has no minimum', [1], (version) => ({
    record: create(version, { projectDescription: 'Short' }),
    switches: { descriptionMinimumV1: 0 },
  })),
  ...cases('A6.9', 'a marketing activity needs the funds answered', both, (version) => ({
    record: create(version, { IsOppFromMarketingActivity: 'Yes' }),
    refused: ['isMarketingDevelopmentFunded'],
    texts: ['Marketing Development Funds Used is required when Is Opportunity from Marketing Activity is Yes.'],
  })),
  ...cases('A6.9 answered', 'and with it is taken', both, (version) => ({
    record: create(version, {
      IsOppFromMarketingActivity: 'Yes',
      isMarketingDevelopmentFunded: 'No',
      marketingActivityChannel: 'Email',
      awsSFCampaignName: 'ABC-1',
    }),
  })),
  ...cases('A6.10', 'contract fields on create are dropped', both, (version) => ({
    record: create(version, contract),
    warned: contractNames,
  })),
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

const updates: readonly AcceptanceCase[] = [
  ...cases('B3', 'an approved opportunity takes updates', both, (version) =>
    update(version, { nextStep: 'Send the offer', stage: 'Technical Validation', expectedMonthlyAwsRevenue: 5000 }),
  ),
  ...cases('B3 blind', 'without ACE’s record only what is sent is judged', both, () => ({
    intent: 'update',
    record: { ...ids, nextStep: 'Call', deliveryModel: 'nonsense' },
    refused: ['deliveryModel'],
  })),
  ...['In review', 'Submitted', 'Draft', 'Rejected'].flatMap((status) =>
    cases(`B3.13 ${status}`, 'an update before approval is not editable', both, (version) => ({
      ...update(version, { nextStep: 'Call', stage: 'nonsense' }, { status }),
      refused: [''],
      texts: notEditable,
    })),
  ),
  ...cases('B2.3', 'Action Required opens only its fields', both, (version) => ({
    ...update(
      version,
      { city: 'Seattle', postalCode: '98102', nextStep: 'Call', salesActivities: 'SOW Signed' },
      { status: 'Action Required' },
    ),
    refused: version === 1 ? ['nextStep'] : ['nextStep', 'salesActivities'],
    warned: version === 1 ? ['salesActivities'] : [],
  })),
  ...cases('B2.3 dropped', 'or drops the others', [2], (version) => ({
    ...update(version, { city: 'Seattle', nextStep: 'Call' }, { status: 'Action Required' }),
    switches: { closedFieldInActionRequired: 'ignored' },
    warned: ['nextStep'],
  })),
  ...['isNetNewBusinessForCompany', 'awsFieldEngagement', 'isThisForMarketplace'].flatMap((field) =>
    cases(`B3.1 ${field}`, 'an ISV answers it before Launched', [1], (version) => ({
      ...update(version, {
        stage: 'Launched',
        isNetNewBusinessForCompany: 'Yes',
        awsFieldEngagement: 'No',
        isThisForMarketplace: 'No',
        [field]: null,
      }),
      programme: 'isvAccelerate',
      refused: [field],
    })),
  ),
  ...[
    'useCase',
    'targetCloseDate',
    'stage',
    'partnerPrimaryNeedFromAws',
    'expectedMonthlyAwsRevenue',
    'deliveryModel',
  ].flatMap((field) => [
    ...cases(`B3.2 ${field}`, 'may not be empty at ACE', both, (version) => ({
      ...update(version, { nextStep: 'Call' }, { [field]: null }),
      refused: [field],
    })),
    ...cases(`B3.2 emptied ${field}`, 'nor be emptied', both, (version) => ({
      ...update(version, { [field]: null }),
      refused: [field],
    })),
  ]),
  ...cases('B3.3', 'consulting names the account at Launched', both, (version) => ({
    ...update(version, { stage: 'Launched' }),
    refused: ['awsAccountId'],
    texts: ['Account Id must be 12 numerical digits'],
  })),
  ...cases('B3.3 named', 'and with it launches', both, (version) => update(version, launched)),
  ...cases('B3.3 ISV', 'an ISV need not', [2], (version) => ({
    ...update(version, { stage: 'Launched' }),
    programme: 'isvAccelerate',
  })),
  ...cases('B3.4', 'Government without vehicle and number', [1], (version) => ({
    ...update(version, { nextStep: 'Call' }, { industry: 'Government' }),
    refused: ['contractVehicle', 'rfxSolicitationNumber'],
  })),
  ...[
    'marketingActivityChannel',
    'marketingActivityUsecase',
    'awsSFCampaignName',
    'isMarketingDevelopmentFunded',
  ].flatMap((field) =>
    cases(`B3.5 ${field}`, 'is cleared when there was no marketing', both, (version) => {
      const values: AceRecord = {
        marketingActivityChannel: 'Email',
        marketingActivityUsecase: 'Storage',
        awsSFCampaignName: 'C1',
        isMarketingDevelopmentFunded: 'Yes',
      };
      return {
        ...update(version, { nextStep: 'Call' }, { [field]: values[field] }),
        refused: [field],
        texts: [clearText],
      };
    }),
  ),
  ...cases('B3.5 cleared', 'null clears', both, (version) =>
    update(
      version,
      { IsOppFromMarketingActivity: 'No', awsSFCampaignName: null, isMarketingDevelopmentFunded: null },
      { IsOppFromMarketingActivity: 'Yes', awsSFCampaignName: 'C1', isMarketingDevelopmentFunded: 'Yes' },
    ),
  ),
  ...(['isvAccelerate', 'saasRevenueRecognition'] as const).flatMap((programme) =>
    cases(`B3.6 ${programme}`, 'launched SaaS needs its contract', both, (version) => ({
      ...update(version, {
        stage: 'Launched',
        deliveryModel: 'SaaS or PaaS;Resell',
        ...(version === 1
          ? { awsFieldEngagement: 'Yes', isThisForMarketplace: 'No', isNetNewBusinessForCompany: 'Yes' }
          : {}),
      }),
      programme,
      refused: contractNames,
      texts: [contractText],
    })),
  ),
  ...['deliveryModel', 'awsFieldEngagement', 'isThisForMarketplace'].flatMap((field) =>
    cases(`B3.6 not when ${field} differs`, 'all three conditions count', [1], (version) => ({
      ...update(version, {
        stage: 'Launched',
        isNetNewBusinessForCompany: 'Yes',
        deliveryModel: 'SaaS or PaaS',
        awsFieldEngagement: 'Yes',
        isThisForMarketplace: 'No',
        [field]: { deliveryModel: 'Resell', awsFieldEngagement: 'No', isThisForMarketplace: 'Yes' }[field],
      }),
      programme: 'isvAccelerate',
    })),
  ),
  ...cases('B3.6 consulting', 'other partners do not', [2], (version) =>
    update(version, { ...launched, deliveryModel: 'SaaS or PaaS' }),
  ),
  ...cases('B3.6 other delivery', 'nor other delivery', [2], (version) => ({
    ...update(version, { ...launched, deliveryModel: 'Resell' }),
    programme: 'saasRevenueRecognition',
  })),
  ...cases('B3.6 never', 'or version 2 asks for nothing', [2], (version) => ({
    ...update(version, { ...launched, deliveryModel: 'SaaS or PaaS' }),
    programme: 'saasRevenueRecognition',
    switches: { contractFieldsAtLaunchV2: 'never' },
  })),
  ...cases('B3.7', 'USD 120,000 is launched in Partner Central', [1], (version) => ({
    ...update(version, { ...launched, ...contract, customerSoftwareValue: 120_000 }),
    refused: ['customerSoftwareValue'],
    texts: [
      'To launch opportunities with Customer Software Value greater than or equal to USD120,000 use Partner Central UI.',
    ],
  })),
  ...cases('B3.7 less', 'USD 119,999 is not', [1], (version) =>
    update(version, { ...launched, ...contract, customerSoftwareValue: 119_999 }),
  ),
  ...cases('B3.7 marketplace', 'nor Marketplace', [1], (version) =>
    update(version, { ...launched, ...contract, customerSoftwareValue: 120_000, isThisForMarketplace: 'Yes' }),
  ),
  ...cases('B3.7 currency', 'nor another currency', [1], (version) =>
    update(version, { ...launched, ...contract, customerSoftwareValue: 120_000, customerSoftwareValueCurrency: 'EUR' }),
  ),
  ...cases('B3.7 earlier', 'nor an earlier stage', [1], (version) =>
    update(version, { ...contract, customerSoftwareValue: 120_000 }),
  ),
  ...cases('B3.7 always', 'unless the limit always holds', [1], (version) => ({
    ...update(version, { ...contract, customerSoftwareValue: 120_000 }),
    switches: { softwareValueLimit: 'always' },
    refused: ['customerSoftwareValue'],
  })),
  ...cases('B3.8', 'a lost deal has a reason', both, (version) => ({
    ...update(version, { stage: 'Closed Lost' }),
    refused: ['closedLostReason'],
    texts: ['Missing Required Field: Closed Lost Reason is required when closing the opportunity'],
  })),
  ...cases('B3.8 dash', 'whose dash is an en dash', both, (version) => ({
    ...update(version, { stage: 'Closed Lost', closedLostReason: 'Lost to Competitor - Google' }),
    refused: ['closedLostReason'],
  })),
  ...cases('B3.8 given', 'and with it is closed', both, (version) =>
    update(version, { stage: 'Closed Lost', closedLostReason: 'Lost to Competitor – Google' }),
  ),
  ...cases('B3.8 early', 'a reason without the stage', both, (version) => ({
    ...update(version, { closedLostReason: 'Price' }),
    refused: ['closedLostReason'],
    texts: ["Closed Lost Reason is not acceptable until Opportunity has been 'Closed Lost'."],
  })),
  ...cases('B3.9', 'after Launched only the public reference is taken', [1], (version) => ({
    ...update(
      version,
      { nextStep: 'x', additionalComments: 'y', isThisAPublicReference: 'Yes', publicReferenceTitle: 'Story' },
      launched,
    ),
    warned: ['additionalComments', 'nextStep'],
  })),
  ...cases('B3.9 older list', 'or DOC’s older list', [1], (version) => ({
    ...update(version, { nextStep: 'x', additionalComments: 'y', publicReferenceTitle: 'Story' }, launched),
    switches: { openAfterLaunchedV1: 'olderList' },
    warned: ['nextStep', 'publicReferenceTitle'],
  })),
  ...cases('B3.9 ISV', 'special programmes change more', [2], (version) => ({
    ...update(version, { deliveryModel: 'Resell', additionalComments: 'y', procurementType: 'Contract' }, launched),
    programme: 'isvAccelerate',
    warned: ['procurementType'],
  })),
  ...cases('B3.9 SaaS', 'and the SaaS programme most', [2], (version) => ({
    ...update(version, { additionalComments: 'y', ...contract }, launched),
    programme: 'saasRevenueRecognition',
  })),
  ...cases('B3.14', 'pipeline fields after Launched are dropped, with success', both, (version) => ({
    ...update(version, { expectedMonthlyAwsRevenue: 9, targetCloseDate: '2027-09-09', stage: 'Committed' }, launched),
    warned: ['expectedMonthlyAwsRevenue', 'stage', 'targetCloseDate'],
  })),
  ...cases('B3.14 refused', 'or refused', both, (version) => ({
    ...update(version, { nextStep: 'x' }, launched),
    switches: { changeAfterLaunched: 'refused' },
    refused: ['nextStep'],
    texts: ['Changes are not allowed when an opportunity stage is "Closed Lost" or "Launched."'],
  })),
  ...cases('closed', 'after Closed Lost changes are refused', both, (version) => ({
    ...update(version, { nextStep: 'x' }, { stage: 'Closed Lost', closedLostReason: 'Price' }),
    refused: ['nextStep'],
    texts: ['Changes are not allowed when an opportunity stage is "Closed Lost" or "Launched."'],
  })),
  ...cases('closed dropped', 'or dropped', both, (version) => ({
    ...update(version, { nextStep: 'x' }, { stage: 'Closed Lost', closedLostReason: 'Price' }),
    switches: { changeAfterClosedLost: 'ignored' },
    warned: ['nextStep'],
  })),
  ...cases('read only', 'the title may not change after create', both, (version) => ({
    ...update(version, { partnerProjectTitle: 'Another', customerCompanyName: 'Example Wholesale' }),
    warned: ['partnerProjectTitle'],
  })),
  ...cases('industry', 'changes only in version 1', both, (version) => ({
    ...update(version, { industry: 'Retail' }),
    warned: version === 1 ? [] : ['industry'],
  })),
  ...cases('prospect', 'Prospect is not submitted', both, (version) => ({
    ...update(version, { stage: 'Prospect' }),
    refused: ['stage'],
  })),
  ...cases('prospect accepted', 'or is', both, (version) => ({
    ...update(version, { stage: 'Prospect' }),
    switches: { prospectOnUpdate: 'accepted' },
  })),
  ...cases('no identifier', 'an update names its opportunity', both, (version) => ({
    intent: 'update',
    record: { nextStep: 'x' },
    stored: approved(version),
    refused: ['apnCrmUniqueIdentifier'],
  })),
  ...cases('partner id', 'alone is risky', both, (version) => ({
    intent: 'update',
    record: { partnerCrmUniqueIdentifier: '0065g00000ABCDE', nextStep: 'x' },
    stored: approved(version),
    warned: ['apnCrmUniqueIdentifier'],
  })),
  ...cases('partner id changed', 'is frozen', both, (version) => ({
    ...update(version, { partnerCrmUniqueIdentifier: 'another' }),
    warned: ['partnerCrmUniqueIdentifier'],
  })),
  ...cases('ACE id', 'of another opportunity', both, (version) => ({
    ...update(version, { apnCrmUniqueIdentifier: 'O9' }),
    refused: ['apnCrmUniqueIdentifier'],
  })),
  ...cases('ACE id form', 'is O and digits', both, () => ({
    intent: 'update',
    record: { apnCrmUniqueIdentifier: 'L12', nextStep: 'x' },
    refused: ['apnCrmUniqueIdentifier'],
  })),
  ...cases('contract dates', 'end after start', both, (version) => ({
    ...update(version, { contractStartDate: '2027-01-01', contractEndDate: '2026-12-31' }),
    refused: ['contractEndDate'],
    texts: ['Contract end date cannot be earlier than contract start date.'],
  })),
  ...cases('one way', 'there is no way back from co-sell', [2], (version) => ({
    ...update(version, { partnerPrimaryNeedFromAws: 'Do Not Need Support from AWS Sales Rep' }),
    refused: ['partnerPrimaryNeedFromAws'],
  })),
  ...cases('the other way', 'but one into it', [2], (version) =>
    update(
      version,
      { partnerPrimaryNeedFromAws: 'Co-Sell - Deal Support' },
      { partnerPrimaryNeedFromAws: 'Do Not Need Support from AWS Sales Rep' },
    ),
  ),
  ...cases('late other', 'no solution Other from Committed on', [2], (version) => ({
    ...update(version, { stage: 'Committed' }, { solutionOffered: ['Other'], otherSolutionOffered: 'Ours' }),
    refused: ['solutionOffered'],
  })),
  ...cases('offers', 'one offer by its id', [2], (version) => ({
    ...update(version, { offers: ['offer-a', 'offer-b'] }),
    refused: ['offers'],
  })),
  ...cases('offer', 'is taken on update', [2], (version) => update(version, { offers: ['offer-abc123'] })),
];

/** Rules that hold on create hold on updates as well; three fields are open only in Action Required. */
const sameOnUpdate: readonly AcceptanceCase[] = [
  ...cases('A6.4 update', 'the state', both, (version) => ({
    ...update(version, { nextStep: 'Call' }, { state: null }),
    refused: ['state'],
  })),
  ...cases('A6.4 action', 'no state elsewhere', [2], (version) => ({
    ...update(version, { state: 'Ohio' }, { status: 'Action Required', country: 'Canada', state: null }),
    refused: ['state'],
  })),
  ...cases('postal code action', 'the postal code', both, (version) => ({
    ...update(version, { postalCode: 'Z' }, { status: 'Action Required' }),
    refused: ['postalCode'],
  })),
  ...cases('website action', 'the website', both, (version) => ({
    ...update(version, { customerWebsite: 'our site' }, { status: 'Action Required' }),
    refused: ['customerWebsite'],
  })),
  ...cases('A6.8 action', 'the description', both, (version) => ({
    ...update(version, { projectDescription: 'Short' }, { status: 'Action Required' }),
    refused: ['projectDescription'],
  })),
  ...cases('A6.5 update', 'the account', both, (version) => ({
    ...update(version, { awsAccountId: '1' }),
    refused: ['awsAccountId'],
  })),
  ...cases('A6.6 update', 'the revenue', both, (version) => ({
    ...update(version, { expectedMonthlyAwsRevenue: 0 }),
    refused: ['expectedMonthlyAwsRevenue'],
  })),
  ...cases('date update', 'the close date', both, (version) => ({
    ...update(version, { targetCloseDate: '2026-11-19' }),
    refused: ['targetCloseDate'],
  })),
  ...cases('A6.9 update', 'the funds', both, (version) => ({
    ...update(version, { IsOppFromMarketingActivity: 'Yes' }),
    refused: ['isMarketingDevelopmentFunded'],
  })),
  ...cases('B3.5 create', 'the marketing fields', both, (version) => ({
    record: create(version, { marketingActivityChannel: 'Email' }),
    refused: ['marketingActivityChannel'],
  })),
  ...cases('competitor update', 'the competitor', both, (version) => ({
    ...update(version, { competitiveTracking: '*Other' }),
    // Version 1 never exports the name, so its absence in the export says nothing; here the export holds it as null.
    refused: ['competitiveTrackingOther'],
  })),
  ...cases('competitor not exported', 'a name that version 1 never shows may be there', [1], (version) => {
    const { competitiveTrackingOther: _hidden, ...stored } = approved(version, { competitiveTracking: '*Other' });
    return { intent: 'update', record: { ...ids, nextStep: 'Call' }, stored };
  }),
  ...cases('competitor exported', 'a name that version 2 does not show is not there', [2], (version) => {
    const { competitiveTrackingOther: _hidden, ...stored } = approved(version, { competitiveTracking: '*Other' });
    return { intent: 'update', record: { ...ids, nextStep: 'Call' }, stored, refused: ['competitiveTrackingOther'] };
  }),
  ...cases('sub use case update', 'the sub use case', [1], (version) => ({
    ...update(version, { useCase: 'Storage' }, { subUseCase: 'Kubernetes' }),
    refused: ['subUseCase'],
  })),
  ...cases('need other update', 'the other need', [1], (version) => ({
    ...update(version, { partnerPrimaryNeedFromAws: 'Other', partnerPrimaryNeedFromAwsOther: null }),
    refused: ['partnerPrimaryNeedFromAwsOther'],
  })),
  ...cases('need mixed update', 'the need', [2], (version) => ({
    ...update(
      version,
      { partnerPrimaryNeedFromAws: 'Co-Sell - Deal Support;Do Not Need Support from AWS Sales Rep' },
      { partnerPrimaryNeedFromAws: null },
    ),
    refused: ['partnerPrimaryNeedFromAws'],
  })),
  ...cases('DUNS update', 'the DUNS number', [2], (version) => ({
    ...update(version, { customerDuns: '1' }),
    refused: ['customerDuns'],
  })),
  ...cases('industry other update', 'the industry', [2], (version) => ({
    ...update(version, { nextStep: 'Call' }, { industry: 'Other' }),
    refused: ['industryOther'],
  })),
  ...cases('security update', 'classified information', [2], (version) => ({
    ...update(
      version,
      { partnerPrimaryNeedFromAws: 'Do Not Need Support from AWS Sales Rep' },
      { doesOppBelongToNatSec: 'Yes', partnerPrimaryNeedFromAws: null },
    ),
    refused: ['doesOppBelongToNatSec', 'partnerPrimaryNeedFromAws'],
  })),
  ...cases('solution other update', 'the other solution', [2], (version) => ({
    ...update(version, { solutionOffered: ['Other'] }),
    refused: ['otherSolutionOffered'],
  })),
  ...cases('solution id update', 'the solution', [2], (version) => ({
    ...update(version, { solutionOffered: ['soln-1'] }),
    refused: ['solutionOffered'],
  })),
  ...cases('renewal update', 'the renewal', [2], (version) => ({
    ...update(version, { opportunityType: 'Flat Renewal' }),
    refused: ['parentOppId'],
  })),
  ...cases('renewal parent update', 'its parent', [2], (version) => ({
    ...update(version, { parentOppId: 'x' }, { opportunityType: 'Expansion' }),
    refused: ['parentOppId'],
  })),
  ...cases('A4 parent update', 'the parent of new business', [2], (version) => ({
    ...update(version, { parentOppId: 'O1' }),
    warned: ['parentOppId'],
  })),
  ...cases('B3.6 consulting v1', 'SaaS of a consulting partner', [1], (version) =>
    update(version, {
      ...launched,
      deliveryModel: 'SaaS or PaaS',
      awsFieldEngagement: 'Yes',
      isThisForMarketplace: 'No',
    }),
  ),
  ...cases('comments maximum', '32,768 characters', both, (version) => ({
    ...update(version, { additionalComments: 'x'.repeat(32_768) }),
    warned: ['additionalComments'],
  })),
];

const referral = { apnCrmUniqueIdentifier: 'O4711002' };
const accepted = { partnerAcceptanceStatus: 'Accepted', country: 'United States', stage: 'Qualified' };

const referrals: readonly AcceptanceCase[] = [
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

const leadCases: readonly AcceptanceCase[] = [
  ...cases('D2', 'accepting a lead', both, () => ({
    object: 'lead',
    intent: 'update',
    record: { apnCrmUniqueIdentifier: 'L1000001', partnerCrmLeadId: '00Q5g00000ABCDE', currentLeadStage: 'Accepted' },
    stored: { ...lead, currentLeadStage: null },
  })),
  ...cases('D2 other', 'with another word', both, () => ({
    object: 'lead',
    intent: 'update',
    record: { apnCrmUniqueIdentifier: 'L1000001', currentLeadStage: 'Qualified' },
    refused: ['currentLeadStage'],
  })),
  ...cases('D4', 'updating a lead, with what only ACE writes dropped', both, () => ({
    object: 'lead',
    intent: 'update',
    record: { apnCrmUniqueIdentifier: 'L1000001', status: 'Qualified', leadAge: 5, company: 'Mine' },
    stored: lead,
    warned: ['company', 'leadAge'],
  })),
  ...cases('D4 same', 'nothing new is no update', both, () => ({
    object: 'lead',
    intent: 'update',
    record: { apnCrmUniqueIdentifier: 'L1000001', status: 'Open', city: 'Leeds' },
    stored: lead,
    refused: [''],
    texts: ['No new update identified for this record'],
  })),
  ...cases('D create', 'partners create no leads', both, () => ({
    object: 'lead',
    intent: 'create',
    record: { partnerCrmLeadId: '1', status: 'Open' },
    refused: [''],
  })),
  ...cases('D no id', 'a lead is named by its L… id', both, () => ({
    object: 'lead',
    intent: 'update',
    record: { apnCrmUniqueIdentifier: 'O1000001', status: 'Qualified' },
    refused: ['apnCrmUniqueIdentifier'],
  })),
  ...cases('D other id', 'its own', both, () => ({
    object: 'lead',
    intent: 'update',
    record: { apnCrmUniqueIdentifier: 'L2', status: 'Qualified' },
    stored: lead,
    refused: ['apnCrmUniqueIdentifier'],
  })),
  ...cases('D emptied', 'mandatory fields stay', both, () => ({
    object: 'lead',
    intent: 'update',
    record: { apnCrmUniqueIdentifier: 'L1000001', status: null, partnerCrmLeadId: '' },
    stored: lead,
    refused: ['partnerCrmLeadId', 'status'],
  })),
];

export const acceptanceCases: readonly AcceptanceCase[] = [
  ...creates,
  ...updates,
  ...sameOnUpdate,
  ...referrals,
  ...leadCases,
];

/** Rules on the customer: address, web address, account, industry and its contract data. */

import { isBlank } from '../ace-record.ts';
import { postalFormats } from '../data/postal-formats.ts';
import { isDomain } from './field-rules.ts';
import { holds, knows, lacks, type Rule, sends, value } from './rule.ts';

const opportunity = { object: 'opportunity', versions: [1, 2], severity: 'error', when: {} } as const;
const publicSector = ['Government', 'Education'] as const;
const formats: ReadonlyMap<unknown, RegExp> = new Map(
  postalFormats.map(([country, , expression]) => [country, expression]),
);

export const customerRules: readonly Rule[] = [
  {
    ...opportunity,
    code: 'ACE_STATE_OUTSIDE_UNITED_STATES',
    versions: [2],
    reads: ['state', 'country'],
    field: 'state',
    test: (context) =>
      sends(context, 'state') &&
      !lacks(context, 'state') &&
      knows(context, 'country') &&
      !lacks(context, 'country') &&
      !holds(context, 'country', 'United States'),
    aceText: 'Invalid Value: <label>',
    verifiedIn: [],
    sentence: 'Payload version 2 takes a state only for the United States.',
    fixBy: 'engineer',
    fix: 'Send the state only when the country is United States.',
    source: 'V14.3 note on state: otherwise an "Invalid Value" error.',
  },
  {
    ...opportunity,
    code: 'ACE_POSTAL_CODE',
    reads: ['postalCode', 'country'],
    field: 'postalCode',
    test: (context) => {
      const code = value(context, 'postalCode');
      const format = formats.get(value(context, 'country'));
      const changed = sends(context, 'postalCode') || sends(context, 'country');
      return changed && typeof code === 'string' && !isBlank(code) && format !== undefined && !format.test(code.trim());
    },
    aceText: 'The postal code is invalid for country <country>, <country> postal code must be in <format> format.',
    verifiedIn: [1, 2],
    sentence: "The postal code does not have the form that ACE asks for in the customer's country.",
    fixBy: 'salesPerson',
    fix: 'Correct the postal code or the country.',
    source: "Postal formats of 149 countries (GH); the expressions are read out of ACE's notation.",
  },
  {
    ...opportunity,
    code: 'ACE_WEBSITE',
    reads: ['customerWebsite'],
    field: 'customerWebsite',
    test: (context) => {
      const website = value(context, 'customerWebsite');
      return (
        sends(context, 'customerWebsite') &&
        typeof website === 'string' &&
        !isBlank(website) &&
        !isDomain(website.trim())
      );
    },
    aceText: 'Invalid Data: Customer website should be a valid domain',
    verifiedIn: [1],
    sentence: 'The customer website is no web address with a valid domain.',
    fixBy: 'salesPerson',
    fix: 'Enter the web address, such as www.example.com.',
    source: 'FAQ 2022.',
  },
  {
    ...opportunity,
    code: 'ACE_ACCOUNT_ID',
    reads: ['awsAccountId'],
    field: 'awsAccountId',
    test: (context) => {
      const account = value(context, 'awsAccountId');
      return (
        sends(context, 'awsAccountId') && typeof account === 'string' && !isBlank(account) && !/^\d{12}$/.test(account)
      );
    },
    aceText: 'Account Id must be 12 numerical digits',
    verifiedIn: [],
    sentence: 'An AWS account id has 12 digits.',
    fixBy: 'salesPerson',
    fix: 'Enter the 12 digits without dashes or blanks.',
    source: 'Acceptance scenario A6.5; the text as third parties report it.',
  },
  {
    ...opportunity,
    code: 'ACE_DUNS',
    versions: [2],
    reads: ['customerDuns'],
    field: 'customerDuns',
    test: (context) => {
      const duns = value(context, 'customerDuns');
      return sends(context, 'customerDuns') && typeof duns === 'string' && !isBlank(duns) && !/^\d{9}$/.test(duns);
    },
    aceText: null,
    verifiedIn: [],
    sentence: 'A DUNS number has 9 digits.',
    fixBy: 'salesPerson',
    fix: 'Enter the 9 digits without dashes.',
    source: 'V14.3: Text (9), 9 digits; the text was not found.',
  },
  {
    ...opportunity,
    code: 'ACE_INDUSTRY_OTHER_REQUIRED',
    versions: [2],
    reads: ['industry', 'industryOther'],
    field: 'industryOther',
    test: (context) => holds(context, 'industry', 'Other') && lacks(context, 'industryOther'),
    aceText: 'Required: <label>',
    verifiedIn: [],
    sentence: 'Industry Other needs the industry in words.',
    fixBy: 'salesPerson',
    fix: 'Name the industry, or choose a standard one.',
    source: 'V14.3: conditional when industry is Other (optional in V12).',
  },
  {
    ...opportunity,
    code: 'ACE_CONTRACT_VEHICLE_REQUIRED',
    versions: [1],
    reads: ['industry', 'contractVehicle', 'country'],
    field: 'contractVehicle',
    test: (context) =>
      holds(context, 'industry', ...publicSector) &&
      lacks(context, 'contractVehicle') &&
      (context.switches.contractVehicleCountry === 'any' || holds(context, 'country', 'United States')),
    aceText: 'Contract Vehicle is required for opportunities for this industry.',
    verifiedIn: [1],
    sentence: 'Government and Education need the contract vehicle.',
    fixBy: 'salesPerson',
    fix: 'Name the contract vehicle.',
    source: 'Acceptance scenarios A6.2, B3.4; FAQ 2022.',
  },
  {
    ...opportunity,
    code: 'ACE_RFX_NUMBER_REQUIRED',
    versions: [1],
    reads: ['industry', 'rfxSolicitationNumber', 'country'],
    field: 'rfxSolicitationNumber',
    test: (context) =>
      holds(context, 'industry', ...publicSector) &&
      lacks(context, 'rfxSolicitationNumber') &&
      (context.switches.contractVehicleCountry === 'any' || holds(context, 'country', 'United States')),
    aceText:
      "RFx/Public Tender Solicitation No is required when 'Education' or 'Government' industry vertical is selected.",
    verifiedIn: [1],
    sentence: 'Government and Education need the number of the RFx or public tender.',
    fixBy: 'salesPerson',
    fix: 'Enter the solicitation number.',
    source: 'Acceptance scenarios A6.2, B3.4; FAQ 2022.',
  },
  {
    ...opportunity,
    code: 'ACE_NATIONAL_SECURITY_INDUSTRY',
    versions: [2],
    reads: ['doesOppBelongToNatSec', 'industry'],
    field: 'doesOppBelongToNatSec',
    test: (context) =>
      holds(context, 'doesOppBelongToNatSec', 'Yes') &&
      knows(context, 'industry') &&
      !holds(context, 'industry', 'Government'),
    aceText: null,
    verifiedIn: [],
    sentence: 'Classified national security information goes only with the industry Government.',
    fixBy: 'salesPerson',
    fix: 'Choose the industry Government, or No.',
    source: 'V14.3 note on doesOppBelongToNatSec; the text was not found.',
  },
  {
    ...opportunity,
    code: 'ACE_NATIONAL_SECURITY_NEED',
    versions: [2],
    reads: ['doesOppBelongToNatSec', 'partnerPrimaryNeedFromAws'],
    field: 'partnerPrimaryNeedFromAws',
    test: (context) =>
      holds(context, 'doesOppBelongToNatSec', 'Yes') &&
      holds(context, 'partnerPrimaryNeedFromAws', 'Do Not Need Support from AWS Sales Rep'),
    aceText: null,
    verifiedIn: [],
    sentence: 'An opportunity with classified information cannot go without support from AWS.',
    fixBy: 'salesPerson',
    fix: 'Choose a co-sell need.',
    source: 'V14.3 note on doesOppBelongToNatSec; the text was not found.',
  },
];

/** ACE's notation of a country's postal code, for its error text; null where none is published. */
export function postalNotation(country: unknown): string | null {
  return postalFormats.find(([name]) => name === country)?.[1] ?? null;
}

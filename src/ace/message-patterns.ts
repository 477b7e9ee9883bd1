/**
 * ACE's error texts, as patterns. Source of each: `documented` a text of AWS's own documents or samples, `reported` of a third
 * party, `inferred` of nobody: nothing is published on it, the words are what such services say.
 */

import type { FixBy } from '../errors.ts';

/**
 * - `accepted`: ACE took the record.
 * - `alreadySo`: nothing to do, as good as accepted.
 * - `tryAgain`: a fault of the moment.
 * - `waitForReview`: not editable while AWS reviews; goes on by itself.
 * - `needsPerson`: somebody must correct something.
 * - `duplicateName`: the file name was used before; the first outcome counts.
 * - `unknown`: a text that the contract does not hold.
 */
export type ResultClass =
  | 'accepted'
  | 'alreadySo'
  | 'tryAgain'
  | 'waitForReview'
  | 'needsPerson'
  | 'duplicateName'
  | 'unknown';

export interface MessagePattern {
  readonly code: string;
  /** A group `label` catches the label of the field to blame. */
  readonly pattern: RegExp;
  readonly class: ResultClass;
  readonly field?: string;
  readonly message: string;
  readonly fix: string;
  readonly fixBy: FixBy;
  readonly source?: 'documented' | 'reported' | 'inferred';
}

const person = { class: 'needsPerson', fixBy: 'salesPerson' } as const;
const documented = { source: 'documented' } as const;
const reported = { source: 'reported' } as const;
const inferred = { source: 'inferred' } as const;

/** In order: the first that fits counts. */
export const messagePatterns: readonly MessagePattern[] = [
  {
    ...documented,
    code: 'ACE_NOT_EDITABLE',
    pattern: /record is not editable/i,
    class: 'waitForReview',
    message: 'ACE takes no changes of this record now: AWS is reviewing it, or it is not accepted.',
    fix: 'Nothing: it is sent again when the next export shows that it is open.',
    fixBy: 'aws',
  },
  {
    ...documented,
    code: 'ACE_LEAD_UNCHANGED',
    pattern: /no new update identified/i,
    class: 'alreadySo',
    message: 'ACE holds these values already.',
    fix: 'Nothing: both sides agree.',
    fixBy: 'nobody',
  },
  {
    ...inferred,
    code: 'ACE_DUPLICATE_NAME',
    pattern: /duplicate file|file ?name .*(?:already|unique|duplicate|used)|file .*already (?:exists|processed)/i,
    class: 'duplicateName',
    message: 'ACE had processed a file of this name before and did not process this one.',
    fix: 'Nothing: the outcome of the first file counts.',
    fixBy: 'nobody',
  },
  {
    ...documented,
    code: 'ACE_OWNER_UNKNOWN',
    pattern: /user not found for opportunity owner/i,
    class: 'needsPerson',
    field: 'opportunityOwnerEmail',
    message: 'The opportunity owner has no user in Partner Central.',
    fix: 'Invite the owner to Partner Central, or map this owner to somebody who has a user there.',
    fixBy: 'allianceManager',
  },
  {
    ...inferred,
    code: 'ACE_LEAD_OWNER_UNKNOWN',
    pattern: /user not found for lead owner/i,
    class: 'needsPerson',
    field: 'leadOwnerEmail',
    message: 'The lead owner has no user in Partner Central.',
    fix: 'Invite the owner to Partner Central, or map this owner to somebody who has a user there.',
    fixBy: 'allianceManager',
  },
  {
    ...documented,
    ...person,
    code: 'ACE_REQUIRED',
    pattern: /^required\s*:/i,
    message: 'ACE misses mandatory fields.',
    fix: 'Fill the named fields.',
  },
  {
    ...documented,
    ...person,
    code: 'ACE_SALES_ACTIVITIES_REQUIRED',
    pattern: /please enter pre-sales activities/i,
    field: 'salesActivities',
    message: 'ACE needs at least one sales activity.',
    fix: 'Choose what was done with the customer so far.',
  },
  {
    ...documented,
    ...person,
    code: 'ACE_CLOSED_LOST_REASON_REQUIRED',
    pattern: /closed lost reason is required/i,
    field: 'closedLostReason',
    message: 'A lost opportunity needs the reason.',
    fix: 'Choose the reason why it was lost.',
  },
  {
    ...reported,
    ...person,
    code: 'ACE_CLOSED_LOST_REASON_EARLY',
    pattern: /closed lost reason is not acceptable/i,
    field: 'closedLostReason',
    message: 'A reason for the loss goes only with the stage Closed Lost.',
    fix: 'Empty the reason, or close the opportunity.',
  },
  {
    ...documented,
    code: 'ACE_STANDARD_VALUE',
    pattern: /select from the predefined (?<label>.{1,80}?) list/i,
    class: 'needsPerson',
    message: 'A value is not one of the standard values of ACE.',
    fix: 'Pick a standard value, or add the value to the value map of the mapping.',
    fixBy: 'salesforceAdministrator',
  },
  {
    ...reported,
    code: 'ACE_RESTRICTED_VALUE',
    pattern: /bad value for restricted picklist/i,
    class: 'needsPerson',
    message: 'A value is not allowed for its field, or does not belong to the value of another field.',
    fix: 'Check use case and sub use case first; the archived result names the value.',
    fixBy: 'salesforceAdministrator',
  },
  {
    ...documented,
    ...person,
    code: 'ACE_STATE_REQUIRED',
    pattern: /state is required when country is united states/i,
    field: 'state',
    message: 'ACE needs the state of a customer in the United States.',
    fix: 'Choose the state.',
  },
  {
    ...documented,
    ...person,
    code: 'ACE_WEBSITE',
    pattern: /customer website should be a valid domain/i,
    field: 'customerWebsite',
    message: 'The customer website is no web address with a valid domain.',
    fix: 'Enter the web address, such as www.example.com.',
  },
  {
    ...documented,
    ...person,
    code: 'ACE_SOLUTION_OTHER_LATE',
    pattern: /solution offered cannot be 'other'/i,
    field: 'solutionOffered',
    message: 'From the stage Committed on the solution may not be Other.',
    fix: 'Name the solution by its S-… id.',
  },
  {
    ...documented,
    ...person,
    code: 'ACE_NEED_OTHER_REQUIRED',
    pattern: /"?other need"? field is required/i,
    field: 'partnerPrimaryNeedFromAwsOther',
    message: 'The need Other wants a description.',
    fix: 'Describe what is needed of AWS.',
  },
  {
    ...documented,
    ...person,
    code: 'ACE_REVENUE',
    pattern: /monthly recurring revenue cannot be blank or 0/i,
    field: 'expectedMonthlyAwsRevenue',
    message: 'The expected monthly AWS revenue must be more than zero.',
    fix: 'Estimate the monthly AWS revenue.',
  },
  {
    ...documented,
    ...person,
    code: 'ACE_CLOSE_DATE_PAST',
    pattern: /target close date should be a future date/i,
    field: 'targetCloseDate',
    message: 'The target close date lies in the past (GMT).',
    fix: 'Set the close date to today or later.',
  },
  {
    ...documented,
    ...person,
    code: 'ACE_DESCRIPTION_SHORT',
    pattern: /project description must have minimum/i,
    field: 'projectDescription',
    message: 'The project description is too short for ACE.',
    fix: "Describe the customer's business problem in more words.",
  },
  {
    ...documented,
    ...person,
    code: 'ACE_CONTRACT_VEHICLE_REQUIRED',
    pattern: /contract vehicle is required/i,
    field: 'contractVehicle',
    message: 'Government and Education need the contract vehicle.',
    fix: 'Name the contract vehicle.',
  },
  {
    ...documented,
    ...person,
    code: 'ACE_RFX_NUMBER_REQUIRED',
    pattern: /rfx\/public tender solicitation no/i,
    field: 'rfxSolicitationNumber',
    message: 'Government and Education need the number of the RFx or public tender.',
    fix: 'Enter the solicitation number.',
  },
  {
    ...documented,
    ...person,
    code: 'ACE_MARKETING_FUNDS_REQUIRED',
    pattern: /marketing development funds used is required/i,
    field: 'isMarketingDevelopmentFunded',
    message: 'An opportunity from a marketing activity says whether development funds were used.',
    fix: 'Choose Yes or No for the marketing development funds.',
  },
  {
    ...documented,
    ...person,
    code: 'ACE_MARKETING_NOT_CLEARED',
    pattern: /clear values in marketing activity channel/i,
    field: 'marketingActivityChannel',
    message: 'The marketing fields must be empty when the opportunity is not from a marketing activity.',
    fix: 'Empty the four marketing fields, or choose Yes.',
  },
  {
    ...documented,
    ...person,
    code: 'ACE_MARKETING_ACTIVITY_REQUIRED',
    pattern: /is opportunity from marketing activity is required/i,
    field: 'IsOppFromMarketingActivity',
    message: 'ACE needs to know whether the opportunity comes from a marketing activity.',
    fix: 'Choose Yes or No.',
  },
  {
    ...documented,
    ...person,
    code: 'ACE_SOFTWARE_VALUE_LIMIT',
    pattern: /customer software value greater than or equal to usd ?120,?000/i,
    field: 'customerSoftwareValue',
    message: 'ACE launches a software value of USD 120,000 or more by file only for AWS Marketplace.',
    fix: 'Launch this opportunity in Partner Central.',
  },
  {
    ...documented,
    ...person,
    code: 'ACE_LAUNCH_CONTRACT',
    pattern: /following fields are required for all isv accelerate/i,
    field: 'procurementType',
    message: 'Launched software as a service needs its contract data.',
    fix: 'Fill software value, currency, procurement type, contract start and end.',
  },
  {
    ...reported,
    ...person,
    code: 'ACE_ACCOUNT_ID',
    pattern: /account id must be 12/i,
    field: 'awsAccountId',
    message: 'An AWS account id has 12 digits.',
    fix: 'Enter the 12 digits without dashes or blanks.',
  },
  {
    ...reported,
    ...person,
    code: 'ACE_TOO_LONG',
    pattern: /^(?<label>[^:]{1,80}): data value too large/i,
    message: 'A text is longer than ACE allows.',
    fix: 'Shorten the text.',
  },
  {
    ...reported,
    class: 'needsPerson',
    code: 'ACE_CLOSED',
    pattern: /changes are not allowed when an opportunity stage is/i,
    message: 'ACE takes no changes of an opportunity that is Launched or Closed Lost.',
    fix: 'Nothing can be sent. Ask AWS if it must be corrected.',
    fixBy: 'allianceManager',
  },
  {
    ...reported,
    ...person,
    code: 'ACE_CONTRACT_DATES',
    pattern: /contract end date cannot be earlier/i,
    field: 'contractEndDate',
    message: 'The contract ends before it starts.',
    fix: 'Correct the contract dates.',
  },
  {
    ...documented,
    ...person,
    code: 'ACE_POSTAL_CODE',
    pattern: /the postal code is invalid for country/i,
    field: 'postalCode',
    message: "The postal code does not have the form that ACE asks for in the customer's country.",
    fix: 'Correct the postal code or the country.',
  },
  {
    ...inferred,
    code: 'ACE_RECORD_UNKNOWN',
    pattern: /^(?:opportunity|lead|record) (?:was )?not found/i,
    class: 'needsPerson',
    message: 'ACE does not know the record under the identifier that we sent.',
    fix: 'Compare the ACE id on the ACE Sync row with Partner Central; ask AWS if the record is there.',
    fixBy: 'engineer',
  },
  {
    ...inferred,
    code: 'ACE_IDENTIFIER_TAKEN',
    pattern: /duplicate value found/i,
    class: 'needsPerson',
    message: 'Another record at ACE carries our identifier of this one already.',
    fix: 'Find the other record in Partner Central, and decide with AWS which of both is right.',
    fixBy: 'allianceManager',
  },
  {
    ...inferred,
    code: 'ACE_FILE_REFUSED',
    pattern: /^(?:only files|the file|the version)\b/i,
    class: 'needsPerson',
    message: 'ACE refused the file as a whole.',
    fix: 'Report this as a fault of the sync, with the archived result and file.',
    fixBy: 'engineer',
  },
  {
    ...documented,
    code: 'ACE_FILE_REJECTED',
    pattern: /is not of type 'object'/i,
    class: 'needsPerson',
    message: 'ACE could not read the file as JSON.',
    fix: 'Report this as a fault of the sync, with the archived file.',
    fixBy: 'engineer',
  },
  {
    ...documented,
    ...person,
    code: 'ACE_FIELD_REQUIRED',
    pattern: /^(?:missing required field|validation error: value is required)[.:]?\s*(?<label>.{0,80})/i,
    message: 'ACE misses a mandatory field.',
    fix: 'Fill the field.',
  },
  {
    ...reported,
    ...person,
    code: 'ACE_FIELD_REQUIRED',
    pattern: /^(?<label>[^.;:]{1,80}?) is required\.?$/i,
    message: 'ACE misses a mandatory field.',
    fix: 'Fill the field.',
  },
  {
    ...documented,
    ...person,
    code: 'ACE_INVALID_DATA',
    pattern: /^invalid (?:data|value)\s*:?\s*(?<label>.{0,80})/i,
    message: 'ACE refused the value of a field.',
    fix: 'The archived result names the value; correct it.',
  },
  {
    ...inferred,
    code: 'ACE_BUSY',
    pattern:
      /unable[_ ]to[_ ]lock[_ ]row|^(?:please )?try again|try again (?:later|in )|^timed? ?out|(?:request|connection|gateway|operation|processing) timed? ?out|internal (?:server )?error|service (?:is )?(?:temporarily )?unavailable|temporarily unavailable|too many requests|throttl(?:ed|ing)/i,
    class: 'tryAgain',
    message: 'ACE could not process the record at that moment.',
    fix: 'Nothing: it is sent again by itself.',
    fixBy: 'nobody',
  },
];

/**
 * Every point on which AWS's own documents disagree, as a switch: the documented default first, then the alternatives.
 * The checker and the simulator take the same switches, so neither guesses. Names of the sources: UAT is AWS's acceptance
 * script V5, V12 and V14.3 are its field definitions, FAQ is the FAQ of March 2021, FAQ 2022 the one of October 2022, DOC is
 * AWS's public documentation (2024 to 2026), GH is aws-samples/partner-crm-integration-samples.
 */
export const contractSwitches = {
  /** "Required: a;b" on one line (UAT A6.1), or a line per field (FAQ 2022). */
  requiredText: ['joined', 'perField'],
  /** Fewest characters of `projectDescription` in version 1: 50 (FAQ 2022), 20 (as in V14.3) or none (FAQ). */
  descriptionMinimumV1: [50, 20, 0],
  /** `IsOppFromMarketingActivity` on create in version 1: mandatory (V12), or not yet in the list (FAQ). */
  marketingActivityV1: ['mandatory', 'optional'],
  /** `solutionOffered` on create in version 2: V14.3 marks it mandatory, the mandatory-only example of the UAT lacks it. */
  solutionOfferedOnCreate: ['mandatory', 'optional'],
  /** Contract vehicle and RFx number for Government and Education: everywhere (2022), or only in the United States (FAQ). */
  contractVehicleCountry: ['any', 'unitedStates'],
  /** `nextStep` on create of an opportunity for visibility only: dropped (UAT), or taken (V14.3). */
  nextStepForVisibility: ['ignored', 'accepted'],
  /** Most characters of `additionalComments`: V12's long text, or what an error text says. */
  additionalCommentsMaximum: [32768, 255],
  /** A change after Launched: success and the value dropped (UAT B3.14), or an error (third-party report). */
  changeAfterLaunched: ['ignored', 'refused'],
  /** What version 1 keeps open after Launched: the public-reference trio (UAT B3.9), or DOC's older list. */
  openAfterLaunchedV1: ['publicReference', 'olderList'],
  /** A change after Closed Lost: the only known text is an error; the UAT's "ignored" speaks of Launched. */
  changeAfterClosedLost: ['refused', 'ignored'],
  /** A field that is not open in Action Required: no document says whether it is an error or dropped. */
  closedFieldInActionRequired: ['refused', 'ignored'],
  /** Update with stage Prospect: FAQ wants Qualified before anything is submitted; V14.3 lists the value as standard. */
  prospectOnUpdate: ['refused', 'accepted'],
  /** Customer software value of USD 120,000 or more without Marketplace: refused at launch (text), or at any update (UAT). */
  softwareValueLimit: ['atLaunch', 'always'],
  /** The five contract fields at launch in version 2: for SaaS or PaaS (V14.3 "special programs"), or never asked. */
  contractFieldsAtLaunchV2: ['saasDelivery', 'never'],
  /** A file of exactly 1 MB (1,048,576 bytes): taken ("must not exceed"), or not ("less than", both in the user guide). */
  sizeLimit: ['upTo', 'below'],
  /** How a record is found: by either identifier (DOC), or only by the partner's (FAQ: another id makes a second one). */
  matchBy: ['eitherIdentifier', 'partnerIdentifier'],
  /** Name of a processed result: GH, DOC and all code, or the FAQ. */
  resultSuffix: ['_result.json', '_results.json'],
  /** Name of the answer to a file that is no JSON: three spellings in FAQ, UAT and DOC. */
  rejectedSuffix: ['_error.json', '._error.json', '.error.json'],
  /** Folder of settled results: UAT and DOC sharing pages, or FAQ and DOC technical FAQ (with /YYYY/MM/DD). */
  resultArchive: ['inbound-processed-results-archive', 'inbound-results-archive'],
  /** `success` of a file with good and bad records: an inference from ALL and NONE; no sample was found. */
  mixedSuccess: ['PARTIAL', 'NONE'],
  /** `apnCrmUniqueIdentifier` in the result "Record is not editable.": null (GH UAT), or filled as in other failed updates. */
  aceIdWhenNotEditable: ['null', 'filled'],
  /** Key of the leads array: outbound files and UAT, or the one GH sample that differs. */
  leadsKey: ['leads', 'Leads'],
  /** Mask of what an unaccepted record hides: the sample, GH's sheet, or the documentation. */
  maskText: ['Accept To View', 'Accept to View', 'Accept to view'],
  /** Title of the customer contact of an unaccepted AWS referral: masked (GH sheet), or visible (UAT). */
  customerTitleBeforeAcceptance: ['masked', 'visible'],
  /** `aWSCloseDate` in an export: a date (sample), or a date and time (V12). */
  awsCloseDateForm: ['date', 'dateTime'],
  /** `spmsId` in an export: a string (samples), or a number (definition, one third-party type). */
  spmsIdForm: ['string', 'number'],
  /** `version` in an export: "1" and "2", or "1.0" and "2.0". */
  versionForm: ['integer', 'decimal'],
  /** A lower version than the partner's: an error (V14.3 "not downgraded"), or read as the partner's. */
  lowerVersion: ['refused', 'ignored'],
} as const;

type Switches = typeof contractSwitches;

export type ContractSwitches = { readonly [Name in keyof Switches]: Switches[Name][number] };

/** The documented default of every switch: its first value. */
export const documentedSwitches: ContractSwitches = Object.fromEntries(
  Object.entries(contractSwitches).map(([name, choices]) => [name, choices[0]]),
) as unknown as ContractSwitches;

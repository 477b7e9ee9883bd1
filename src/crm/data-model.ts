/**
 * The CRM data model of the sync, as one table (design.md, State): what is deployed into the org, checked by
 * `salesforce check`, and written by the sync all come from here. Names are the CRM's API names.
 */

export type FieldType =
  | { readonly kind: 'text'; readonly length: number; readonly externalId?: true; readonly unique?: true }
  | { readonly kind: 'longText'; readonly length: number }
  | { readonly kind: 'picklist'; readonly values: readonly string[]; readonly multi?: true }
  | { readonly kind: 'date' }
  | { readonly kind: 'dateTime' }
  | { readonly kind: 'number'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'checkbox' }
  | { readonly kind: 'lookup'; readonly to: string; readonly relationship: string };

/** `people` may edit the field; `sync` fields are read-only for everybody but the integration user. */
export interface FieldDefinition {
  readonly label: string;
  readonly type: FieldType;
  readonly writer: 'people' | 'sync';
  readonly help: string;
}

/** What a companion row says of its record, in the words of the list views. */
export const statuses = [
  'Not shared',
  'Needs data',
  'Sending',
  'In AWS review',
  'Synced',
  'Needs attention',
  'Conflict',
  'Held',
  'Stopped',
  'Excluded',
] as const;
export type Status = (typeof statuses)[number];

/** What a person asks of the sync; executed, cleared and logged by change detection. */
export const actions = [
  'Share',
  'Send now',
  'Retry',
  'Accept',
  'Reject',
  'Keep ours',
  "Take AWS's",
  'Stop',
  'Resume',
  'Unlink',
  'Link',
  'Create new',
] as const;
export type Action = (typeof actions)[number];

/** ACE's standard values of `closedLostReason`; five hold an en dash. A test holds them to the contract's list. */
const closedLostReasons = [
  'Customer Deficiency',
  'Delay / Cancellation of Project',
  'Legal / Tax / Regulatory',
  'Lost to Competitor – Google',
  'Lost to Competitor – Microsoft',
  'Lost to Competitor – SoftLayer',
  'Lost to Competitor – VMWare',
  'Lost to Competitor – Other',
  'No Opportunity',
  'On Premises Deployment',
  'Partner Gap',
  'Price',
  'Security / Compliance',
  'Technical Limitations',
  'Customer Experience',
  'Other',
  'People/Relationship/Governance',
  'Product/Technology',
  'Financial/Commercial',
] as const;

const text = (length: number): FieldType => ({ kind: 'text', length });
const key = (length: number): FieldType => ({ kind: 'text', length, externalId: true, unique: true });

export const syncObject = 'ACE_Sync__c';
export const connectionObject = 'ACE_Connection__c';

/** Fields of the companion object `ACE_Sync__c`: one row per ACE record or shared CRM record. */
export const syncFields = {
  ACE_Id__c: { label: 'ACE Id', type: key(18), writer: 'sync', help: "ACE's identifier of the record (O… or L…)." },
  CRM_Record_Id__c: { label: 'CRM Record Id', type: key(18), writer: 'sync', help: 'The record this row belongs to.' },
  Opportunity__c: {
    label: 'Opportunity',
    type: { kind: 'lookup', to: 'Opportunity', relationship: 'ACE_Syncs' },
    writer: 'people',
    help: 'The opportunity that is shared with AWS.',
  },
  Lead__c: {
    label: 'Lead',
    type: { kind: 'lookup', to: 'Lead', relationship: 'ACE_Syncs' },
    writer: 'people',
    help: 'The lead that AWS shared.',
  },
  Object__c: {
    label: 'ACE Object',
    type: { kind: 'picklist', values: ['opportunity', 'lead'] },
    writer: 'sync',
    help: 'Whether the row belongs to an ACE opportunity or an ACE lead.',
  },
  Status__c: {
    label: 'Status',
    type: { kind: 'picklist', values: statuses },
    writer: 'sync',
    help: 'Where the record stands with AWS.',
  },
  Reason__c: {
    label: 'Reason',
    type: text(255),
    writer: 'sync',
    help: 'Why the record is where it is, in one sentence.',
  },
  Reason_Code__c: {
    label: 'Reason Code',
    type: text(80),
    writer: 'sync',
    help: 'The code of the reason, for reports.',
  },
  Details__c: {
    label: 'Details',
    type: { kind: 'longText', length: 32000 },
    writer: 'sync',
    help: 'Every problem at once, each with its field and what to do.',
  },
  Fix_By__c: {
    label: 'Fix By',
    type: {
      kind: 'picklist',
      values: ['Sales person', 'Alliance manager', 'Salesforce administrator', 'Integration engineer', 'AWS', 'Nobody'],
    },
    writer: 'sync',
    help: 'Who can move the record on.',
  },
  Since__c: {
    label: 'Since',
    type: { kind: 'dateTime' },
    writer: 'sync',
    help: 'Since when the record has this status.',
  },
  Action__c: {
    label: 'Action',
    type: { kind: 'picklist', values: actions },
    writer: 'people',
    help: 'Choose what the sync shall do; it clears the field when done.',
  },
  Shared__c: {
    label: 'Shared',
    type: { kind: 'checkbox' },
    writer: 'sync',
    help: 'A person or a rule decided to share this record with AWS.',
  },
  Rejection_Reason__c: {
    label: 'Rejection Reason',
    type: text(255),
    writer: 'people',
    help: 'Why an AWS referral is rejected; required with the action Reject.',
  },
  Rule_Answer__c: {
    label: 'Answer By Rule',
    type: text(255),
    writer: 'sync',
    help: 'What a rule of the mapping answers AWS. Choose Accept or Reject before it is sent to answer otherwise.',
  },
  // ACE details that have no standard home on an opportunity: the "Share with AWS" form.
  Use_Case__c: {
    label: 'Use Case',
    type: text(255),
    writer: 'people',
    help: 'What the customer wants to do (ACE: useCase).',
  },
  Delivery_Model__c: {
    label: 'Delivery Model',
    type: text(255),
    writer: 'people',
    help: 'How the solution is delivered; several with ; (ACE: deliveryModel).',
  },
  Need_From_AWS__c: {
    label: 'Need From AWS',
    type: text(255),
    writer: 'people',
    help: 'What you ask of AWS (ACE: partnerPrimaryNeedFromAws).',
  },
  Sales_Activities__c: {
    label: 'Sales Activities',
    type: { kind: 'longText', length: 2000 },
    writer: 'people',
    help: 'What was done so far; several with ; (ACE: salesActivities).',
  },
  From_Marketing__c: {
    label: 'From Marketing Activity',
    type: { kind: 'picklist', values: ['Yes', 'No'] },
    writer: 'people',
    help: 'Whether a marketing activity brought it (ACE: IsOppFromMarketingActivity).',
  },
  Solution_Offered__c: {
    label: 'Solution Offered',
    type: text(255),
    writer: 'people',
    help: 'Solution ids (S-…) or Other; several with ; (ACE: solutionOffered).',
  },
  Other_Solution__c: {
    label: 'Other Solution',
    type: text(255),
    writer: 'people',
    help: 'The solution, when Solution Offered is Other.',
  },
  Monthly_AWS_Revenue__c: {
    label: 'Monthly AWS Revenue',
    type: { kind: 'number', precision: 18, scale: 2 },
    writer: 'people',
    help: 'Expected monthly AWS revenue in US dollars.',
  },
  Marketing_Funded__c: {
    label: 'Marketing Funds Used',
    type: { kind: 'picklist', values: ['Yes', 'No'] },
    writer: 'people',
    help: 'Whether marketing development funds were used (ACE: isMarketingDevelopmentFunded).',
  },
  AWS_Account_Id__c: {
    label: 'AWS Account Id',
    type: text(12),
    writer: 'people',
    help: "The customer's 12-digit AWS account id; consulting partners need it to launch (ACE: awsAccountId).",
  },
  Closed_Lost_Reason__c: {
    label: 'Closed Lost Reason',
    type: { kind: 'picklist', values: closedLostReasons },
    writer: 'people',
    help: 'Why the opportunity was lost, in the words of AWS; Other when empty (ACE: closedLostReason).',
  },
  // The AWS mirror: what AWS says, never written over sales-owned fields.
  Origin__c: {
    label: 'Origin',
    type: { kind: 'picklist', values: ['AWS Referral', 'Partner Referral', 'AWS Lead'] },
    writer: 'sync',
    help: 'Who brought the record.',
  },
  AWS_Stage__c: { label: 'AWS Stage', type: text(80), writer: 'sync', help: 'The stage AWS holds.' },
  AWS_Close_Date__c: {
    label: 'AWS Close Date',
    type: { kind: 'date' },
    writer: 'sync',
    help: 'The target close date AWS holds.',
  },
  AWS_Closed_Reason__c: { label: 'AWS Closed Reason', type: text(255), writer: 'sync', help: 'Why AWS closed it.' },
  AWS_Next_Step__c: { label: 'AWS Next Step', type: text(255), writer: 'sync', help: 'The next step AWS holds.' },
  AWS_Contacts__c: {
    label: 'AWS Contacts',
    type: { kind: 'longText', length: 2000 },
    writer: 'sync',
    help: 'The people at AWS, once AWS shows them.',
  },
  AWS_Seller__c: {
    label: 'AWS Seller',
    type: text(255),
    writer: 'sync',
    help: 'The AWS sales representative, after approval.',
  },
  AWS_Customer_Contact__c: {
    label: 'AWS Customer Contact',
    type: text(255),
    writer: 'sync',
    help: 'The contact at the customer that AWS holds, once AWS shows it.',
  },
  Review_Status__c: { label: 'Review Status', type: text(80), writer: 'sync', help: 'Where the AWS review stands.' },
  Reviewer_Comments__c: {
    label: 'Reviewer Comments',
    type: { kind: 'longText', length: 32000 },
    writer: 'sync',
    help: 'What the AWS reviewer asks for.',
  },
  Accept_By__c: {
    label: 'Accept By',
    type: { kind: 'dateTime' },
    writer: 'sync',
    help: 'Accept or reject the referral before this time, else AWS rejects it.',
  },
  Acceptance__c: {
    label: 'Acceptance',
    type: text(80),
    writer: 'sync',
    help: 'Whether the AWS referral or lead was accepted.',
  },
  Campaign_Member_Status__c: {
    label: 'Campaign Member Status',
    type: text(80),
    writer: 'sync',
    help: 'Campaign member status of an AWS lead.',
  },
  Conflict__c: {
    label: 'Conflict',
    type: { kind: 'longText', length: 32000 },
    writer: 'sync',
    help: 'Both values of each field that both sides changed.',
  },
  Conflict_Answer__c: {
    label: 'Conflict Answer',
    type: { kind: 'longText', length: 2000 },
    writer: 'sync',
    help: 'Which side a person chose for which field.',
  },
  Duplicate__c: {
    label: 'Possible Duplicates',
    type: { kind: 'longText', length: 32000 },
    writer: 'sync',
    help: 'Records that may be the same as this AWS record. Choose Link or Create new.',
  },
  Referral_Lead__c: {
    label: 'Referral Lead',
    type: { kind: 'lookup', to: 'Lead', relationship: 'ACE_Referrals' },
    writer: 'sync',
    help: 'The lead that stands for an AWS referral until it is accepted.',
  },
  Note__c: {
    label: 'Note',
    type: { kind: 'longText', length: 2000 },
    writer: 'sync',
    help: 'What the sync decided when it made the record: a fallback owner, an account or contact that it did not choose.',
  },
  Kept_Here__c: {
    label: 'Kept Here',
    type: { kind: 'longText', length: 4000 },
    writer: 'sync',
    help: 'Changes of yours that AWS does not take now, each with the reason.',
  },
  // State: each field has one writer and is replaced whole (design.md, rule 2).
  Sending__c: {
    label: 'Sending',
    type: { kind: 'longText', length: 32000 },
    writer: 'sync',
    help: 'The file that is on its way to AWS.',
  },
  Sent_State__c: {
    label: 'Sent State',
    type: { kind: 'longText', length: 131072 },
    writer: 'sync',
    help: 'Written by uploads only; no values, only keyed hashes.',
  },
  Received_State__c: {
    label: 'Received State',
    type: { kind: 'longText', length: 131072 },
    writer: 'sync',
    help: 'Written by inbound processing only; no values, only keyed hashes.',
  },
  Intent__c: {
    label: 'Intent',
    type: { kind: 'longText', length: 2000 },
    writer: 'sync',
    help: 'What a person decided through Action, until it is done.',
  },
  Maker__c: {
    label: 'Maker',
    type: key(32),
    writer: 'sync',
    help: 'The one export of AWS that may make the CRM record of this row, as a hash.',
  },
  Tombstone__c: {
    label: 'Tombstone',
    type: text(255),
    writer: 'sync',
    help: 'Why this ACE record must not be created again.',
  },
  ACE_Last_Modified__c: {
    label: 'ACE Last Modified',
    type: { kind: 'dateTime' },
    writer: 'sync',
    help: "ACE's lastModifiedDate of the version this row holds.",
  },
} as const satisfies Record<string, FieldDefinition>;
export type SyncField = keyof typeof syncFields;

/** Fields added to Opportunity and to Lead: only what people and the "not older" rule need. */
const recordFields = {
  ACE_Id__c: { label: 'ACE Id', type: key(18), writer: 'sync', help: "ACE's identifier of the record." },
  ACE_Sync__c: {
    label: 'ACE Sync',
    // The child relationship gets the record's object in front (`Opportunity_Records`): names on one parent must differ.
    type: { kind: 'lookup', to: syncObject, relationship: 'Records' },
    writer: 'sync',
    help: 'The companion row with status and reason.',
  },
  ACE_Last_Modified__c: {
    label: 'ACE Last Modified',
    type: { kind: 'dateTime' },
    writer: 'sync',
    help: "ACE's lastModifiedDate of the version last written.",
  },
} as const satisfies Record<string, FieldDefinition>;

/** The field added to Lead: by it an AWS referral becomes one lead until it is accepted, where the mapping wants that. */
const referralLeadFields = {
  ACE_Referral_Id__c: {
    label: 'ACE Referral Id',
    type: key(18),
    writer: 'sync',
    help: 'The AWS referral, by its ACE id.',
  },
} as const satisfies Record<string, FieldDefinition>;

/** The field added to Account: by it a new customer of AWS becomes one account, whatever runs at once. */
const accountFields = {
  ACE_Key__c: { label: 'ACE Key', type: key(255), writer: 'sync', help: 'The customer of an AWS referral, as a key.' },
} as const satisfies Record<string, FieldDefinition>;

/** The field added to Contact, for mappings that make a contact of the customer's contact. */
const contactFields = {
  ACE_Key__c: { label: 'ACE Key', type: key(255), writer: 'sync', help: "A referral's contact, as the hash of a key." },
} as const satisfies Record<string, FieldDefinition>;

/** What is added to the standard objects. */
export const addedFields: readonly (readonly [object: string, Readonly<Record<string, FieldDefinition>>])[] = [
  ['Opportunity', recordFields],
  ['Lead', recordFields],
  ['Account', accountFields],
  ['Contact', contactFields],
  ['Lead', referralLeadFields],
];

/** Fields of `ACE_Connection__c`: one row per connection, so that somebody outside notices dead workers. */
export const connectionFields = {
  Connection__c: { label: 'Connection', type: key(80), writer: 'sync', help: 'The id of the connection.' },
  Heartbeat__c: {
    label: 'Last Heartbeat',
    type: { kind: 'dateTime' },
    writer: 'sync',
    help: 'When the sync was last seen alive.',
  },
  Mode__c: {
    label: 'Mode',
    type: { kind: 'picklist', values: ['observe', 'match', 'live'] },
    writer: 'sync',
    help: 'What the connection may do.',
  },
  Held__c: { label: 'Held', type: { kind: 'checkbox' }, writer: 'sync', help: 'Whether the connection is held.' },
  Hold_Reason__c: { label: 'Hold Reason', type: text(255), writer: 'sync', help: 'Why the connection is held.' },
  Requested_State__c: {
    label: 'Requested State',
    type: { kind: 'picklist', values: ['Run', 'Hold to AWS', 'Hold all'] },
    writer: 'people',
    help: 'Choose Hold to stop the sync; Run lets it go on.',
  },
  Held_Records__c: {
    label: 'Held Records',
    type: { kind: 'number', precision: 9, scale: 0 },
    writer: 'sync',
    help: 'Records that wait for a person.',
  },
  Software_Version__c: { label: 'Software Version', type: text(40), writer: 'sync', help: 'Version of ace-sync.' },
  Mapping_Version__c: {
    label: 'Mapping Version',
    type: text(80),
    writer: 'sync',
    help: 'Version of the active mapping.',
  },
  Lease__c: { label: 'Lease', type: text(255), writer: 'sync', help: 'The installation that runs this connection.' },
} as const satisfies Record<string, FieldDefinition>;

/** Error code text of the "not older" validation rule, by which the sync knows its refusals (design.md, rule 6). */
export const notOlderMessage = 'ACE_SYNC_OLDER: a newer ACE version was already written.';
export const notOlderFormula = 'AND(NOT(ISNEW()), ACE_Last_Modified__c < PRIORVALUE(ACE_Last_Modified__c))';

/**
 * What is known of each field, read out of the two field tables. The tables are the thing to compare with AWS's sheets;
 * this file only spells their letters out.
 */

import type { AceObject, PayloadVersion } from './ace-record.ts';
import { leadRows } from './lead-fields.ts';
import { opportunityRows } from './opportunity-fields.ts';

export type FieldType =
  | 'text'
  | 'longText'
  | 'pick'
  | 'picks'
  | 'array'
  | 'date'
  | 'dateTime'
  | 'email'
  | 'phone'
  | 'url'
  | 'money'
  | 'number';

/** Whether a create needs the field; `conditional` is spelled out by a rule, `readOnly` comes only from ACE. */
export type CreateRule = 'mandatory' | 'conditional' | 'optional' | 'readOnly';

/** Who may change the field in a state of the life cycle. */
export type Editability = 'yes' | 'no' | 'isvAccelerate' | 'saasRevenueRecognition';

export interface Editable {
  readonly create: Editability;
  readonly actionRequired: Editability;
  /** After approval or acceptance, until Launched or Closed Lost. */
  readonly open: Editability;
  readonly launched: Editability;
}

/** A field in one payload version. */
export interface FieldVersion {
  readonly type: FieldType;
  readonly createRule: CreateRule;
  readonly editable: Editable;
  /** False where ACE takes the field and never shows it, so that its absence in an export says nothing. */
  readonly exported: boolean;
}

export interface FieldDefinition {
  readonly name: string;
  /** AWS's label; empty where AWS gives none. */
  readonly label: string;
  /** Most characters; null where none is published. */
  readonly maxLength: number | null;
  readonly direction: 'both' | 'fromAce' | 'toAce';
  /** Absent where the payload version does not know the field. */
  readonly versions: Readonly<Partial<Record<PayloadVersion, FieldVersion>>>;
  /** Names the record at ACE and may be sent in every state; it is no change of the record. */
  readonly identifier: boolean;
}

/** One row of `opportunity-fields.ts`, which explains the columns. */
export type FieldRow = readonly [
  name: string,
  label: string,
  type: FieldType | 'picksInV2',
  maxLength: number | null,
  inbound: 'M' | 'C' | 'O' | 'ro' | null,
  editable: string | null,
  v1: string | null,
];

/** One row of `lead-fields.ts`, which explains the columns. */
export type LeadRow = readonly [
  name: string,
  type: FieldType,
  maxLength: number | null,
  partner: 'MU' | 'OU' | 'in' | 'id' | 'ro',
];

const never: Editable = { create: 'no', actionRequired: 'no', open: 'no', launched: 'no' };

const createRules: Readonly<Record<string, CreateRule>> = {
  M: 'mandatory',
  C: 'conditional',
  O: 'optional',
  ro: 'readOnly',
};

const editabilities: Readonly<Record<string, Editability>> = {
  Y: 'yes',
  '-': 'no',
  I: 'isvAccelerate',
  S: 'saasRevenueRecognition',
};

const identifiers: Readonly<Record<AceObject, ReadonlySet<string>>> = {
  opportunity: new Set(['apnCrmUniqueIdentifier', 'partnerCrmUniqueIdentifier']),
  lead: new Set(['apnCrmUniqueIdentifier', 'partnerCrmLeadId']),
};

/** Fields that ACE takes from a partner and never exports, by payload version: V12 "Inbound Only", V14.3 outbound "-". */
const neverExported: Readonly<Record<PayloadVersion, ReadonlySet<string>>> = {
  1: new Set(['competitiveTrackingOther', 'partnerPrimaryNeedFromAwsOther']),
  2: new Set(['rejectionReason']),
};

/**
 * What version 1 keeps open after Launched (acceptance scenarios B3.9, B3.14): the public-reference trio for everybody, and
 * for special programmes what version 2 opens for them. V12 has no column for it.
 */
const publicReference: ReadonlySet<string> = new Set([
  'isThisAPublicReference',
  'publicReferenceUrl',
  'publicReferenceTitle',
]);

function letters(text: string | null): Editable {
  if (text === null || text === 'ro') return never;
  const [create = 'no', actionRequired = 'no', open = 'no', launched = 'no'] = [...text].map(
    (letter) => editabilities[letter] ?? 'no',
  );
  return { create, actionRequired, open, launched };
}

function opportunityField(row: FieldRow): FieldDefinition {
  const [name, label, type, maxLength, inbound, editable, v1] = row;
  const second = letters(editable);
  const versions: { 1?: FieldVersion; 2?: FieldVersion } = {};
  if (v1 !== null) {
    const changes = v1.endsWith('U');
    const readOnly = v1 === 'ro';
    versions[1] = {
      type: type === 'picksInV2' ? 'pick' : type,
      createRule: createRules[readOnly ? 'ro' : v1.charAt(0)] ?? 'optional',
      editable: readOnly
        ? never
        : {
            // V12 has no columns for these two states; where version 2 knows the field its marks are taken over.
            create: inbound === null ? 'yes' : second.create,
            actionRequired: second.actionRequired,
            open: changes && !acceptance.has(name) ? 'yes' : 'no',
            launched: publicReference.has(name) ? 'yes' : second.launched,
          },
      exported: !neverExported[1].has(name),
    };
  }
  if (inbound !== null) {
    versions[2] = {
      type: type === 'picksInV2' ? 'picks' : type,
      createRule: createRules[inbound] ?? 'optional',
      editable: second,
      exported: !neverExported[2].has(name),
    };
  }
  const fromAce = (v1 === null || v1 === 'ro') && (inbound === null || inbound === 'ro');
  const direction = fromAce
    ? 'fromAce'
    : Object.values(versions).every((version) => !version.exported)
      ? 'toAce'
      : 'both';
  return { name, label, maxLength, direction, versions, identifier: identifiers.opportunity.has(name) };
}

/** Answers to an AWS referral: open only while its acceptance is pending (see `life-cycle.ts`). */
export const acceptanceFields = ['partnerAcceptanceStatus', 'rejectionReason'] as const;
const acceptance: ReadonlySet<string> = new Set(acceptanceFields);

function leadField(row: LeadRow): FieldDefinition {
  const [name, type, maxLength, partner] = row;
  const editable: Editable = partner.endsWith('U') || partner === 'in' ? letters('-YYY') : never;
  const createRule = partner === 'ro' ? 'readOnly' : partner.startsWith('M') ? 'mandatory' : 'optional';
  const version: FieldVersion = { type, createRule, editable, exported: partner !== 'in' };
  const direction = partner === 'ro' ? 'fromAce' : partner === 'in' ? 'toAce' : 'both';
  // The lead format is the same for both payload versions: V14 changed opportunities only.
  return {
    name,
    label: name,
    maxLength,
    direction,
    versions: { 1: version, 2: version },
    identifier: identifiers.lead.has(name),
  };
}

export const opportunityFields: readonly FieldDefinition[] = opportunityRows.map(opportunityField);
export const leadFields: readonly FieldDefinition[] = leadRows.map(leadField);

export const fieldTables: Readonly<Record<AceObject, readonly FieldDefinition[]>> = {
  opportunity: opportunityFields,
  lead: leadFields,
};

const byName: Readonly<Record<AceObject, ReadonlyMap<string, FieldDefinition>>> = {
  opportunity: new Map(opportunityFields.map((field) => [field.name, field])),
  lead: new Map(leadFields.map((field) => [field.name, field])),
};

/** The definition of a field, or undefined for a key that the contract does not hold. Keys are case-sensitive. */
export function fieldDefinition(object: AceObject, name: string): FieldDefinition | undefined {
  return byName[object].get(name);
}

/**
 * Labels in ACE's "Required: …" line where they differ from the field's label.
 * Source: acceptance scenario A6.1 and its result file.
 */
export const requiredLabels: Readonly<Record<string, string>> = {
  targetCloseDate: 'Target Launch Date',
  projectDescription: 'Project Description/Business Need',
  expectedMonthlyAwsRevenue: 'Expected Monthly AWS Revenue',
  partnerPrimaryNeedFromAws: 'Partner Primary Need from AWS',
};

/** Names of lists in ACE's "Select from the predefined … list" where they differ from the label. Source: FAQ 2022. */
export const listLabels: Readonly<Record<string, string>> = { industry: 'Industry' };

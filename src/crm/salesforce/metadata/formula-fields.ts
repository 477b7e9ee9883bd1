import { syncObject } from '../../data-model.ts';
import type { Component, MetadataValue } from './component.ts';

/** Fields that Salesforce works out whenever it shows a record: always right without a write, and nobody can write them. */
interface FormulaField {
  readonly label: string;
  readonly formula: string;
  readonly help: string;
  readonly type: { readonly [name: string]: MetadataValue };
  /** What people miss where the field is. */
  readonly without: string;
}

const text = { type: 'Text' };
const wholeNumber = { type: 'Number', precision: 18, scale: 0 };

/** The companion row on the record itself. */
const onRecord: Readonly<Record<string, FormulaField>> = {
  ACE_Status__c: {
    label: 'ACE Status',
    formula: 'TEXT(ACE_Sync__r.Status__c)',
    help: 'Where the record stands with AWS.',
    type: text,
    without: 'status on the record',
  },
  ACE_Reason__c: {
    label: 'ACE Reason',
    formula: 'ACE_Sync__r.Reason__c',
    help: 'Why the record is where it is, in one sentence.',
    type: text,
    without: 'the reason on the record',
  },
};

const formulaFields: Readonly<Record<string, Readonly<Record<string, FormulaField>>>> = {
  [syncObject]: {
    Days_Left__c: {
      label: 'Days Left',
      formula:
        "IF(OR(ISBLANK(Accept_By__c), Acceptance__c = 'Accepted', Acceptance__c = 'Rejected'), NULL, " +
        'MAX(0, FLOOR(Accept_By__c - NOW())))',
      help: 'Whole days until an AWS referral must be answered; 0 on the last day and after it.',
      type: wholeNumber,
      without: 'how long a referral can still be accepted',
    },
  },
  Opportunity: onRecord,
  Lead: onRecord,
};

/** Every formula field with its object. */
export const formulaFieldList = Object.entries(formulaFields).flatMap(([object, fields]) =>
  Object.entries(fields).map(([name, field]) => ({ object, name, ...field })),
);

export function formulaComponents(): readonly Component[] {
  return formulaFieldList.map(({ object, name, label, formula, help, type }) => ({
    type: 'CustomField',
    fullName: `${object}.${name}`,
    required: true,
    body: {
      label,
      description: `ace-sync: ${help}`,
      inlineHelpText: help,
      ...type,
      formula,
      formulaTreatBlanksAs: 'BlankAsBlank',
    },
  }));
}

import {
  accountFields,
  connectionFields,
  connectionObject,
  type FieldDefinition,
  notOlderFormula,
  notOlderMessage,
  recordFields,
  referralLeadFields,
  syncFields,
  syncObject,
} from '../../data-model.ts';
import type { Component } from './component.ts';
import { fieldComponent } from './field-metadata.ts';
import { layouts } from './layouts.ts';
import { listViews } from './list-views.ts';
import { permissionSets } from './permission-sets.ts';
import { quickActions, tabs } from './quick-actions.ts';

/** The standard objects that are shared with AWS. */
export const recordObjects = ['Opportunity', 'Lead'] as const;

/** Formula fields that show the companion row on the record itself; nobody can write them. */
export const formulaFields = {
  ACE_Status__c: {
    label: 'ACE Status',
    formula: 'TEXT(ACE_Sync__r.Status__c)',
    help: 'Where the record stands with AWS.',
  },
  ACE_Reason__c: {
    label: 'ACE Reason',
    formula: 'ACE_Sync__r.Reason__c',
    help: 'Why the record is where it is, in one sentence.',
  },
} as const;

export const notOlderRule = 'ACE_Sync_Not_Older';

/** All that goes into the org, in the order in which it can be created. */
export function dataModelComponents(): readonly Component[] {
  return [
    customObject(syncObject, 'ACE Sync', 'ACE Syncs', 'ACE-{000000}', 'One row per record shared with AWS.'),
    customObject(connectionObject, 'ACE Connection', 'ACE Connections', 'CON-{000}', 'One row per connection to AWS.'),
    ...fields(syncObject, syncFields),
    ...fields(connectionObject, connectionFields),
    ...recordObjects.flatMap((object) => fields(object, recordFields)),
    ...fields('Account', accountFields),
    ...fields('Lead', referralLeadFields),
    ...recordObjects.flatMap(formulas),
    ...[...recordObjects, syncObject].map(validationRule),
    // Before the permission sets, which show the tabs.
    ...tabs(),
    ...permissionSets(),
    ...listViews(),
    ...quickActions(),
    ...layouts(),
  ];
}

function customObject(
  fullName: string,
  label: string,
  pluralLabel: string,
  displayFormat: string,
  description: string,
): Component {
  return {
    type: 'CustomObject',
    fullName,
    required: true,
    body: {
      label,
      pluralLabel,
      description: `ace-sync: ${description}`,
      nameField: { type: 'AutoNumber', label: `${label} Number`, displayFormat },
      deploymentStatus: 'Deployed',
      // Who may do what is decided by the permission sets; a row of its own has no owner that sharing could follow.
      sharingModel: 'ReadWrite',
      enableHistory: fullName === syncObject,
      enableReports: true,
      enableSearch: true,
    },
  };
}

function fields(object: string, definitions: Readonly<Record<string, FieldDefinition>>): Component[] {
  return Object.entries(definitions).map(([name, definition]) => fieldComponent(object, name, definition));
}

function formulas(object: string): Component[] {
  return Object.entries(formulaFields).map(([name, { label, formula, help }]) => ({
    type: 'CustomField',
    fullName: `${object}.${name}`,
    required: true,
    body: {
      label,
      description: `ace-sync: ${help}`,
      inlineHelpText: help,
      type: 'Text',
      formula,
      formulaTreatBlanksAs: 'BlankAsBlank',
    },
  }));
}

/** The rule that makes "older never overwrites newer" true inside Salesforce, under any concurrency (design.md, rule 6). */
function validationRule(object: string): Component {
  return {
    type: 'ValidationRule',
    fullName: `${object}.${notOlderRule}`,
    required: true,
    body: {
      active: true,
      description: 'ace-sync: refuses an ACE version older than the one already written.',
      errorConditionFormula: notOlderFormula,
      errorMessage: notOlderMessage,
    },
  };
}

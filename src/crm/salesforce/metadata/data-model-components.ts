import {
  addedFields,
  connectionFields,
  connectionObject,
  type FieldDefinition,
  notOlderFormula,
  notOlderMessage,
  syncFields,
  syncObject,
} from '../../data-model.ts';
import type { Component } from './component.ts';
import { fieldComponent } from './field-metadata.ts';
import { formulaComponents } from './formula-fields.ts';
import { layouts } from './layouts.ts';
import { listViews } from './list-views.ts';
import { permissionSets } from './permission-sets.ts';
import { quickActions, tabs } from './quick-actions.ts';

/** The standard objects that are shared with AWS. */
export const recordObjects = ['Opportunity', 'Lead'] as const;

export const notOlderRule = 'ACE_Sync_Not_Older';

/** All that goes into the org, in the order in which it can be created. */
export function dataModelComponents(): readonly Component[] {
  return [
    customObject(syncObject, 'ACE Sync', 'ACE Syncs', 'ACE-{000000}', 'One row per record shared with AWS.'),
    customObject(connectionObject, 'ACE Connection', 'ACE Connections', 'CON-{000}', 'One row per connection to AWS.'),
    ...fields(syncObject, syncFields),
    ...fields(connectionObject, connectionFields),
    ...addedFields.flatMap(([object, definitions]) => fields(object, definitions)),
    ...formulaComponents(),
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

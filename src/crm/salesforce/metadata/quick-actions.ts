import { actions, connectionObject, syncObject } from '../../data-model.ts';
import type { Component, MetadataValue } from './component.ts';

/** What AWS asks for and an opportunity has no standard field for: the form of the action Share with AWS. */
const shareForm = [
  'Use_Case__c',
  'Delivery_Model__c',
  'Need_From_AWS__c',
  'Sales_Activities__c',
  'From_Marketing__c',
  'Marketing_Funded__c',
  'Solution_Offered__c',
  'Other_Solution__c',
  'Monthly_AWS_Revenue__c',
  'AWS_Account_Id__c',
];

/** Fields that an action asks for, beside setting Action. */
const askedFields: Readonly<Record<string, readonly string[]>> = {
  Reject: ['Rejection_Reason__c'],
  Link: ['Opportunity__c', 'Lead__c'],
};

/**
 * Share with AWS on the record, which creates its companion row; every other action on the row. They appear once an
 * administrator adds them to a layout: the sync touches no layouts.
 */
export function quickActions(): readonly Component[] {
  return [
    action('Opportunity.Share_With_AWS', 'Share with AWS', shareForm, 'Share', {
      type: 'Create',
      targetObject: syncObject,
      targetParentField: 'Opportunity__c',
    }),
    ...actions
      .filter((name) => name !== 'Share')
      .map((name) =>
        action(quickActionName(name), name, askedFields[name] ?? [], name, {
          type: 'Update',
        }),
      ),
  ];
}

/** `Take AWS's` is `ACE_Sync__c.Take_AWS_s`. */
export function quickActionName(action: string): string {
  return `${syncObject}.${action.replace(/[^A-Za-z]+/g, '_')}`;
}

function action(
  fullName: string,
  label: string,
  form: readonly string[],
  value: string,
  target: { readonly [name: string]: MetadataValue },
): Component {
  const shown = form.length === 0 ? ['Action__c'] : form;
  return {
    type: 'QuickAction',
    fullName,
    required: false,
    body: {
      label,
      optionsCreateFeedItem: false,
      fieldOverrides: [{ field: 'Action__c', literalValue: value }],
      quickActionLayout: {
        layoutSectionStyle: 'TwoColumnsLeftToRight',
        quickActionLayoutColumns: [
          { quickActionLayoutItems: shown.map((field) => ({ emptySpace: false, field, uiBehavior: 'Edit' })) },
          {},
        ],
      },
      ...target,
    },
  };
}

export function tabs(): readonly Component[] {
  return [syncObject, connectionObject].map((object) => ({
    type: 'CustomTab',
    fullName: object,
    required: false,
    body: { customObject: true, motif: 'Custom53: Bell' },
  }));
}

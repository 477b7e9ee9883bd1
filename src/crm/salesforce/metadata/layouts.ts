import {
  actions,
  connectionFields,
  connectionObject,
  type FieldDefinition,
  syncFields,
  syncObject,
} from '../../data-model.ts';
import type { Component, MetadataValue } from './component.ts';
import { quickActionName } from './quick-actions.ts';

interface Section {
  readonly label: string;
  /** Field names of the left and the right column. */
  readonly left: readonly string[];
  readonly right: readonly string[];
}

const syncSections: readonly Section[] = [
  {
    label: 'What now',
    left: ['Status__c', 'Reason__c', 'Details__c', 'Fix_By__c', 'Since__c'],
    right: ['Action__c', 'Rejection_Reason__c', 'Rule_Answer__c', 'Opportunity__c', 'Lead__c'],
  },
  {
    label: 'Share with AWS',
    left: ['Use_Case__c', 'Delivery_Model__c', 'Need_From_AWS__c', 'Sales_Activities__c', 'AWS_Account_Id__c'],
    right: [
      'From_Marketing__c',
      'Marketing_Funded__c',
      'Solution_Offered__c',
      'Other_Solution__c',
      'Monthly_AWS_Revenue__c',
      'Closed_Lost_Reason__c',
    ],
  },
  {
    label: 'AWS says',
    left: ['Origin__c', 'Review_Status__c', 'Reviewer_Comments__c', 'Acceptance__c', 'Accept_By__c', 'Days_Left__c'],
    right: [
      'AWS_Seller__c',
      'AWS_Stage__c',
      'AWS_Close_Date__c',
      'AWS_Closed_Reason__c',
      'AWS_Next_Step__c',
      'AWS_Contacts__c',
      'AWS_Customer_Contact__c',
    ],
  },
  { label: 'Conflict', left: ['Conflict__c'], right: ['Conflict_Answer__c'] },
  { label: 'To decide or to know', left: ['Duplicate__c'], right: ['Kept_Here__c', 'Note__c', 'Referral_Lead__c'] },
  {
    label: 'Identity',
    left: ['ACE_Id__c', 'CRM_Record_Id__c', 'Object__c'],
    right: ['Shared__c', 'ACE_Last_Modified__c', 'Tombstone__c'],
  },
];

const connectionSections: readonly Section[] = [
  {
    label: 'Connection',
    left: ['Connection__c', 'Mode__c', 'Heartbeat__c'],
    right: ['Requested_State__c', 'Held__c', 'Hold_Reason__c', 'Held_Records__c'],
  },
  { label: 'Software', left: ['Software_Version__c', 'Mapping_Version__c'], right: ['Lease__c'] },
];

/**
 * Page layouts of the two objects of ace-sync's own. Salesforce makes an empty one with each object; `salesforce setup`
 * fills it only in the run that created the object, so that what people arranged later stays.
 */
export function layouts(): readonly Component[] {
  return [
    layout(
      syncObject,
      'ACE Sync Layout',
      syncSections,
      syncFields,
      actions.filter((name) => name !== 'Share').map(quickActionName),
    ),
    layout(connectionObject, 'ACE Connection Layout', connectionSections, connectionFields, []),
  ];
}

function layout(
  object: string,
  name: string,
  sections: readonly Section[],
  fields: Readonly<Record<string, FieldDefinition>>,
  quickActions: readonly string[],
): Component {
  const column = (names: readonly string[]): MetadataValue => ({
    layoutItems: names.map((field) => ({ behavior: fields[field]?.writer === 'people' ? 'Edit' : 'Readonly', field })),
  });
  return {
    type: 'Layout',
    fullName: `${object}-${name}`,
    required: false,
    ofObject: object,
    body: {
      layoutSections: sections.map(({ label, left, right }) => ({
        customLabel: true,
        detailHeading: true,
        editHeading: true,
        label,
        layoutColumns: [column(left), column(right)],
        style: 'TwoColumnsTopToBottom',
      })),
      ...(quickActions.length === 0
        ? {}
        : {
            platformActionList: {
              actionListContext: 'Record',
              platformActionListItems: quickActions.map((actionName, sortOrder) => ({
                actionName,
                actionType: 'QuickAction',
                sortOrder,
              })),
            },
          }),
    },
  };
}

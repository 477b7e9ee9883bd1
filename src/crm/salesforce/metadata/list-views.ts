import { syncObject } from '../../data-model.ts';
import type { Component, MetadataValue } from './component.ts';

interface View {
  readonly object: string;
  readonly name: string;
  readonly label: string;
  readonly scope: 'Everything' | 'Mine';
  readonly columns: readonly string[];
  readonly filters: readonly { readonly field: string; readonly operation: string; readonly value: string }[];
}

const work = ['NAME', 'Opportunity__c', 'Lead__c', 'Status__c', 'Reason__c', 'Fix_By__c', 'Since__c', 'Action__c'];

const rowView = (name: string, label: string, filters: View['filters'], columns = work): View => ({
  object: syncObject,
  name,
  label,
  scope: 'Everything',
  columns,
  filters,
});
const status = (value: string) => ({ field: 'Status__c', operation: 'equals', value });

/** The inbox of the sync: what waits for whom (docs/salesforce-setup.md). */
const views: readonly View[] = [
  rowView('ACE_All_To_Fix', 'AWS: all to fix', [status('Needs data,Needs attention,Conflict,Held')]),
  rowView(
    'ACE_Referrals_To_Accept',
    'AWS: referrals to accept',
    [
      { field: 'Accept_By__c', operation: 'greaterThan', value: 'TODAY' },
      { field: 'Acceptance__c', operation: 'notEqual', value: 'Accepted,Rejected' },
    ],
    ['NAME', 'Opportunity__c', 'Lead__c', 'Accept_By__c', 'Days_Left__c', 'Reason__c', 'Action__c'],
  ),
  rowView('ACE_Conflicts', 'AWS: conflicts', [status('Conflict')]),
  rowView('ACE_In_Review', 'AWS: in review', [status('In AWS review')]),
  rowView('ACE_Sending', 'AWS: sending', [status('Sending')]),
  rowView('ACE_Stopped', 'AWS: stopped or excluded', [status('Stopped,Excluded,Not shared')]),
  {
    object: 'Opportunity',
    name: 'ACE_Mine_To_Fix',
    label: 'AWS: mine to fix',
    scope: 'Mine',
    columns: ['OPPORTUNITY.NAME', 'ACE_Status__c', 'ACE_Reason__c', 'OPPORTUNITY.STAGE_NAME', 'OPPORTUNITY.CLOSE_DATE'],
    filters: [{ field: 'ACE_Status__c', operation: 'equals', value: 'Needs data,Needs attention,Conflict,Held' }],
  },
  {
    object: 'Lead',
    name: 'ACE_Mine_To_Fix',
    label: 'AWS: mine to fix',
    scope: 'Mine',
    columns: ['FULL_NAME', 'LEAD.COMPANY', 'ACE_Status__c', 'ACE_Reason__c'],
    filters: [{ field: 'ACE_Status__c', operation: 'equals', value: 'Needs data,Needs attention,Conflict,Held' }],
  },
];

export function listViews(): readonly Component[] {
  return views.map((view) => ({
    type: 'ListView',
    fullName: `${view.object}.${view.name}`,
    required: false,
    body: {
      label: view.label,
      filterScope: view.scope,
      columns: view.columns,
      filters: view.filters.map((filter): MetadataValue => ({ ...filter })),
    },
  }));
}

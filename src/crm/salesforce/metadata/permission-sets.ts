import {
  addedFields,
  connectionFields,
  connectionObject,
  type FieldDefinition,
  syncFields,
  syncObject,
} from '../../data-model.ts';
import type { Component, MetadataValue } from './component.ts';
import { formulaFieldList } from './formula-fields.ts';

type ObjectRight = 'read' | 'edit' | 'create' | 'viewAll' | 'modifyAll';

/** Fields that hold the sync's own state: of no use to people, and not theirs to see. */
const stateFields = new Set(['Sent_State__c', 'Received_State__c', 'Sending__c', 'Intent__c', 'Maker__c']);

interface Audience {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly objects: Readonly<Record<string, readonly ObjectRight[]>>;
  readonly field: (definition: FieldDefinition, name: string) => 'edit' | 'read' | 'none';
  readonly userPermissions?: readonly string[];
  /** Whether the tabs of both objects are shown. */
  readonly tabs?: true;
}

const people = (definition: FieldDefinition, name: string) => {
  if (stateFields.has(name)) return 'none';
  return definition.writer === 'people' ? 'edit' : 'read';
};

const audiences: readonly Audience[] = [
  {
    name: 'ACE_Sync_Integration',
    label: 'ACE Sync Integration',
    description: 'For the integration user that ace-sync logs in as. Modify All only on the objects that are synced.',
    objects: {
      [syncObject]: ['create', 'modifyAll'],
      [connectionObject]: ['create', 'modifyAll'],
      Opportunity: ['create', 'modifyAll'],
      Lead: ['create', 'modifyAll'],
      Account: ['create', 'edit', 'viewAll'],
      Contact: ['create', 'edit', 'viewAll'],
      // Line items are seen by those who see their products.
      Product2: ['read'],
    },
    field: () => 'edit',
    userPermissions: ['ApiEnabled'],
  },
  {
    name: 'ACE_Sync_Manager',
    label: 'ACE Sync Manager',
    description: 'For alliance and sales-operations managers: sees every row, acts on it, may hold a connection.',
    objects: { [syncObject]: ['create', 'edit', 'viewAll'], [connectionObject]: ['edit', 'viewAll'] },
    field: people,
    tabs: true,
  },
  {
    name: 'ACE_Sync_User',
    label: 'ACE Sync User',
    description: 'For sales people: reads status and reason, fills the Share with AWS form, chooses an action.',
    objects: { [syncObject]: ['create', 'edit'], [connectionObject]: ['read'] },
    field: (definition, name) =>
      name in connectionFields && definition.writer === 'people' ? 'read' : people(definition, name),
    tabs: true,
  },
  {
    name: 'ACE_Sync_Auditor',
    label: 'ACE Sync Auditor',
    description: 'Reads everything of the sync, including its state, and changes nothing.',
    objects: { [syncObject]: ['viewAll'], [connectionObject]: ['viewAll'] },
    field: () => 'read',
    tabs: true,
  },
];

export const integrationPermissionSet = 'ACE_Sync_Integration';

export function permissionSets(): readonly Component[] {
  return audiences.map((audience) => ({
    type: 'PermissionSet',
    fullName: audience.name,
    required: true,
    body: {
      label: audience.label,
      description: audience.description,
      hasActivationRequired: false,
      objectPermissions: Object.entries(audience.objects).map(([object, rights]) => objectPermission(object, rights)),
      fieldPermissions: [
        ...fieldPermissions(syncObject, syncFields, audience),
        ...fieldPermissions(connectionObject, connectionFields, audience),
        ...addedFields.flatMap(([object, definitions]) => fieldPermissions(object, definitions, audience)),
        ...formulaFieldList.map(({ object, name }) => ({
          field: `${object}.${name}`,
          readable: true,
          editable: false,
        })),
      ],
      ...(audience.tabs === true
        ? { tabSettings: [syncObject, connectionObject].map((tab) => ({ tab, visibility: 'Visible' })) }
        : {}),
      ...(audience.userPermissions === undefined
        ? {}
        : { userPermissions: audience.userPermissions.map((name) => ({ name, enabled: true })) }),
    },
  }));
}

/** Salesforce wants the lower rights spelled out with the higher ones. */
function objectPermission(object: string, rights: readonly ObjectRight[]): MetadataValue {
  const modifyAll = rights.includes('modifyAll');
  const edit = modifyAll || rights.includes('edit');
  return {
    object,
    allowCreate: rights.includes('create'),
    allowDelete: modifyAll,
    allowEdit: edit,
    allowRead: true,
    modifyAllRecords: modifyAll,
    viewAllRecords: modifyAll || rights.includes('viewAll'),
  };
}

function fieldPermissions(
  object: string,
  definitions: Readonly<Record<string, FieldDefinition>>,
  audience: Audience,
): MetadataValue[] {
  return Object.entries(definitions).flatMap(([name, definition]) => {
    const right = audience.field(definition, name);
    return right === 'none' ? [] : [{ field: `${object}.${name}`, readable: true, editable: right === 'edit' }];
  });
}

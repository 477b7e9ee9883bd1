import type { FieldDefinition } from '../../data-model.ts';
import type { Component, MetadataValue } from './component.ts';

/** Lines shown of a long text area; 3 is the least Salesforce takes. */
const visibleLines = 5;

/** Fields whose history Salesforce keeps: who decided what, and when. An object may track 20. */
const tracked = new Set([
  'ACE_Sync__c.Status__c',
  'ACE_Sync__c.Action__c',
  'ACE_Sync__c.Shared__c',
  'ACE_Sync__c.ACE_Id__c',
]);

/** The custom field of one definition, in the words of the metadata API's CustomField. */
export function fieldComponent(object: string, name: string, definition: FieldDefinition): Component {
  return {
    type: 'CustomField',
    fullName: `${object}.${name}`,
    required: true,
    body: {
      label: definition.label,
      description: `ace-sync: ${definition.help}`,
      inlineHelpText: definition.help,
      ...(tracked.has(`${object}.${name}`) ? { trackHistory: true } : {}),
      ...typeMetadata(object, definition),
    },
  };
}

function typeMetadata(object: string, { type, label }: FieldDefinition): { readonly [name: string]: MetadataValue } {
  switch (type.kind) {
    case 'text':
      return {
        type: 'Text',
        length: type.length,
        externalId: type.externalId === true,
        unique: type.unique === true,
        ...(type.unique === true ? { caseSensitive: false } : {}),
      };
    case 'longText':
      return { type: 'LongTextArea', length: type.length, visibleLines };
    case 'picklist':
      return {
        type: type.multi === true ? 'MultiselectPicklist' : 'Picklist',
        ...(type.multi === true ? { visibleLines } : {}),
        valueSet: {
          restricted: true,
          valueSetDefinition: {
            sorted: false,
            value: type.values.map((value) => ({ fullName: value, default: false, label: value })),
          },
        },
      };
    case 'date':
      return { type: 'Date' };
    case 'dateTime':
      return { type: 'DateTime' };
    case 'number':
      return { type: 'Number', precision: type.precision, scale: type.scale };
    case 'checkbox':
      return { type: 'Checkbox', defaultValue: false };
    case 'lookup':
      return {
        type: 'Lookup',
        referenceTo: type.to,
        relationshipName: type.relationship === 'Records' ? `${object}_Records` : type.relationship,
        relationshipLabel: `${label}: ${object}`,
        deleteConstraint: 'SetNull',
      };
  }
}

/** A value of the metadata API, in the nesting of its types. */
export type MetadataValue =
  | string
  | number
  | boolean
  | readonly MetadataValue[]
  | { readonly [name: string]: MetadataValue };

export type ComponentType =
  | 'CustomObject'
  | 'CustomField'
  | 'ValidationRule'
  | 'ListView'
  | 'QuickAction'
  | 'CustomTab'
  | 'Layout'
  | 'PermissionSet';

/** One piece of metadata that goes into the org. */
export interface Component {
  readonly type: ComponentType;
  /** `Opportunity.ACE_Id__c`, `ACE_Sync__c`, `ACE_Sync_User`. */
  readonly fullName: string;
  readonly body: { readonly [name: string]: MetadataValue };
  /** False for what makes life easier but is not needed by the sync: a failure there is reported and not fatal. */
  readonly required: boolean;
  /** For a layout: the object that Salesforce makes it with. */
  readonly ofObject?: string;
}

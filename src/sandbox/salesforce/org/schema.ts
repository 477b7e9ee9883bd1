import { SalesforceError } from './salesforce-error.ts';

/** What a field can hold. Dates are `YYYY-MM-DD`, date-times ISO 8601 in UTC with milliseconds. */
export type Value = string | number | boolean | null;
export type Values = Record<string, Value>;

export type FieldType =
  | 'id'
  | 'string'
  | 'textarea'
  | 'picklist'
  | 'multipicklist'
  | 'boolean'
  | 'int'
  | 'double'
  | 'currency'
  | 'percent'
  | 'date'
  | 'datetime'
  | 'reference'
  | 'email'
  | 'phone'
  | 'url'
  | 'address';

export interface PicklistValue {
  readonly value: string;
  readonly label?: string;
  readonly isDefault?: true;
  readonly inactive?: true;
}

export interface FieldDefinition {
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  readonly length?: number;
  readonly precision?: number;
  readonly scale?: number;
  readonly required?: true;
  readonly createable?: false;
  readonly updateable?: false;
  readonly defaultValue?: Value;
  readonly picklist?: readonly PicklistValue[];
  readonly restricted?: true;
  readonly externalId?: true;
  readonly unique?: true;
  readonly caseSensitive?: true;
  readonly referenceTo?: readonly string[];
  readonly relationshipName?: string;
  /** Name of the relation as seen from the parent (`Contacts`); custom ones are queried with `__r`. */
  readonly childRelationshipName?: string;
  /** What happens to this row when the row it refers to is deleted; an org's default for lookups is to clear them. */
  readonly onParentDelete?: 'clear' | 'cascade' | 'restrict';
  readonly formula?: string;
  /** Display format of an auto-number field, such as `S-{00000}`. */
  readonly autoNumber?: string;
  readonly custom?: true;
  readonly help?: string;
  /** Long text areas can be read and written, but not filtered, grouped or sorted by. */
  readonly long?: true;
}

export interface ValidationRule {
  readonly name: string;
  readonly active: boolean;
  readonly formula: string;
  readonly message: string;
  readonly errorField: string | null;
}

export interface ObjectDefinition {
  readonly name: string;
  readonly label: string;
  readonly labelPlural: string;
  readonly keyPrefix: string;
  readonly custom: boolean;
  /** Setup objects can be read by everybody and written by nobody through the data API. */
  readonly readOnly?: true;
  readonly fields: Map<string, FieldDefinition>;
  readonly validationRules: Map<string, ValidationRule>;
}

export type ObjectSeed = Pick<ObjectDefinition, 'name' | 'label' | 'labelPlural' | 'keyPrefix' | 'readOnly'> & {
  readonly fields: readonly FieldDefinition[];
};

/** The objects and fields of the org. Names are matched without regard to case and answered in their own spelling. */
export class Schema {
  readonly #objects = new Map<string, ObjectDefinition>();
  readonly #prefixes = new Map<string, ObjectDefinition>();
  /** Grows with every change, so that caches know that they are stale. */
  version = 0;

  objects(): ObjectDefinition[] {
    return [...this.#objects.values()];
  }

  object(name: string): ObjectDefinition | undefined {
    return this.#objects.get(name.toLowerCase());
  }

  objectOfId(id: string): ObjectDefinition | undefined {
    return this.#prefixes.get(id.slice(0, 3));
  }

  field(object: ObjectDefinition, name: string): FieldDefinition | undefined {
    return object.fields.get(name.toLowerCase());
  }

  /** The lookup behind a relationship name as used in a path: `Account`, `ACE_Sync__r`. */
  lookup(object: ObjectDefinition, relationshipName: string): FieldDefinition | undefined {
    const wanted = relationshipName.toLowerCase();
    for (const field of object.fields.values()) if (field.relationshipName?.toLowerCase() === wanted) return field;
    return undefined;
  }

  /** The child object and lookup behind a child relationship name: `Contacts`, `ACE_Syncs__r`. */
  children(parent: ObjectDefinition): { name: string; child: ObjectDefinition; field: FieldDefinition }[] {
    const found = [];
    for (const child of this.#objects.values()) {
      for (const field of child.fields.values()) {
        if (field.childRelationshipName === undefined || !field.referenceTo?.includes(parent.name)) continue;
        const name = field.custom ? `${field.childRelationshipName}__r` : field.childRelationshipName;
        found.push({ name, child, field });
      }
    }
    return found;
  }

  addObject(seed: ObjectSeed, custom: boolean): ObjectDefinition {
    const { fields, ...rest } = seed;
    const object: ObjectDefinition = { ...rest, custom, fields: new Map(), validationRules: new Map() };
    for (const field of fields) object.fields.set(field.name.toLowerCase(), field);
    this.#objects.set(object.name.toLowerCase(), object);
    this.#prefixes.set(object.keyPrefix, object);
    this.version++;
    return object;
  }

  removeObject(name: string): void {
    const object = this.object(name);
    if (object === undefined) return;
    this.#objects.delete(object.name.toLowerCase());
    this.#prefixes.delete(object.keyPrefix);
    this.version++;
  }

  putField(object: ObjectDefinition, field: FieldDefinition): void {
    for (const target of field.referenceTo ?? []) {
      if (this.object(target) === undefined)
        throw new SalesforceError(
          'INVALID_FIELD',
          `referenceTo value of '${target}' does not resolve to a valid sObject type`,
        );
    }
    object.fields.set(field.name.toLowerCase(), field);
    this.version++;
  }

  removeField(object: ObjectDefinition, name: string): void {
    object.fields.delete(name.toLowerCase());
    this.version++;
  }
}

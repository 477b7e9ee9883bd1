import type { FieldDefinition, FieldType, ObjectSeed, PicklistValue } from './schema.ts';

/** Short forms for the table of standard objects, so that one line of the table is one field of the org. */

type Extra = Partial<Omit<FieldDefinition, 'name' | 'label' | 'type'>>;

const make =
  (type: FieldType, defaults: Extra = {}) =>
  (name: string, label: string, extra: Extra = {}): FieldDefinition => ({ name, label, type, ...defaults, ...extra });

export const readOnly = { createable: false, updateable: false } as const;
export const required = { required: true } as const;

const sized =
  (type: FieldType) =>
  (name: string, label: string, length: number, extra: Extra = {}) =>
    make(type, { length })(name, label, extra);

export const text = sized('string');
export const area = sized('textarea');
export const longArea = (name: string, label: string, length = 32_000, extra: Extra = {}): FieldDefinition =>
  area(name, label, length, { long: true, ...extra });
export const phone = make('phone', { length: 40 });
export const email = make('email', { length: 80 });
export const url = make('url', { length: 255 });
export const date = make('date');
export const dateTime = make('datetime');
export const checkbox = make('boolean', { defaultValue: false });
export const currency = make('currency', { precision: 18, scale: 2 });
export const percent = make('percent', { precision: 3, scale: 0 });
export const integer = make('int', { precision: 8, scale: 0 });
export const decimal = (name: string, label: string, precision: number, scale: number, extra: Extra = {}) =>
  make('double', { precision, scale })(name, label, extra);

export const picklist = (name: string, label: string, values: readonly (string | PicklistValue)[], extra: Extra = {}) =>
  make('picklist', {
    length: 255,
    picklist: values.map((value) => (typeof value === 'string' ? { value } : value)),
  })(name, label, extra);

/** @param to object or objects that the lookup may point at; the relation is the name without `Id`. */
export const lookup = (
  name: string,
  label: string,
  to: string | readonly string[],
  children?: string,
  extra: Extra = {},
) =>
  make('reference', {
    length: 18,
    referenceTo: typeof to === 'string' ? [to] : to,
    relationshipName: name.replace(/Id$/, ''),
    ...(children === undefined ? {} : { childRelationshipName: children }),
  })(name, label, extra);

/** The parts of an address field, and the compound field that shows them together. */
export const address = (prefix: string, label: string): readonly FieldDefinition[] => [
  area(`${prefix}Street`, `${label}Street`, 255),
  text(`${prefix}City`, `${label}City`, 40),
  text(`${prefix}State`, `${label}State/Province`, 80),
  text(`${prefix}PostalCode`, `${label}Zip/Postal Code`, 20),
  text(`${prefix}Country`, `${label}Country`, 80),
  make('address')(`${prefix}Address`, `${label}Address`, readOnly),
];

/** Fields that an org keeps by itself on every row. */
export const auditFields: readonly FieldDefinition[] = [
  { name: 'Id', label: 'Record ID', type: 'id', length: 18, ...readOnly },
  checkbox('IsDeleted', 'Deleted', readOnly),
  dateTime('CreatedDate', 'Created Date', readOnly),
  lookup('CreatedById', 'Created By ID', 'User', undefined, readOnly),
  dateTime('LastModifiedDate', 'Last Modified Date', readOnly),
  lookup('LastModifiedById', 'Last Modified By ID', 'User', undefined, readOnly),
  dateTime('SystemModstamp', 'System Modstamp', readOnly),
];

/** An object of the table: name, labels, key prefix, fields; every one has the audit fields. */
export const object = (
  name: string,
  labels: readonly [string, string],
  keyPrefix: string,
  fields: readonly FieldDefinition[],
): ObjectSeed => ({ name, label: labels[0], labelPlural: labels[1], keyPrefix, fields: [...auditFields, ...fields] });

/** An object that no client writes. */
export const setupObject = (...definition: Parameters<typeof object>): ObjectSeed => ({
  ...object(...definition),
  readOnly: true,
});

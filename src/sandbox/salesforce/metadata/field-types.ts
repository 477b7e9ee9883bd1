import { listOf } from '../http/soap-xml.ts';
import type { FieldDefinition, FieldType, PicklistValue } from '../org/schema.ts';
import { isJsonObject, type JsonObject } from '../records/record-input.ts';
import { isTrue, textIn } from './values.ts';

export interface TypeRule {
  readonly type: FieldType;
  readonly needs?: readonly string[];
  readonly extra?: (metadata: JsonObject) => Partial<FieldDefinition>;
}

const sized = (metadata: JsonObject) => ({ length: Number(metadata.length) });
const numeric = (metadata: JsonObject) => ({
  precision: Number(metadata.precision),
  scale: Number(metadata.scale),
});
const reference = (metadata: JsonObject): Partial<FieldDefinition> => ({
  length: 18,
  referenceTo: [String(metadata.referenceTo)],
  childRelationshipName: String(metadata.relationshipName),
});
const constraints: Readonly<Record<string, 'cascade' | 'restrict' | 'clear'>> = {
  Cascade: 'cascade',
  Restrict: 'restrict',
  SetNull: 'clear',
};

/** Field types of the metadata API, with what each must say. */
export const fieldTypes: Readonly<Record<string, TypeRule>> = {
  Text: { type: 'string', needs: ['length'], extra: sized },
  TextArea: { type: 'textarea', extra: () => ({ length: 255 }) },
  LongTextArea: {
    type: 'textarea',
    needs: ['length', 'visibleLines'],
    extra: (metadata) => ({ ...sized(metadata), long: true }),
  },
  Html: {
    type: 'textarea',
    needs: ['length', 'visibleLines'],
    extra: (metadata) => ({ ...sized(metadata), long: true }),
  },
  Picklist: { type: 'picklist', needs: ['valueSet'], extra: (metadata) => ({ length: 255, ...choices(metadata) }) },
  MultiselectPicklist: {
    type: 'multipicklist',
    needs: ['valueSet', 'visibleLines'],
    extra: (metadata) => ({ length: 4099, ...choices(metadata) }),
  },
  Checkbox: {
    type: 'boolean',
    needs: ['defaultValue'],
    extra: (metadata) => ({ defaultValue: isTrue(metadata.defaultValue) }),
  },
  Number: { type: 'double', needs: ['precision', 'scale'], extra: numeric },
  Currency: { type: 'currency', needs: ['precision', 'scale'], extra: numeric },
  Percent: { type: 'percent', needs: ['precision', 'scale'], extra: numeric },
  Date: { type: 'date' },
  DateTime: { type: 'datetime' },
  Email: { type: 'email', extra: () => ({ length: 80 }) },
  Phone: { type: 'phone', extra: () => ({ length: 40 }) },
  Url: { type: 'url', extra: () => ({ length: 255 }) },
  Lookup: {
    type: 'reference',
    needs: ['referenceTo', 'relationshipName'],
    extra: (metadata) => ({
      ...reference(metadata),
      onParentDelete: constraints[String(metadata.deleteConstraint)] ?? 'clear',
    }),
  },
  MasterDetail: {
    type: 'reference',
    needs: ['referenceTo', 'relationshipName'],
    extra: (metadata) => ({ ...reference(metadata), onParentDelete: 'cascade', required: true }),
  },
  AutoNumber: {
    type: 'string',
    extra: (metadata) => ({
      length: 30,
      autoNumber: textIn(metadata, 'displayFormat') ?? '{0}',
      createable: false,
      updateable: false,
    }),
  },
};

function choices(metadata: JsonObject): Partial<FieldDefinition> {
  const { valueSet } = metadata;
  const definition = isJsonObject(valueSet) ? valueSet.valueSetDefinition : undefined;
  const values = isJsonObject(definition) ? listOf(definition.value).filter(isJsonObject) : [];
  const picklist = values.map(
    (one): PicklistValue => ({
      value: String(one.fullName),
      label: textIn(one, 'label') ?? String(one.fullName),
      ...(isTrue(one.default) ? { isDefault: true } : {}),
      ...(one.isActive === 'false' ? { inactive: true } : {}),
    }),
  );
  return { picklist, ...(isJsonObject(valueSet) && isTrue(valueSet.restricted) ? { restricted: true } : {}) };
}

export function formulaExtras(type: FieldType, metadata: JsonObject, formula: string): Partial<FieldDefinition> {
  const scale = metadata.scale === undefined ? {} : { scale: Number(metadata.scale), precision: 18 };
  return { formula, createable: false, updateable: false, ...(type === 'string' ? { length: 1300 } : scale) };
}

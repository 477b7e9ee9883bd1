import type { Access } from '../org/access.ts';
import type { Org } from '../org/org.ts';
import type { FieldDefinition, FieldType, ObjectDefinition } from '../org/schema.ts';

const soapTypes: Readonly<Record<FieldType, string>> = {
  id: 'tns:ID',
  reference: 'tns:ID',
  string: 'xsd:string',
  textarea: 'xsd:string',
  picklist: 'xsd:string',
  multipicklist: 'xsd:string',
  email: 'xsd:string',
  phone: 'xsd:string',
  url: 'xsd:string',
  boolean: 'xsd:boolean',
  int: 'xsd:int',
  double: 'xsd:double',
  currency: 'xsd:double',
  percent: 'xsd:double',
  date: 'xsd:date',
  datetime: 'xsd:dateTime',
  address: 'urn:address',
};

const numberTypes = new Set<FieldType>(['double', 'currency', 'percent']);
const textTypes = new Set<FieldType>(['string', 'textarea', 'picklist', 'multipicklist', 'email', 'phone', 'url']);

function describeField(access: Access, object: ObjectDefinition, field: FieldDefinition): Record<string, unknown> {
  const computed = field.formula !== undefined || field.autoNumber !== undefined;
  const editable = !computed && field.type !== 'address' && access.editsField(object, field);
  const isText = textTypes.has(field.type) || field.type === 'id' || field.type === 'reference';
  const length = isText ? (field.length ?? 0) : 0;
  const defaulted =
    field.type === 'boolean' ||
    field.defaultValue !== undefined ||
    field.autoNumber !== undefined ||
    (field.picklist?.some((one) => one.isDefault) ?? false) ||
    ['Id', 'OwnerId', 'CreatedDate', 'CreatedById', 'LastModifiedDate', 'LastModifiedById', 'SystemModstamp'].includes(
      field.name,
    );
  const nillable = !(field.required || field.type === 'boolean' || field.type === 'id' || defaulted);
  return {
    aggregatable: !field.long,
    aiPredictionField: false,
    autoNumber: field.autoNumber !== undefined,
    byteLength: length * 3,
    calculated: field.formula !== undefined,
    calculatedFormula: field.formula ?? null,
    cascadeDelete: field.onParentDelete === 'cascade',
    caseSensitive: field.caseSensitive === true,
    compoundFieldName: null,
    controllerName: null,
    createable: editable && field.createable !== false,
    custom: field.custom === true,
    defaultValue: field.type === 'boolean' ? field.defaultValue === true : (field.defaultValue ?? null),
    defaultValueFormula: null,
    defaultedOnCreate: defaulted,
    dependentPicklist: false,
    deprecatedAndHidden: false,
    digits: field.type === 'int' ? (field.precision ?? 8) : 0,
    displayLocationInDecimal: false,
    encrypted: false,
    externalId: field.externalId === true,
    extraTypeInfo: field.type === 'textarea' ? 'plaintextarea' : null,
    filterable: !field.long,
    filteredLookupInfo: null,
    formulaTreatNullNumberAsZero: false,
    groupable: !field.long && !numberTypes.has(field.type) && field.type !== 'datetime',
    highScaleNumber: false,
    htmlFormatted: false,
    idLookup: field.type === 'id' || field.externalId === true || ['Name', 'Email', 'Username'].includes(field.name),
    inlineHelpText: field.help ?? null,
    label: field.label,
    length,
    mask: null,
    maskType: null,
    name: field.name,
    nameField: field.name === 'Name',
    namePointing: (field.referenceTo?.length ?? 0) > 1,
    nillable,
    permissionable: field.custom === true && !field.required,
    picklistValues: (field.picklist ?? []).map((one) => ({
      active: !one.inactive,
      defaultValue: one.isDefault === true,
      label: one.label ?? one.value,
      validFor: null,
      value: one.value,
    })),
    polymorphicForeignKey: (field.referenceTo?.length ?? 0) > 1,
    precision: numberTypes.has(field.type) ? (field.precision ?? 18) : 0,
    queryByDistance: false,
    referenceTargetField: null,
    referenceTo: field.referenceTo ?? [],
    relationshipName: field.relationshipName ?? null,
    relationshipOrder: null,
    restrictedDelete: field.onParentDelete === 'restrict',
    restrictedPicklist: field.restricted === true,
    scale: numberTypes.has(field.type) ? (field.scale ?? 0) : 0,
    searchPrefilterable: false,
    soapType: soapTypes[field.type],
    sortable: !field.long && field.type !== 'multipicklist' && field.type !== 'address',
    type: field.type,
    unique: field.unique === true,
    updateable: editable && field.updateable !== false,
    writeRequiresMasterRead: false,
  };
}

/** The entry of an object in `GET /sobjects`. */
export function describeSummary(access: Access, version: string, object: ObjectDefinition): Record<string, unknown> {
  const rights = access.object(object);
  const base = `/services/data/v${version}/sobjects/${object.name}`;
  return {
    activateable: false,
    associateEntityType: null,
    associateParentEntity: null,
    createable: rights.create,
    custom: object.custom,
    customSetting: false,
    deepCloneable: false,
    deletable: rights.delete,
    deprecatedAndHidden: false,
    feedEnabled: false,
    hasSubtypes: false,
    isInterface: false,
    isSubtype: false,
    keyPrefix: object.keyPrefix,
    label: object.label,
    labelPlural: object.labelPlural,
    layoutable: !object.readOnly,
    mergeable: ['Account', 'Contact', 'Lead'].includes(object.name),
    mruEnabled: false,
    name: object.name,
    queryable: rights.read,
    replicateable: rights.read,
    retrieveable: rights.read,
    searchable: rights.read,
    triggerable: !object.readOnly,
    undeletable: rights.delete,
    updateable: rights.edit,
    urls: { sobject: base, describe: `${base}/describe`, rowTemplate: `${base}/{ID}` },
  };
}

/** `GET /sobjects/T/describe`: only what the user may see. */
export function describeObject(org: Org, access: Access, version: string, object: ObjectDefinition) {
  const fields = [...object.fields.values()].filter((field) => access.readsField(object, field));
  const recordTypes = [...org.store.table('RecordType').values()].filter(
    (row) => row.values.SobjectType === object.name && row.values.IsDeleted !== true,
  );
  const master = {
    active: true,
    available: true,
    defaultRecordTypeMapping: recordTypes.length === 0,
    developerName: 'Master',
    master: true,
    name: 'Master',
    recordTypeId: '012000000000000AAA',
    urls: {},
  };
  return {
    ...describeSummary(access, version, object),
    actionOverrides: [],
    childRelationships: org.schema.children(object).map(({ name, child, field }) => ({
      cascadeDelete: field.onParentDelete === 'cascade',
      childSObject: child.name,
      deprecatedAndHidden: false,
      field: field.name,
      junctionIdListNames: [],
      junctionReferenceTo: [],
      relationshipName: name,
      restrictedDelete: field.onParentDelete === 'restrict',
    })),
    compactLayoutable: true,
    fields: fields.map((field) => describeField(access, object, field)),
    lookupLayoutable: null,
    namedLayoutInfos: [],
    networkScopeFieldName: null,
    recordTypeInfos: [
      ...recordTypes.map((row) => ({
        active: row.values.IsActive === true,
        available: true,
        defaultRecordTypeMapping: false,
        developerName: row.values.DeveloperName,
        master: false,
        name: row.values.Name,
        recordTypeId: row.id,
        urls: {},
      })),
      master,
    ],
    searchLayoutable: true,
    sobjectDescribeOption: 'FULL',
    supportedScopes: [{ label: 'Everything', name: 'everything' }],
  };
}

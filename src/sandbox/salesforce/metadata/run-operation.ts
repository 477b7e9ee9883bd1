import type { StandInParts } from '../http/http-messages.ts';
import { listOf, textOf, withoutAttributes } from '../http/soap-xml.ts';
import type { Access } from '../org/access.ts';
import type { Org } from '../org/org.ts';
import { SalesforceError } from '../org/salesforce-error.ts';
import { isJsonObject, type JsonObject } from '../records/record-input.ts';
import { putField, removeField } from './fields.ts';
import { putObject, removeObject } from './objects.ts';
import { putPermissionSet, removePermissionSet } from './permissions.ts';
import { putValidationRule, removeRule } from './rules.ts';
import { splitName } from './values.ts';

interface Kind {
  readonly exists: (org: Org, fullName: string) => boolean;
  readonly put: (org: Org, fullName: string, metadata: JsonObject, userId: string) => void;
  readonly remove: (org: Org, fullName: string) => void;
}

const stored = (type: string): Kind => ({
  exists: (org, fullName) => org.components(type).has(fullName),
  put: (org, fullName, metadata) => org.putComponent(type, fullName, metadata),
  remove: (org, fullName) => org.putComponent(type, fullName, null),
});

/** Types that change how the org behaves; all others are only kept. */
const kinds: Readonly<Record<string, Kind>> = {
  CustomObject: { exists: (org, name) => org.schema.object(name) !== undefined, put: putObject, remove: removeObject },
  CustomField: {
    exists: (org, fullName) => {
      const [objectName, name] = splitName(fullName);
      const object = org.schema.object(objectName);
      return object !== undefined && org.schema.field(object, name) !== undefined;
    },
    put: putField,
    remove: removeField,
  },
  ValidationRule: {
    exists: (org, fullName) => {
      const [objectName, name] = splitName(fullName);
      return org.schema.object(objectName)?.validationRules.has(name.toLowerCase()) ?? false;
    },
    put: putValidationRule,
    remove: removeRule,
  },
  PermissionSet: { ...stored('PermissionSet'), put: putPermissionSet, remove: removePermissionSet },
};

const keptTypes = [
  'CompactLayout',
  'CustomApplication',
  'CustomLabel',
  'CustomPermission',
  'CustomTab',
  'FlexiPage',
  'Flow',
  'GlobalValueSet',
  'Layout',
  'ListView',
  'Profile',
  'QuickAction',
  'RecordType',
  'RemoteSiteSetting',
  'Report',
  'WebLink',
];

function kindOf(type: string): Kind {
  const kind = kinds[type] ?? (keptTypes.includes(type) ? stored(type) : undefined);
  if (kind === undefined)
    throw new SalesforceError('INVALID_TYPE', `This type of metadata is not available for this organization: ${type}`);
  return kind;
}

/** Runs a metadata operation. @returns one `result` element for each entry. @throws SalesforceError as a SOAP fault. */
export function metadataOperation(
  parts: StandInParts,
  access: Access,
  operation: string,
  content: JsonObject,
): readonly unknown[] {
  const { org, usage } = parts;
  demandAdministrator(access);
  switch (operation) {
    case 'createMetadata':
    case 'updateMetadata':
    case 'upsertMetadata': {
      const components = listOf(content.metadata).filter(isJsonObject);
      checkCount(components.length, usage.settings.metadataComponents);
      return components.map((one) => saveComponent(org, access.userId, operation, one));
    }
    case 'deleteMetadata': {
      const names = listOf(content.fullNames).map((name) => textOf(name) ?? '');
      checkCount(names.length, usage.settings.metadataComponents);
      return names.map((name) => removeComponent(org, textOf(content.type) ?? '', name));
    }
    case 'readMetadata': {
      const type = textOf(content.type) ?? '';
      kindOf(type);
      const names = listOf(content.fullNames).map((name) => textOf(name) ?? '');
      return [{ records: names.map((name) => readComponent(org, type, name)) }];
    }
    case 'listMetadata':
      return listOf(content.queries)
        .filter(isJsonObject)
        .flatMap((one) => listComponents(org, access.userId, textOf(one.type) ?? ''));
    case 'describeMetadata':
      return [
        {
          metadataObjects: [...Object.keys(kinds), ...keptTypes].map((xmlName) => ({ xmlName, inFolder: false })),
          organizationNamespace: '',
          partialSaveAllowed: true,
          testRequired: false,
        },
      ];
    default:
      throw new SalesforceError('INVALID_OPERATION', `${operation} is not served by this stand-in`);
  }
}

function demandAdministrator(access: Access): void {
  if (!access.administrator)
    throw new SalesforceError(
      'INSUFFICIENT_ACCESS',
      'use of the Metadata API requires a user with the ModifyAllData or ModifyMetadata permissions',
    );
}

/** Creates one custom field. @throws SalesforceError DUPLICATE_DEVELOPER_NAME when it is there. */
export function saveField(org: Org, access: Access, fullName: string, metadata: JsonObject): void {
  demandAdministrator(access);
  if (kinds.CustomField?.exists(org, fullName)) throw alreadyThere('CustomField', fullName);
  putField(org, fullName, metadata);
}

function checkCount(count: number, most: number): void {
  if (count > most)
    throw new SalesforceError(
      'EXCEEDED_ID_LIMIT',
      `record limit reached. cannot submit more than ${most} records in this operation`,
    );
}

function saveComponent(org: Org, userId: string, operation: string, raw: JsonObject): unknown {
  const type = String(raw['@type'] ?? '').replace(/^.*:/, '');
  const metadata = withoutAttributes(raw) as JsonObject;
  const fullName = String(metadata.fullName ?? '');
  try {
    const kind = kindOf(type);
    const exists = kind.exists(org, fullName);
    if (operation === 'createMetadata' && exists) throw alreadyThere(type, fullName);
    if (operation === 'updateMetadata' && !exists) throw notFound(type, fullName);
    kind.put(org, fullName, metadata, userId);
    return { ...(operation === 'upsertMetadata' ? { created: !exists } : {}), fullName, success: true };
  } catch (error) {
    return failed(error, fullName);
  }
}

function removeComponent(org: Org, type: string, fullName: string): unknown {
  try {
    const kind = kindOf(type);
    if (!kind.exists(org, fullName)) throw notFound(type, fullName);
    kind.remove(org, fullName);
    return { fullName, success: true };
  } catch (error) {
    return failed(error, fullName);
  }
}

function failed(error: unknown, fullName: string): unknown {
  if (!(error instanceof SalesforceError)) throw error;
  const fields = (error.fields ?? []).length === 0 ? {} : { fields: error.fields };
  return { errors: { ...fields, message: error.message, statusCode: error.code }, fullName, success: false };
}

function alreadyThere(type: string, fullName: string): SalesforceError {
  const [object, name] = splitName(fullName);
  const message =
    type === 'CustomField'
      ? `There is already a field named ${name.replace(/__c$/, '')} on ${object}.`
      : `The ${type} named ${fullName} is already in use.`;
  return new SalesforceError('DUPLICATE_DEVELOPER_NAME', message);
}

const notFound = (type: string, fullName: string) =>
  new SalesforceError('INVALID_CROSS_REFERENCE_KEY', `In field: fullName - no ${type} named ${fullName} found`);

function readComponent(org: Org, type: string, fullName: string): unknown {
  const metadata = org.components(type).get(fullName);
  if (metadata !== undefined) return { '@xsi:type': type, ...metadata, fullName, ...nested(org, type, fullName) };
  const object = type === 'CustomObject' ? org.schema.object(fullName) : undefined;
  if (object === undefined) return null;
  return {
    '@xsi:type': type,
    fullName,
    label: object.label,
    pluralLabel: object.labelPlural,
    ...nested(org, type, fullName),
  };
}

/** An object is read with its custom fields and rules. */
function nested(org: Org, type: string, fullName: string): Record<string, unknown> {
  if (type !== 'CustomObject') return {};
  const own = (kind: string) =>
    [...org.components(kind)]
      .filter(([name]) => splitName(name)[0] === fullName)
      .map(([name, metadata]) => ({ ...metadata, fullName: splitName(name)[1] }));
  return { fields: own('CustomField'), validationRules: own('ValidationRule') };
}

function listComponents(org: Org, userId: string, type: string): unknown[] {
  kindOf(type);
  const names = new Set(org.components(type).keys());
  if (type === 'CustomObject') for (const object of org.schema.objects()) names.add(object.name);
  return [...names].map((fullName) => ({
    createdById: userId,
    createdByName: 'Administrator',
    createdDate: '2026-01-01T00:00:00.000Z',
    fileName: `${type}/${fullName}`,
    fullName,
    id: '',
    lastModifiedById: userId,
    lastModifiedByName: 'Administrator',
    lastModifiedDate: '2026-01-01T00:00:00.000Z',
    manageableState: 'unmanaged',
    namespacePrefix: '',
    type,
  }));
}

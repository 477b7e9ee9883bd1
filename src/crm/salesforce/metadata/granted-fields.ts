import type { MappedPath } from '../check/finding.ts';
import {
  createDescribeCache,
  type DescribeCache,
  type DescribedField,
  type DescribedObject,
} from '../describe-cache.ts';
import { sobjectOf } from '../find-records.ts';
import type { SalesforceSession } from '../session.ts';

export interface FieldGrant {
  /** `Opportunity.NextStep`; for the parts of an address the address itself, which carries their permission. */
  readonly field: string;
  readonly editable: boolean;
}

/** Permissions on setup objects come with the API licence and are not granted by field. */
const ungranted = new Set(['User', 'Group', 'RecordType', 'Profile']);

/**
 * The field permissions that the mapping needs on fields that the org has already. Fields that everybody sees, such as
 * required ones, take no permission and are left out.
 */
export async function grantsForMapping(
  session: SalesforceSession,
  paths: readonly MappedPath[],
): Promise<readonly FieldGrant[]> {
  const cache = createDescribeCache(session, Date.now);
  const grants = new Map<string, FieldGrant>();
  for (const path of paths) {
    const found = await fieldAt(cache, path);
    if (found === null || ungranted.has(found.object.name) || !takesPermission(found.field)) continue;
    const compound = found.field.compoundFieldName;
    const name = `${found.object.name}.${compound && compound !== 'Name' ? compound : found.field.name}`;
    const direct = !path.path.includes('.');
    const editable = (direct && path.access === 'write') || grants.get(name)?.editable === true;
    grants.set(name, { field: name, editable });
  }
  return [...grants.values()];
}

async function fieldAt(
  cache: DescribeCache,
  { object, path }: MappedPath,
): Promise<{ readonly object: DescribedObject; readonly field: DescribedField } | null> {
  const names = path.split('.');
  let described = await cache.describe(sobjectOf[object]);
  for (const relation of names.slice(0, -1)) {
    const fields = described === null ? [] : [...described.fields.values()];
    const lookup = fields.find((field) => field.relationshipName?.toLowerCase() === relation.toLowerCase());
    const target = lookup?.referenceTo?.[0];
    described = target === undefined ? null : await cache.describe(target);
  }
  const field = described?.fields.get((names.at(-1) ?? '').toLowerCase());
  return described === null || field === undefined ? null : { object: described, field };
}

function takesPermission(field: DescribedField): boolean {
  const everybodySees = !field.nillable || ['id', 'boolean'].includes(field.type) || field.compoundFieldName === 'Name';
  return field.permissionable === true || !everybodySees;
}

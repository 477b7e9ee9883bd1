import type { MappedPath } from '../check/finding.ts';
import { createDescribeCache, type DescribeCache, type DescribedField } from '../describe-cache.ts';
import { sobjectOf } from '../record-objects.ts';
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
    // The last field is what the path is about; before it come the lookups that lead there, which are only read.
    const fields = await fieldsAlong(cache, path);
    for (const [position, { object, field }] of fields.entries()) {
      if (ungranted.has(object) || !takesPermission(field)) continue;
      const compound = field.compoundFieldName;
      const name = `${object}.${compound && compound !== 'Name' ? compound : field.name}`;
      const written =
        path.access === 'create'
          ? position === fields.length - 1
          : position === 0 && fields.length === 1 && path.access === 'write';
      grants.set(name, { field: name, editable: written || grants.get(name)?.editable === true });
    }
  }
  return [...grants.values()];
}

interface FieldOfObject {
  readonly object: string;
  readonly field: DescribedField;
}

/** The fields that a path walks along, as far as the org has them. */
async function fieldsAlong(cache: DescribeCache, { object, path }: MappedPath): Promise<readonly FieldOfObject[]> {
  const names = path.split('.');
  const found: FieldOfObject[] = [];
  let described = await cache.describe(sobjectOf[object]);
  for (const [position, name] of names.entries()) {
    if (described === null) return found;
    const last = position === names.length - 1;
    const field = last
      ? described.fields.get(name.toLowerCase())
      : [...described.fields.values()].find((one) => one.relationshipName?.toLowerCase() === name.toLowerCase());
    if (field === undefined) return found;
    found.push({ object: described.name, field });
    const target = field.referenceTo?.[0];
    if (!last) described = target === undefined ? null : await cache.describe(target);
  }
  return found;
}

function takesPermission(field: DescribedField): boolean {
  const everybodySees = !field.nillable || ['id', 'boolean'].includes(field.type) || field.compoundFieldName === 'Name';
  return field.permissionable === true || !everybodySees;
}

import type { MappedPath } from '../check/finding.ts';
import { createDescribeCache, type DescribedField } from '../describe-cache.ts';
import { sobjectOf } from '../record-objects.ts';
import type { SalesforceSession } from '../session.ts';
import { walkPath } from '../walk-path.ts';

export interface FieldGrant {
  /** `Opportunity.NextStep`; for the parts of an address the address itself, which carries their permission. */
  readonly field: string;
  readonly editable: boolean;
}

/** Permissions on setup objects come with the API licence and are not granted by field. */
const ungranted = new Set(['User', 'Group', 'RecordType', 'Profile']);

/** Objects whose standard fields are seen by those who see the opportunity, so that only their custom fields are granted. */
const belowOpportunity = new Set(['OpportunityContactRole', 'OpportunityLineItem']);

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
    const { steps: fields, children } = await walkPath(cache, sobjectOf[path.object], path.path);
    for (const [position, { object, field }] of fields.entries()) {
      if (belowOpportunity.has(object.name) && field.permissionable !== true) continue;
      if (ungranted.has(object.name) || !takesPermission(field)) continue;
      const compound = field.compoundFieldName;
      const name = `${object.name}.${compound && compound !== 'Name' ? compound : field.name}`;
      const written =
        path.access === 'create'
          ? position === fields.length - 1
          : position === 0 && fields.length === 1 && children === null && path.access === 'write';
      grants.set(name, { field: name, editable: written || grants.get(name)?.editable === true });
    }
  }
  return [...grants.values()];
}

function takesPermission(field: DescribedField): boolean {
  const everybodySees = !field.nillable || ['id', 'boolean'].includes(field.type) || field.compoundFieldName === 'Name';
  return field.permissionable === true || !everybodySees;
}

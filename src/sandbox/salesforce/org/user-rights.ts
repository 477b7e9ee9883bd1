import type { PermissionSetMetadata, ProfileKind } from './access.ts';
import type { Store } from './store.ts';

const kinds: Readonly<Record<string, ProfileKind>> = {
  'System Administrator': 'administrator',
  'Standard User': 'standard',
};

/** What a user's profile gives; every profile but two gives nothing by itself. */
export function profileOf(store: Store, userId: string): ProfileKind {
  const profileId = store.get('User', userId)?.values.ProfileId;
  const name = typeof profileId === 'string' ? store.get('Profile', profileId)?.values.Name : null;
  return kinds[String(name)] ?? 'apiOnly';
}

/** The permission sets assigned to a user, as the metadata API keeps them. */
export function permissionSetsOf(
  store: Store,
  metadata: ReadonlyMap<string, PermissionSetMetadata>,
  userId: string,
): PermissionSetMetadata[] {
  const found = [];
  for (const assignment of store.table('PermissionSetAssignment').values()) {
    if (assignment.values.AssigneeId !== userId || assignment.values.IsDeleted === true) continue;
    const set = store.get('PermissionSet', String(assignment.values.PermissionSetId));
    const component = set && metadata.get(String(set.values.Name));
    if (component !== undefined) found.push(component);
  }
  return found;
}

import type { MappedPath } from '../check/finding.ts';
import type { SalesforceSession } from '../session.ts';
import type { Component } from './component.ts';
import type { DeployDraft } from './deploy-report.ts';
import { type FieldGrant, grantsForMapping } from './granted-fields.ts';
import { failureOf, metadataOf, nameOf } from './metadata-calls.ts';
import { integrationPermissionSet } from './permission-sets.ts';

/** Adds to permission sets that are there what the data model has in addition; takes nothing away. */
export async function grantMissing(
  session: SalesforceSession,
  part: readonly Component[],
  existing: ReadonlyMap<string, object>,
  report: DeployDraft,
): Promise<void> {
  for (const component of part) {
    const found = existing.get(component.fullName);
    if (found === undefined) continue;
    const fields = union(found, component, 'fieldPermissions', 'field');
    const objects = union(found, component, 'objectPermissions', 'object');
    if (fields.added.length + objects.added.length === 0) continue;
    const merged = whole(found, { fieldPermissions: fields.all, objectPermissions: objects.all });
    const code = await update(session, merged);
    if (code === null) {
      report.granted.push(...[...fields.added, ...objects.added].map((name) => `${component.fullName}: ${name}`));
    } else {
      report.failed.push({ name: nameOf(component), code, required: true });
    }
  }
}

/**
 * Grants the integration user what the mapping reads and writes. One field that takes no permission must not keep the
 * others from theirs, so a refused call is repeated field by field.
 */
export async function grantMapping(
  session: SalesforceSession,
  paths: readonly MappedPath[],
  dryRun: boolean,
  report: DeployDraft,
): Promise<void> {
  const grants = await grantsForMapping(session, paths);
  const [set] = await session.call('read PermissionSet', (connection) =>
    metadataOf(connection).read('PermissionSet', [integrationPermissionSet]),
  );
  // In a dry run on a new org the set is not there yet.
  if (set === undefined || Reflect.get(set, 'fullName') !== integrationPermissionSet) return;
  const there = asList(Reflect.get(set, 'fieldPermissions'));
  const rights = new Map(
    there.map((entry) => [String(Reflect.get(entry, 'field')), String(Reflect.get(entry, 'editable'))]),
  );
  const wanted = grants.filter(
    ({ field, editable }) => !rights.has(field) || (editable && rights.get(field) !== 'true'),
  );
  if (wanted.length === 0) return;
  if (dryRun) {
    report.missing.push(...wanted.map(({ field }) => `field permission ${field}`));
    return;
  }
  const names = new Set(wanted.map(({ field }) => field));
  const kept = there.filter((entry) => !names.has(String(Reflect.get(entry, 'field'))));
  const give = async (some: readonly FieldGrant[]): Promise<string | null> => {
    const fieldPermissions = [...kept, ...some.map(({ field, editable }) => ({ field, readable: true, editable }))];
    const code = await update(session, whole(set, { fieldPermissions }));
    if (code !== null) return code;
    kept.push(...some.map(({ field, editable }) => ({ field, readable: true, editable })));
    report.granted.push(...some.map(({ field }) => `${integrationPermissionSet}: ${field}`));
    return null;
  };
  if ((await give(wanted)) === null) return;
  for (const grant of wanted) {
    const code = await give([grant]);
    if (code !== null) report.failed.push({ name: `field permission ${grant.field}`, code, required: false });
  }
}

async function update(session: SalesforceSession, permissionSet: object): Promise<string | null> {
  const [answer] = await session.call('update PermissionSet', (connection) =>
    metadataOf(connection).update('PermissionSet', [permissionSet]),
  );
  return failureOf(answer);
}

/** An update replaces the whole permission set (since API version 40.0), so all that is there goes along. */
function whole(found: object, changes: Readonly<Record<string, readonly object[]>>): object {
  const kept = Object.entries(found).filter(
    ([name, value]) => name !== '$' && value !== null && value !== undefined && value !== '',
  );
  return { ...Object.fromEntries(kept), ...changes };
}

/** What the org has, and what the data model has in addition. */
function union(found: object, component: Component, list: string, key: string) {
  const there = asList(Reflect.get(found, list));
  const names = new Set(there.map((entry) => String(Reflect.get(entry, key))));
  const added = asList(component.body[list]).filter((entry) => !names.has(String(Reflect.get(entry, key))));
  return { all: [...there, ...added], added: added.map((entry) => String(Reflect.get(entry, key))) };
}

function asList(value: unknown): object[] {
  return [value].flat().filter((entry): entry is object => typeof entry === 'object' && entry !== null);
}

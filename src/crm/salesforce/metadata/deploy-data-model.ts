import type { MappedPath } from '../check/finding.ts';
import { type QueryRow, query, textAt } from '../query.ts';
import type { SalesforceSession } from '../session.ts';
import { isOneOf, literal } from '../soql.ts';
import { commonPaths } from './common-paths.ts';
import type { Component, ComponentType, MetadataValue } from './component.ts';
import { dataModelComponents } from './data-model-components.ts';
import { type FieldGrant, grantsForMapping } from './granted-fields.ts';
import { integrationPermissionSet } from './permission-sets.ts';

export interface DeployOptions {
  /** Reads and plans, changes nothing. */
  readonly dryRun: boolean;
  /** User name of the integration user, who gets the integration permission set. */
  readonly integrationUser?: string;
  /** Paths of the mapping: the integration permission set gets the field permissions they need. @default commonPaths */
  readonly paths?: readonly MappedPath[];
  readonly components?: readonly Component[];
  readonly onProgress?: (line: string) => void;
}

export interface DeployReport {
  /** Created now, or to be created when the run was dry. */
  readonly missing: readonly string[];
  readonly present: readonly string[];
  /** There, but not as the data model has it; left as it is. */
  readonly different: readonly { readonly name: string; readonly property: string }[];
  /** Permissions added to permission sets that were there already. */
  readonly granted: readonly string[];
  readonly failed: readonly { readonly name: string; readonly code: string; readonly required: boolean }[];
  /** Whether the integration user has the permission set now; null when no user was named. */
  readonly assigned: boolean | null;
}

/** The report while it is written. */
interface Report {
  readonly missing: string[];
  readonly present: string[];
  readonly different: { name: string; property: string }[];
  readonly granted: string[];
  readonly failed: { name: string; code: string; required: boolean }[];
}

/** The metadata API takes at most 10 components in one call (EXCEEDED_ID_LIMIT). */
const componentsPerCall = 10;

/** What the sync uses of jsforce's metadata API, without its types by component. */
interface MetadataCalls {
  read(type: string, fullNames: string[]): Promise<object[]>;
  create(type: string, metadata: object[]): Promise<SaveAnswer[]>;
  update(type: string, metadata: object[]): Promise<SaveAnswer[]>;
}

interface SaveAnswer {
  readonly fullName: string;
  readonly success: boolean;
  readonly errors?: { readonly statusCode?: string } | readonly { readonly statusCode?: string }[];
}

/**
 * Creates what the org lacks of the data model, in an administrator's session. Never changes what is there, with one
 * exception: permission sets of ace-sync's own get the permissions they lack, since a new field is invisible until then.
 * @throws AceSyncError for faults of the connection. What one component fails on is in the report.
 */
export async function deployDataModel(session: SalesforceSession, options: DeployOptions): Promise<DeployReport> {
  const components = options.components ?? dataModelComponents();
  const report: Report = { missing: [], present: [], different: [], granted: [], failed: [] };
  for (const part of slices(components)) {
    const type = part[0]?.type;
    if (type === undefined) continue;
    const existing = await readExisting(session, type, part);
    const missing = part.filter((component) => !existing.has(component.fullName));
    report.missing.push(...missing.map(nameOf));
    for (const component of part) {
      const found = existing.get(component.fullName);
      if (found === undefined) continue;
      report.present.push(nameOf(component));
      const property = differingProperty(component, found);
      if (property !== null) report.different.push({ name: nameOf(component), property });
    }
    if (options.dryRun) continue;
    report.failed.push(...(await create(session, type, missing)));
    if (type === 'PermissionSet') await grantMissing(session, part, existing, report);
    if (missing.length > 0) options.onProgress?.(`${type}: ${missing.length} created`);
  }
  await grantMapping(session, options.paths ?? commonPaths, options.dryRun, report);
  const assigned =
    options.integrationUser === undefined ? null : await assign(session, options.integrationUser, options.dryRun);
  return { ...report, assigned };
}

function nameOf(component: Component): string {
  return `${component.type} ${component.fullName}`;
}

function* slices(components: readonly Component[]): Generator<readonly Component[]> {
  let part: Component[] = [];
  for (const component of components) {
    if (part.length === componentsPerCall || (part[0] !== undefined && part[0].type !== component.type)) {
      yield part;
      part = [];
    }
    part.push(component);
  }
  if (part.length > 0) yield part;
}

async function readExisting(
  session: SalesforceSession,
  type: ComponentType,
  part: readonly Component[],
): Promise<ReadonlyMap<string, object>> {
  const records = await session.call(`read ${type}`, (connection) => {
    const calls: MetadataCalls = connection.metadata;
    return calls.read(
      type,
      part.map((component) => component.fullName),
    );
  });
  // What is not there comes as an empty record.
  const named = records.flatMap((record): [string, object][] => {
    const name: unknown = Reflect.get(record, 'fullName');
    return typeof name === 'string' && name !== '' ? [[name, record]] : [];
  });
  return new Map(named);
}

async function create(session: SalesforceSession, type: ComponentType, missing: readonly Component[]) {
  if (missing.length === 0) return [];
  const answers = await session.call(`create ${type}`, (connection) => {
    const calls: MetadataCalls = connection.metadata;
    return calls.create(
      type,
      missing.map((component) => ({ fullName: component.fullName, ...component.body })),
    );
  });
  return missing.flatMap((component, index) => {
    const answer = answers[index];
    const code = answer === undefined ? 'NO_ANSWER' : codeOf(answer);
    // Somebody else created it between our look and our call.
    if (answer?.success === true || code === 'DUPLICATE_DEVELOPER_NAME') return [];
    return [{ name: nameOf(component), code, required: component.required }];
  });
}

function codeOf(answer: SaveAnswer): string {
  const errors: readonly { readonly statusCode?: string }[] = answer.errors === undefined ? [] : [answer.errors].flat();
  return errors[0]?.statusCode ?? 'UNKNOWN';
}

/** Properties whose difference would break the sync; labels and help texts are the org's to change. */
const comparedProperties = [
  'type',
  'length',
  'externalId',
  'unique',
  'formula',
  'errorConditionFormula',
  'referenceTo',
  'active',
];

function differingProperty(component: Component, found: object): string | null {
  const differs = comparedProperties.find((property) => {
    const wanted = component.body[property];
    const is: unknown = Reflect.get(found, property);
    if (wanted === undefined || is === undefined || is === null) return false;
    // A longer text field is no harm.
    if (property === 'length') return Number(is) < Number(wanted);
    return String(is).replace(/\s+/g, ' ') !== String(wanted);
  });
  return differs ?? null;
}

async function grantMissing(
  session: SalesforceSession,
  part: readonly Component[],
  existing: ReadonlyMap<string, object>,
  report: Report,
): Promise<void> {
  for (const component of part) {
    const found = existing.get(component.fullName);
    if (found === undefined) continue;
    const fields = union(found, component, 'fieldPermissions', 'field');
    const objects = union(found, component, 'objectPermissions', 'object');
    if (fields.added.length + objects.added.length === 0) continue;
    const merged = whole(found, { fieldPermissions: fields.all, objectPermissions: objects.all });
    const [answer] = await session.call('update PermissionSet', (connection) => {
      const calls: MetadataCalls = connection.metadata;
      return calls.update('PermissionSet', [merged]);
    });
    if (answer?.success === true) {
      report.granted.push(...[...fields.added, ...objects.added].map((name) => `${component.fullName}: ${name}`));
    } else {
      report.failed.push({
        name: nameOf(component),
        code: answer === undefined ? 'NO_ANSWER' : codeOf(answer),
        required: true,
      });
    }
  }
}

/**
 * Grants the integration user what the mapping reads and writes. One field that takes no permission must not keep the
 * others from theirs, so a refused call is repeated field by field.
 */
async function grantMapping(
  session: SalesforceSession,
  paths: readonly MappedPath[],
  dryRun: boolean,
  report: Report,
): Promise<void> {
  const grants = await grantsForMapping(session, paths);
  const [set] = await session.call('read PermissionSet', (connection) => {
    const calls: MetadataCalls = connection.metadata;
    return calls.read('PermissionSet', [integrationPermissionSet]);
  });
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
    const merged = whole(set, { fieldPermissions });
    const [answer] = await session.call('update PermissionSet', (connection) => {
      const calls: MetadataCalls = connection.metadata;
      return calls.update('PermissionSet', [merged]);
    });
    if (answer?.success !== true) return answer === undefined ? 'NO_ANSWER' : codeOf(answer);
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

function asList(value: MetadataValue | unknown): object[] {
  return [value].flat().filter((entry): entry is object => typeof entry === 'object' && entry !== null);
}

async function assign(session: SalesforceSession, username: string, dryRun: boolean): Promise<boolean> {
  const [user] = await query(session, 'query of User', `SELECT Id FROM User WHERE Username = ${literal(username)}`);
  const sets = await query(
    session,
    'query of PermissionSet',
    `SELECT Id FROM PermissionSet WHERE Name = ${literal(integrationPermissionSet)}`,
  );
  const userId = idOf(user);
  const setId = idOf(sets[0]);
  if (userId === null || setId === null) return false;
  const condition = `${isOneOf('AssigneeId', [userId])} AND ${isOneOf('PermissionSetId', [setId])}`;
  const there = await query(
    session,
    'query of PermissionSetAssignment',
    `SELECT Id FROM PermissionSetAssignment WHERE ${condition}`,
  );
  if (there.length > 0) return true;
  if (dryRun) return false;
  await session.call('create PermissionSetAssignment', (connection) =>
    connection.requestPost('/sobjects/PermissionSetAssignment', { AssigneeId: userId, PermissionSetId: setId }),
  );
  return true;
}

function idOf(row: QueryRow | undefined): string | null {
  return row === undefined ? null : textAt(row, 'Id');
}

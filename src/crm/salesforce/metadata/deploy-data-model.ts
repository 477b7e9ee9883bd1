import type { MappedPath } from '../check/finding.ts';
import type { SalesforceSession } from '../session.ts';
import { assignIntegrationUser } from './assign-permission-set.ts';
import { commonPaths } from './common-paths.ts';
import type { Component, ComponentType } from './component.ts';
import { dataModelComponents } from './data-model-components.ts';
import type { DeployDraft, DeployFailure, DeployReport } from './deploy-report.ts';
import { grantMapping, grantMissing } from './grant-permissions.ts';
import { failureOf, metadataOf, nameOf } from './metadata-calls.ts';

export type { DeployReport } from './deploy-report.ts';

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

/** The metadata API takes at most 10 components in one call (EXCEEDED_ID_LIMIT). */
const componentsPerCall = 10;

/**
 * Creates what the org lacks of the data model, in an administrator's session. Never changes what is there, with one
 * exception: permission sets of ace-sync's own get the permissions they lack, since a new field is invisible until then.
 * @throws AceSyncError for faults of the connection. What one component fails on is in the report.
 */
export async function deployDataModel(session: SalesforceSession, options: DeployOptions): Promise<DeployReport> {
  const components = options.components ?? dataModelComponents();
  const report: DeployDraft = { missing: [], present: [], different: [], granted: [], failed: [] };
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
    report.failed.push(...(await fillLayouts(session, part, existing, report.missing)));
    if (type === 'PermissionSet') await grantMissing(session, part, existing, report);
    if (missing.length > 0) options.onProgress?.(`${type}: ${missing.length} created`);
  }
  await grantMapping(session, options.paths ?? commonPaths, options.dryRun, report);
  if (options.integrationUser === undefined) return { ...report, assigned: null };
  const assigned = await assignIntegrationUser(session, options.integrationUser, options.dryRun);
  if (typeof assigned === 'boolean') return { ...report, assigned };
  report.failed.push({ name: 'assignment of the integration permission set', code: assigned.code, required: true });
  return { ...report, assigned: false };
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
  const names = part.map((component) => component.fullName);
  const records = await session.call(`read ${type}`, (connection) => metadataOf(connection).read(type, names));
  // What is not there comes as an empty record.
  const named = records.flatMap((record): [string, object][] => {
    const name: unknown = Reflect.get(record, 'fullName');
    return typeof name === 'string' && name !== '' ? [[name, record]] : [];
  });
  return new Map(named);
}

async function create(
  session: SalesforceSession,
  type: ComponentType,
  missing: readonly Component[],
): Promise<readonly DeployFailure[]> {
  if (missing.length === 0) return [];
  const bodies = missing.map((component) => ({ fullName: component.fullName, ...component.body }));
  const answers = await session.call(`create ${type}`, (connection) => metadataOf(connection).create(type, bodies));
  const refused = missing.flatMap((component, index) => {
    const code = failureOf(answers[index]);
    return code === null ? [] : [{ component, code }];
  });
  const taken = refused.flatMap(({ component, code }) => (code === 'DUPLICATE_DEVELOPER_NAME' ? [component] : []));
  const found = taken.length === 0 ? new Map<string, object>() : await readExisting(session, type, taken);
  return refused.flatMap(({ component, code }) => {
    const failure = { name: nameOf(component), code, required: component.required };
    if (code !== 'DUPLICATE_DEVELOPER_NAME') return [failure];
    const detail = whyNotOurs(component, found.get(component.fullName));
    return detail === null ? [] : [{ ...failure, detail }];
  });
}

/**
 * A name that is taken is fine when somebody else created the same between our look and our call. Otherwise something
 * else holds it: a deleted field keeps its name until it is erased, a relationship has names of its own.
 */
function whyNotOurs(component: Component, found: object | undefined): string | null {
  if (found === undefined) return 'something else of the org holds this name, such as a deleted field';
  const property = differingProperty(component, found);
  return property === null ? null : `what is there differs in ${property}`;
}

/** The empty layout that came with an object of this very run is ours to fill; an older one is people's. */
async function fillLayouts(
  session: SalesforceSession,
  part: readonly Component[],
  existing: ReadonlyMap<string, object>,
  created: readonly string[],
): Promise<DeployDraft['failed']> {
  const ours = part.filter(
    ({ fullName, ofObject }) =>
      ofObject !== undefined && existing.has(fullName) && created.includes(`CustomObject ${ofObject}`),
  );
  if (ours.length === 0) return [];
  const bodies = ours.map(({ fullName, body }) => ({ fullName, ...body }));
  const answers = await session.call('update Layout', (connection) => metadataOf(connection).update('Layout', bodies));
  return ours.flatMap((component, index) => {
    const code = failureOf(answers[index]);
    return code === null ? [] : [{ name: nameOf(component), code, required: false }];
  });
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
    if (wanted === undefined) return false;
    // Salesforce leaves out flags that are off.
    if (is === undefined || is === null) return wanted === true;
    // A longer text field is no harm.
    if (property === 'length') return Number(is) < Number(wanted);
    return String(is).replace(/\s+/g, ' ') !== String(wanted);
  });
  return differs ?? null;
}

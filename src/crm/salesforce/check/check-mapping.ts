import type { DescribeCache, DescribedField, DescribedObject } from '../describe-cache.ts';
import { sobjectOf } from '../record-objects.ts';
import { walkPath } from '../walk-path.ts';
import type { Finding, MappedPath } from './finding.ts';

const maxListed = 10;

/** Checks the paths of the mapping: do they exist, may they be read and written, do their values fit. */
export async function checkMapping(cache: DescribeCache, paths: readonly MappedPath[]): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const path of paths) findings.push(...(await checkPath(cache, path)));
  for (const object of ['opportunity', 'lead'] as const) {
    const written = paths.filter((path) => path.object === object && path.access === 'write');
    if (written.length > 0) findings.push(...(await checkCreates(cache, object, written)));
  }
  return [...onceEach(findings), ...(await checkOrgFeatures(cache, paths))];
}

/** Several rules of a mapping may name one field, and several paths lead through one relation. */
function onceEach(findings: readonly Finding[]): readonly Finding[] {
  const byMessage = Map.groupBy(findings, ({ code, message }) => `${code} ${message}`);
  return [...byMessage.values()].flatMap(([first]) => (first === undefined ? [] : [first]));
}

/** Features of the org that change what values mean, seen by the fields they bring. */
const features = [
  {
    sobject: 'Lead',
    field: 'CountryCode',
    code: 'STATE_AND_COUNTRY_PICKLISTS',
    message: 'State and country picklists are on: Salesforce refuses states and countries outside its lists.',
    fix: 'Keep the conversions of state and country in the mapping, and compare the lists of the org with them.',
  },
  {
    sobject: 'Opportunity',
    field: 'CurrencyIsoCode',
    code: 'MULTIPLE_CURRENCIES',
    message: 'The org has several currencies: amounts are in the currency of their record.',
    fix: 'Map CurrencyIsoCode, or make sure that AWS amounts in US dollars go to records in US dollars.',
  },
] as const;

async function checkOrgFeatures(cache: DescribeCache, paths: readonly MappedPath[]): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { sobject, field, code, message, fix } of features) {
    const mapped = paths.some(({ path }) => path.split('.').at(-1) === field);
    if (mapped || !(await cache.describe(sobject))?.fields.has(field.toLowerCase())) continue;
    findings.push({ severity: 'note', code, object: sobject, field, message, fix });
  }
  return findings;
}

async function checkPath(cache: DescribeCache, mapped: MappedPath): Promise<readonly Finding[]> {
  const walked = await walkPath(cache, sobjectOf[mapped.object], mapped.path);
  const end = walked.steps.at(-1);
  if (walked.missing?.isRelation) {
    const { name } = walked.missing;
    const path = mapped.path.slice(0, mapped.path.indexOf(name) + name.length);
    return [missing(mapped, path, 'the relation')];
  }
  if (walked.missing !== null || end === undefined) return [missing(mapped, mapped.path, 'the field')];
  const { object, field } = end;
  switch (mapped.access) {
    case 'read':
      return [];
    case 'search':
      return checkSearch(mapped, field);
    case 'write':
    case 'create':
      return checkWrite(mapped, object, field);
  }
}

const searchableTypes = ['string', 'email', 'phone', 'url', 'picklist', 'textarea'];

/** A query by a field that Salesforce does not search by would be refused as a whole. */
function checkSearch(mapped: MappedPath, field: DescribedField): readonly Finding[] {
  if (field.filterable !== false && searchableTypes.includes(field.type)) return [];
  return [
    {
      severity: 'error',
      code: 'NOT_SEARCHABLE',
      object: sobjectOf[mapped.object],
      field: mapped.path,
      message: `${sobjectOf[mapped.object]}.${mapped.path} (${field.label}) cannot be searched by as text, and a key of duplicates names it.`,
      fix: 'Name another field in the key, such as a text field that a flow fills with the same value.',
    },
  ];
}

function missing(mapped: MappedPath, path: string, what: 'the relation' | 'the field'): Finding {
  return {
    severity: 'error',
    code: 'PATH_MISSING',
    object: sobjectOf[mapped.object],
    field: mapped.path,
    message: `${sobjectOf[mapped.object]}.${path}: ${what} does not exist or is hidden from this user.`,
    fix: 'Correct the mapping, create the field, or grant it to the integration user.',
  };
}

function checkWrite(mapped: MappedPath, object: DescribedObject, field: DescribedField): readonly Finding[] {
  const finding = (severity: Finding['severity'], code: string, message: string, fix: string): Finding => ({
    severity,
    code,
    object: object.name,
    field: field.name,
    message: `${object.name}.${field.name} (${field.label}) ${message}`,
    fix,
  });
  const findings: Finding[] = [];
  if (!field.updateable) {
    const why = field.calculated === true ? 'is a formula' : 'is read-only for this user';
    findings.push(
      finding('error', 'FIELD_READ_ONLY', `${why}, and the mapping writes it.`, 'Grant edit, or map it out only.'),
    );
  }
  if (mapped.maxLength !== undefined && field.length > 0 && isText(field) && field.length < mapped.maxLength) {
    const message = `takes ${field.length} characters, and ACE sends up to ${mapped.maxLength}.`;
    findings.push(
      finding('warning', 'FIELD_SHORT', message, 'Lengthen the field, or shorten the text in the mapping.'),
    );
  }
  const values = (field.picklistValues ?? []).filter(({ active }) => active).map(({ value }) => value);
  const unknown = (mapped.values ?? []).filter((value) => !values.includes(value));
  if (unknown.length > 0 && /picklist/.test(field.type)) {
    const listed = unknown.slice(0, maxListed).join(', ') + (unknown.length > maxListed ? ', …' : '');
    const severity = field.restrictedPicklist ? 'error' : 'note';
    const message = `does not list ${unknown.length} of the values that the mapping writes: ${listed}.`;
    findings.push(finding(severity, 'PICKLIST_VALUES', message, 'Add them to the picklist, or map them to others.'));
  }
  return findings;
}

function isText(field: DescribedField): boolean {
  return ['string', 'textarea', 'email', 'phone', 'url'].includes(field.type);
}

/** What a new record needs that the mapping does not give. */
async function checkCreates(
  cache: DescribeCache,
  object: MappedPath['object'],
  written: readonly MappedPath[],
): Promise<readonly Finding[]> {
  const described = await cache.describe(sobjectOf[object]);
  if (described === null) return [];
  const filled = new Set(written.map((path) => path.path.toLowerCase()));
  const findings: Finding[] = [];
  for (const field of described.fields.values()) {
    const needed = field.createable && !field.nillable && !field.defaultedOnCreate && field.type !== 'boolean';
    if (!needed || filled.has(field.name.toLowerCase())) continue;
    findings.push({
      severity: 'error',
      code: 'REQUIRED_UNFILLED',
      object: described.name,
      field: field.name,
      message: `${described.name}.${field.name} (${field.label}) is required, and the mapping leaves it empty for new records.`,
      fix: 'Map the field or give it a default under `create` in the mapping.',
    });
  }
  const types = described.recordTypes.filter(({ available, developerName }) => available && developerName !== 'Master');
  if (types.length > 1 && !filled.has('recordtypeid')) {
    findings.push({
      severity: 'warning',
      code: 'RECORD_TYPE',
      object: described.name,
      field: 'RecordTypeId',
      message: `${described.name} has ${types.length} record types (${types.map(({ name }) => name).join(', ')}); new records get the integration user's default.`,
      fix: 'Name the record type in the mapping, or set the default of the integration user.',
    });
  }
  return findings;
}

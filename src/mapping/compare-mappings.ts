import type { AceRecord } from '../ace/ace-record.ts';
import { type SharedObject, sharedObjects } from '../crm/crm.ts';
import { canonicalCrm } from './canonical.ts';
import type { CompiledField, Mapping } from './compile.ts';
import { toCrm } from './field-values.ts';
import type { MappingFile } from './mapping-file.ts';

/** What changes from one mapping to another: by rule, and by what ACE's real records would become. No values. */
export interface MappingDifference {
  readonly object: SharedObject;
  /** `ace > crm` of a field, or the name of an object's setting. */
  readonly what: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** The parts of the entry that differ. */
  readonly parts: readonly string[];
}

const same = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);

/** Differences of the rules, field by field. */
export function compareFiles(before: MappingFile, after: MappingFile): readonly MappingDifference[] {
  return sharedObjects.flatMap((object) => [
    ...compareSettings(object, before, after),
    ...compareEntries(object, fieldsOf(before, object), fieldsOf(after, object)),
  ]);
}

const fieldsOf = (file: MappingFile, object: SharedObject) =>
  new Map(
    file[object].fields.map((field) => [`${field.ace} > ${field.crm}`, field as Readonly<Record<string, unknown>>]),
  );

function compareSettings(object: SharedObject, before: MappingFile, after: MappingFile): readonly MappingDifference[] {
  const left: Readonly<Record<string, unknown>> = before[object];
  const right: Readonly<Record<string, unknown>> = after[object];
  return differing(left, right)
    .filter((name) => name !== 'fields')
    .map((what) => ({ object, what, ...settingChange(left[what], right[what]) }));
}

function settingChange(before: unknown, after: unknown): Pick<MappingDifference, 'change' | 'parts'> {
  if (before === undefined || after === undefined)
    return { change: before === undefined ? 'added' : 'removed', parts: [] };
  return { change: 'changed', parts: differing(partsOf(before), partsOf(after)) };
}

type Parts = Readonly<Record<string, unknown>>;

/** Names of the parts that are not the same on both sides. */
const differing = (left: Parts, right: Parts): readonly string[] =>
  [...new Set([...Object.keys(left), ...Object.keys(right)])].filter((name) => !same(left[name], right[name]));

/** A list has no parts that people would know by name. */
const partsOf = (setting: unknown): Parts =>
  typeof setting === 'object' && setting !== null && !Array.isArray(setting) ? { ...setting } : {};

type Entries = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

function compareEntries(object: SharedObject, before: Entries, after: Entries): readonly MappingDifference[] {
  const differences: MappingDifference[] = [];
  for (const [what, entry] of before) {
    const other = after.get(what);
    if (other === undefined) differences.push({ object, what, change: 'removed', parts: [] });
    else {
      const parts = differing(entry, other).filter((name) => name !== 'note');
      if (parts.length > 0) differences.push({ object, what, change: 'changed', parts });
    }
  }
  for (const what of after.keys()) {
    if (!before.has(what)) differences.push({ object, what, change: 'added', parts: [] });
  }
  return differences;
}

/** How many records of real files a field would get another CRM value for, or could not be converted. */
export interface RecordDifference {
  readonly object: SharedObject;
  readonly path: string;
  readonly differing: number;
  readonly heldBefore: number;
  readonly heldAfter: number;
}

/** Converts every record with both mappings and counts where the CRM values differ, by CRM path. */
export async function compareOnRecords(
  object: SharedObject,
  records: readonly AceRecord[],
  before: Mapping,
  after: Mapping,
): Promise<readonly RecordDifference[]> {
  const received = (mapping: Mapping) => mapping[object].fields.filter((field) => field.direction !== 'out');
  const paths = [...new Set([...received(before), ...received(after)].map((field) => field.crm))];
  const differences: RecordDifference[] = [];
  for (const path of paths) {
    const [left, right] = [before, after].map((mapping) => received(mapping).find((field) => field.crm === path));
    let [differing, heldBefore, heldAfter] = [0, 0, 0];
    for (const record of records) {
      const [was, becomes] = [await valueText(left, record), await valueText(right, record)];
      if (was !== becomes) differing += 1;
      if (was === held) heldBefore += 1;
      if (becomes === held) heldAfter += 1;
    }
    if (differing > 0) differences.push({ object, path, differing, heldBefore, heldAfter });
  }
  return differences;
}

const held = Symbol('held');

async function valueText(field: CompiledField | undefined, record: AceRecord): Promise<string | null | typeof held> {
  if (field === undefined || !(field.ace in record)) return null;
  const converted = await toCrm(field, record, false);
  return converted.ok ? canonicalCrm(field.type, converted.value) : held;
}

import type { PayloadVersion, Programme } from '../../ace/ace-record.ts';
import { fieldMeanings } from '../../ace/field-meanings.ts';
import { type FieldDefinition, fieldDefinition, fieldTables } from '../../ace/fields.ts';
import { identityFields } from '../../ace/identity.ts';
import { standardValues } from '../../ace/picklists.ts';
import { whenRequired } from '../../ace/when-required.ts';
import { type SharedObject, sharedObjects } from '../../crm/crm.ts';
import type { FieldEntry, MappingFile } from '../mapping-file.ts';
import { directionWords, firstSyncWords, ownerWords } from '../rule-words.ts';
import {
  aboutSheet,
  entryName,
  type FieldColumn,
  fieldColumns,
  fieldSheets,
  type Sheet,
  type ValueColumn,
  valueColumns,
  valueSheet,
} from './columns.ts';
import { otherUses } from './other-uses.ts';
import { pairsToShow } from './value-pairs.ts';
import { byFrequency, type FieldUse, noUse, type ObjectUse } from './values-in-use.ts';

export interface WorkbookSource {
  readonly file: MappingFile;
  /** Content hash of the mapping, so that an import can say whether it changed meanwhile. */
  readonly version: string;
  readonly asked: { readonly version: PayloadVersion; readonly programme: Programme };
  readonly uses: Readonly<Record<SharedObject, ObjectUse>>;
  /** ISO 8601. */
  readonly at: string;
}

/** Titles of the lines that the import reads from the first sheet. */
export const aboutMapping = 'Mapping';

/** The workbook for the mapping meeting. Holds values of records. */
export function buildWorkbook(source: WorkbookSource): readonly Sheet[] {
  return [aboutOf(source), ...sharedObjects.map((object) => fieldSheetOf(object, source)), valuesOf(source)];
}

function aboutOf({ version, uses, at }: WorkbookSource): Sheet {
  const counted = sharedObjects.map(
    (object) => `${uses[object].records} ${object} records of the CRM and ${uses[object].exports} exports of AWS`,
  );
  const choices = (name: string, words: Readonly<Record<string, string>>) =>
    Object.entries(words).map(([word, meaning]) => [`${name} ${word}`, meaning]);
  return {
    name: aboutSheet,
    columns: [
      { title: 'About this workbook', width: 34 },
      { title: '', width: 90 },
    ],
    rows: [
      [aboutMapping, version],
      ['Made', at],
      ['Counted over', counted.join('; ')],
      ['Confidential', 'Samples and values in use are values of real records. Delete the workbook after the meeting.'],
      ['Decide in the coloured columns', 'All others inform and are not read back.'],
      ['Map a field', 'Fill in its CRM field and direction.'],
      ['Leave a field out', 'Empty its CRM field and direction; say under "Decided by" who decided it.'],
      [
        'Map a value',
        `On the sheet "${valueSheet}": a row with a value on both sides is mapped, a row with one is not.`,
      ],
      ['Take it over', '`ace-sync mapping import`: shows what changes, asks, and writes the mapping file.'],
      ...choices(fieldColumns.direction.title, directionWords),
      ...choices(fieldColumns.owner.title, ownerWords),
      ...choices(fieldColumns.firstSync.title, firstSyncWords),
    ],
  };
}

function fieldSheetOf(object: SharedObject, source: WorkbookSource): Sheet {
  const { fields, leftOut } = source.file[object];
  const mapped = new Set(fields.map(({ ace }) => ace));
  const elsewhere = otherUses(source.file[object]);
  const identifiers = new Set<string>(Object.values(identityFields[object]));
  const unmapped = fieldTables[object].filter(
    ({ name, versions }) => !mapped.has(name) && !identifiers.has(name) && versions[source.asked.version] !== undefined,
  );
  return sheetOf(fieldSheets[object], fieldColumns, [
    ...fields.map((field) => mappedRow(object, field, source)),
    ...unmapped.map((field) => ({
      ...unmappedRow(object, field, leftOut?.[field.name] ?? '', source),
      crmLabel: usedFor(elsewhere.get(field.name)),
    })),
  ]);
}

const usedFor = (parts: ReadonlySet<string> = new Set()): string =>
  parts.size === 0 ? '' : `not mapped, but read by ${[...parts].join(', ')}`;

type Row<Column extends string> = Readonly<Partial<Record<Column, string>>>;

function sheetOf<Column extends string>(
  name: string,
  columns: Readonly<Record<Column, Sheet['columns'][number]>>,
  rows: readonly Row<Column>[],
): Sheet {
  const keys = Object.keys(columns) as Column[];
  return {
    name,
    columns: keys.map((key) => columns[key]),
    rows: rows.map((row) => keys.map((key) => row[key] ?? '')),
  };
}

function mappedRow(object: SharedObject, field: FieldEntry, source: WorkbookSource): Row<FieldColumn> {
  const { crm, labels, records } = source.uses[object];
  const use = crm.get(field.crm) ?? noUse();
  return {
    ...aboutField(object, field.ace, source),
    crm: field.crm,
    crmLabel: labels.get(field.crm) ?? 'not in the org, or hidden from the integration user',
    direction: field.direction,
    owner: field.owner,
    firstSync: field.firstSync,
    ...useOf(use, records, field.values !== undefined || listOf(object, field.ace, source).length > 0),
    note: field.note ?? '',
    entry: entryName(object, field),
  };
}

/** A field that nobody mapped: what AWS exports in it may decide whether somebody should. */
function unmappedRow(
  object: SharedObject,
  { name }: FieldDefinition,
  note: string,
  source: WorkbookSource,
): Row<FieldColumn> {
  const { ace, exports } = source.uses[object];
  const listed = listOf(object, name, source).length > 0;
  return { ...aboutField(object, name, source), ...useOf(ace.get(name) ?? noUse(), exports, listed), note };
}

function aboutField(object: SharedObject, name: string, { asked }: WorkbookSource): Row<FieldColumn> {
  const label = fieldDefinition(object, name)?.label ?? '';
  return {
    label: label === '' || label === '#N/A' ? name : label,
    ace: name,
    meaning: fieldMeanings[object][name] ?? '',
    required: whenRequired(object, name, asked),
    standard: listOf(object, name, { asked }).join('\n'),
  };
}

function useOf(use: FieldUse, records: number, listed: boolean): Row<FieldColumn> {
  return {
    filled: `${use.filled} of ${records}`,
    inUse: listed
      ? byFrequency(use)
          .map(([value, times]) => `${value} (${times})`)
          .join('\n')
      : '',
    samples: use.samples.join('\n'),
  };
}

const listOf = (object: SharedObject, ace: string, { asked }: Pick<WorkbookSource, 'asked'>): readonly string[] =>
  standardValues(object, asked.version, ace) ?? [];

/** True where the CRM's value and AWS's stand for each other as they are, so that people can map them. */
function mapsValues(field: FieldEntry, standard: readonly string[]): boolean {
  return field.values !== undefined || (!converts(field) && standard.length > 0 && !shownOnly(field));
}

const converts = ({ convert, transform }: FieldEntry): boolean => convert !== undefined || transform !== undefined;

/** The companion row's AWS fields take whatever AWS says. */
const shownOnly = ({ crm, direction }: FieldEntry): boolean => direction === 'in' && crm.startsWith('ACE_Sync__r.');

function valuesOf(source: WorkbookSource): Sheet {
  const rows = sharedObjects.flatMap((object) =>
    source.file[object].fields.flatMap((field): readonly Row<ValueColumn>[] => {
      const standard = listOf(object, field.ace, source);
      if (!mapsValues(field, standard)) return [];
      const use = source.uses[object].crm.get(field.crm) ?? noUse();
      const inUse = converts(field) ? [] : byFrequency(use).map(([value]) => value);
      return pairsToShow(field, standard, inUse).map(({ ace, crm }) => ({
        object: fieldSheets[object],
        ace: field.ace,
        crm: field.crm,
        aceValue: ace,
        crmValue: crm,
        records: crm === '' ? '' : String(use.values.get(crm) ?? 0),
        entry: entryName(object, field),
      }));
    }),
  );
  return sheetOf(valueSheet, valueColumns, rows);
}

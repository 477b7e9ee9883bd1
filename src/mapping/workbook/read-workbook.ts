import { type SharedObject, sharedObjects } from '../../crm/crm.ts';
import type { Problem } from '../../errors.ts';
import { aboutMapping } from './build-workbook.ts';
import {
  aboutSheet,
  fieldColumns,
  fieldSheets,
  readFieldColumns,
  readValueColumns,
  type SheetColumn,
  valueColumns,
  valueSheet,
} from './columns.ts';
import { type Place, problemAt } from './places.ts';

/** A sheet as a spreadsheet program saved it: texts, blank cells as empty texts. */
export interface RawSheet {
  readonly name: string;
  readonly rows: readonly (readonly string[])[];
}

type FieldKey = (typeof readFieldColumns)[number];
type ValueKey = (typeof readValueColumns)[number];

/** What a row says, and where each of it stands. */
export interface ReadRow<Key extends string> {
  readonly cells: Readonly<Record<Key, string>>;
  readonly place: (key: Key) => Place;
}

export interface ReadWorkbook {
  /** Content hash of the mapping that the workbook was made from; null where nobody can say. */
  readonly version: string | null;
  readonly fields: Readonly<Record<SharedObject, readonly ReadRow<FieldKey>[]>>;
  readonly values: readonly ReadRow<ValueKey>[];
}

export type WorkbookReading =
  | { readonly ok: true; readonly workbook: ReadWorkbook }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Finds sheets and columns by their titles, wherever people moved them. Every missing one at once. */
export function readWorkbook(sheets: readonly RawSheet[]): WorkbookReading {
  const problems: Problem[] = [];
  const read = <Key extends string>(
    name: string,
    columns: Readonly<Record<Key, SheetColumn>>,
    keys: readonly Key[],
  ): readonly ReadRow<Key>[] => {
    const sheet = sheets.find((one) => one.name === name);
    if (sheet !== undefined) return rowsOf(sheet, columns, keys, problems);
    problems.push(problemAt({ sheet: name }, 'the sheet is missing.'));
    return [];
  };
  const fields = {
    opportunity: read(fieldSheets.opportunity, fieldColumns, readFieldColumns),
    lead: read(fieldSheets.lead, fieldColumns, readFieldColumns),
  };
  const values = read(valueSheet, valueColumns, readValueColumns);
  for (const object of sharedObjects) {
    for (const { cells, place } of fields[object]) {
      if (cells.ace === '') problems.push(problemAt(place('ace'), "expected the name of one of ACE's fields."));
    }
  }
  if (problems.length > 0) return { ok: false, problems };
  const about = sheets.find(({ name }) => name === aboutSheet);
  const version = about?.rows.find(([title]) => title === aboutMapping)?.[1] ?? null;
  return { ok: true, workbook: { version, fields, values } };
}

function rowsOf<Key extends string>(
  { name, rows }: RawSheet,
  columns: Readonly<Record<Key, SheetColumn>>,
  keys: readonly Key[],
  problems: Problem[],
): readonly ReadRow<Key>[] {
  const [titles = [], ...others] = rows;
  const positions = new Map(keys.map((key) => [key, titles.indexOf(columns[key].title)]));
  for (const key of keys) {
    if (positions.get(key) === -1)
      problems.push(problemAt({ sheet: name, row: 1 }, `the column "${columns[key].title}" is missing.`));
  }
  return others.flatMap((row, index) => {
    const cells = Object.fromEntries(keys.map((key) => [key, row[positions.get(key) ?? -1] ?? '']));
    if (Object.values(cells).every((cell) => cell === '')) return [];
    const place = (key: Key): Place => ({
      sheet: name,
      row: index + 2,
      column: { index: positions.get(key) ?? 0, title: columns[key].title },
    });
    return [{ cells: cells as Record<Key, string>, place }];
  });
}

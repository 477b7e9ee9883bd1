import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writePrivateFile } from '../../../src/client/private-file.ts';
import { readXlsx, xlsxOf } from '../../../src/client/xlsx.ts';
import { compileMapping } from '../../../src/mapping/compile.ts';
import { readMappingFile } from '../../../src/mapping/mapping-file.ts';
import { buildWorkbook } from '../../../src/mapping/workbook/build-workbook.ts';
import { count, type FieldUse, noUse, type ObjectUse } from '../../../src/mapping/workbook/values-in-use.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

export const defaultFile = fileURLToPath(new URL('../../../mappings/salesforce-default.yaml', import.meta.url));
export const mappingText = readFileSync(defaultFile, 'utf8');

export const newFolder = () => temporaryFolder('workbook');

/** A field that holds these values, one record each. */
export function useOf(values: readonly unknown[], list = false): FieldUse {
  const use = noUse();
  for (const value of values) count(use, value, list);
  return use;
}

const emptyUse: ObjectUse = { records: 0, crm: new Map(), labels: new Map(), exports: 0, ace: new Map() };

/** The sheets of the shipped mapping. */
export function sheetsOf(opportunity: Partial<ObjectUse> = {}, text = mappingText) {
  const file = readMappingFile(text);
  return buildWorkbook({
    file,
    version: compileMapping(file).version,
    asked: { version: 2, programme: 'consulting' },
    uses: { opportunity: { ...emptyUse, ...opportunity }, lead: emptyUse },
    at: '2026-03-01T10:00:00.000Z',
  });
}

/** A workbook that somebody opened: cells by sheet, row and column title, and the file that it is saved to. */
export interface OpenWorkbook {
  readonly titles: (sheet: string) => readonly string[];
  /** First row in which every named column holds the text. */
  readonly row: (sheet: string, where: Readonly<Record<string, string>>) => WorkbookRow;
  readonly add: (sheet: string, cells: Readonly<Record<string, string>>) => WorkbookRow;
  readonly dropColumn: (sheet: string, title: string) => void;
  readonly dropSheet: (sheet: string) => void;
  readonly save: () => Promise<string>;
}

export interface WorkbookRow {
  /** As the spreadsheet counts. */
  readonly number: number;
  readonly get: (title: string) => string;
  readonly set: (cells: Readonly<Record<string, string>>) => void;
}

/** Opens the workbook through a file, as a spreadsheet program does. */
export async function openWorkbook(sheets = sheetsOf()): Promise<OpenWorkbook> {
  const path = join(await newFolder(), 'meeting.xlsx');
  await writePrivateFile(path, await xlsxOf(sheets));
  const tables = new Map((await readXlsx(path)).map(({ name, rows }) => [name, rows.map((row) => [...row])]));
  const table = (sheet: string): string[][] => tables.get(sheet) ?? [];
  const titles = (sheet: string): readonly string[] => table(sheet)[0] ?? [];
  const rowAt = (sheet: string, index: number): WorkbookRow => ({
    number: index + 1,
    get: (title) => table(sheet)[index]?.[titles(sheet).indexOf(title)] ?? '',
    set: (cells) => {
      for (const [title, text] of Object.entries(cells)) {
        const row = table(sheet)[index];
        if (row !== undefined) row[titles(sheet).indexOf(title)] = text;
      }
    },
  });
  return {
    titles,
    row: (sheet, where) => {
      const index = table(sheet).findIndex((_, at) =>
        Object.entries(where).every(([title, text]) => rowAt(sheet, at).get(title) === text),
      );
      if (index < 1) throw new Error(`There is no row with ${JSON.stringify(where)}.`);
      return rowAt(sheet, index);
    },
    add: (sheet, cells) => {
      table(sheet).push(titles(sheet).map((title) => cells[title] ?? ''));
      return rowAt(sheet, table(sheet).length - 1);
    },
    dropColumn: (sheet, title) => {
      const position = titles(sheet).indexOf(title);
      for (const row of table(sheet)) row.splice(position, 1);
    },
    dropSheet: (sheet) => tables.delete(sheet),
    save: async () => {
      const saved = [...tables].map(([name, [first = [], ...rows]]) => ({
        name,
        columns: first.map((title) => ({ title, width: 10 })),
        rows,
      }));
      await writePrivateFile(path, await xlsxOf(saved));
      return path;
    },
  };
}

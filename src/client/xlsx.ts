import { readFile, stat } from 'node:fs/promises';
import readXlsxFile, { InvalidInputError, type InvalidInputErrorCode } from 'read-excel-file/node';
import writeXlsxFile from 'write-excel-file/node';
import { AceSyncError } from '../errors.ts';
import type { Sheet } from '../mapping/workbook/columns.ts';
import type { RawSheet } from '../mapping/workbook/read-workbook.ts';

/**
 * Workbooks as files. Every cell is text (`@`): a value that begins with `=` is no formula, also after somebody edited it,
 * and 00420 keeps its zeros.
 */

/** Characters that a spreadsheet keeps in a cell (Excel specifications and limits: 32,767). */
const longestCell = 32_000;

const titleStyle = { fontWeight: 'bold', backgroundColor: '#e8edf3', wrap: true, alignVertical: 'top' } as const;
const decidesColour = '#fff4cc';

export async function xlsxOf(sheets: readonly Sheet[]): Promise<Buffer> {
  const written = sheets.map(({ name, columns, rows }) => ({
    sheet: name,
    columns: columns.map(({ width }) => ({ width })),
    stickyRowsCount: 1,
    data: [
      columns.map(({ title }) => ({ ...titleStyle, ...text(title) })),
      ...rows.map((row) =>
        columns.map(({ decides }, index) => ({
          ...text(row[index] ?? ''),
          wrap: true,
          alignVertical: 'top' as const,
          ...(decides === undefined ? {} : { backgroundColor: decidesColour }),
        })),
      ),
    ],
  }));
  return writeXlsxFile(written, { features: [choicesOf(sheets)] }).toBuffer();
}

const text = (value: string) => ({ value: value.slice(0, longestCell), type: String, format: '@' });

/** Cells with choices open a list. Source: ECMA-376 part 1, 18.3.1.33 `dataValidations`, which follows the cells. */
function choicesOf(sheets: readonly Sheet[]) {
  const markup = new Map(
    sheets.flatMap((sheet) => {
      const lists = validations(sheet);
      return lists === '' ? [] : [[sheet.name, lists] as const];
    }),
  );
  return {
    files: {
      transform: {
        'xl/worksheets/sheet{id}.xml': { insert: ({ sheet = '' }: { sheet?: string }) => markup.get(sheet) },
      },
    },
  };
}

function validations({ columns, rows }: Sheet): string {
  const lists = columns.flatMap(({ choices }, index) => {
    if (choices === undefined || rows.length === 0) return [];
    const column = String.fromCharCode(65 + index);
    return [
      `<dataValidation type="list" allowBlank="1" showErrorMessage="1" sqref="${column}2:${column}${rows.length + 1}"><formula1>"${choices.join(',')}"</formula1></dataValidation>`,
    ];
  });
  return lists.length === 0 ? '' : `<dataValidations count="${lists.length}">${lists.join('')}</dataValidations>`;
}

/** Largest workbook in bytes; that of a full mapping has some 100 KB. */
const largestFile = 20_000_000;

const refusals: Readonly<Record<InvalidInputErrorCode, string>> = {
  INPUT_TYPE_NOT_SUPPORTED: 'it is no .xlsx file.',
  XLS_FILE_NOT_SUPPORTED:
    'it is an .xls file of an old Excel, or protected with a password. Save it as .xlsx without one.',
  FILE_NOT_SUPPORTED: 'it is no .xlsx file.',
  INVALID_ZIP: 'it is damaged or no .xlsx file.',
  NO_DATA: 'it is empty.',
};

/** @throws AceSyncError WORKBOOK_INVALID for a file that is no workbook. */
export async function readXlsx(path: string): Promise<readonly RawSheet[]> {
  const { size } = await stat(path).catch(() => ({ size: null }));
  if (size === null) throw refused(path, 'it cannot be opened.');
  if (size > largestFile) throw refused(path, `it is larger than ${largestFile / 1e6} MB.`);
  try {
    const bytes = await readFile(path);
    const sheets = await readXlsxFile(bytes);
    return sheets.map(({ sheet, data }) => ({ name: sheet, rows: data.map((row) => row.map(cellText)) }));
  } catch (cause) {
    // The library's other errors quote what they stumbled over.
    throw refused(path, cause instanceof InvalidInputError ? refusals[cause.code] : refusals.INVALID_ZIP);
  }
}

const refused = (path: string, why: string): AceSyncError => new AceSyncError('WORKBOOK_INVALID', `${path}: ${why}`);

/** What somebody typed as number, date or yes/no counts as the text that they saw, as far as that can be known. */
function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  if (cell instanceof Date) return cell.toISOString().slice(0, 10);
  return String(cell).replaceAll('\r\n', '\n').trim();
}

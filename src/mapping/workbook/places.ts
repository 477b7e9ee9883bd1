import type { Problem } from '../../errors.ts';

/** A cell, or a row or sheet without the rest. Rows count from 1, as spreadsheets do. */
export interface Place {
  readonly sheet: string;
  readonly row?: number;
  /** Position from 0, and title. */
  readonly column?: { readonly index: number; readonly title: string };
}

/** `Opportunities, row 12, column G "Direction"`. */
export function placeText({ sheet, row, column }: Place): string {
  const parts = [
    `sheet "${sheet}"`,
    row === undefined ? '' : `row ${row}`,
    column === undefined ? '' : `column ${columnLetters(column.index)} "${column.title}"`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function columnLetters(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : columnLetters(Math.floor(index / 26) - 1) + letter;
}

export function problemAt(place: Place, message: string): Problem {
  return {
    code: 'WORKBOOK_INVALID',
    field: placeText(place),
    message: `${placeText(place)}: ${message}`,
    fix: 'Correct the named cell in the workbook.',
    fixBy: 'allianceManager',
  };
}

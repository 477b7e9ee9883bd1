import { fixByLabels } from '../errors.ts';
import type { Sheet } from '../mapping/workbook/columns.ts';
import type { Readiness, ReadinessLine } from './readiness.ts';

/** The list that the alliance manager works off: one row per record and problem, those of one owner together. */
export function readinessSheets({ causes, lines }: Readiness, linkTo: (crmId: string) => string): readonly Sheet[] {
  const sorted = lines.toSorted((one, other) => compare(one.owner, other.owner) || compare(one.name, other.name));
  return [
    {
      name: 'To do',
      columns: [
        { title: 'Done', width: 8, decides: true },
        { title: 'Owner', width: 22 },
        { title: 'Opportunity', width: 36 },
        { title: 'Account', width: 28 },
        { title: 'Field', width: 26 },
        { title: 'Problem', width: 50 },
        { title: 'What to do', width: 40 },
        { title: 'Who', width: 20 },
        { title: 'Record', width: 22 },
        { title: 'Link', width: 40 },
        { title: 'Code', width: 26 },
      ],
      rows: sorted.map(({ crmId, name, account, owner, problem }) => [
        '',
        owner,
        name,
        account,
        ...problemCells(problem),
        crmId,
        linkTo(crmId),
        problem.code,
      ]),
    },
    {
      name: 'Causes',
      columns: [
        { title: 'Records', width: 10 },
        { title: 'Field', width: 26 },
        { title: 'Problem', width: 50 },
        { title: 'What to do', width: 40 },
        { title: 'Who', width: 20 },
        { title: 'Owners', width: 50 },
        { title: 'Code', width: 26 },
      ],
      rows: causes.map(({ records, field, message, fix, fixBy, owners, code }) => [
        String(records),
        field ?? '',
        message,
        fix,
        fixBy,
        owners.map(({ owner, records: count }) => `${owner} ${count}`).join('\n'),
        code,
      ]),
    },
  ];
}

const compare = (one: string, other: string): number => one.localeCompare(other);

function problemCells({ field, message, fix, fixBy }: ReadinessLine['problem']): readonly string[] {
  return [field ?? '', message, fix, fixByLabels[fixBy]];
}

const csvTitles = ['Record', 'Owner', 'Field', 'Problem', 'What to do', 'Who', 'Code'];

export function readinessCsv(lines: readonly ReadinessLine[]): string {
  const rows = lines.map(({ crmId, owner, problem }) => [crmId, owner, ...problemCells(problem), problem.code]);
  return [csvTitles, ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}

/** A spreadsheet takes a text that begins like this for a formula, and names in a CRM are anybody's. */
const formulaLike = /^[=+\-@\t\r]/;

const csvCell = (text: string): string => `"${(formulaLike.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;

/**
 * Writes the reference tables into docs/errors.md and docs/configuration.md (`npm run references`). Sentences that are
 * written by hand, such as what a setting means, stay; a new setting gets an empty cell to fill in.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorTables, rowsIn, settings, withRows } from './reference-tables.ts';

const errorsPath = join(import.meta.dirname, 'errors.md');
let errors = readFileSync(errorsPath, 'utf8');
for (const [name, rows] of Object.entries(errorTables)) errors = withRows(errors, name, rows());
writeFileSync(errorsPath, errors);

const configurationPath = join(import.meta.dirname, 'configuration.md');
const configuration = readFileSync(configurationPath, 'utf8');
const meanings = new Map(
  rowsIn(configuration, 'settings').map((row) => {
    const cells = row.split(' | ');
    return [cells[0]?.replace('| ', '') ?? '', cells.at(-1)?.replace(/ \|$/, '') ?? ''];
  }),
);
const rows = settings().map((setting) => {
  const path = `\`${setting.path}\``;
  return `| ${path} | ${setting.value} | ${setting.default} | ${meanings.get(path) ?? ''} |`;
});
writeFileSync(configurationPath, withRows(configuration, 'settings', rows));

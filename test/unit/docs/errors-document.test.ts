import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { errorTables, rowsIn } from '../../../docs/reference-tables.ts';
import { stateBlocks } from '../../../src/ace/state-blocks.ts';
import { howToUpdate, projectFolder, readDocument } from './document.ts';

const document = readDocument('docs/errors.md');
const salesforceProblems = readDocument('docs/salesforce-problems.md');

for (const [name, rows] of Object.entries(errorTables)) {
  test(`the table of ${name} in errors.md says what the code says`, () => {
    assert.deepEqual(rowsIn(document, name), rows(), howToUpdate);
  });
}

/** Words in capitals in the same source files that are Temporal's and no codes of ours. */
const temporal = new Set(['ALLOW_DUPLICATE', 'KEYWORD_LIST', 'REJECT_DUPLICATE', 'TIMED_OUT']);

/** Every code that activities and workflows write as a literal. */
function codesInSources(): ReadonlySet<string> {
  const codes = new Set<string>();
  for (const path of globSync('src/{activities,workflows}/*.ts', { cwd: projectFolder })) {
    const text = readFileSync(join(projectFolder, path), 'utf8');
    for (const [, code = ''] of text.matchAll(/'([A-Z]+(?:_[A-Z]+)+)'/g)) if (!temporal.has(code)) codes.add(code);
  }
  return codes;
}

const documentedCodes = (text: string): ReadonlySet<string> =>
  new Set([...text.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code = '']) => code));

test('every code that activities and workflows use is in a document', () => {
  const documented = new Set([...documentedCodes(document), ...documentedCodes(salesforceProblems)]);
  const missing = [...codesInSources()].filter((code) => !documented.has(code));
  assert.deepEqual(missing, [], 'Describe these codes in docs/errors.md.');
});

test('every code of the table that is written by hand is in the source', () => {
  const table = document.slice(document.indexOf('## Uploads'), document.indexOf('## Reasons'));
  const sources = globSync('src/{activities,workflows}/*.ts', { cwd: projectFolder })
    .map((path) => readFileSync(join(projectFolder, path), 'utf8'))
    .join('\n');
  const gone = [...documentedCodes(table)].filter((code) => !sources.includes(`'${code}'`));
  assert.deepEqual(gone, [], 'Take these codes out of docs/errors.md.');
});

test('the codes of closed states are among the reasons', () => {
  for (const { problem } of Object.values(stateBlocks)) assert.ok(documentedCodes(document).has(problem.code));
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { errorTable, unknownErrorRow } from '../../../src/crm/salesforce/error-table.ts';
import { fixByLabels } from '../../../src/errors.ts';

const path = join(import.meta.dirname, '../../../docs/salesforce-problems.md');

test('the list of problems says what the error table says', () => {
  const rows = [...errorTable, unknownErrorRow].map(
    ({ problem, text, fix, fixBy, codes }) =>
      `| \`${problem}\` | ${text.replace(/\{(\w+)\}/g, '…')} | ${fixByLabels[fixBy]} | ${fix} | ${codes.map((code) => `\`${code}\``).join(', ')} |`,
  );
  const documented = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `CRM_'));
  assert.deepEqual(documented, rows);
});

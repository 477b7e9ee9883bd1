import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { errorTable, fieldRefusedRow, unknownErrorRow } from '../../../src/crm/salesforce/error-table.ts';
import { fixByLabels } from '../../../src/errors.ts';

const path = join(import.meta.dirname, '../../../docs/salesforce-problems.md');

test('the list of problems says what the error table says', () => {
  const rows = [...errorTable, fieldRefusedRow, unknownErrorRow].map(
    ({ problem, text, fix, fixBy, codes }) =>
      `| \`${problem}\` | ${text.replace(/\{(\w+)\}/g, '…')} | ${fixByLabels[fixBy]} | ${fix} | ${codes.map((code) => `\`${code}\``).join(', ')} |`,
  );
  const text = readFileSync(path, 'utf8');
  if (process.env.ACE_SYNC_WRITE_DOCUMENTS) {
    const [head = ''] = text.split('| `CRM_');
    writeFileSync(path, `${head}${rows.join('\n')}\n`);
    return;
  }
  const documented = text.split('\n').filter((line) => line.startsWith('| `CRM_'));
  assert.deepEqual(documented, rows, 'run this test with ACE_SYNC_WRITE_DOCUMENTS=1');
});

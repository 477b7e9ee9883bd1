import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectFolder, readDocument } from './document.ts';

test('each of the 28 accidents has a test through workflow, S3 and CRM under the title that the document gives', () => {
  const rows = [...readDocument('docs/accidents.md').matchAll(/^\| (?!accident |-)(.+?) \| (.+?) \|$/gm)];
  const tests = globSync('test/integration/accidents/*.test.ts', { cwd: projectFolder })
    .map((file) => readFileSync(join(projectFolder, file), 'utf8'))
    .join('\n');
  const titles = new Set([...tests.matchAll(/^ {2}it\((['"])(.+?)\1, async/gm)].map(([, , title]) => title));
  assert.equal(rows.length, 28);
  assert.deepEqual(
    rows.filter(([, , title]) => !titles.has(title)).map(([, accident]) => accident),
    [],
  );
});

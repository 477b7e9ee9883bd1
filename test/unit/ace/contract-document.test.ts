import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ruleTable, switchTable } from './contract-document.ts';

const document = readFileSync(new URL('../../../docs/ace-contract.md', import.meta.url), 'utf8');

test('docs/ace-contract.md holds every rule as the tables have it (node test/unit/ace/contract-document.ts prints them)', () => {
  assert.ok(document.includes(ruleTable()));
});

test('docs/ace-contract.md holds every switch with its default', () => {
  assert.ok(document.includes(switchTable()));
});

test('docs/ace-contract.md explains every acceptance scenario that a rule names', () => {
  const named = new Set([...ruleTable().matchAll(/\b[A-D]\d+(?:\.\d+)?\b/g)].map(([id]) => id));
  const explained = new Set([...document.matchAll(/^\| ([A-D]\d+(?:\.\d+)?) \|/gm)].map(([, id]) => id));
  assert.deepEqual(
    [...named].filter((id) => !explained.has(id)),
    [],
  );
});

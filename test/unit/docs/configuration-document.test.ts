import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { rowsIn, settings } from '../../../docs/reference-tables.ts';
import { configurationSchema, loadConfiguration } from '../../../src/config/configuration.ts';
import { howToUpdate, projectFolder, readDocument } from './document.ts';

const document = readDocument('docs/configuration.md');
const example = readDocument('examples/ace-sync.yaml');

test('the settings in configuration.md are those of the schema, with their values and defaults', () => {
  const documented = rowsIn(document, 'settings').map((row) => row.split(' | ').slice(0, 3).join(' | '));
  const inCode = settings().map((setting) => `| \`${setting.path}\` | ${setting.value} | ${setting.default}`);
  assert.deepEqual(documented, inCode, howToUpdate);
});

test('every setting has a sentence', () => {
  const silent = rowsIn(document, 'settings').filter((row) => /\| +\|$/.test(row));
  assert.deepEqual(silent, [], 'Say in docs/configuration.md what these settings mean.');
});

test('the example is a valid configuration that starts read-only and holds no secret', () => {
  const { mode } = loadConfiguration(`${projectFolder}/examples/ace-sync.yaml`);
  assert.equal(mode, 'observe');
  assert.doesNotMatch(example, /static/);
});

test('the example names only settings that configuration.md lists', () => {
  const documented = new Set(rowsIn(document, 'settings').map((row) => row.split('`')[1]));
  const named = pathsOf(parse(example), '');
  assert.deepEqual(
    named.filter((path) => !documented.has(path)),
    [],
  );
});

/** Paths of the settings in a configuration; a reference to a secret is one setting. */
function pathsOf(value: unknown, path: string): readonly string[] {
  if (typeof value !== 'object' || value === null || 'env' in value || 'file' in value) return [path];
  return Object.entries(value).flatMap(([name, inner]) => pathsOf(inner, path === '' ? name : `${path}.${name}`));
}

test('the configuration of a connection needs no more than the example shows', () => {
  const needed = settings()
    .filter((setting) => setting.default === 'required')
    .map((setting) => setting.path);
  const named = pathsOf(parse(example), '');
  assert.deepEqual(
    needed.filter((path) => !named.includes(path)),
    [],
  );
  assert.ok(configurationSchema.safeParse(parse(example)).success);
});

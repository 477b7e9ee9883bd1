import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { standardValues } from '../../../src/ace/picklists.ts';
import { actions, connectionFields, syncFields } from '../../../src/crm/data-model.ts';
import { dataModelComponents } from '../../../src/crm/salesforce/metadata/data-model-components.ts';
import { sourceFiles } from '../../../src/crm/salesforce/metadata/source-files.ts';
import { salesforceOptionsSchema } from '../../../src/crm/salesforce/options.ts';

const folder = join(import.meta.dirname, '../../../salesforce');
const files = sourceFiles(salesforceOptionsSchema.shape.apiVersion.parse(undefined));

test('the source folder holds exactly what the data model says', () => {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => path !== 'README.md');
  assert.deepEqual(found.sort(), [...files.keys()].sort(), 'run `ace-sync salesforce setup --source salesforce`');
  for (const [path, content] of files) {
    assert.equal(
      readFileSync(join(folder, path), 'utf8'),
      content,
      `${path}: run \`ace-sync salesforce setup --source salesforce\``,
    );
  }
});

test('every metadata file is well-formed XML', () => {
  for (const [path, content] of files)
    if (path.endsWith('.xml')) assert.equal(XMLValidator.validate(content), true, path);
});

test('the uninstall manifest names what the install manifest names, layouts aside, which go with their objects', () => {
  const names = (path: string) => {
    const parsed = new XMLParser({ isArray: (name) => ['types', 'members'].includes(name) }).parse(
      files.get(path) ?? '',
    );
    const types: { name: string }[] = parsed.Package.types;
    return JSON.stringify(types.filter(({ name }) => name !== 'Layout'));
  };
  assert.equal(names('manifest/package.xml'), names('manifest/uninstall/destructiveChanges.xml'));
});

test('every action a person can choose has a quick action', () => {
  const overridden = dataModelComponents()
    .filter((component) => component.type === 'QuickAction')
    .map((component) => JSON.stringify(component.body.fieldOverrides));
  for (const action of actions)
    assert.ok(
      overridden.some((text) => text.includes(JSON.stringify(action))),
      action,
    );
});

test('people cannot edit what only the sync writes', () => {
  for (const name of ['ACE_Sync_User', 'ACE_Sync_Manager', 'ACE_Sync_Auditor']) {
    const set = JSON.stringify(dataModelComponents().find((component) => component.fullName === name)?.body);
    for (const [field, { writer }] of Object.entries(syncFields)) {
      if (writer === 'people') continue;
      const granted = new RegExp(`"field":"ACE_Sync__c.${field}","readable":true,"editable":true`);
      assert.doesNotMatch(set, granted, `${name}: ${field}`);
    }
  }
});

test('no permission set grants rights on all data of the org', () => {
  for (const component of dataModelComponents()) {
    assert.doesNotMatch(JSON.stringify(component.body), /ModifyAllData|ViewAllData|ManageUsers|CustomizeApplication/);
  }
});

test('every field that people may read has a place on a layout', () => {
  const placed = JSON.stringify(dataModelComponents().filter(({ type }) => type === 'Layout'));
  const state = [
    'Sent_State__c',
    'Received_State__c',
    'Sending__c',
    'Intent__c',
    'Maker__c',
    'Reason_Code__c',
    'Campaign_Member_Status__c',
  ];
  for (const field of [...Object.keys(syncFields), ...Object.keys(connectionFields)]) {
    if (!state.includes(field)) assert.ok(placed.includes(`"${field}"`), field);
  }
});

test('the closed lost reasons are those of the contract', () => {
  assert.deepEqual(syncFields.Closed_Lost_Reason__c.type.values, standardValues('opportunity', 2, 'closedLostReason'));
});

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { writeAceFile } from '../../../src/ace/envelope.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { aceOpportunity, defaultMappingText } from './world.ts';

const commandLine = fileURLToPath(new URL('../../../src/client/cli.ts', import.meta.url));
const defaultFile = fileURLToPath(new URL('../../../mappings/salesforce-default.yaml', import.meta.url));

function aceSync(...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [commandLine, 'mapping', ...words], {
    encoding: 'utf8',
  });
  return { exit: status, stdout, stderr };
}

test('check, show, compare, test and import run as processes, with their exit codes', async () => {
  const folder = temporaryFolder('mapping');
  const path = (name: string) => join(folder, name);
  await writeFile(path('broken.yaml'), defaultMappingText.replace('direction: out', 'direction: outwards'));
  await writeFile(path('changed.yaml'), defaultMappingText.replace('Retail: Retail', 'Retail: [Retail, Shops]'));
  const records = [aceOpportunity({ nextStep: 'Call Jane' })];
  await writeFile(path('export.json'), writeAceFile({ object: 'opportunity', version: 2, spmsId: '123456', records }));
  await mkdir(path('cases'));
  await writeFile(
    path('cases/case.yaml'),
    'object: opportunity\nout: { crm: { StageName: Needs Analysis }, gives: { stage: Qualified } }\n',
  );

  assert.equal(aceSync('check', defaultFile).exit, 0);
  const broken = aceSync('check', path('broken.yaml'));
  assert.equal(broken.exit, 1);
  assert.match(broken.stdout, /opportunity\.fields\[1\]\.direction/);
  assert.match(aceSync('show', defaultFile).stdout, /StageName +-> {2}stage/);
  const compared = aceSync('compare', defaultFile, path('changed.yaml'), '--files', folder);
  assert.equal(compared.exit, 0);
  assert.match(compared.stdout, /industry > Account\.Industry: changed \(values\)[\s\S]*On 1 opportunities/);
  assert.doesNotMatch(compared.stdout, /Jane/);
  const tested = aceSync('test', path('cases'), defaultFile);
  assert.deepEqual([tested.exit, tested.stdout], [0, 'holds   case.yaml\n']);
  const refused = aceSync('import', path('cases/case.yaml'), '--mapping', defaultFile);
  assert.deepEqual([refused.exit, refused.stdout], [1, '']);
  assert.match(refused.stderr, /WORKBOOK_INVALID.*it is no \.xlsx file/);
});

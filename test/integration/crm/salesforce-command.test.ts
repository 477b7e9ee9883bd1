import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { createFolderStore } from '../../../src/journal/folder-store.ts';
import { createMappingReleases, releaseVersion } from '../../../src/journal/mapping-releases.ts';
import { emptyOrg } from './prepared-org.ts';

const commands = new URL('../../../src/client/commands/salesforce.ts', import.meta.url);

/** Runs the command in a process of its own, without a terminal, and gives what it printed. */
async function run(...words: string[]): Promise<{ readonly code: number; readonly output: string }> {
  const source = `
    import { Command } from 'commander';
    import { registerSalesforce } from '${commands}';
    const program = new Command();
    registerSalesforce(program);
    await program.parseAsync(${JSON.stringify(['node', 'ace-sync', 'salesforce', ...words])});`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const [code] = await once(child, 'close');
  return { code: Number(code), output };
}

test('setup shows its plan, asks before it changes anything, and ends with nothing left to do', async () => {
  const org = await emptyOrg();
  process.env.TEST_ADMIN_TOKEN = org.standIn.connection.accessToken;
  const login = ['--instance-url', org.standIn.connection.instanceUrl, '--access-token-env', 'TEST_ADMIN_TOKEN'];
  const user = ['--integration-user', org.standIn.integrationUser.username];

  const plan = await run('setup', ...login, ...user, '--dry-run', '--json');
  assert.equal(plan.code, 1);
  assert.ok(JSON.parse(plan.output).missing.length > 80);

  const unasked = await run('setup', ...login, ...user);
  assert.equal(unasked.code, 2, 'without a terminal nobody can be asked');
  assert.equal(
    (await org.administrator.call('describe', (connection) => connection.describeGlobal())).sobjects.some(
      ({ name }) => name === 'ACE_Sync__c',
    ),
    false,
  );

  const done = await run('setup', ...login, ...user, '--yes');
  assert.equal(done.code, 0, done.output);
  const again = await run('setup', ...login, ...user, '--yes', '--json');
  assert.equal(again.code, 0);
  assert.deepEqual(JSON.parse(again.output).missing, []);
  assert.equal(again.output.includes(org.standIn.connection.accessToken), false);
});

test('setup writes source for a release pipeline without a login', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'salesforce-source-'));
  try {
    const { code } = await run('setup', '--source', folder);
    assert.equal(code, 0);
    assert.deepEqual((await readdir(folder)).sort(), ['force-app', 'manifest', 'sfdx-project.json']);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('setup without an address says what it needs', async () => {
  assert.equal((await run('setup')).code, 2);
});

test('check reads the configuration and says by its exit code whether the org is ready', async () => {
  const org = await emptyOrg();
  const folder = await mkdtemp(join(tmpdir(), 'salesforce-check-'));
  const { instanceUrl, accessToken } = org.standIn.connection;
  const { clientId, clientSecret, username } = org.standIn.integrationUser;
  process.env.TEST_ADMIN_TOKEN = accessToken;
  const file = join(folder, 'ace-sync.yaml');
  const mapping = join(import.meta.dirname, '../../../mappings/salesforce-default.yaml');
  await writeFile(
    file,
    stringify({
      connection: 'test',
      installation: 'test',
      ace: { spmsId: '123456', environment: 'beta', bucket: { name: 'ace-apn-123456-beta-us-west-2' } },
      salesforce: {
        loginUrl: instanceUrl,
        auth: { kind: 'clientCredentials', clientId: { static: clientId }, clientSecret: { static: clientSecret } },
      },
      mapping,
      journal: { folder: './journal' },
      hashKey: { env: 'TEST_HASH_KEY' },
    }),
  );
  try {
    const before = await run('check', '--config', file, '--json');
    assert.equal(before.code, 1);
    assert.ok(JSON.parse(before.output).errors > 0);
    assert.equal(JSON.parse(before.output).mapping, `${mapping} (not released yet)`);
    const login = ['--instance-url', instanceUrl, '--access-token-env', 'TEST_ADMIN_TOKEN'];
    const setUp = await run('setup', ...login, '--integration-user', username, '--mapping', mapping, '--yes', '--json');
    assert.equal(setUp.code, 0, setUp.output);
    const after = await run('check', '--config', file);
    assert.equal(after.code, 0, after.output);
    assert.match(after.output, /0 errors/);
    assert.equal((await run('check', '--config', file, ...login)).code, 0);

    // The workers follow what was released, not what the file says since.
    const shipped = await readFile(mapping, 'utf8');
    const released = await createMappingReleases(createFolderStore(join(folder, 'journal'))).activate(
      shipped.replace('crm: Description, direction: out }', 'crm: Not_There__c, direction: out }'),
      { author: 'test', reason: 'another field', at: new Date().toISOString() },
    );
    const name = `release ${releaseVersion(released)} of test`;
    const missing = await run('check', '--config', file, '--json');
    assert.equal(missing.code, 1);
    assert.equal(JSON.parse(missing.output).mapping, name);
    assert.match(missing.output, /Not_There__c/);
    const granted = await run('setup', ...login, '--config', file, '--dry-run');
    assert.match(granted.output, new RegExp(name));
  } finally {
    await rm(folder, { recursive: true });
  }
});

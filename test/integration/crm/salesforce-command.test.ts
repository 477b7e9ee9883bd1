import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
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

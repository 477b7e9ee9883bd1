import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { Connection } from 'jsforce';
import { startSalesforceStandIn } from '../../../src/sandbox/salesforce/index.ts';
import { apiVersion, createFields, opportunity, partnerKey, save } from './stand-in-org.ts';

async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stand-in-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

interface Started {
  readonly instanceUrl: string;
  readonly accessToken: string;
}

const open = ({ instanceUrl, accessToken }: Started) =>
  new Connection({ instanceUrl, accessToken, version: apiVersion });

/** Starts a stand-in in a process of its own. @returns its address and a way to kill it outright. */
async function startProcess(t: TestContext, folder: string): Promise<Started & { kill(): Promise<void> }> {
  const module = new URL('../../../src/sandbox/salesforce/index.ts', import.meta.url).href;
  const script = `
    const { startSalesforceStandIn } = await import(${JSON.stringify(module)});
    const standIn = await startSalesforceStandIn({ folder: ${JSON.stringify(folder)} });
    console.log(JSON.stringify(standIn.connection));`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const kill = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  t.after(kill);
  for await (const line of createInterface({ input: child.stdout })) return { ...(JSON.parse(line) as Started), kill };
  throw new Error('the process ended before it was ready');
}

test('an org that was killed in the middle of its writes goes on with everything it answered for', async (t) => {
  const folder = await temporaryFolder(t);
  const first = await startProcess(t, folder);
  const before = open(first);
  await createFields(before, partnerKey, { fullName: 'Opportunity.Version__c', label: 'Version', type: 'DateTime' });
  await save(before, 'ValidationRule', {
    fullName: 'Opportunity.Not_Older',
    active: true,
    errorConditionFormula: 'Version__c < PRIORVALUE(Version__c)',
    errorMessage: 'older',
  });
  const answered: string[] = [];
  const writing = (async () => {
    for (let round = 0; round < 1000; round++) {
      const keys = Array.from({ length: 20 }, (_, index) => `O${round}-${index}`);
      const rows = keys.map((Partner_Key__c) => opportunity({ Partner_Key__c, Version__c: '2026-02-01T00:00:00Z' }));
      await before.sobject('Opportunity').upsert(rows, 'Partner_Key__c', { allOrNone: false });
      answered.push(...keys);
      if (round === 5) void first.kill();
    }
  })();
  await assert.rejects(writing);
  await first.kill();

  const second = await startProcess(t, folder);
  const after = open({ instanceUrl: second.instanceUrl, accessToken: first.accessToken });
  const found = new Set<unknown>();
  const { records } = await after.query('SELECT Partner_Key__c FROM Opportunity');
  for (const row of records) found.add(row.Partner_Key__c);
  for (const key of answered) assert.ok(found.has(key), key);
  assert.equal(found.size % 20, 0, 'a call is there as a whole or not at all');
  const [row] = await after
    .sobject('Opportunity')
    .upsert([{ Partner_Key__c: 'O0-0', Version__c: '2026-01-01T00:00:00Z' }], 'Partner_Key__c', { allOrNone: false });
  assert.equal(row?.success, false, 'the validation rule is still there');
  assert.equal(second.accessToken, first.accessToken, 'a session outlives the restart');
});

test('a half-written last line is forgotten, and what follows it is kept', async (t) => {
  const folder = await temporaryFolder(t);
  const first = await startSalesforceStandIn({ folder });
  const id = first.administration.create('Account', { Name: 'Acme' });
  await first.close();
  await appendFile(join(folder, 'journal.jsonl'), '{"kind":"rows","seque');
  const second = await startSalesforceStandIn({ folder });
  assert.equal(second.administration.read(id)?.Name, 'Acme');
  const next = second.administration.create('Account', { Name: 'Next' });
  assert.notEqual(next, id);
  await second.close();
  const third = await startSalesforceStandIn({ folder });
  assert.equal(third.administration.read(next)?.Name, 'Next');
  await third.close();
});

test('automation, locks, users and permissions outlive a restart', async (t) => {
  const folder = await temporaryFolder(t);
  const first = await startSalesforceStandIn({ folder });
  const id = first.administration.create('Opportunity', {
    Name: 'Deal',
    StageName: 'Prospecting',
    CloseDate: '2027-03-31',
  });
  first.administration.lock(id);
  first.administration.addFieldRewrite({ object: 'Account', on: 'save', field: 'Site', formula: '"Set"' });
  const { userId, clientId } = first.administration.createUser({ username: 'rep@example.com', profile: 'standard' });
  await first.close();
  const second = await startSalesforceStandIn({ folder });
  t.after(() => second.close());
  assert.throws(() => second.administration.delete(id), { code: 'ENTITY_IS_LOCKED' });
  assert.equal(second.administration.read(second.administration.create('Account', { Name: 'A' }))?.Site, 'Set');
  assert.equal(second.administration.read(userId)?.IsActive, true);
  assert.deepEqual(second.connection.clientId, first.connection.clientId);
  assert.equal(second.integrationUser.userId, first.integrationUser.userId);
  assert.ok(clientId);
  assert.equal(second.organizationId, first.organizationId);
});

test('an org without a folder is gone with its process, and two orgs have different ids', async () => {
  const [first, second] = [await startSalesforceStandIn(), await startSalesforceStandIn()];
  assert.notEqual(first.organizationId, second.organizationId);
  assert.notEqual(first.connection.accessToken, second.connection.accessToken);
  await Promise.all([first.close(), second.close()]);
});

test('an org whose founding was cut short is founded again from nothing', async (t) => {
  const folder = await temporaryFolder(t);
  await (await startSalesforceStandIn({ folder })).close();
  const path = join(folder, 'journal.jsonl');
  const lines = (await readFile(path, 'utf8')).split('\n');
  await writeFile(path, `${lines.slice(0, 3).join('\n')}\n`);
  const again = await startSalesforceStandIn({ folder });
  t.after(() => again.close());
  const names = again.administration.rows('User').map((row) => row.Username);
  assert.equal(new Set(names).size, names.length, 'nobody is there twice');
});

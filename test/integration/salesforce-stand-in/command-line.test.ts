import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Connection } from 'jsforce';

const launcher = fileURLToPath(new URL('../../../bin/ace-sync.js', import.meta.url));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

test('started alone by the command line, it prints one JSON line with its logins once it is ready', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'salesforce-alone-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const port = await freePort();
  const words = ['sandbox', 'start', '--only', 'salesforce', '--port', String(port), '--json', '--data', folder];
  const child = spawn(process.execPath, [launcher, ...words], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = once(child, 'exit');
  t.after(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  const lines: string[] = [];
  const output = createInterface({ input: child.stdout });
  output.on('line', (line) => lines.push(line));
  await once(output, 'line');

  const printed = JSON.parse(lines[0] ?? '') as Record<string, Record<string, string>>;
  assert.deepEqual(Object.keys(printed), ['salesforce']);
  const { salesforce = {} } = printed;
  const names = ['loginUrl', 'instanceUrl', 'clientId', 'clientSecret', 'username', 'password', 'accessToken'];
  assert.deepEqual(Object.keys(salesforce).sort(), names.sort());
  assert.equal(salesforce.instanceUrl, `http://127.0.0.1:${port}`);

  const { instanceUrl = '', accessToken = '', loginUrl = '', username = '', password = '' } = salesforce;
  const administrator = new Connection({ instanceUrl, accessToken, version: '62.0' });
  const created = await administrator.metadata.create('CustomField', [
    { fullName: 'Opportunity.Made_By_Administrator__c', label: 'Made', type: 'Text', length: 20 },
  ]);
  assert.equal(created[0]?.success, true, "the access token is an administrator's");
  const person = new Connection({ loginUrl, version: '62.0' });
  assert.ok((await person.login(username, password)).id);
  assert.equal(lines.length, 1);
});

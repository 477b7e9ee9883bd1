import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Dependencies } from '../../../src/activities/dependencies.ts';
import { withCrashPoints } from '../../../src/worker/crash-points.ts';

const module = new URL('../../../src/worker/crash-points.ts', import.meta.url).href;

/** A process that calls `bucket.put` three times and says so each time. */
const program = `
  import { withCrashPoints } from ${JSON.stringify(module)};
  const bucket = { put: async () => console.log('put') };
  const parties = withCrashPoints({ bucket, crm: {}, journal: {}, client: { workflow: {} } });
  for (let call = 1; call <= 3; call += 1) await parties.bucket.put();
`;

async function callsUntilDeath(environment: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (text: Buffer) => {
    said += text.toString();
  });
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { calls: said.split('put').length - 1, signal };
}

test('without the variables the parties are the very same objects', () => {
  const parties = { bucket: {}, crm: {}, journal: {}, client: {} } as unknown as Dependencies;
  assert.equal(withCrashPoints(parties, {}), parties);
});

test('the process dies before or after the call it was told', async () => {
  assert.deepEqual(await callsUntilDeath({ ACE_SYNC_CRASH_AT: 'before:bucket.put:2' }), {
    calls: 1,
    signal: 'SIGKILL',
  });
  assert.deepEqual(await callsUntilDeath({ ACE_SYNC_CRASH_AT: 'after:bucket.put:2' }), { calls: 2, signal: 'SIGKILL' });
  assert.deepEqual(await callsUntilDeath({ ACE_SYNC_CRASH_AT: 'after:bucket.get:1' }), { calls: 3, signal: null });
});

test('a file arms one crash, is taken away, and the point is noted', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ace-sync-crash-'));
  try {
    const file = join(folder, 'crash');
    await writeFile(file, 'before:bucket.put:3');
    assert.deepEqual(await callsUntilDeath({ ACE_SYNC_CRASH_FILE: file }), { calls: 2, signal: 'SIGKILL' });
    assert.equal(existsSync(file), false);
    assert.equal(await readFile(`${file}.struck`, 'utf8'), 'before:bucket.put\n');
    assert.deepEqual(await callsUntilDeath({ ACE_SYNC_CRASH_FILE: file }), { calls: 3, signal: null });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

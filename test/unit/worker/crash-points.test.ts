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

/** A process that calls `bucket.put` three times and then walks through a list of workflows, and says so each time. */
const program = `
  import { withCrashPoints } from ${JSON.stringify(module)};
  const bucket = { put: async () => console.log('put') };
  const workflow = { async *list() { console.log('listed'); yield 1; } };
  const parties = withCrashPoints({ bucket, crm: {}, journal: {}, client: { workflow } });
  for (let call = 1; call <= 3; call += 1) await parties.bucket.put();
  for await (const one of parties.client.workflow.list()) console.log('walked', one);
`;

async function sayingsUntilDeath(folder: string) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    env: { ...process.env, ACE_SYNC_CRASH_FOLDER: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (text: Buffer) => {
    said += text.toString();
  });
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { said: said.trim().split('\n'), signal };
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ace-sync-crash-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test('without the variable the parties are the very same objects', () => {
  const parties = { bucket: {}, crm: {}, journal: {}, client: {} } as unknown as Dependencies;
  assert.equal(withCrashPoints(parties, {}), parties);
});

const deaths = [
  ['before:bucket.put', '2', ['put']],
  ['after:bucket.put', '2', ['put', 'put']],
  ['before:temporal.list', '', ['put', 'put', 'put']],
  ['after:temporal.list', '', ['put', 'put', 'put', 'listed', 'walked 1']],
] as const;

for (const [point, nth, said] of deaths) {
  test(`the process dies at ${point}, takes the file away, and notes the point`, () =>
    inFolder(async (folder) => {
      await writeFile(join(folder, point), nth);
      assert.deepEqual(await sayingsUntilDeath(folder), { said, signal: 'SIGKILL' });
      assert.equal(existsSync(join(folder, point)), false);
      assert.equal(await readFile(join(folder, 'struck'), 'utf8'), `${point}\n`);
    }));
}

test('a point that the process never comes by stays armed, and the points that it came by are noted once each', () =>
  inFolder(async (folder) => {
    await writeFile(join(folder, 'after:bucket.get'), '');
    const { signal } = await sayingsUntilDeath(folder);
    assert.equal(signal, null);
    assert.equal(existsSync(join(folder, 'after:bucket.get')), true);
    assert.deepEqual((await readFile(join(folder, 'visited'), 'utf8')).trim().split('\n'), [
      'before:bucket.put',
      'after:bucket.put',
      'before:temporal.list',
      'after:temporal.list',
    ]);
  }));

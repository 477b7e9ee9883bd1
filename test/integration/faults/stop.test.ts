import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const harness = fileURLToPath(new URL('../../../bench/faults/run.ts', import.meta.url));

/** Processes whose arguments name the folder: the two workers, Temporal, versitygw, and the harness itself. */
async function processesOf(folder: string): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,args=']);
  return stdout.split('\n').filter((line) => line.includes(folder));
}

for (const [signal, exitCode] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`${signal} in the middle of the day stops every process of the harness`, { timeout: 300_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ace-sync-stopped-day-'));
    const child = spawn(process.execPath, [harness, '--records', '4', '--minutes', '30', '--data', folder], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    try {
      const ended = once(child, 'exit');
      for await (const line of createInterface(child.stderr)) if (line.startsWith('A day of')) break;
      assert.ok((await processesOf(folder)).length >= 5, 'servers, workers and the harness run');
      child.kill(signal);
      assert.deepEqual(await ended, [exitCode, null]);
      assert.deepEqual(await processesOf(folder), []);
    } finally {
      child.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    }
  });
}

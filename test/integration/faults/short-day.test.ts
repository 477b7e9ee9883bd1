import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { faultOptions } from '../../../bench/faults/options.ts';
import { runDay } from '../../../bench/faults/run-day.ts';

/** Long enough for kills, faults, a restart of Temporal and the loss of its database; `npm run faults` makes it longer. */
const shortDay = '--seed 20 --records 8 --minutes 0.5 --kills-per-minute 10 --restarts 1 --lose-temporal'.split(' ');

test('a short day with kills, faults and the loss of Temporal breaks no promise', { timeout: 590_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ace-sync-short-day-'));
  try {
    const said: string[] = [];
    const report = await runDay(folder, faultOptions(shortDay), (line) => said.push(line));
    assert.deepEqual(report.violations, [], said.join('\n'));
    assert.ok(report.kills > 0, 'no worker was killed');
    assert.ok(report.recordEvents > 20, 'hardly anything happened');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

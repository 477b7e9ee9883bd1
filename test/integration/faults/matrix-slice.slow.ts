import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { runMatrix } from '../../../bench/faults/matrix/run-matrix.ts';
import { crashesAtSteps } from '../../../bench/faults/matrix/steps.ts';
import { switchValues } from '../../../bench/faults/matrix/switch-values.ts';

/** Crashes of one slice: those that every record comes to, so that none is waited for in vain. */
const everyday = [
  'planUpload',
  'writeIntent',
  'putFile',
  'settleUpload',
  'markUpload',
  'downloadFile',
  'upsertRecords',
  'settleFile',
];

/** The slice of today, or the one that `ACE_SYNC_MATRIX_SLICE` names, so that each day proves another part. */
const slice = Number(process.env.ACE_SYNC_MATRIX_SLICE ?? Math.floor(Date.now() / 86_400_000));

/** `npm run test:matrix`: not part of `npm test`, whose other files share the same two cores with it. */
describe('the matrix of unfriendly switches and killed steps', () => {
  it(`breaks no promise in slice ${slice}`, { timeout: 590_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ace-sync-matrix-'));
    try {
      const said: string[] = [];
      const values = switchValues();
      const value = values[slice % values.length];
      assert.ok(value);
      const crashes = crashesAtSteps().filter(
        (crash, position) => everyday.includes(crash.split('.')[1] ?? '') && position % 2 === slice % 2,
      );
      const options = { folder, minutes: 0.6, records: 10, seed: slice, loseTemporal: false };
      const report = await runMatrix([{ value, crashes }], options, (line) => said.push(line));
      assert.deepEqual(report.violations, [], `${value.label}\n${said.join('\n')}`);
      assert.ok(report.met >= 3, `only ${report.met} workers died under ${value.label}`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Dependencies } from '../../../src/activities/dependencies.ts';
import { readResult } from '../../../src/activities/read-result.ts';
import { AceSyncError } from '../../../src/errors.ts';

const file = {
  key: 'opportunity-inbound-processed-results/R.json',
  etag: 'e',
  size: 2,
  lastModified: '2026-03-02T09:00:00.000Z',
};

it('gives a result file up that nobody can read, also in a bucket that takes no tags', async () => {
  const warned: unknown[] = [];
  const noted: string[] = [];
  const deps = {
    config: { connection: 'main', mode: 'live', installation: 'test' },
    log: { warn: (fields: unknown) => void warned.push(fields) },
    files: { get: async () => Buffer.from('{ no JSON') },
    now: () => new Date('2026-03-02T10:00:00.000Z'),
    journal: {
      archive: async () => 'sha',
      recordOutcomes: async (lines: readonly { kind: string; outcome: string; sha: string }[]) => {
        for (const { kind, outcome, sha } of lines) noted.push(`${kind} ${outcome} ${sha}`);
      },
    },
    settled: { remember: () => {} },
    bucket: {
      tag: async () => {
        throw new AceSyncError('BUCKET_ACCESS_DENIED', '');
      },
    },
  };
  const read = await readResult(deps as unknown as Dependencies)({ object: 'opportunity', file });
  assert.equal(read.kind, 'unreadable');
  assert.deepEqual(noted, ['resultFile rejected sha']);
  assert.deepEqual(warned, [{ key: file.key, code: 'BUCKET_ACCESS_DENIED' }]);
});

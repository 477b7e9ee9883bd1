import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WorkflowNotFoundError } from '@temporalio/client';
import { type FileStanding, readFileStanding } from '../../../src/activities/file-standing.ts';
import { AceSyncError } from '../../../src/errors.ts';

type Run = readonly [status: string, outcome: string | null] | 'none';
const file = { key: 'lead-outbound/L.json', etag: 'e', size: 2, lastModified: '2026-03-02T09:00:00.000Z' };

/** What the tag says (`refused`: the bucket takes none), what the workflow says, and how the file then stands. */
const cases: readonly (readonly [tag: string | null, run: Run, standing: FileStanding, why: string])[] = [
  [null, ['RUNNING', null], 'open', 'it is worked on'],
  [null, 'none', 'open', 'nobody came to it'],
  ['parked', ['RUNNING', 'parked'], 'parked', 'it waits for a person'],
  ['parked', ['RUNNING', null], 'parked', 'its first wait has not begun'],
  ['parked', ['TERMINATED', 'parked'], 'open', 'nobody waits with it any more'],
  ['parked', 'none', 'open', 'Temporal was lost'],
  ['rejected', 'none', 'rejected', 'the tag outlives the workflow'],
  ['settled', 'none', 'done', 'it only could not be deleted'],
  ['dismissed', 'none', 'done', 'a person gave it up'],
  ['gone', 'none', 'done', 'it was deleted meanwhile'],
  ['refused', ['RUNNING', 'parked'], 'parked', 'its workflow says so'],
  ['refused', ['COMPLETED', 'rejected'], 'rejected', 'its workflow says so'],
  ['refused', ['COMPLETED', 'unreadable'], 'rejected', 'its workflow says so'],
  ['refused', ['COMPLETED', 'foreign'], 'open', 'it is not ours, and nobody took it'],
  ['refused', ['FAILED', 'rejected'], 'open', 'it ended on its way'],
];

const refusals: Readonly<Record<string, AceSyncError>> = {
  gone: new AceSyncError('OBJECT_GONE', ''),
  refused: new AceSyncError('BUCKET_ACCESS_DENIED', ''),
};

describe('a file in the bucket', () => {
  for (const [tag, run, standing, why] of cases)
    it(`tagged ${tag}, with ${run === 'none' ? 'no workflow' : run.join(' ')}, is ${standing}: ${why}`, async () => {
      const bucket = {
        readTag: async () => {
          const refusal = refusals[tag ?? ''];
          if (refusal !== undefined) throw refusal;
          return tag;
        },
      };
      const describeRun = async () => {
        if (run === 'none') throw new WorkflowNotFoundError('', 'w', undefined);
        return { status: { name: run[0] }, typedSearchAttributes: { get: () => run[1] ?? undefined } };
      };
      const client = { workflow: { getHandle: () => ({ describe: describeRun }) } };
      const parts = { bucket, client } as unknown as Parameters<typeof readFileStanding>[0];
      assert.equal(await readFileStanding(parts, { file, workflowId: 'w' }), standing);
    });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failuresOf } from '../../../src/activities/temporal-evidence.ts';

type Description = NonNullable<Parameters<typeof failuresOf>[0]>;
const running = (raw: Partial<Description['raw']>): Description => ({ raw: raw as Description['raw'] });
const failed = (attempt: number, type: string) => ({ attempt, lastFailure: { applicationFailureInfo: { type } } });

describe('a loop of failures', () => {
  it('is none in a workflow that waits, or is gone', () => {
    assert.deepEqual(failuresOf(running({}), 8), []);
    assert.deepEqual(failuresOf(null, 8), []);
  });

  it('is a step that failed often, by the code of its last failure, once per code', () => {
    const pendingActivities = [
      failed(9, 'BUCKET_ACCESS_DENIED'),
      failed(30, 'BUCKET_ACCESS_DENIED'),
      failed(7, 'CRM_UNAVAILABLE'),
    ];
    assert.deepEqual(failuresOf(running({ pendingActivities }), 8), [
      { what: 'activity', code: 'BUCKET_ACCESS_DENIED' },
    ]);
  });

  it('is a step that was lost again and again without any failure being told', () => {
    assert.deepEqual(failuresOf(running({ pendingActivities: [{ attempt: 12 }] }), 8), [
      { what: 'activity', code: 'UNFORESEEN' },
    ]);
  });

  it('is workflow code that cannot go on', () => {
    assert.deepEqual(failuresOf(running({ pendingWorkflowTask: { attempt: 8 } }), 8), [
      { what: 'workflowTask', code: 'workflowTask' },
    ]);
  });
});

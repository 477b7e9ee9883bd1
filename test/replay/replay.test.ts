import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  bundleWorkflowCode,
  DefaultLogger,
  Runtime,
  Worker,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import * as workflows from '../../src/workflows/index.ts';
import { recordedHistories } from './history-files.ts';

describe('workflow code of today', { timeout: 120_000 }, () => {
  let workflowBundle: WorkflowBundleWithSourceMap;
  before(async () => {
    Runtime.install({ logger: new DefaultLogger('ERROR') });
    workflowBundle = await bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url)),
      logger: new DefaultLogger('ERROR'),
    });
  });

  const histories = recordedHistories();

  for (const { name, history } of histories) {
    it(`replays ${name}`, async () => {
      await Worker.runReplayHistory({ workflowBundle }, history);
    });
  }

  it('has a recorded history of every workflow type', () => {
    const recorded = new Set(histories.map(({ workflowType }) => workflowType));
    assert.deepEqual(
      Object.keys(workflows).filter((type) => !recorded.has(type)),
      [],
    );
  });

  it('would be noticed when it did something else', async () => {
    const [scan] = histories.filter(({ workflowType }) => workflowType === 'scanOutbound');
    assert.ok(scan);
    const events = (scan.history.events ?? []).map((event) => {
      const scheduled = event.activityTaskScheduledEventAttributes;
      const other = { ...scheduled, activityType: { name: 'anotherActivity' } };
      return scheduled ? { ...event, activityTaskScheduledEventAttributes: other } : event;
    });
    await assert.rejects(Worker.runReplayHistory({ workflowBundle }, { events }), {
      name: 'DeterminismViolationError',
    });
  });
});

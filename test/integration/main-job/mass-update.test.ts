import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { detectorWorkflowId } from '../../../src/client/schedules.ts';
import { startMainJob } from './main-job.ts';

/** Records of a data loader's run; each would be an entry of some 45 bytes, were they remembered in the history. */
const changedRecords = 300;
/** Bytes that an event of the detector may have: cursors and counts, whatever has changed. */
const mostBytes = 2_500;

describe('a mass update of the org', { timeout: 300_000 }, () => {
  it('leaves as little in the history of change detection as a single edit', async () => {
    const job = await startMainJob();
    const loader = Array.from({ length: 10 }, async (_, user) => {
      for (let number = user; number < changedRecords; number += 10) {
        const draft = { Name: `Loaded ${number}`, StageName: 'Prospecting', CloseDate: '2031-01-31' };
        await job.crm.create('Opportunity', draft);
      }
    });
    await Promise.all(loader);
    await job.detect();
    await job.detect();
    const history = await job.client.workflow.getHandle(detectorWorkflowId(job.config.connection)).fetchHistory();
    const payloads = (history.events ?? []).flatMap((event) => [
      ...(event.activityTaskScheduledEventAttributes?.input?.payloads ?? []),
      ...(event.activityTaskCompletedEventAttributes?.result?.payloads ?? []),
    ]);
    const sizes = payloads.map(({ data }) => data?.length ?? 0);
    assert.ok(sizes.length >= 4, 'two rounds at least');
    assert.ok(Math.max(...sizes) < mostBytes, `${Math.max(...sizes)} bytes`);
    const seen = payloads.flatMap(({ data }) => /"seen":(\d+)/.exec(Buffer.from(data ?? []).toString())?.[1] ?? []);
    assert.ok(Math.max(...seen.map(Number)) >= changedRecords, `the rounds saw ${seen.join(', ')} changes`);
  });
});

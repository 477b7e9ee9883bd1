import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { detectorWorkflowId } from '../../../src/client/schedules.ts';
import { createJournalStore } from '../../../src/journal/journal-store.ts';
import { readLastSweep } from '../../../src/journal/missed-changes.ts';
import { createNoticeBookFile } from '../../../src/notices/notice-book.ts';
import { type DetectorInput, detectorState } from '../../../src/workflows/messages.ts';
import { uniqueName } from '../../support/shared-stack.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { agreedRecord, sentFor } from './crm-records.ts';
import { type MainJob, startMainJob } from './main-job.ts';

/** A detector whose cursor stands there, and whose daily sweep is due. */
async function detectorFrom({ client, config }: MainJob, since: string): Promise<void> {
  const workflowId = detectorWorkflowId(config.connection);
  const detector = client.workflow.getHandle(workflowId);
  await detector.terminate('Started anew with another cursor.');
  const cursor = { since };
  const input: DetectorInput = {
    connection: config.connection,
    cursors: { opportunity: cursor, lead: cursor },
    lastSweep: '2020-01-01T00:00:00.000Z',
    sweepInterval: 1,
  };
  await client.workflow.start('detectChanges', {
    workflowId,
    taskQueue: config.temporal.taskQueue,
    args: [input],
  });
  await waitUntil('its first round', async () => (await detector.query(detectorState)).lastRound !== null);
}

describe('the daily sweep', { timeout: 300_000 }, () => {
  let job: MainJob;
  before(async () => {
    job = await startMainJob({ seed: 41 });
  });
  const lastSweep = async () => readLastSweep(createJournalStore(job.config.journal));

  it('says nothing of a change that the same round finds by itself', async () => {
    const { crmId, rowId } = await agreedRecord(job, 0);
    await job.crm.update('ACE_Sync__c', rowId, { Monthly_AWS_Revenue__c: 1111 });
    await detectorFrom(job, new Date(Date.now() - 60_000).toISOString());
    assert.deepEqual((await lastSweep())?.missed, []);
    await job.settle();
    assert.equal((await sentFor(job, crmId)).length, 2, 'and it is sent');
  });

  it('tells of a change that detection missed, and sends it', async () => {
    const { crmId, rowId } = await agreedRecord(job, 1);
    await job.crm.update('ACE_Sync__c', rowId, { Monthly_AWS_Revenue__c: 2222 });
    // The window begins after the edit, as it would if the stamp became visible too late.
    await detectorFrom(job, new Date(Date.now() + 24 * 60 * 60_000).toISOString());
    assert.deepEqual((await lastSweep())?.missed, [{ object: 'opportunity', crmId }]);
    await job.client.workflow.execute('watchConnection', {
      workflowId: uniqueName(`${job.config.connection}/watch`),
      taskQueue: job.config.temporal.taskQueue,
    });
    const { alerts } = await createNoticeBookFile(createJournalStore(job.config.journal)).read();
    assert.equal(alerts.filter(({ key, raised }) => key.startsWith('missed:') && raised).length, 1);
    await job.settle();
    assert.equal((await sentFor(job, crmId)).length, 2);
  });
});

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import proto from '@temporalio/proto';
import { aceFolders } from '../../../src/bucket/folders.ts';
import { uploadState } from '../../../src/workflows/messages.ts';
import { uniqueName } from '../../support/shared-stack.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { agreedRecord, atAce, readRecord, readRow, sentFor, shareOpportunity } from './crm-records.ts';
import { type MainJob, startMainJob } from './main-job.ts';

const { inbound } = aceFolders.opportunity;
const { EVENT_TYPE_WORKFLOW_TASK_COMPLETED } = proto.temporal.api.enums.v1.EventType;

describe('a file of which nobody knows whether it was put', { timeout: 400_000 }, () => {
  let job: MainJob;
  before(async () => {
    job = await startMainJob({ seed: 41 });
  });

  const arrivals = async (crmId: string) => (await sentFor(job, crmId)).map((file) => file.arrivals);
  /** With the time of their PUT. */
  const filesOf = async (crmId: string) =>
    (await job.bucket.list(inbound)).objects.filter(({ key }) => key.includes(crmId));
  const onItsWay = async (crmId: string) => {
    const names = (await job.names(inbound)).filter((name) => name.includes(crmId));
    return names.length > 0 ? names : null;
  };

  /** As an operator resets a run to its beginning: what it knew of its PUT is gone. */
  async function reset(workflowId: string): Promise<void> {
    const handle = job.client.workflow.getHandle(workflowId);
    const { runId } = await handle.describe();
    const { events } = await handle.fetchHistory();
    const first = events?.find(({ eventType }) => eventType === EVENT_TYPE_WORKFLOW_TASK_COMPLETED);
    assert.ok(first?.eventId);
    await job.client.workflowService.resetWorkflowExecution({
      namespace: job.config.temporal.namespace,
      workflowExecution: { workflowId, runId },
      workflowTaskFinishEventId: first.eventId,
      reason: 'An operator did so.',
      requestId: uniqueName('reset'),
    });
    assert.notEqual((await handle.describe()).runId, runId);
  }

  /** The upload has put its file and waits for the answer. */
  async function waiting(crmId: string): Promise<void> {
    const handle = job.client.workflow.getHandle(job.uploadId(crmId));
    await waitUntil('the wait', async () => (await handle.query(uploadState)).phase === 'waitingForResult');
  }

  it('because its upload was reset while it waited is not sent twice', async () => {
    const { crmId } = await shareOpportunity(job, 0);
    await job.detect();
    await waiting(crmId);
    const put = await filesOf(crmId);
    assert.equal(put.length, 1);
    await reset(job.uploadId(crmId));
    await waiting(crmId);
    assert.deepEqual(await filesOf(crmId), put, 'not put again, not even with the same content');
    await job.settle();
    assert.deepEqual(await arrivals(crmId), [1]);
    assert.equal((await atAce(job, crmId)).length, 1);
    assert.equal((await readRow(job, crmId)).Sending__c, null);
  });

  it('because its upload was reset after ACE took it is not sent twice', async () => {
    const { crmId } = await shareOpportunity(job, 1);
    await job.detect();
    await waiting(crmId);
    await job.ace.processInbound();
    await reset(job.uploadId(crmId));
    await job.settle();
    assert.deepEqual(await arrivals(crmId), [1]);
    assert.equal((await atAce(job, crmId)).length, 1);
    assert.match(String((await readRecord(job, crmId)).ACE_Id__c), /^O\d+$/);
  });

  it('because its answer was lost, while the record was edited, goes as it was, and the edit after it', async () => {
    const { crmId, rowId, aceId } = await agreedRecord(job, 2);
    const before = (await sentFor(job, crmId)).length;
    // The second attempt cannot look before the edit.
    await job.ace.setSwitches({
      faults: [
        { effect: 'loseAnswer', methods: ['PUT'], contains: inbound },
        { effect: 'unavailable', methods: ['GET'], contains: inbound },
      ],
    });
    await job.crm.update('ACE_Sync__c', rowId, { Monthly_AWS_Revenue__c: 1111 });
    await job.detect();
    const first = await waitUntil('the file is put', () => onItsWay(crmId));
    await job.crm.update('ACE_Sync__c', rowId, { Monthly_AWS_Revenue__c: 2222 });
    await job.ace.setSwitches({ faults: [] });
    await waiting(crmId);
    assert.deepEqual(await onItsWay(crmId), first, 'one file, under one name');
    await job.ace.processInbound();
    assert.equal((await job.ace.record({ id: aceId })).fields.expectedMonthlyAwsRevenue, 1111);
    await job.settle();
    assert.equal((await job.ace.record({ id: aceId })).fields.expectedMonthlyAwsRevenue, 2222);
    const sent = await arrivals(crmId);
    assert.deepEqual(sent.slice(before), [1, 1], 'each content once');
  });
});

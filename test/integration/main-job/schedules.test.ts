import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { ScheduleOverlapPolicy } from '@temporalio/client';
import { connectTemporal } from '../../../src/client/connect.ts';
import { detectorWorkflowId, ensureDetector, ensureSchedules, schedulesOf } from '../../../src/client/schedules.ts';
import type { Configuration } from '../../../src/config/configuration.ts';
import { sharedStack, uniqueName, whenDone } from '../../support/shared-stack.ts';
import { waitUntil } from '../../support/wait-until.ts';

type Connected = Awaited<ReturnType<typeof connectTemporal>>['client'];

describe('schedules of a connection', () => {
  let client: Connected;
  let temporal: Configuration['temporal'];
  before(async () => {
    const { temporal: stack } = await sharedStack();
    temporal = { address: stack.address, namespace: stack.namespace, taskQueue: uniqueName('schedules') };
    const connected = await connectTemporal({ temporal });
    whenDone(() => connected.close());
    client = connected.client;
  });

  /** Nobody works on their task queue, so what they start just waits there. */
  const connectionOf = (scanInterval: number, connection = uniqueName('s')) => {
    whenDone(async () => {
      for (const handle of await schedulesOf(client, connection)) await handle.delete();
    });
    const timing = { scanInterval } as Configuration['timing'];
    return { connection, temporal, timing, watch: { interval: scanInterval } as Configuration['watch'] };
  };

  /** Listing is eventually consistent. */
  const listed = (connection: string, count: number) =>
    waitUntil(`${count} schedules`, async () => {
      const handles = await schedulesOf(client, connection);
      return handles.length === count ? handles : null;
    });

  it('are created once, for both objects and both kinds of folder, and for the watch', async () => {
    const config = connectionOf(3600);
    const { created, updated, pruned } = await ensureSchedules(client, config);
    assert.deepEqual(created.map((id) => id.slice(config.connection.length)).toSorted(), [
      '/scan-outbound/lead',
      '/scan-outbound/opportunity',
      '/scan-results/lead',
      '/scan-results/opportunity',
      '/watch',
    ]);
    assert.deepEqual([updated, pruned], [[], []]);
    for (const handle of await listed(config.connection, 5)) {
      const { policies, spec } = await handle.describe();
      assert.equal(policies.overlap, ScheduleOverlapPolicy.SKIP);
      assert.equal(spec.intervals?.[0]?.every, 3_600_000);
    }
  });

  it('follow a changed interval without being made anew, and stay paused when somebody paused them', async () => {
    const config = connectionOf(3600);
    const { created } = await ensureSchedules(client, config);
    const [first = ''] = created;
    await client.schedule.getHandle(first).pause('Maintenance at AWS');
    const again = await ensureSchedules(client, { ...config, timing: { ...config.timing, scanInterval: 1800 } });
    assert.deepEqual([again.created, again.updated.toSorted()], [[], created.toSorted()]);
    const { spec, state } = await client.schedule.getHandle(first).describe();
    assert.equal(spec.intervals?.[0]?.every, 1_800_000);
    assert.deepEqual([state.paused, state.note], [true, 'Maintenance at AWS']);
  });

  it('are pruned when an earlier release made them, and those of other connections are left alone', async () => {
    const config = connectionOf(3600);
    const other = connectionOf(3600, `${config.connection}-2`);
    await ensureSchedules(client, other);
    const orphan = `${config.connection}/scan-everything`;
    await client.schedule.create({
      scheduleId: orphan,
      spec: { intervals: [{ every: '1 day' }] },
      action: { type: 'startWorkflow', workflowType: 'scanEverything', taskQueue: temporal.taskQueue },
    });
    await listed(config.connection, 1);
    await listed(other.connection, 5);
    const { pruned } = await ensureSchedules(client, config);
    assert.deepEqual(pruned, [orphan]);
    assert.equal((await listed(other.connection, 5)).length, 5);
  });

  it('leave the one detector that runs alone', async () => {
    const config = connectionOf(3600);
    await ensureDetector(client, config);
    const handle = client.workflow.getHandle(detectorWorkflowId(config.connection));
    const { runId } = await handle.describe();
    await ensureDetector(client, config);
    assert.equal((await handle.describe()).runId, runId);
    await handle.terminate('The test is done.');
  });
});

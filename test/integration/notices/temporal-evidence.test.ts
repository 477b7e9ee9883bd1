import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { Dependencies } from '../../../src/activities/dependencies.ts';
import { readTemporalEvidence } from '../../../src/activities/temporal-evidence.ts';
import { connectTemporal } from '../../../src/client/connect.ts';
import { searchAttributes } from '../../../src/workflows/search-attributes.ts';
import { sharedStack, uniqueName, whenDone } from '../../support/shared-stack.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { wake } from './sleeping-workflow.ts';

it('finds a workflow whose code cannot go on when it wakes up, among all that wait, and one that failed', {
  timeout: 180_000,
}, async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR', () => {}) });
  const { temporal: server } = await sharedStack();
  const temporal = { ...server, taskQueue: uniqueName('loops') };
  const { client, close } = await connectTemporal({ temporal });
  whenDone(close);
  const connection = await NativeConnection.connect({ address: server.address });
  whenDone(() => connection.close());
  const worker = await Worker.create({
    connection,
    namespace: server.namespace,
    taskQueue: temporal.taskQueue,
    workflowsPath: fileURLToPath(new URL('sleeping-workflow.ts', import.meta.url)),
  });
  const running = worker.run();
  whenDone(async () => {
    worker.shutdown();
    await running;
  });
  const name = uniqueName('t');
  const held = { AceConnection: name, AceOutcome: 'held', AceReason: 'ACE_STANDARD_VALUE' };
  // More than are looked at in one look.
  const ids = Array.from({ length: 40 }, (_, number) => `${name}/upload/${number}`);
  await Promise.all(
    ids.map((workflowId) =>
      client.workflow.start('uploadRecord', {
        workflowId,
        taskQueue: temporal.taskQueue,
        typedSearchAttributes: searchAttributes(held),
      }),
    ),
  );
  whenDone(async () => {
    for (const workflowId of ids) await client.workflow.getHandle(workflowId).terminate('The test is done.');
  });
  const interval = 600;
  const look = async (number: number) => {
    const config = { connection: name, watch: { failingAttempts: 2, interval } };
    const now = () => new Date(number * interval * 1000);
    return readTemporalEvidence({ client, config, now } as unknown as Dependencies);
  };
  const readEnded = async () => {
    const config = { connection: name, watch: { failingAttempts: 2, interval } };
    const deps = { client, config, now: () => new Date() };
    return (await readTemporalEvidence(deps as unknown as Dependencies)).ended;
  };
  await waitUntil('all wait', async () => (await look(0)).waiting[0]?.count === ids.length);
  assert.deepEqual((await look(0)).failing, []);
  const [broken = ''] = ids.slice(-1);
  await client.workflow.getHandle(broken).signal(wake);
  const found = await waitUntil('it is found', async () => {
    const looks = await Promise.all([look(0), look(1)]);
    return looks.flatMap(({ failing }) => failing)[0];
  });
  assert.equal(await readEnded(), 0);
  await client.workflow.start('processResultFile', {
    workflowId: `${name}/results/1`,
    taskQueue: temporal.taskQueue,
    typedSearchAttributes: searchAttributes({ AceConnection: name }),
  });
  await waitUntil('its end counts', async () => (await readEnded()) === 1);
  assert.deepEqual(found, { what: 'workflowTask', code: 'workflowTask', count: 1, workflowId: broken });
});

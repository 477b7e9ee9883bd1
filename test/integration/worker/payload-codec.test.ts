import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { connectTemporal } from '../../../src/client/connect.ts';
import { payloadConversion } from '../../../src/encryption/payload-codec.ts';
import type { ScanResult } from '../../../src/workflows/messages.ts';
import { historyText } from '../../support/history-text.ts';
import { sharedStack, uniqueName, whenDone } from '../../support/shared-stack.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const planted = 'jane.doe@example.com';
const workflowsPath = fileURLToPath(new URL('../../../src/workflows/index.ts', import.meta.url));

describe('with a payload key', { timeout: 180_000 }, () => {
  it('no payload of a history is readable, the client reads results, and replay works after a rotation', async () => {
    Runtime.install({ logger: new DefaultLogger('ERROR') });
    const { temporal: server } = await sharedStack();
    const folder = temporaryFolder('codec');
    const file = join(folder, 'payload-key');
    const key = randomBytes(32).toString('base64');
    await writeFile(file, key);
    const temporal = { ...server, taskQueue: uniqueName('codec'), payloadKey: { file } };
    const connected = await connectTemporal({ temporal });
    whenDone(() => connected.close());
    const connection = await NativeConnection.connect({ address: server.address });
    whenDone(() => connection.close());
    const worker = await Worker.create({
      connection,
      namespace: server.namespace,
      taskQueue: temporal.taskQueue,
      workflowsPath,
      ...payloadConversion({ temporal }),
      activities: {
        listFolder: async () => ({ listed: 7, files: [], waits: {}, reason: planted, startAfter: null }),
        findUnsettled: async () => [],
        retryParked: async () => 0,
      },
    });
    const workflowId = uniqueName('scan');
    const result = await worker.runUntil(
      connected.client.workflow.execute<(input: unknown) => Promise<ScanResult>>('scanOutbound', {
        workflowId,
        taskQueue: temporal.taskQueue,
        args: [{ connection: planted, object: 'opportunity' }],
        staticSummary: planted,
      }),
    );
    assert.deepEqual([result.listed, result.reason], [7, planted], 'the client decrypts');

    const history = await connected.client.workflow.getHandle(workflowId).fetchHistory();
    const text = historyText(history.events);
    assert.ok(text.includes('binary/encrypted'));
    assert.equal(text.includes(planted), false);
    assert.equal(text.includes('opportunity'), false);

    const plainClient = await connectTemporal({ temporal: { ...server, taskQueue: temporal.taskQueue } });
    whenDone(() => plainClient.close());
    await assert.rejects(plainClient.client.workflow.getHandle(workflowId).result());

    await writeFile(file, `${randomBytes(32).toString('base64')}\n${key}`);
    await Worker.runReplayHistory({ workflowsPath, ...payloadConversion({ temporal }) }, history, workflowId);
  });
});

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { createAceBucket } from '../../../src/bucket/ace-bucket.ts';
import { AceSyncError } from '../../../src/errors.ts';
import {
  createSupervisor,
  provisionAceBucket,
  startTemporal,
  startVersitygw,
} from '../../../src/sandbox/local-services/index.ts';
import { searchAttributeNames } from '../../../src/workflows/search-attributes.ts';
import { sharedStack, uniqueName } from '../../support/shared-stack.ts';

const root = await mkdtemp(join(tmpdir(), 'ace-sync-servers-'));
after(() => rm(root, { recursive: true, force: true }));
const newDataFolder = () => mkdtemp(join(root, 'data-'));

async function occupiedPort(): Promise<{ port: number; server: Server }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return { port: address.port, server };
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition().catch(() => false))) {
    assert.ok(Date.now() < deadline, 'timed out');
    await delay(50);
  }
}

describe('Temporal on this machine', () => {
  it('keeps closed workflows for 30 days and knows the search attributes', async () => {
    const supervisor = createSupervisor();
    const temporal = await startTemporal({ supervisor, dataFolder: await newDataFolder(), port: 0, uiPort: 0 });
    const connection = await Connection.connect({ address: temporal.address });
    const { config } = await connection.workflowService.describeNamespace({ namespace: 'ace-sync' });
    assert.equal(Number(config?.workflowExecutionRetentionTtl?.seconds), 30 * 24 * 60 * 60);
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'ace-sync' });
    for (const name of searchAttributeNames) assert.ok(customAttributes?.[name] !== undefined, name);
    assert.equal((await fetch(temporal.url)).status, 200);
    await connection.close();
    await supervisor.stop();
  });

  it('goes on where it was after a stop and after being killed, at the same address when killed', async () => {
    const dataFolder = await newDataFolder();
    const supervisor = createSupervisor();
    const first = await startTemporal({ supervisor, dataFolder, port: 0, uiPort: 0 });
    const connection = await Connection.connect({ address: first.address });
    const client = new Client({ connection, namespace: first.namespace });
    await client.workflow.start('waiting', { taskQueue: 'nobody', workflowId: 'kept' });
    const pid = first.child?.pid;
    first.child?.kill('SIGKILL');
    await until(async () => {
      await client.workflow.getHandle('kept').describe();
      return first.child?.pid !== pid;
    });
    await connection.close();
    await first.stop();

    const second = await startTemporal({ supervisor, dataFolder, port: 0, uiPort: 0 });
    const again = await Connection.connect({ address: second.address });
    const handle = new Client({ connection: again, namespace: second.namespace }).workflow.getHandle('kept');
    assert.equal((await handle.describe()).status.name, 'RUNNING');
    await again.close();
    await supervisor.stop();
  });

  it('takes other ports when the preferred ones are taken, and says which', async () => {
    const [frontEnd, ui] = await Promise.all([occupiedPort(), occupiedPort()]);
    const supervisor = createSupervisor();
    const dataFolder = await newDataFolder();
    const temporal = await startTemporal({ supervisor, dataFolder, port: frontEnd.port, uiPort: ui.port });
    assert.notEqual(temporal.port, frontEnd.port);
    assert.notEqual(temporal.uiPort, ui.port);
    assert.equal((await fetch(temporal.url)).status, 200);
    await supervisor.stop();
    frontEnd.server.close();
    ui.server.close();
  });
});

describe('servers that run elsewhere', () => {
  it('are used instead of new ones when the environment names them', async () => {
    const { temporal, versitygw } = await sharedStack();
    const environment = {
      ACE_SYNC_SANDBOX_TEMPORAL: temporal.address,
      ACE_SYNC_SANDBOX_TEMPORAL_UI: temporal.url,
      ACE_SYNC_SANDBOX_S3: versitygw.url,
      ACE_SYNC_SANDBOX_S3_ACCESS_KEY_ID: versitygw.root.accessKeyId,
      ACE_SYNC_SANDBOX_S3_SECRET_ACCESS_KEY: versitygw.root.secretAccessKey,
    };
    Object.assign(process.env, environment);
    try {
      const dataFolder = await newDataFolder();
      const supervisor = createSupervisor();
      const namespace = uniqueName('elsewhere');
      const elsewhere = await startTemporal({ supervisor, dataFolder, namespace, retentionDays: 3 });
      assert.deepEqual([elsewhere.address, elsewhere.url, elsewhere.child], [temporal.address, temporal.url, null]);
      const connection = await Connection.connect({ address: elsewhere.address });
      const { config } = await connection.workflowService.describeNamespace({ namespace });
      assert.equal(Number(config?.workflowExecutionRetentionTtl?.seconds), 3 * 24 * 60 * 60);
      const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
      for (const name of searchAttributeNames) assert.ok(customAttributes?.[name] !== undefined, name);
      await connection.close();

      const s3 = await startVersitygw({ supervisor, dataFolder });
      assert.equal(s3.child, null);
      const { bucket } = await provisionAceBucket(s3, { spmsId: '987654321', dataFolder });
      assert.equal(bucket, 'ace-apn-987654321-beta-us-west-2');
      await supervisor.stop();
    } finally {
      for (const name of Object.keys(environment)) delete process.env[name];
    }
  });
});

describe('the ACE bucket on this machine', () => {
  it('keeps objects, identities and keys over a stop, a kill and a second provisioning', async () => {
    const dataFolder = await newDataFolder();
    const supervisor = createSupervisor();
    const first = await startVersitygw({ supervisor, dataFolder, port: 0 });
    const provisioned = await provisionAceBucket(first, { spmsId: '123456', dataFolder });
    assert.equal(provisioned.bucket, 'ace-apn-123456-beta-us-west-2');
    const { bucket: name, endpoint, region, partner } = provisioned;
    const bucket = createAceBucket({ name, endpoint, region, credentials: { static: partner } });
    await bucket.put('lead-inbound/kept.json', Buffer.from('{}'));
    first.child?.kill('SIGKILL');
    await until(async () => (await bucket.exists('lead-inbound/kept.json')) === 'present');
    bucket.close();
    await first.stop();

    const second = await startVersitygw({ supervisor, dataFolder, port: 0 });
    const again = await provisionAceBucket(second, { spmsId: '123456', dataFolder });
    assert.deepEqual([again.ace, again.partner], [provisioned.ace, provisioned.partner]);
    const reopened = createAceBucket({
      name,
      endpoint: again.endpoint,
      region,
      credentials: { static: again.partner },
    });
    assert.equal(await reopened.exists('lead-inbound/kept.json'), 'present');
    reopened.close();
    await supervisor.stop();
  });

  it('takes another port when the preferred one is taken, and says which', async () => {
    const { port, server } = await occupiedPort();
    const supervisor = createSupervisor();
    const versitygw = await startVersitygw({ supervisor, dataFolder: await newDataFolder(), port });
    assert.notEqual(versitygw.port, port);
    assert.equal((await fetch(`${versitygw.url}/health`)).status, 200);
    await supervisor.stop();
    server.close();
  });

  it('names its log file when it cannot start', async () => {
    const supervisor = createSupervisor({ restartPausesMs: [] });
    process.env.ACE_SYNC_VERSITYGW = '/bin/false';
    try {
      await assert.rejects(
        startVersitygw({ supervisor, dataFolder: await newDataFolder(), port: 0 }),
        (error) =>
          error instanceof AceSyncError && /versitygw ended while starting.*versitygw\.log/.test(error.message),
      );
    } finally {
      delete process.env.ACE_SYNC_VERSITYGW;
      await supervisor.stop();
    }
  });
});

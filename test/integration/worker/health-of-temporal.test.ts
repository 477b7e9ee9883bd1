import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Client, Connection } from '@temporalio/client';
import { freePort } from '../../../src/sandbox/local-services/free-port.ts';
import type { WorkerPair } from '../../../src/worker/create-worker.ts';
import { readHealth } from '../../../src/worker/health-server.ts';
import { sharedStack, whenDone } from '../../support/shared-stack.ts';

const polling = { runState: 'RUNNING', workflowPollerState: 'POLLING', activityPollerState: 'POLLING' };
const workers = { status: () => ({ sync: polling, crm: polling }) } as unknown as Pick<WorkerPair, 'status'>;

it('is bad while Temporal is away or does not know the namespace, though the workers go on polling', async () => {
  const { temporal } = await sharedStack();
  const health = async (address: string, namespace: string) => {
    const connection = Connection.lazy({ address });
    whenDone(() => connection.close());
    const crm = { health: () => ({ fault: null, apiBudget: 'free' }) };
    const deps = { client: new Client({ connection, namespace }), crm, hold: { reason: async () => null } };
    const found = await readHealth({ connection: 'main', mode: 'live' }, workers, deps as unknown as Parts);
    assert.equal(found.healthy, found.temporalAnswers);
    return found.healthy;
  };
  assert.equal(await health(temporal.address, temporal.namespace), true);
  assert.equal(await health(temporal.address, 'nowhere'), false);
  assert.equal(await health(`127.0.0.1:${await freePort(0)}`, temporal.namespace), false);
});

type Parts = Parameters<typeof readHealth>[2];

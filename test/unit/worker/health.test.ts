import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Dependencies } from '../../../src/activities/dependencies.ts';
import type { Configuration } from '../../../src/config/configuration.ts';
import { freePort } from '../../../src/sandbox/local-services/free-port.ts';
import type { WorkerPair } from '../../../src/worker/create-worker.ts';
import { createHealthServer, readHealth } from '../../../src/worker/health-server.ts';

type Status = ReturnType<WorkerPair['status']>[string];

const status = (runState: Status['runState'], pollers: Partial<Status> = {}) =>
  ({ runState, workflowPollerState: 'POLLING', activityPollerState: 'POLLING', ...pollers }) as Status;
const workers = (sync: Status['runState'], crm: Status['runState'] = 'RUNNING') => ({
  status: () => ({ sync: status(sync), crm: status(crm) }),
});
const config = { connection: 'main', mode: 'live' } as const;
/** A Temporal that is there. */
const answering = {
  options: { namespace: 'default' },
  withDeadline: (_: number, ask: () => Promise<unknown>) => ask(),
  workflowService: { describeNamespace: async () => ({}) },
};
const deps = (
  reason: (direction: 'in' | 'toAws') => Promise<string | null>,
  fault: { code: string; detail: string; until: string } | null = null,
) =>
  ({ client: answering, crm: { health: () => ({ apiBudget: 'open', fault }) }, hold: { reason } }) as unknown as Pick<
    Dependencies,
    'client' | 'crm' | 'hold'
  >;

test('health is good while both workers run, and bad when one does not', async () => {
  const free = deps(async () => null);
  assert.equal((await readHealth(config, workers('RUNNING'), free)).healthy, true);
  assert.equal((await readHealth(config, workers('RUNNING', 'FAILED'), free)).healthy, false);
  assert.equal((await readHealth(config, workers('DRAINING'), free)).healthy, false);
});

test('health is bad when a poller failed, and good with one that has nothing to poll', async () => {
  const free = deps(async () => null);
  const healthy = async (pollers: Partial<Status>) => {
    const pair = { status: () => ({ sync: status('RUNNING'), crm: status('RUNNING', pollers) }) };
    return (await readHealth(config, pair, free)).healthy;
  };
  assert.equal(await healthy({ workflowPollerState: 'SHUTDOWN' }), true);
  assert.equal(await healthy({ workflowPollerState: 'FAILED' }), false);
  assert.equal(await healthy({ activityPollerState: 'FAILED' }), false);
});

test('health names the code of an open breaker and not its detail, and says what is held', async () => {
  const fault = { code: 'CRM_SCHEMA', detail: 'Field of Jane', until: '2026-03-02T09:00:00.000Z' };
  const held = deps(async (direction) => (direction === 'toAws' ? 'A person holds it for Jane.' : null), fault);
  const health = await readHealth(config, workers('RUNNING'), held);
  assert.deepEqual(health.breaker, { code: 'CRM_SCHEMA', until: fault.until });
  assert.deepEqual(health.held, { in: false, toAws: true });
  assert.equal(JSON.stringify(health).includes('Jane'), false);
});

test('health does not wait for a CRM that does not answer', async () => {
  const silent = deps(() => new Promise(() => {}));
  assert.deepEqual((await readHealth(config, workers('RUNNING'), silent)).held, { in: 'unknown', toAws: 'unknown' });
  const failing = deps(() => Promise.reject(new Error('no')));
  assert.deepEqual((await readHealth(config, workers('RUNNING'), failing)).held, { in: 'unknown', toAws: 'unknown' });
});

test('health is served on loopback only where a port is configured', async () => {
  const free = deps(async () => null);
  const configured = (healthPort?: number) =>
    ({ ...config, worker: healthPort === undefined ? {} : { healthPort } }) as Configuration;
  assert.equal(await createHealthServer(configured(), workers('RUNNING'), free), null);
  const port = await freePort(0);
  const server = await createHealthServer(configured(port), workers('FAILED'), free);
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/health`);
    assert.equal(answer.status, 503);
    assert.equal(((await answer.json()) as { connection: string }).connection, 'main');
    assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 404);
  } finally {
    server?.close();
  }
});

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { WorkerStatus } from '@temporalio/worker';
import type { Dependencies } from '../activities/dependencies.ts';
import type { Configuration } from '../config/configuration.ts';
import { withinTime } from '../within-time.ts';
import type { WorkerPair } from './create-worker.ts';

/**
 * What `/health` answers: 200 when both workers run and Temporal answers, else 503. States, codes and counts only. The
 * SDK's pollers go on polling a Temporal that is away, so it is asked here.
 */
export interface WorkerHealth {
  readonly healthy: boolean;
  readonly connection: string;
  readonly mode: Configuration['mode'];
  readonly workers: Readonly<
    Record<string, { readonly state: string; readonly workflowPoller: string; readonly activityPoller: string }>
  >;
  /** Whether Temporal answers, and knows the namespace. */
  readonly temporalAnswers: boolean;
  /** The fault that keeps the CRM from being called, by its code; null when there is none. */
  readonly breaker: { readonly code: string; readonly until: string } | null;
  readonly apiBudget: string;
  /** Whether the connection is held, in and to AWS; `unknown` when the CRM does not say. */
  readonly held: { readonly in: boolean | 'unknown'; readonly toAws: boolean | 'unknown' };
}

/** Milliseconds that Temporal and the CRM may take to answer: probes want theirs soon. */
const timeLimit = 2_000;

type Parts = Pick<Dependencies, 'client' | 'crm' | 'hold'>;

/** Serves `/health` on loopback when `worker.healthPort` is set; null without it. */
export async function createHealthServer(
  config: Configuration,
  workers: Pick<WorkerPair, 'status'>,
  deps: Parts,
): Promise<Server | null> {
  const { healthPort } = config.worker;
  if (healthPort === undefined) return null;
  const server = createServer(async (request, response) => {
    const known = request.method === 'GET' && request.url === '/health';
    const health = known ? await readHealth(config, workers, deps) : null;
    response.writeHead(health === null ? 404 : health.healthy ? 200 : 503, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(health ?? { error: 'GET /health' }));
  });
  server.listen(healthPort, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

export async function readHealth(
  config: Pick<Configuration, 'connection' | 'mode'>,
  workers: Pick<WorkerPair, 'status'>,
  { client, crm, hold }: Parts,
): Promise<WorkerHealth> {
  const status = Object.entries(workers.status());
  const { fault, apiBudget } = crm.health();
  const [temporalAnswers, inwards, toAws] = await Promise.all([
    answers(client),
    isHeld(hold, 'in'),
    isHeld(hold, 'toAws'),
  ]);
  return {
    healthy: temporalAnswers && status.every(([, worker]) => isWorking(worker)),
    connection: config.connection,
    mode: config.mode,
    workers: Object.fromEntries(
      status.map(([name, { runState, workflowPollerState, activityPollerState }]) => [
        name,
        { state: runState, workflowPoller: workflowPollerState, activityPoller: activityPollerState },
      ]),
    ),
    temporalAnswers,
    breaker: fault === null ? null : { code: fault.code, until: fault.until },
    apiBudget,
    held: { in: inwards, toAws },
  };
}

/** A poller without work of its kind is shut down from the beginning, as the one for workflows on the CRM's queue. */
function isWorking({ runState, workflowPollerState, activityPollerState }: WorkerStatus): boolean {
  return runState === 'RUNNING' && workflowPollerState !== 'FAILED' && activityPollerState !== 'FAILED';
}

async function answers(client: Parts['client']): Promise<boolean> {
  const { namespace } = client.options;
  try {
    await client.withDeadline(Date.now() + timeLimit, () => client.workflowService.describeNamespace({ namespace }));
    return true;
  } catch {
    return false;
  }
}

function isHeld(hold: Dependencies['hold'], direction: 'in' | 'toAws'): Promise<boolean | 'unknown'> {
  const answer: Promise<boolean | 'unknown'> = hold.reason(direction).then(
    (reason) => reason !== null,
    () => 'unknown',
  );
  return withinTime(timeLimit, answer, () => 'unknown');
}

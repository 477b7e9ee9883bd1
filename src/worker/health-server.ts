import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { Dependencies } from '../activities/dependencies.ts';
import type { Configuration } from '../config/configuration.ts';
import type { WorkerPair } from './create-worker.ts';

/** What `/health` answers: 200 when both workers run, 503 when one does not. States, codes and counts only. */
export interface WorkerHealth {
  readonly healthy: boolean;
  readonly connection: string;
  readonly mode: Configuration['mode'];
  readonly workers: Readonly<
    Record<string, { readonly state: string; readonly workflowPoller: string; readonly activityPoller: string }>
  >;
  /** The fault that keeps the CRM from being called, by its code; null when there is none. */
  readonly breaker: { readonly code: string; readonly until: string } | null;
  readonly apiBudget: string;
  /** Whether the connection is held, in and to AWS; `unknown` when the CRM does not say. */
  readonly held: { readonly in: boolean | 'unknown'; readonly toAws: boolean | 'unknown' };
}

/** Milliseconds that the CRM may take to say whether the connection is held: probes want their answer soon. */
const holdTimeLimit = 2_000;

/** Serves `/health` on loopback when `worker.healthPort` is set; null without it. */
export async function createHealthServer(
  config: Configuration,
  workers: Pick<WorkerPair, 'status'>,
  deps: Pick<Dependencies, 'crm' | 'hold'>,
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
  { crm, hold }: Pick<Dependencies, 'crm' | 'hold'>,
): Promise<WorkerHealth> {
  const status = Object.entries(workers.status());
  const { fault, apiBudget } = crm.health();
  const [inwards, toAws] = await Promise.all([isHeld(hold, 'in'), isHeld(hold, 'toAws')]);
  return {
    healthy: status.every(([, { runState }]) => runState === 'RUNNING'),
    connection: config.connection,
    mode: config.mode,
    workers: Object.fromEntries(
      status.map(([name, { runState, workflowPollerState, activityPollerState }]) => [
        name,
        { state: runState, workflowPoller: workflowPollerState, activityPoller: activityPollerState },
      ]),
    ),
    breaker: fault === null ? null : { code: fault.code, until: fault.until },
    apiBudget,
    held: { in: inwards, toAws },
  };
}

async function isHeld(hold: Dependencies['hold'], direction: 'in' | 'toAws'): Promise<boolean | 'unknown'> {
  const late = new Promise<'unknown'>((resolve) => setTimeout(resolve, holdTimeLimit, 'unknown').unref());
  const answer = hold.reason(direction).then(
    (reason) => reason !== null,
    () => 'unknown' as const,
  );
  return Promise.race([answer, late]);
}

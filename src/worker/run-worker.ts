import { ApplicationFailure } from '@temporalio/common';
import { DefaultLogger, type LogMetadata, Runtime, type RuntimeOptions } from '@temporalio/worker';
import { connectTemporal } from '../client/connect.ts';
import type { Configuration } from '../config/configuration.ts';
import { lockFolder } from '../journal/folder-lock.ts';
import { createJournalStore } from '../journal/journal-store.ts';
import { s3AddressOf } from '../journal/s3-address.ts';
import { countOutcomes } from './count-outcomes.ts';
import { withCrashesAtSteps } from './crash-points.ts';
import { createDependencies } from './create-dependencies.ts';
import { createLogger } from './create-logger.ts';
import { createWorkerPair } from './create-worker.ts';
import { followMappings } from './follow-mappings.ts';
import { createHealthServer } from './health-server.ts';
import { createMappingSource } from './mapping-source.ts';
import { runWhileLocked } from './run-while-locked.ts';

/** Runs the worker of one connection until SIGTERM or SIGINT; activities under way finish within the grace time. */
export async function runWorker(config: Configuration): Promise<void> {
  const log = createLogger();
  const opened = new AsyncDisposableStack();
  try {
    // A bucket is made for several hosts; a folder is not.
    const lock = s3AddressOf(config.journal.folder) === null ? lockFolder(config.journal.folder) : null;
    opened.defer(() => lock?.release());
    Runtime.install({
      logger: new DefaultLogger('WARN', ({ message, meta }) => log.warn(withoutStack(meta), message)),
      shutdownSignals: [],
      ...telemetryOf(config.worker),
    });
    const temporal = opened.adopt(await connectTemporal(config), (one) => one.close());
    const mappings = await createMappingSource(config, createJournalStore(config.journal), log);
    const made = await createDependencies(config, temporal.client, log, await mappings.current());
    opened.defer(() => made.bucket.close());
    opened.defer(() => made.crm.close());
    const deps = { ...made, journal: countOutcomes(made.journal, Runtime.instance().metricMeter) };
    const workers = await createWorkerPair(config, withCrashesAtSteps(await followMappings(deps, mappings)));
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => workers.shutdown());
    log.info({ connection: config.connection, mode: config.mode }, 'The worker runs.');
    const health = await createHealthServer(config, workers, deps);
    opened.defer(() => void health?.close());
    await runWhileLocked(workers, lock);
  } finally {
    await opened.disposeAsync();
  }
}

/** The SDK's metrics and our own, in Prometheus' form on loopback; their labels are names of types, queues and codes. */
function telemetryOf({ metricsPort }: Configuration['worker']): Pick<RuntimeOptions, 'telemetryOptions'> {
  if (metricsPort === undefined) return {};
  const prometheus = {
    bindAddress: `127.0.0.1:${metricsPort}`,
    // Names with their units, as Prometheus asks for ("Metric and label naming").
    countersTotalSuffix: true,
    unitSuffix: true,
    useSecondsForDurations: true,
  };
  return { telemetryOptions: { metrics: { prometheus } } };
}

/** What a log line of the SDK may say: errors by code and our own sentence, without task tokens. */
function withoutStack(meta: LogMetadata | undefined): Record<string, unknown> {
  const { error, taskToken: _, ...rest } = meta ?? {};
  return error instanceof ApplicationFailure
    ? { ...rest, code: error.type, reason: error.message }
    : { ...rest, ...(error instanceof Error ? { error: error.name } : {}) };
}

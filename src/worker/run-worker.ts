import { ApplicationFailure } from '@temporalio/common';
import { DefaultLogger, type LogMetadata, Runtime } from '@temporalio/worker';
import { connectTemporal } from '../client/connect.ts';
import type { Configuration } from '../config/configuration.ts';
import { createDependencies } from './create-dependencies.ts';
import { createLogger } from './create-logger.ts';
import { createWorkerPair } from './create-worker.ts';
import { followMappings } from './follow-mappings.ts';
import { createMappingSource } from './mapping-source.ts';

/** Runs the worker of one connection until SIGTERM or SIGINT; activities under way finish within the grace time. */
export async function runWorker(config: Configuration): Promise<void> {
  const log = createLogger();
  Runtime.install({
    logger: new DefaultLogger('WARN', ({ message, meta }) => log.warn(withoutStack(meta), message)),
    shutdownSignals: [],
  });
  const temporal = await connectTemporal(config);
  const mappings = createMappingSource(config, log);
  const deps = createDependencies(config, temporal.client, log, mappings.current());
  const workers = await createWorkerPair(config, followMappings(deps, mappings));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => workers.shutdown());
  log.info({ connection: config.connection, mode: config.mode }, 'The worker runs.');
  try {
    await workers.run();
  } finally {
    await deps.crm.close();
    deps.bucket.close();
    await temporal.close();
  }
}

/** What a log line of the SDK may say: errors by code and our own sentence, without task tokens. */
function withoutStack(meta: LogMetadata | undefined): Record<string, unknown> {
  const { error, taskToken: _, ...rest } = meta ?? {};
  return error instanceof ApplicationFailure
    ? { ...rest, code: error.type, reason: error.message }
    : { ...rest, ...(error instanceof Error ? { error: error.name } : {}) };
}

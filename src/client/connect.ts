import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { Configuration } from '../config/configuration.ts';
import { payloadConversion } from '../encryption/payload-codec.ts';
import { AceSyncError } from '../errors.ts';

export interface TemporalConnection {
  readonly client: Client;
  close(): Promise<void>;
}

/**
 * Connects to Temporal: the configuration's address and namespace, with TLS and API key from Temporal's own environment
 * variables or profile (`TEMPORAL_PROFILE`, `TEMPORAL_API_KEY`, …) where they are set.
 * @throws AceSyncError TEMPORAL_UNREACHABLE
 */
export async function connectTemporal({ temporal }: Pick<Configuration, 'temporal'>): Promise<TemporalConnection> {
  const profile = loadClientConnectConfig();
  const address = process.env.TEMPORAL_ADDRESS || temporal.address;
  const namespace = process.env.TEMPORAL_NAMESPACE || temporal.namespace;
  const conversion = payloadConversion({ temporal });
  try {
    const connection = await Connection.connect({ ...profile.connectionOptions, address, connectTimeout: '5s' });
    return { client: new Client({ connection, namespace, ...conversion }), close: () => connection.close() };
  } catch (cause) {
    throw new AceSyncError('TEMPORAL_UNREACHABLE', `Tried ${address}.`, { cause });
  }
}

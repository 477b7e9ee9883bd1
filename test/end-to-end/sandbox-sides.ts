import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Connection } from 'jsforce';
import { type AceBucket, createAceBucket } from '../../src/bucket/ace-bucket.ts';
import { connectTemporal, type TemporalConnection } from '../../src/client/connect.ts';
import { type Configuration, loadConfiguration } from '../../src/config/configuration.ts';
import { connectAceSimulator } from '../../src/sandbox/ace/connect.ts';
import { aceSimulatorFolder, readControlFile } from '../../src/sandbox/ace/control-file.ts';
import type { AceOperations } from '../../src/sandbox/ace/operations.ts';

/** Both sides of a sandbox that runs in another process, and its Temporal, as the people of each side see them. */
export interface SandboxSides {
  readonly config: Configuration;
  readonly ace: AceOperations;
  /** The org's administrator. */
  readonly salesforce: Connection;
  readonly bucket: AceBucket;
  readonly temporal: TemporalConnection;
  query(soql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  close(): Promise<void>;
}

export async function connectSandbox(folder: string): Promise<SandboxSides> {
  const config = loadConfiguration(join(folder, 'ace-sync.yaml'));
  const controlUrl = readControlFile(aceSimulatorFolder(folder));
  if (controlUrl === null) throw new Error('The simulator has noted no control address.');
  const salesforce = new Connection({
    instanceUrl: config.salesforce.loginUrl,
    accessToken: readFileSync(join(folder, 'secrets', 'salesforce-administrator-token'), 'utf8'),
    version: '62.0',
  });
  const bucket = createAceBucket(config.ace.bucket);
  const temporal = await connectTemporal(config);
  return {
    config,
    ace: connectAceSimulator(controlUrl),
    salesforce,
    bucket,
    temporal,
    query: async (soql) => (await salesforce.query(soql, { autoFetch: true, maxFetch: 5_000 })).records,
    async close() {
      bucket.close();
      await temporal.close();
    },
  };
}

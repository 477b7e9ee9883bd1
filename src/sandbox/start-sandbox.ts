import { aceSimulatorFolder } from './ace/control-file.ts';
import { type AceSimulator, startAceSimulator } from './ace/simulator.ts';
import {
  createSupervisor,
  openDataFolder,
  type ProvisionedAceBucket,
  provisionAceBucket,
  type Supervisor,
  startTemporal,
  startVersitygw,
  type TemporalService,
} from './local-services/index.ts';
import { type SalesforceStandIn, startSalesforceStandIn } from './salesforce/start-stand-in.ts';

export const sandboxParts = ['ace', 'salesforce', 'temporal', 's3'] as const;
export type SandboxPart = (typeof sandboxParts)[number];

export interface SandboxOptions {
  /** Folder of all data; a restart on it goes on where it was. */
  readonly folder: string;
  /** Which parts to start; the simulator brings the S3 server that it works through. @default all */
  readonly only?: readonly SandboxPart[];
  /** Empties the folder first. @default false */
  readonly fresh?: boolean;
  readonly seed?: number;
  /** Factor of ACE's clock: 60 makes an hour pass in a minute. @default 60 */
  readonly clockFactor?: number;
  /** Port of the stand-in; others are free ones near their usual numbers. */
  readonly port?: number;
  /** Port of Temporal, zero for any: one that is killed and comes back must not find its usual port taken by another. */
  readonly temporalPort?: number;
  readonly onProgress?: (line: string) => void;
}

/** What a partner does not get from AWS and Salesforce, running on this machine. */
export interface Sandbox {
  readonly supervisor: Supervisor;
  readonly temporal: TemporalService | null;
  readonly bucket: ProvisionedAceBucket | null;
  readonly ace: AceSimulator | null;
  readonly salesforce: SalesforceStandIn | null;
  /** The endpoints and keys, as `ace-sync sandbox start --json` prints them. */
  readonly connections: SandboxConnections;
  stop(): Promise<void>;
}

export interface SandboxConnections {
  s3?: { endpoint: string; region: string; bucket: string; accessKeyId: string; secretAccessKey: string };
  ace?: { controlUrl: string; s3: { accessKeyId: string; secretAccessKey: string } };
  salesforce?: SalesforceStandIn['connection'];
  temporal?: { address: string; namespace: string; webUi: string };
}

/** The sandbox's partner number at AWS; it opens nothing anywhere. */
export const sandboxSpmsId = '123456';

/** Starts the wanted parts and resolves when all of them answer. Throws TOOL_UNAVAILABLE, SERVICE_FAILED. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const wanted = new Set<SandboxPart>(options.only ?? sandboxParts);
  if (wanted.has('ace')) wanted.add('s3');
  const data = await openDataFolder(options.folder, { fresh: options.fresh ?? false });
  const folder = data.path;
  const onProgress = options.onProgress ?? (() => {});
  const supervisor = createSupervisor();
  const started: (() => Promise<void>)[] = [async () => data.release(), () => supervisor.stop()];
  const stop = async () => {
    for (const end of started.splice(0).toReversed()) await end();
  };
  const common = { supervisor, dataFolder: folder, onProgress };

  try {
    const [temporal, bucket] = await Promise.all([
      wanted.has('temporal') ? startTemporal({ ...common, ...temporalPorts(options) }) : null,
      wanted.has('s3') ? startBucket(common) : null,
    ]);
    const salesforce = wanted.has('salesforce')
      ? await startSalesforceStandIn({ folder: `${folder}/salesforce`, port: options.port ?? 0 })
      : null;
    if (salesforce !== null) started.push(() => salesforce.close());
    const ace = wanted.has('ace') && bucket !== null ? await startAce(bucket, folder, options) : null;
    if (ace !== null) started.push(() => ace.stop());
    return {
      supervisor,
      temporal,
      bucket,
      ace,
      salesforce,
      connections: connectionsOf(temporal, bucket, ace, salesforce),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const temporalPorts = ({ temporalPort }: SandboxOptions) =>
  temporalPort === undefined ? {} : { port: temporalPort, ...(temporalPort === 0 && { uiPort: 0 }) };

async function startBucket(common: { supervisor: Supervisor; dataFolder: string; onProgress: (line: string) => void }) {
  const server = await startVersitygw(common);
  return provisionAceBucket(server, { spmsId: sandboxSpmsId, dataFolder: common.dataFolder });
}

function startAce(bucket: ProvisionedAceBucket, folder: string, options: SandboxOptions): Promise<AceSimulator> {
  const { endpoint, region, ace } = bucket;
  return startAceSimulator({
    s3: { endpoint, region, ...ace },
    bucket: bucket.bucket,
    spmsId: sandboxSpmsId,
    folder: aceSimulatorFolder(folder),
    payloadVersion: 2,
    seed: options.seed ?? 1,
    clock: { kind: 'accelerated', factor: options.clockFactor ?? 60 },
    controlPort: 0,
    faultProxyPort: 0,
  });
}

function connectionsOf(
  temporal: TemporalService | null,
  bucket: ProvisionedAceBucket | null,
  ace: AceSimulator | null,
  salesforce: SalesforceStandIn | null,
): SandboxConnections {
  return {
    ...(bucket && {
      s3: {
        endpoint: ace?.partnerEndpoint ?? bucket.endpoint,
        region: bucket.region,
        bucket: bucket.bucket,
        ...bucket.partner,
      },
    }),
    ...(bucket && ace?.controlUrl && { ace: { controlUrl: ace.controlUrl, s3: bucket.ace } }),
    ...(salesforce && { salesforce: salesforce.connection }),
    ...(temporal && { temporal: { address: temporal.address, namespace: temporal.namespace, webUi: temporal.url } }),
  };
}

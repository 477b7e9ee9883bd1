import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { externalVersitygw } from './external-servers.ts';
import { freePort } from './free-port.ts';
import { type KeyPair, keyPairInFile } from './key-pair.ts';
import { provideTool } from './provide-tool.ts';
import type { SupervisedChild, Supervisor } from './supervisor.ts';
import { waitUntilReady } from './wait-until-ready.ts';

/** What provisioning needs to know of a running server; plain data, so that other processes can use it too. */
export interface VersitygwServer {
  /** S3 endpoint, for path-style addressing. */
  readonly url: string;
  readonly region: string;
  /** May do everything; for provisioning only. */
  readonly root: KeyPair;
  readonly logFile: string;
}

export interface VersitygwService extends VersitygwServer {
  /** Host and port. */
  readonly address: string;
  readonly port: number;
  /** Null when the server runs elsewhere. */
  readonly child: SupervisedChild | null;
  stop(): Promise<void>;
}

export interface StartVersitygwOptions {
  readonly supervisor: Supervisor;
  /** Folder of the whole local stack; objects, identities and the log go into folders of it. */
  readonly dataFolder: string;
  /** @default 7070; another free one when it is taken, zero for any */
  readonly port?: number;
  readonly onProgress?: (line: string) => void;
}

/** All ACE buckets are there. */
const region = 'us-west-2';
const startTimeoutMs = 20_000;

/** Starts the S3 server on 127.0.0.1 and waits until it answers. Throws TOOL_UNAVAILABLE, SERVICE_FAILED. */
export async function startVersitygw(options: StartVersitygwOptions): Promise<VersitygwService> {
  const { supervisor, port: preferredPort = 7070, onProgress = () => {} } = options;
  const external = externalVersitygw(region);
  if (external !== null) return await useExternalVersitygw(external);
  const executable = await provideTool('versitygw', { onProgress });
  const dataFolder = resolve(options.dataFolder);
  const folder = join(dataFolder, 'versitygw');
  const identities = join(folder, 'identities');
  const objects = join(folder, 'objects');
  const logFile = join(dataFolder, 'logs', 'versitygw.log');
  for (const path of [identities, objects, join(dataFolder, 'logs')])
    await mkdir(path, { recursive: true, mode: 0o700 });
  const root = await keyPairInFile(join(folder, 'root-keys.json'));
  const port = await freePort(preferredPort);
  const address = `127.0.0.1:${port}`;

  const child = await supervisor.start({
    name: 'versitygw',
    command: executable,
    // --iam-dir must be absolute. --keep-alive stays off: with it, some back-to-back stream PUTs failed.
    args: ['--port', address, '--region', region, '--iam-dir', identities, '--iam-cache-disable']
      .concat(['--health', '/health', '--quiet'])
      .concat(['posix', objects]),
    // By environment, because the arguments of a process can be read by everybody on the machine.
    env: { ROOT_ACCESS_KEY_ID: root.accessKeyId, ROOT_SECRET_ACCESS_KEY: root.secretAccessKey },
    logFile,
  });
  const url = `http://${address}`;
  await waitUntilReady({ name: 'versitygw', child, logFile, timeoutMs: startTimeoutMs }, () =>
    answers(`${url}/health`),
  );
  return { address, port, url, region, root, logFile, child, stop: () => child.stop() };
}

async function useExternalVersitygw(server: VersitygwServer): Promise<VersitygwService> {
  const { logFile, url } = server;
  await waitUntilReady({ name: 'versitygw', child: null, logFile, timeoutMs: startTimeoutMs }, () =>
    answers(`${url}/health`),
  );
  const { host, port } = new URL(url);
  return { ...server, address: host, port: Number(port), child: null, stop: async () => {} };
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

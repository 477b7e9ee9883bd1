import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { freePort } from './free-port.ts';
import { provideTool } from './provide-tool.ts';
import type { SupervisedChild, Supervisor } from './supervisor.ts';
import { waitUntilReady } from './wait-until-ready.ts';

export interface KeyPair {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

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
  readonly child: SupervisedChild;
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

const keyPairSchema = z.strictObject({ accessKeyId: z.string().min(1), secretAccessKey: z.string().min(1) });

/** Starts the S3 server on 127.0.0.1 and waits until it answers. Throws TOOL_UNAVAILABLE, SERVICE_FAILED. */
export async function startVersitygw(options: StartVersitygwOptions): Promise<VersitygwService> {
  const { supervisor, port: preferredPort = 7070, onProgress = () => {} } = options;
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
  await waitUntilReady({ child, logFile, timeoutMs: startTimeoutMs }, () => answers(`${url}/health`));
  return { address, port, url, region, root, logFile, child, stop: () => child.stop() };
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

/** Keys that live as long as the data folder, readable by its owner only; made up at the first start. */
export async function keyPairInFile(file: string): Promise<KeyPair> {
  try {
    return keyPairSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  const keys = {
    accessKeyId: `LOCAL${randomBytes(8).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString('base64url'),
  };
  await writeFile(`${file}.new`, `${JSON.stringify(keys)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return keys;
}

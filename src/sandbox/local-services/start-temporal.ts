import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Connection } from '@temporalio/client';
import { prepareNamespace } from '../../client/prepare-namespace.ts';
import { externalTemporal } from './external-servers.ts';
import { freePort } from './free-port.ts';
import { provideTool } from './provide-tool.ts';
import { restartWhenSilent } from './restart-when-silent.ts';
import type { SupervisedChild, Supervisor } from './supervisor.ts';
import { waitUntilReady } from './wait-until-ready.ts';

export interface TemporalService {
  /** Host and port of the gRPC front end, as clients take it. */
  readonly address: string;
  readonly port: number;
  readonly namespace: string;
  /** Web UI, without path. */
  readonly url: string;
  readonly uiPort: number;
  readonly logFile: string;
  /** Null when the server runs elsewhere. */
  readonly child: SupervisedChild | null;
  stop(): Promise<void>;
}

export interface StartTemporalOptions {
  readonly supervisor: Supervisor;
  /** Folder of the whole local stack; the database and the log go into folders of it. */
  readonly dataFolder: string;
  /** @default 7233; another free one when it is taken, zero for any */
  readonly port?: number;
  /** @default 8233; another free one when it is taken, zero for any */
  readonly uiPort?: number;
  /** @default ace-sync */
  readonly namespace?: string;
  /** How long closed workflows can be looked at. @default 30; the dev server's own default is one day */
  readonly retentionDays?: number;
  readonly onProgress?: (line: string) => void;
}

/** Together they triple the throughput with a database file (measured: 16 against 45 files a second). */
const sqlitePragmas = ['journal_mode=wal', 'synchronous=normal'] as const;

/** Starting takes a second; opening a large database after a kill takes longer. */
const startTimeoutMs = 60_000;

/** Starts Temporal's dev server on 127.0.0.1 and waits until it answers. Throws TOOL_UNAVAILABLE, SERVICE_FAILED. */
export async function startTemporal(options: StartTemporalOptions): Promise<TemporalService> {
  const { supervisor, namespace = 'ace-sync', retentionDays = 30, onProgress = () => {} } = options;
  const external = externalTemporal();
  if (external !== null) return await useExternalTemporal(external, namespace, retentionDays);
  const executable = await provideTool('temporal', { onProgress });
  const dataFolder = resolve(options.dataFolder);
  const folder = join(dataFolder, 'temporal');
  const logFile = join(dataFolder, 'logs', 'temporal.log');
  for (const path of [folder, join(dataFolder, 'logs')]) await mkdir(path, { recursive: true, mode: 0o700 });
  const port = await freePort(options.port ?? 7233);
  const uiPort = await freePort(options.uiPort ?? 8233, [port]);

  const child = await supervisor.start({
    name: 'temporal',
    command: executable,
    args: ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--ui-port', String(uiPort)]
      .concat(['--db-filename', join(folder, 'temporal.db')])
      .concat(sqlitePragmas.flatMap((pragma) => ['--sqlite-pragma', pragma]))
      .concat(['--log-level', 'warn']),
    logFile,
    graceMs: 10_000,
  });
  const address = `127.0.0.1:${port}`;
  await waitUntilReady({ name: 'temporal', child, logFile, timeoutMs: startTimeoutMs }, () =>
    isPrepared(address, namespace, retentionDays),
  );
  const url = `http://127.0.0.1:${uiPort}`;
  const endWatch = restartWhenSilent({ child, answers: () => answers(address, namespace), onProgress });
  const stop = () => {
    endWatch();
    return child.stop();
  };
  return { address, port, namespace, url, uiPort, logFile, child, stop };
}

/** Asks for the namespace, which the server reads from its database. */
async function answers(address: string, namespace: string): Promise<boolean> {
  let connection: Connection | undefined;
  try {
    connection = await Connection.connect({ address, connectTimeout: 5_000 });
    const { workflowService } = connection;
    await connection.withDeadline(Date.now() + 10_000, () => workflowService.describeNamespace({ namespace }));
    return true;
  } catch {
    return false;
  } finally {
    await connection?.close();
  }
}

async function useExternalTemporal(
  { address, url }: { readonly address: string; readonly url: string },
  namespace: string,
  retentionDays: number,
): Promise<TemporalService> {
  const logFile = `the log of the server at ${address}`;
  await waitUntilReady({ name: 'temporal', child: null, logFile, timeoutMs: startTimeoutMs }, () =>
    isPrepared(address, namespace, retentionDays),
  );
  const port = Number(address.slice(address.lastIndexOf(':') + 1));
  return {
    address,
    port,
    namespace,
    url,
    uiPort: Number(new URL(url).port),
    logFile,
    child: null,
    stop: async () => {},
  };
}

/** True once the server answers and the namespace is as it should be. */
async function isPrepared(address: string, namespace: string, retentionDays: number): Promise<boolean> {
  let connection: Connection | undefined;
  try {
    connection = await Connection.connect({ address, connectTimeout: 1_000 });
    await prepareNamespace(connection, { namespace, retentionDays });
    return true;
  } catch {
    return false;
  } finally {
    await connection?.close();
  }
}

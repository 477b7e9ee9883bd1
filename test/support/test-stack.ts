import {
  createSupervisor,
  type Supervisor,
  startTemporal,
  startVersitygw,
  type VersitygwServer,
} from '../../src/sandbox/local-services/index.ts';

/** The servers that the test files of one run share. Plain data: it travels between processes as JSON. */
export interface TestStack {
  readonly dataFolder: string;
  readonly versitygw: VersitygwServer;
  readonly temporal: { readonly address: string; readonly namespace: string; readonly url: string };
}

export async function startTestStack(dataFolder: string): Promise<{ stack: TestStack; supervisor: Supervisor }> {
  const supervisor = createSupervisor();
  try {
    const onProgress = (line: string) => process.stderr.write(`${line}\n`);
    const { url, region, root, logFile } = await startVersitygw({
      supervisor,
      dataFolder,
      port: 0,
      onProgress,
    });
    const temporal = await startTemporal({ supervisor, dataFolder, port: 0, uiPort: 0, onProgress });
    const { address, namespace } = temporal;
    return {
      supervisor,
      stack: {
        dataFolder,
        versitygw: { url, region, root, logFile },
        temporal: { address, namespace, url: temporal.url },
      },
    };
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
}

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const commandLine = fileURLToPath(new URL('../../../src/client/cli.ts', import.meta.url));

export interface CommandRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `ace-sync <words> --config <configPath>` as a person at a terminal that answers nothing would. */
export function runCommand(configPath: string, ...words: readonly string[]): Promise<CommandRun> {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const args = [commandLine, ...words, '--config', configPath];
  return new Promise((resolve) => {
    const options = { env: { ...env, TEMPORAL_ADDRESS: '', TEMPORAL_NAMESPACE: '' } };
    const child = execFile(process.execPath, args, options, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, stdout, stderr });
    });
    child.stdin?.end();
  });
}

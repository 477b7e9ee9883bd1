import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const launcher = fileURLToPath(new URL('../../bin/ace-sync.js', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  /** What it said so far. */
  readonly stderr: () => string;
  readonly stdout: () => string;
  readonly finished: Promise<Finished>;
}

/** Starts `ace-sync` as a user does, in a process of its own. */
export function startCommand(...words: readonly string[]): Running {
  // As a user starts it: not with the bundle that the test run made for its own workers.
  const { NODE_TEST_CONTEXT: _, ACE_SYNC_WORKFLOW_BUNDLE: __, ...env } = process.env;
  const child = spawn(process.execPath, [launcher, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    said.stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said.stderr += chunk;
  });
  const finished = once(child, 'close').then(([code]): Finished => ({ code: code as number | null, ...said }));
  return { child, stderr: () => said.stderr, stdout: () => said.stdout, finished };
}

export const runCommand = (...words: readonly string[]): Promise<Finished> => startCommand(...words).finished;

/** The last line on standard output, which `--json` makes the machine's. */
export function lastJson<T>({ stdout }: Finished): T {
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as T;
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findExecutable } from './find-executable.ts';
import { createSupervisor } from './supervisor.ts';
import type { Tool } from './tools.ts';

export interface BuildOptions {
  /** An empty folder that the build may fill; the caller takes it away. */
  readonly folder: string;
  readonly onProgress: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds between two progress lines. */
  readonly progressEveryMs: number;
}

export type BuildResult =
  | { readonly built: true; readonly executable: string }
  | { readonly built: false; readonly reason: string };

/** Builds the pinned version with `go install`. A build that is interrupted or fails leaves nothing outside `folder`. */
export async function buildWithGo(tool: Tool, options: BuildOptions): Promise<BuildResult> {
  const go = await findExecutable('go');
  if (go === null) return { built: false, reason: 'Go is not installed' };
  const { folder, onProgress, signal, progressEveryMs } = options;
  const target = `${tool.goPackage}@${tool.version}`;
  const logFile = join(folder, 'build.log');
  const startedAt = Date.now();
  onProgress(`Building ${tool.name} ${tool.version} with Go: ${tool.firstBuild} the first time, never again after.`);

  // Under a supervisor, so that no compiler runs on when this process is killed.
  const supervisor = createSupervisor();
  const timer = setInterval(async () => onProgress(await describeProgress(tool, logFile, startedAt)), progressEveryMs);
  try {
    const build = await supervisor.start({
      name: `go install ${target}`,
      command: go,
      args: ['install', '-v', '-ldflags=-s -w', target],
      env: { GOBIN: folder },
      cwd: folder,
      logFile,
      restart: false,
    });
    const abort = () => void build.stop();
    signal?.addEventListener('abort', abort);
    if (signal?.aborted === true) abort();
    const { code } = await build.ended;
    signal?.removeEventListener('abort', abort);
    signal?.throwIfAborted();
    if (code === 0) return { built: true, executable: join(folder, tool.name) };
    const lastLine = (await readLines(logFile)).at(-1) ?? `exit code ${code}`;
    return { built: false, reason: `go install ${target} failed: ${lastLine}` };
  } finally {
    clearInterval(timer);
    await supervisor.stop();
  }
}

/** `go install -v` prints one line for each package that it compiles, and `go: downloading …` before that. */
async function describeProgress(tool: Tool, logFile: string, startedAt: number): Promise<string> {
  const lines = await readLines(logFile);
  const compiled = lines.filter((line) => !line.startsWith('go: ')).length;
  const last = lines.at(-1) ?? 'resolving modules';
  const current = last.startsWith('go: ') ? last.slice('go: '.length) : `compiling ${last}`;
  return `Building ${tool.name}: ${elapsed(Date.now() - startedAt)}, packages compiled: ${compiled}, ${current}`;
}

async function readLines(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line.trim() !== '');
}

/** Minutes and seconds, as in `2:05`. */
function elapsed(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { AceSyncError } from '../../errors.ts';
import { abortOnSignals } from './abort-on-signals.ts';
import { buildWithGo } from './build-with-go.ts';
import { downloadTool } from './download-tool.ts';
import { takeExclusiveLock } from './exclusive-lock.ts';
import { findExecutable, isExecutable } from './find-executable.ts';
import { type Tool, type ToolName, tools } from './tools.ts';

export interface ProvideOptions {
  /** Called with a line for people: what happens and how long it has taken. */
  readonly onProgress?: (line: string) => void;
  /** Interrupts a download or build; nothing half-installed stays. @default SIGINT, SIGTERM and SIGHUP do so */
  readonly signal?: AbortSignal;
  /** Milliseconds between two progress lines of a build. @default 5,000 */
  readonly progressEveryMs?: number;
}

/** `$XDG_CACHE_HOME/ace-sync`, else `~/.cache/ace-sync`. */
export function toolCacheFolder(): string {
  const base = process.env.XDG_CACHE_HOME;
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'ace-sync');
}

/**
 * Path of the server program. Looked for in this order: its environment variable, PATH, the user's cache folder; then
 * it is downloaded (Temporal only) or built with Go into the cache folder. Callers at the same time, in whatever
 * process, wait for one of them to do the work.
 * @throws AceSyncError TOOL_UNAVAILABLE
 */
export async function provideTool(name: ToolName, options: ProvideOptions = {}): Promise<string> {
  const tool: Tool = tools[name];
  const named = process.env[tool.environmentVariable];
  if (named !== undefined && named !== '') {
    if (await isExecutable(named)) return named;
    throw new AceSyncError(
      'TOOL_UNAVAILABLE',
      `${tool.environmentVariable} names ${named}, which is not an executable file.`,
    );
  }
  const cacheFolder = toolCacheFolder();
  const cached = join(cacheFolder, `${tool.name}-${tool.version}`);
  const found = (await findExecutable(tool.name)) ?? ((await isExecutable(cached)) ? cached : null);
  if (found !== null) return found;
  const { signal: given } = options;
  if (given !== undefined) return await install(tool, cacheFolder, cached, options);
  return await abortOnSignals((signal) => install(tool, cacheFolder, cached, { ...options, signal }));
}

async function install(tool: Tool, cacheFolder: string, cached: string, options: ProvideOptions): Promise<string> {
  const { onProgress = () => {}, signal, progressEveryMs = 5_000 } = options;
  await mkdir(cacheFolder, { recursive: true });
  const lock = await takeExclusiveLock(join(cacheFolder, `${tool.name}.lock`), {
    signal,
    onWait: () => onProgress(`Waiting for another process that is installing ${tool.name}`),
  });
  try {
    if (await isExecutable(cached)) return cached;
    const prefix = `.installing-${tool.name}-`;
    await removeLeftovers(cacheFolder, prefix);
    const folder = await mkdtemp(join(cacheFolder, prefix));
    try {
      const executable = await download(tool, { folder, onProgress, signal });
      const result =
        executable === null
          ? await buildWithGo(tool, { folder, onProgress, signal, progressEveryMs })
          : { built: true as const, executable };
      if (!result.built) throw new AceSyncError('TOOL_UNAVAILABLE', unavailable(tool, result.reason));
      await rename(result.executable, cached);
      onProgress(`Installed ${tool.name} ${tool.version} as ${cached}`);
      return cached;
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  } finally {
    lock.release();
  }
}

async function download(
  tool: Tool,
  options: { folder: string; onProgress: (line: string) => void; signal: AbortSignal | undefined },
): Promise<string | null> {
  const { downloadInfo } = tool;
  return downloadInfo === null ? null : await downloadTool({ ...tool, downloadInfo }, options);
}

/** What an earlier process left when it was killed. Only called with the lock held, so nobody is using it. */
async function removeLeftovers(cacheFolder: string, prefix: string): Promise<void> {
  for (const name of await readdir(cacheFolder)) {
    if (name.startsWith(prefix)) await rm(join(cacheFolder, name), { recursive: true, force: true, maxRetries: 3 });
  }
}

function unavailable(tool: Tool, reason: string): string {
  return (
    `${tool.name} ${tool.version}: ${reason}. Install Go 1.25 or newer (https://go.dev/dl), or get ${tool.name} ` +
    `from ${tool.home} and put it into PATH or name it in ${tool.environmentVariable}.`
  );
}

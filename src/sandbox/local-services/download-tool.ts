import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { z } from 'zod';

const run = promisify(execFile);

/** Many networks cannot reach the download site; whoever waits should get on to the build soon. */
const answerTimeoutMs = 4_000;
const downloadTimeoutMs = 120_000;

const archiveSchema = z.object({ archiveUrl: z.url(), fileToExtract: z.string().min(1) });

/** Names of Go's build targets, which the download site uses, for Node's. */
const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/**
 * Downloads the program from where Temporal's SDKs get it (`https://temporal.download/cli/<version>` answers with the
 * archive's address), into `folder`. Returns its path, or null when that is not possible for whatever reason.
 */
export async function downloadTool(
  tool: { readonly name: string; readonly version: string; readonly downloadInfo: string },
  {
    folder,
    onProgress,
    signal,
  }: { folder: string; onProgress: (line: string) => void; signal?: AbortSignal | undefined },
): Promise<string | null> {
  const arch = architectures[process.arch];
  if (arch === undefined) return null;
  const signals = signal === undefined ? [] : [signal];
  try {
    const query = new URLSearchParams({ arch, platform: process.platform, format: 'tar.gz' });
    const answer = await fetch(`${tool.downloadInfo}/${tool.version}?${query}`, {
      signal: AbortSignal.any([...signals, AbortSignal.timeout(answerTimeoutMs)]),
    });
    if (!answer.ok) return null;
    const { archiveUrl, fileToExtract } = archiveSchema.parse(await answer.json());
    onProgress(`Downloading ${tool.name} ${tool.version}`);
    const archive = await fetch(archiveUrl, {
      signal: AbortSignal.any([...signals, AbortSignal.timeout(downloadTimeoutMs)]),
    });
    if (!archive.ok || archive.body === null) return null;
    const archiveFile = join(folder, 'archive.tar.gz');
    await pipeline(Readable.fromWeb(archive.body), createWriteStream(archiveFile));
    await run('tar', ['-xzf', archiveFile, '-C', folder, fileToExtract]);
    const executable = join(folder, fileToExtract);
    await chmod(executable, 0o755);
    return executable;
  } catch {
    signal?.throwIfAborted();
    return null;
  }
}

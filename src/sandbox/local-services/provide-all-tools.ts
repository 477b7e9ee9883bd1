/** Run by set-up.mjs: provides both servers, so that the first `start` or test need not wait for a build. */
import { AceSyncError } from '../../errors.ts';
import { provideTool } from './provide-tool.ts';
import { type ToolName, tools } from './tools.ts';

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => interruption.abort());
process.once('disconnect', () => interruption.abort());

function say(line: string): void {
  process.stderr.write(`set-up: ${line}\n`);
}

try {
  for (const name of Object.keys(tools) as ToolName[]) {
    await provideTool(name, { onProgress: say, signal: interruption.signal });
  }
  // An open channel would keep this process alive.
  if (process.connected) process.disconnect();
} catch (error) {
  if (interruption.signal.aborted) {
    say('interrupted; nothing half-installed was left.');
    process.exit(130);
  }
  if (!(error instanceof AceSyncError)) throw error;
  say(error.message);
  process.exit(1);
}

#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { AceSyncError } from '../errors.ts';
import { softwareVersion } from '../software-version.ts';
import { registerAbandon } from './commands/abandon.ts';
import { registerBackfill } from './commands/backfill.ts';
import { registerCheckFile } from './commands/check-file.ts';
import { registerCheckRecord } from './commands/check-record.ts';
import { registerCodecServer } from './commands/codec-server.ts';
import { registerExplain } from './commands/explain.ts';
import { registerInbox } from './commands/inbox.ts';
import { registerJournal } from './commands/journal.ts';
import { registerMapping } from './commands/mapping.ts';
import { registerNotices } from './commands/notices.ts';
import { registerPreview } from './commands/preview.ts';
import { registerReadiness } from './commands/readiness.ts';
import { registerRecover } from './commands/recover.ts';
import { registerReplay } from './commands/replay.ts';
import { registerRetry } from './commands/retry.ts';
import { registerSalesforce } from './commands/salesforce.ts';
import { registerSandbox } from './commands/sandbox.ts';
import { registerSchedules } from './commands/schedules.ts';
import { registerShow } from './commands/show.ts';
import { registerStart } from './commands/start.ts';
import { registerStatus } from './commands/status.ts';
import { registerUpload } from './commands/upload.ts';
import { registerWorker } from './commands/worker.ts';

/** Exit codes of every command; each command's help names those that it uses beyond these. */
export const exitCodes = { ok: 0, failed: 1, usage: 2 } as const;

const program = new Command('ace-sync')
  .description("Durable two-way sync between a partner's CRM and AWS's co-selling pipeline (APN Customer Engagements).")
  .version(softwareVersion)
  .showHelpAfterError('(add --help for what the command takes)')
  .configureHelp({ sortSubcommands: false })
  .enablePositionalOptions()
  .exitOverride();

for (const register of [
  registerStart,
  registerWorker,
  registerSchedules,
  registerStatus,
  registerInbox,
  registerShow,
  registerExplain,
  registerRetry,
  registerAbandon,
  registerUpload,
  registerReplay,
  registerRecover,
  registerJournal,
  registerNotices,
  registerBackfill,
  registerCodecServer,
  registerMapping,
  registerSalesforce,
  registerCheckFile,
  registerCheckRecord,
  registerPreview,
  registerReadiness,
  registerSandbox,
]) {
  register(program);
}

// A reader that has seen enough, such as `head`, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(exitCodes.ok);
});

try {
  await program.parseAsync();
} catch (error) {
  // At once, whatever is still open: a worker that failed is started again only when its process is gone.
  process.exit(report(error));
}

/** One clear message for what is known, the whole error for what is not. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (error instanceof AceSyncError) {
    process.stderr.write(`${error.code}: ${error.message}\n${error.entry.fix}\n`);
    return exitCodes.failed;
  }
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return exitCodes.failed;
}

import type { Command } from 'commander';
import { AceSyncError } from '../../errors.ts';
import { createJournalStore } from '../../journal/journal-store.ts';
import { type Pruned, pruneJournal } from '../../journal/prune-journal.ts';
import { configurationOf, configurationOption, jsonOption } from '../configuration-option.ts';

export function registerJournal(program: Command): void {
  program
    .command('journal')
    .description('What is kept of files, outcomes and field changes.')
    .command('prune')
    .description(
      'Find what is older than `journal.keepDays`. Says what; --yes removes it. Made to be run by cron, too.',
    )
    .option('--yes', 'remove it')
    .addOption(configurationOption())
    .addOption(jsonOption())
    .action(async (options: { config?: string; json?: boolean; yes?: boolean }) => {
      const { journal } = configurationOf(options);
      if (journal.keepDays === undefined)
        throw new AceSyncError('CONFIGURATION_INVALID', 'journal.keepDays is not set, so everything is kept.');
      const { keepDays } = journal;
      const dryRun = options.yes !== true;
      const pruned = await pruneJournal(createJournalStore(journal), { keepDays, dryRun, now: new Date() });
      process.stdout.write(
        options.json ? `${JSON.stringify({ ...pruned, removed: !dryRun })}\n` : textOf(pruned, keepDays, dryRun),
      );
    });
}

function textOf({ before, parts }: Pruned, keepDays: number, dryRun: boolean): string {
  if (parts.length === 0) return `Nothing in the journal is older than ${keepDays} days (${before}).\n`;
  const lines = parts.map(
    ({ part, items, bytes, from, to }) =>
      `  ${part.padEnd(14)} ${String(items).padStart(8)}  ${String(Math.ceil(bytes / 1024)).padStart(8)} KiB  ${from.slice(0, 10)} to ${to.slice(0, 10)}\n`,
  );
  const end = dryRun ? 'Nothing was done: --yes removes it.\n' : 'Removed.\n';
  return `Older than ${keepDays} days (before ${before}):\n${lines.join('')}${end}`;
}

import type { Command } from 'commander';
import { describeArchived, runArchived } from '../../activities/run-archived.ts';
import { AceSyncError } from '../../errors.ts';
import { createJournal, fileTimeOf, type Journal, type OutcomeLine } from '../../journal/journal.ts';
import { configurationOf, configurationOption, jsonOption } from '../configuration-option.ts';
import { connectTemporal } from '../connect.ts';

export function registerReplay(program: Command): void {
  program
    .command('replay <file>')
    .description(
      'Run an archived file from AWS again: by its SHA-256, or by its key. Says what is in it; --yes runs it.',
    )
    .option('--yes', 'run it: its records go through the same workflow as a delivered file')
    .addOption(configurationOption())
    .addOption(jsonOption())
    .action(async (name: string, options: { config?: string; json?: boolean; yes?: boolean }) => {
      const config = configurationOf(options);
      const journal = createJournal(config.journal);
      const lines = await linesOf(journal, name);
      const shas = /^[0-9a-f]{64}$/.test(name) ? [name] : lines.flatMap(({ sha }) => sha ?? []);
      const contents = await Promise.all(shas.map((sha) => journal.read(sha)));
      const found = contents.flatMap((bytes) => (bytes === null ? [] : (describeArchived(bytes) ?? [])));
      const file = found.at(-1);
      if (file === undefined) throw new AceSyncError('OBJECT_GONE', `The journal keeps no file from AWS as ${name}.`);
      const say = (more: object, line: string) =>
        process.stdout.write(options.json ? `${JSON.stringify({ ...file, ...more })}\n` : `${line}\n`);
      if (!options.yes) {
        const ids = file.aceIds.map((id) => `  ${id ?? 'a record without ACE id'}\n`).join('');
        say(
          {},
          `${file.sha}: ${file.aceIds.length} records of kind ${file.object}\n${ids}Nothing was done: --yes runs it.`,
        );
        return;
      }
      const temporal = await connectTemporal(config);
      try {
        const line = lines.findLast(({ sha }) => sha === file.sha);
        const putAt = line === undefined ? null : fileTimeOf(line);
        const result = await runArchived({ client: temporal.client, config }, file, putAt, new Date());
        if (result === 'waits') say({ result }, 'Records of it are parked: see ace-sync inbox.');
        else say({ result }, `${result.outcome}: ${JSON.stringify(result.records)}`);
      } finally {
        await temporal.close();
      }
    });
}

/** The ledger's lines of a file, by its key or its SHA-256, oldest first. */
async function linesOf(journal: Journal, name: string): Promise<readonly OutcomeLine[]> {
  const lines = await journal.outcomes();
  return lines.filter(({ kind, file, sha }) => kind === 'outboundFile' && (file === name || sha === name));
}

import type { Command } from 'commander';
import { describeArchived, runArchived } from '../../activities/run-archived.ts';
import { AceSyncError } from '../../errors.ts';
import { createJournal, type Journal } from '../../journal/journal.ts';
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
      const shas = /^[0-9a-f]{64}$/.test(name) ? [name] : await shasOfKey(journal, name);
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
        const result = await runArchived({ client: temporal.client, config }, file, new Date());
        if (result === 'waits') say({ result }, 'Records of it are parked: see ace-sync inbox.');
        else say({ result }, `${result.outcome}: ${JSON.stringify(result.records)}`);
      } finally {
        await temporal.close();
      }
    });
}

/** The versions of a key that came, oldest first, by the ledger. */
async function shasOfKey(journal: Journal, key: string): Promise<readonly string[]> {
  const lines = (await journal.outcomes()).filter(({ kind, file }) => kind === 'outboundFile' && file === key);
  return lines.flatMap(({ sha }) => sha ?? []);
}

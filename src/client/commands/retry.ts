import { type Command, Option } from 'commander';
import { createFolderJournal } from '../../journal/journal.ts';
import { retry } from '../../workflows/messages.ts';
import { configurationOf, configurationOption, jsonOption } from '../configuration-option.ts';
import { connectTemporal } from '../connect.ts';
import { type HeldItem, readStatus } from '../status.ts';

interface Options {
  readonly config?: string;
  readonly json?: boolean;
  readonly all?: boolean;
  readonly dryRun?: boolean;
  readonly records?: readonly number[];
}

export function registerRetry(program: Command): void {
  program
    .command('retry [id...]')
    .description('Try held uploads and parked files again: by CRM record id, file name or workflow id.')
    .option('--all', 'everything that is held or parked')
    .option('--dry-run', 'say what would be tried, and try nothing')
    .addOption(new Option('--records <indexes>', 'only these records of a parked file, such as 3,7').argParser(indexes))
    .addOption(configurationOption())
    .addOption(jsonOption())
    .action(async (ids: readonly string[], options: Options, command: Command) => {
      if (ids.length === 0 && !options.all) command.error('error: name what to retry, or pass --all');
      const config = configurationOf(options);
      const temporal = await connectTemporal(config);
      try {
        const outcomes = await createFolderJournal(config.journal.folder).outcomes();
        const { held } = await readStatus(temporal.client, config.connection, outcomes);
        const wanted = options.all ? held : held.filter((item) => ids.some((id) => names(item).includes(id)));
        const unknown = ids.filter((id) => !held.some((item) => names(item).includes(id)));
        for (const item of options.dryRun ? [] : wanted) {
          await temporal.client.workflow.getHandle(item.workflowId).signal(retry, options.records);
        }
        report(wanted, unknown, options);
        if (unknown.length > 0) process.exitCode = 1;
      } finally {
        await temporal.close();
      }
    });
}

const names = (item: HeldItem): readonly (string | null)[] => [item.workflowId, item.crmId, item.file];

function report(wanted: readonly HeldItem[], unknown: readonly string[], options: Options): void {
  if (options.json) {
    process.stdout.write(
      `${JSON.stringify({ retried: options.dryRun ? [] : wanted, wouldRetry: options.dryRun ? wanted : [], unknown })}\n`,
    );
    return;
  }
  for (const item of wanted) {
    process.stdout.write(
      `${options.dryRun ? 'would retry' : 'retried'} ${item.crmId ?? item.file ?? item.workflowId}: ${item.reason}\n`,
    );
  }
  for (const id of unknown) process.stderr.write(`${id} is not held: see ace-sync status.\n`);
}

function indexes(text: string): readonly number[] {
  return text.split(',').map(Number).filter(Number.isInteger);
}

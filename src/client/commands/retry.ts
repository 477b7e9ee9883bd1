import type { Client } from '@temporalio/client';
import { type Command, Option } from 'commander';
import { createJournal } from '../../journal/journal.ts';
import { retry } from '../../workflows/messages.ts';
import { recordIndexes } from '../argument-parsers.ts';
import { configurationOf, configurationOption, jsonOption } from '../configuration-option.ts';
import { confirmed, notConfirmed } from '../confirm.ts';
import { connectTemporal } from '../connect.ts';
import { type HeldItem, readStatus } from '../status.ts';

interface Options {
  readonly config?: string;
  readonly json?: boolean;
  readonly all?: boolean;
  readonly query?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly records?: readonly number[];
}

/** More than these are tried again only after a question: a mistake in a query is cheap to make. */
const mostWithoutQuestion = 20;

export function registerRetry(program: Command): void {
  program
    .command('retry [id...]')
    .description('Try held uploads and parked files again: by CRM record id, file name or workflow id.')
    .option('--all', 'everything that is held or parked')
    .option(
      '--query <filter>',
      'held things that match search attributes, such as "AceReason = \'ACE_STATE_REQUIRED\'"',
    )
    .option('--yes', `do not ask before more than ${mostWithoutQuestion}`)
    .option('--dry-run', 'say what would be tried, and try nothing')
    .addOption(
      new Option('--records <indexes>', 'only these records of a parked file, such as 3,7').argParser(recordIndexes),
    )
    .addOption(configurationOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExit codes: 0 done, 1 an id that is not held, 2 not confirmed.')
    .action(async (ids: readonly string[], options: Options, command: Command) => {
      const bulk = options.all === true || options.query !== undefined;
      if (ids.length === 0 && !bulk) command.error('error: name what to retry, or pass --query or --all');
      if (ids.length > 0 && bulk) command.error('error: pass either ids, or --query, or --all');
      const config = configurationOf(options);
      const temporal = await connectTemporal(config);
      try {
        const outcomes = await createJournal(config.journal).outcomes();
        const { held } = await readStatus(temporal.client, config.connection, outcomes);
        const matching =
          options.query === undefined ? null : await idsOf(temporal.client, config.connection, options.query);
        const isWanted = (item: HeldItem) =>
          options.all || matching?.has(item.workflowId) || ids.some((id) => names(item).includes(id));
        const wanted = held.filter(isWanted);
        const unknown = ids.filter((id) => !held.some((item) => names(item).includes(id)));
        const ask = !options.dryRun && !options.yes && wanted.length > mostWithoutQuestion;
        if (ask && !(await isConfirmed(wanted))) {
          process.exitCode = notConfirmed;
          return;
        }
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

/** Running workflows of the connection that match a person's filter. @throws when Temporal cannot read the filter. */
async function idsOf(client: Client, connection: string, filter: string): Promise<ReadonlySet<string>> {
  const query = `AceConnection = '${connection}' AND ExecutionStatus = 'Running' AND (${filter})`;
  const ids = new Set<string>();
  for await (const { workflowId } of client.workflow.list({ query })) ids.add(workflowId);
  return ids;
}

/** Shows what would be tried, by reason, before it asks. */
function isConfirmed(wanted: readonly HeldItem[]): Promise<boolean> {
  const counts = Map.groupBy(wanted, ({ reason }) => reason);
  for (const [reason, items] of counts) process.stderr.write(`  ${String(items.length).padStart(6)} ${reason}\n`);
  return confirmed(`Try ${wanted.length} again?`);
}

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

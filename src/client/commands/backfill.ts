import { readFileSync } from 'node:fs';
import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy, WorkflowNotFoundError } from '@temporalio/client';
import { type Command, InvalidArgumentError } from 'commander';
import type { Configuration } from '../../config/configuration.ts';
import { AceSyncError } from '../../errors.ts';
import { createJournal } from '../../journal/journal.ts';
import {
  type BackfillInput,
  type BackfillProgress,
  backfillState,
  confirmBackfill,
  pauseBackfill,
} from '../../workflows/messages.ts';
import { searchAttributes } from '../../workflows/search-attributes.ts';
import { backfillSummary } from '../../workflows/summaries.ts';
import { wholeNumber } from '../argument-parsers.ts';
import { configurationOf, configurationOption, jsonOption } from '../configuration-option.ts';
import { connectTemporal, type TemporalConnection } from '../connect.ts';

interface Options {
  readonly config?: string;
  readonly json?: boolean;
}

/** ACE's limit of records in a file (technical FAQ). */
const mostRecordsPerFile = 50;

export const backfillWorkflowId = (connection: string): string => `${connection}/backfill`;

export function registerBackfill(program: Command): void {
  const backfill = program
    .command('backfill')
    .description(
      'Give opportunities that ACE knows already their CRM identifiers: plan, confirm, send in waves, verify.',
    );

  backfill
    .command('plan <csv>')
    .description(
      'Check a CSV with the columns apnCrmUniqueIdentifier and partnerCrmUniqueIdentifier against both sides. Sends nothing.',
    )
    .option('--records-per-file <number>', 'records of one wave, at most 50', perFile, mostRecordsPerFile)
    .addOption(configurationOption())
    .addOption(jsonOption())
    .action((csv: string, options: Options & { recordsPerFile: number }) =>
      withConnection(options, async (config, temporal) => {
        const csvSha = await createJournal(config.journal).archive(readCsv(csv));
        const input: BackfillInput = {
          connection: config.connection,
          csvSha,
          recordsPerFile: options.recordsPerFile,
          answerInterval: Math.min(config.timing.scanInterval, 60) * 1000,
          verifyInterval: config.timing.scanInterval * 1000,
          verifyRounds: 24,
        };
        const handle = await temporal.client.workflow.start('backfillOpportunities', {
          workflowId: backfillWorkflowId(config.connection),
          workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
          workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
          taskQueue: config.temporal.taskQueue,
          args: [input],
          staticSummary: backfillSummary,
          typedSearchAttributes: searchAttributes({ AceConnection: config.connection, AceObject: 'opportunity' }),
        });
        await show(options, await planned(() => handle.query(backfillState)));
      }),
    );

  backfill
    .command('confirm [waves]')
    .description('Send the plan: up to this wave, or all of it.')
    .addOption(configurationOption())
    .addOption(jsonOption())
    .action((waves: string | undefined, options: Options) =>
      withHandle(options, async (handle) => {
        await handle.signal(confirmBackfill, waves === undefined ? undefined : wholeNumber(waves));
        await show(options, await handle.query(backfillState));
      }),
    );

  for (const [verb, pause] of [
    ['pause', true],
    ['resume', false],
  ] as const) {
    backfill
      .command(verb)
      .description(pause ? 'Stop before the next wave.' : 'Go on with the next wave.')
      .addOption(configurationOption())
      .addOption(jsonOption())
      .action((options: Options) =>
        withHandle(options, async (handle) => {
          await handle.signal(pauseBackfill, pause);
          await show(options, await handle.query(backfillState));
        }),
      );
  }

  backfill
    .command('status')
    .description('Show the plan and how far it is.')
    .addOption(configurationOption())
    .addOption(jsonOption())
    .action((options: Options) =>
      withHandle(options, async (handle) => show(options, await handle.query(backfillState))),
    );
}

async function withConnection(
  options: Options,
  run: (config: Configuration, temporal: TemporalConnection) => Promise<void>,
) {
  const config = configurationOf(options);
  const temporal = await connectTemporal(config);
  try {
    await run(config, temporal);
  } finally {
    await temporal.close();
  }
}

type Handle = ReturnType<TemporalConnection['client']['workflow']['getHandle']>;

const withHandle = (options: Options, run: (handle: Handle) => Promise<void>) =>
  withConnection(options, async (config, temporal) => {
    try {
      await run(temporal.client.workflow.getHandle(backfillWorkflowId(config.connection)));
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      process.stderr.write('No backfill is under way: begin one with ace-sync backfill plan FILE.\n');
      process.exitCode = 1;
    }
  });

/** The plan is an activity's work: asks until it is there. */
async function planned(query: () => Promise<BackfillProgress>): Promise<BackfillProgress> {
  for (;;) {
    const progress = await query();
    if (progress.plan !== null) return progress;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

function readCsv(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new AceSyncError('OBJECT_GONE', `Looked for the CSV ${path}.`, { cause });
  }
}

async function show(options: Options, progress: BackfillProgress): Promise<void> {
  if (options.json) {
    process.stdout.write(`${JSON.stringify(progress)}\n`);
    return;
  }
  const { plan, wavesSent, accepted, refused, verified } = progress;
  for (const [verdict, count] of Object.entries(plan?.counts ?? {}))
    process.stdout.write(`  ${String(count).padStart(6)} ${verdict}\n`);
  process.stdout.write(
    `Waves: ${wavesSent} of ${plan?.waves ?? '?'} sent; ${accepted} accepted, ${refused} refused, ${verified} verified.\n`,
  );
  if (plan !== null && plan.waves > 0 && wavesSent === 0)
    process.stdout.write(
      'Nothing goes out before `ace-sync backfill confirm`; once confirmed, the first wave goes out at once.\n',
    );
}

function perFile(text: string): number {
  const count = wholeNumber(text);
  if (count < 1 || count > mostRecordsPerFile) throw new InvalidArgumentError(`expected 1 to ${mostRecordsPerFile}.`);
  return count;
}

import type { Connection } from '@temporalio/client';
import type { Command } from 'commander';
import { configurationOf, configurationOption, jsonOption } from '../configuration-option.ts';
import { connectTemporal } from '../connect.ts';
import { prepareNamespace } from '../prepare-namespace.ts';
import { ensureDetector, ensureSchedules, pauseScans, resumeSchedules } from '../schedules.ts';

/** Days that closed workflows can be looked at; the journal keeps the outcomes longer. */
const retentionDays = 30;

interface Options {
  readonly config?: string;
  readonly json?: boolean;
}

const switches = {
  pause: { description: 'Pause the scans of the connection; the watch goes on.', done: 'paused', run: pauseScans },
  resume: { description: 'Resume all schedules of the connection.', done: 'resumed', run: resumeSchedules },
} as const;

export function registerSchedules(program: Command): void {
  const schedules = program
    .command('schedules')
    .description('Create or update the schedules of a connection, delete orphans, and start its change detector.')
    .option(
      '--prepare-namespace',
      'make the namespace, set its retention to 30 days and add the search attributes (self-hosted Temporal)',
    )
    .addOption(configurationOption())
    .addOption(jsonOption())
    .action(async (options: Options & { prepareNamespace?: boolean }) => {
      const config = configurationOf(options);
      const temporal = await connectTemporal(config);
      try {
        if (options.prepareNamespace) {
          const { namespace } = temporal.client.options;
          await prepareNamespace(temporal.client.connection as Connection, { namespace, retentionDays });
        }
        const ensured = await ensureSchedules(temporal.client, config);
        await ensureDetector(temporal.client, config);
        if (options.json) process.stdout.write(`${JSON.stringify(ensured)}\n`);
        else
          for (const [what, ids] of Object.entries(ensured))
            process.stdout.write(`${what}: ${ids.join(', ') || 'none'}\n`);
      } finally {
        await temporal.close();
      }
    });

  for (const [verb, { description, done, run }] of Object.entries(switches)) {
    schedules
      .command(verb)
      .description(description)
      .option('--reason <text>', 'shown in the Web UI', 'by the command line')
      .addOption(configurationOption())
      .addOption(jsonOption())
      .action(async (options: Options & { reason: string }) => {
        const config = configurationOf(options);
        const temporal = await connectTemporal(config);
        try {
          const ids = await run(temporal.client, config.connection, options.reason);
          if (options.json) process.stdout.write(`${JSON.stringify({ [done]: ids })}\n`);
          else for (const id of ids) process.stdout.write(`${id} ${done}\n`);
        } finally {
          await temporal.close();
        }
      });
  }
}

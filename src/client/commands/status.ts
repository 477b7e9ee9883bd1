import type { Command } from 'commander';
import { createJournal, openJournalStore } from '../../journal/journal.ts';
import { readLastSweep } from '../../journal/missed-changes.ts';
import { deliveryStatusText, readDeliveryStatus } from '../../notices/delivery-status.ts';
import { configurationOf, configurationOption, jsonOption } from '../configuration-option.ts';
import { connectTemporal } from '../connect.ts';
import { driftText, readDrift } from '../drift.ts';
import { missedChangesText } from '../missed-changes.ts';
import { readStatus } from '../status.ts';
import { statusText } from '../status-text.ts';

export function registerStatus(program: Command): void {
  program
    .command('status')
    .description('Show on one screen what was done, what waits and why. Exit code 1 when something is unexplained.')
    .addOption(configurationOption())
    .addOption(jsonOption())
    .action(async (options: { config?: string; json?: boolean }) => {
      const config = configurationOf(options);
      const temporal = await connectTemporal(config);
      try {
        const store = openJournalStore(config.journal);
        const outcomes = await createJournal(config.journal, store).outcomes();
        const status = await readStatus(temporal.client, config.connection, outcomes);
        const drift = await readDrift(store);
        const notices = await readDeliveryStatus(store);
        const sweep = await readLastSweep(store);
        process.stdout.write(
          options.json
            ? `${JSON.stringify({ ...status, drift, notices, sweep })}\n`
            : [
                statusText(config.connection, status, null),
                deliveryStatusText(notices),
                missedChangesText(sweep),
                driftText(drift),
              ].join(''),
        );
        if (status.unexplained > 0) process.exitCode = 1;
      } finally {
        await temporal.close();
      }
    });
}

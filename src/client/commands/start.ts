import type { Command } from 'commander';
import { clockFactor, wholeNumber } from '../argument-parsers.ts';
import { defaultDataFolder, jsonOption } from '../configuration-option.ts';
import { runStart, type StartOptions } from '../run-start.ts';

export function registerStart(program: Command): void {
  program
    .command('start')
    .description(
      'Run the main job on this machine: Temporal, an ACE bucket, the simulators, seed data, schedules and a worker.',
    )
    .option('--data <folder>', 'folder of all data; a restart goes on where it was', defaultDataFolder)
    .option('--fresh', 'empty the data folder first', false)
    .option('--once', 'end when everything settled, with a summary; exit code 1 when something is unexplained', false)
    .option('--no-worker', 'leave the worker to another process: ace-sync worker --config <data>/ace-sync.yaml')
    .option('--seed <number>', 'seed of the simulated data', wholeNumber, 1)
    .option(
      '--clock <factor>',
      "speed of ACE's clock: 60 makes an hour pass in a minute (default: 60, with --once 360)",
      clockFactor,
    )
    .addOption(jsonOption())
    .action(async (options: Omit<StartOptions, 'clock' | 'json'> & { clock?: number; json?: boolean }) => {
      const clock = options.clock ?? (options.once ? 360 : 60);
      process.exitCode = await runStart({ ...options, clock, json: options.json ?? false });
    });
}

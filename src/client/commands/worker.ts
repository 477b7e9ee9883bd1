import type { Command } from 'commander';
import { runWorker } from '../../worker/run-worker.ts';
import { configurationOf, configurationOption } from '../configuration-option.ts';

export function registerWorker(program: Command): void {
  program
    .command('worker')
    .description('Run the worker of a connection until it is told to stop (SIGTERM, Ctrl-C).')
    .addOption(configurationOption())
    .action(async (options: { config?: string }) => runWorker(configurationOf(options)));
}

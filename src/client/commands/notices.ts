import type { Command } from 'commander';
import { AceSyncError } from '../../errors.ts';
import { sendTestNotice, type TestedChannel } from '../../notices/send-test-notice.ts';
import { configurationOf, configurationOption, jsonOption } from '../configuration-option.ts';

export function registerNotices(program: Command): void {
  program
    .command('notices')
    .description('Whom the watch tells of what waits.')
    .command('test')
    .description(
      'Send a test notice to every configured channel and say what it answered. Exit code 1 when one failed.',
    )
    .addOption(configurationOption())
    .addOption(jsonOption())
    .action(async (options: { config?: string; json?: boolean }) => {
      const { connection, notices } = configurationOf(options);
      const tested = await sendTestNotice(connection, notices, new Date());
      if (tested.length === 0)
        throw new AceSyncError('CONFIGURATION_INVALID', 'notices.addressees names no channel, so nobody is told.');
      process.stdout.write(options.json ? `${JSON.stringify(tested)}\n` : tested.map(textOf).join(''));
      if (tested.some(({ failedWith }) => failedWith !== null)) process.exitCode = 1;
    });
}

const textOf = ({ addressee, channel, failedWith }: TestedChannel): string =>
  `${addressee.padEnd(24)} ${channel.padEnd(8)} ${failedWith === null ? 'taken' : `not taken: ${failedWith}`}\n`;

import type { Command } from 'commander';
import { signalUpload, uploadWorkflowId } from '../../activities/signal-upload.ts';
import { configurationOf, configurationOption, jsonOption } from '../configuration-option.ts';
import { connectTemporal } from '../connect.ts';
import { objectOf } from '../object-of-crm-id.ts';

export function registerUpload(program: Command): void {
  program
    .command('upload <crmId...>')
    .description('Look now whether CRM records have something to send, and send it if they are shared.')
    .addOption(configurationOption())
    .addOption(jsonOption())
    .action(async (ids: readonly string[], options: { config?: string; json?: boolean }, command: Command) => {
      const config = configurationOf(options);
      const targets = ids.map((crmId) => {
        const object = objectOf(crmId);
        if (object === null) {
          return command.error(
            `error: expected an 18-character id of an opportunity (006…) or lead (00Q…), got ${crmId}`,
          );
        }
        return { object, crmId, workflowId: uploadWorkflowId(config.connection, object, crmId) };
      });
      const temporal = await connectTemporal(config);
      try {
        for (const { object, crmId } of targets) {
          await signalUpload({ client: temporal.client, config }, object, crmId, { signal: 'recordChanged' });
        }
        if (options.json) process.stdout.write(`${JSON.stringify({ woken: targets })}\n`);
        else for (const { workflowId } of targets) process.stdout.write(`woken: ${workflowId}\n`);
      } finally {
        await temporal.close();
      }
    });
}

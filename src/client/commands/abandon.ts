import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import type { Command } from 'commander';
import { uploadWorkflowId } from '../../activities/signal-upload.ts';
import { abandon } from '../../workflows/messages.ts';
import { configurationOf, configurationOption, jsonOption } from '../configuration-option.ts';
import { connectTemporal } from '../connect.ts';
import { objectOf } from '../object-of-crm-id.ts';

interface Options {
  readonly config?: string;
  readonly json?: boolean;
  readonly reason: string;
}

export function registerAbandon(program: Command): void {
  program
    .command('abandon <crmId>')
    .description('Give the upload of a CRM record up: its row becomes Stopped, and Resume in the CRM takes it back.')
    .requiredOption('--reason <text>', 'why; it stays in the history and on the row, so no personal data')
    .addOption(configurationOption())
    .addOption(jsonOption())
    .action(async (crmId: string, options: Options, command: Command) => {
      const config = configurationOf(options);
      const object = objectOf(crmId, command);
      const workflowId = uploadWorkflowId(config.connection, object, crmId);
      const temporal = await connectTemporal(config);
      try {
        await temporal.client.workflow
          .getHandle(workflowId)
          .executeUpdate(abandon, { args: [{ reason: options.reason }] });
        process.stdout.write(
          options.json ? `${JSON.stringify({ abandoned: workflowId })}\n` : `abandoned: ${workflowId}\n`,
        );
      } catch (error) {
        process.stderr.write(`${refusalOf(error, crmId)}\n`);
        process.exitCode = 1;
      } finally {
        await temporal.close();
      }
    });
}

/** One sentence for what can be foreseen; anything else is thrown on. */
function refusalOf(error: unknown, crmId: string): string {
  if (error instanceof WorkflowUpdateFailedError) return error.cause?.message ?? error.message;
  if (error instanceof WorkflowNotFoundError) {
    return `No upload of ${crmId} is open. To share the record no longer, choose Stop in the CRM.`;
  }
  throw error;
}

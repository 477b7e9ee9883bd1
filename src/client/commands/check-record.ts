import type { Command } from 'commander';
import { decideUpload, type UploadDecision } from '../../activities/decide-upload.ts';
import { readLinkedRecord } from '../../activities/linked-records.ts';
import { fixByLabels } from '../../errors.ts';
import { createDependencies } from '../../worker/create-dependencies.ts';
import { createLogger } from '../../worker/create-logger.ts';
import { configurationOf, configurationOption, jsonOption } from '../configuration-option.ts';
import { connectTemporal } from '../connect.ts';
import { objectOf } from '../object-of-crm-id.ts';

export function registerCheckRecord(program: Command): void {
  program
    .command('check-record <crmId>')
    .description(
      'Say what would be sent to ACE for a CRM record now, and every problem that ACE would find. Writes nothing. Exit code 1 with problems.',
    )
    .addOption(configurationOption())
    .addOption(jsonOption())
    .action(async (crmId: string, options: { config?: string; json?: boolean }, command: Command) => {
      const object = objectOf(crmId, command);
      const config = configurationOf(options);
      const temporal = await connectTemporal(config);
      const deps = await createDependencies(config, temporal.client, createLogger());
      try {
        const state = await readLinkedRecord(deps, object, crmId);
        const decision = await decideUpload(deps, object, state, { retry: false });
        process.stdout.write(options.json ? `${JSON.stringify(reportOf(decision))}\n` : textOf(crmId, decision));
        if (decision.kind === 'hold') process.exitCode = 1;
      } finally {
        await deps.crm.close();
        deps.bucket.close();
        await temporal.close();
      }
    });
}

/** Problems and field names; never values. */
function reportOf(decision: UploadDecision) {
  switch (decision.kind) {
    case 'send':
    case 'inFlight':
      return {
        decision: decision.kind,
        file: decision.send.name,
        fields: Object.keys(decision.send.fields),
        problems: [],
      };
    case 'hold':
    case 'wait':
      return {
        decision: decision.kind,
        code: decision.mark.code,
        reason: decision.mark.reason,
        problems: decision.mark.problems,
      };
    case 'settled':
      return { decision: decision.outcome, problems: [] };
  }
}

function textOf(crmId: string, decision: UploadDecision): string {
  switch (decision.kind) {
    case 'send':
      return `${crmId}: a ${decision.send.kind} would be sent with ${Object.keys(decision.send.fields).length} fields.\n`;
    case 'inFlight':
      return `${crmId}: ${decision.send.name} is on its way.\n`;
    case 'hold':
    case 'wait': {
      const lines = decision.mark.problems.map(
        ({ field, message, fix, fixBy, code }) =>
          `  ${field === undefined ? '' : `${field}: `}${message}\n      ${fixByLabels[fixBy]}: ${fix} [${code}]`,
      );
      return `${crmId}: ${decision.kind === 'hold' ? 'held' : 'waits'}. ${lines.length === 0 ? decision.mark.reason : ''}\n${lines.join('\n')}\n`;
    }
    case 'settled':
      return `${crmId}: nothing is due (${decision.outcome}).\n`;
  }
}

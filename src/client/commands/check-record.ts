import type { Command } from 'commander';
import { decideUpload, type UploadDecision } from '../../activities/decide-upload.ts';
import { readLinkedRecord } from '../../activities/linked-records.ts';
import { fixByLabels } from '../../errors.ts';
import { createPlanningDependencies } from '../../worker/create-dependencies.ts';
import { configurationOf, configurationOption, jsonOption } from '../configuration-option.ts';
import { objectOf } from '../object-of-crm-id.ts';
import { treatAsShared } from '../treat-as-shared.ts';

export function registerCheckRecord(program: Command): void {
  program
    .command('check-record <crmId>')
    .description('Say what would be sent to ACE for a CRM record now, and every problem that ACE would find.')
    .addOption(configurationOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nReads only. A record that nobody shared is checked as if somebody had.' +
        '\nExit codes: 0 nothing is wrong, 1 problems, or no such record.',
    )
    .action(async (crmId: string, options: { config?: string; json?: boolean }, command: Command) => {
      const object = objectOf(crmId, command);
      const deps = await createPlanningDependencies(configurationOf(options));
      try {
        const found = await readLinkedRecord(deps, object, crmId);
        const state = object === 'opportunity' ? treatAsShared(found) : found;
        const decision = await decideUpload(deps, object, state, { retry: false });
        const shared = state === found;
        process.stdout.write(
          options.json
            ? `${JSON.stringify({ ...reportOf(decision), shared })}\n`
            : `${crmId}${shared ? '' : ' (not shared; if it were)'}: ${textOf(decision)}\n`,
        );
        if (decision.kind === 'hold' || isMissing(decision)) process.exitCode = 1;
      } finally {
        await deps.crm.close();
      }
    });
}

const isMissing = (decision: UploadDecision): boolean => decision.kind === 'settled' && decision.outcome === 'gone';

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

function textOf(decision: UploadDecision): string {
  switch (decision.kind) {
    case 'send':
      return `a ${decision.send.kind} would be sent with ${Object.keys(decision.send.fields).length} fields.`;
    case 'inFlight':
      return `${decision.send.name} is on its way.`;
    case 'hold':
    case 'wait': {
      const { problems, reason } = decision.mark;
      const lines = problems.map(
        ({ field, message, fix, fixBy, code }) =>
          `  ${field === undefined ? '' : `${field}: `}${message}\n      ${fixByLabels[fixBy]}: ${fix} [${code}]`,
      );
      return [
        `${decision.kind === 'hold' ? 'held.' : 'waits.'} ${problems.length === 0 ? reason : ''}`.trim(),
        ...lines,
      ].join('\n');
    }
    case 'settled':
      return isMissing(decision)
        ? 'the CRM holds no such record, or hides it from the integration user.'
        : `nothing is due (${decision.outcome}).`;
  }
}

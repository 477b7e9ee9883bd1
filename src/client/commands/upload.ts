/** `ace-sync upload`: wakes the uploads of records, and sends present values again where a person asks for it. */

import { type Command, Option } from 'commander';
import { signalUpload, uploadWorkflowId } from '../../activities/signal-upload.ts';
import type { Configuration } from '../../config/configuration.ts';
import { textAt } from '../../crm/salesforce/query.ts';
import { queryByCondition } from '../../crm/salesforce/query-by-condition.ts';
import { createSession } from '../../crm/salesforce/session.ts';
import { recordId } from '../../crm/salesforce/soql.ts';
import { sentFields } from '../../mapping/compile.ts';
import { createPlanningDependencies } from '../../worker/create-dependencies.ts';
import { configurationOf, configurationOption, jsonOption } from '../configuration-option.ts';
import { confirmed, notConfirmed } from '../confirm.ts';
import { connectTemporal } from '../connect.ts';
import { objectOf } from '../object-of-crm-id.ts';
import { planResend, type ResendPlan, type ResendTarget, resendText } from '../resend.ts';

interface Options {
  readonly config?: string;
  readonly json?: boolean;
  readonly query?: string;
  readonly resend?: readonly string[];
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

type Woken = ResendTarget & { readonly workflowId: string };

export function registerUpload(program: Command): void {
  program
    .command('upload [crmId...]')
    .description('Look now whether CRM records have something to send, and send it if they are shared.')
    .option('--query <condition>', 'opportunities that AWS knows, by a SOQL condition, instead of ids')
    .addOption(
      new Option(
        '--resend <fields>',
        'send the present values of these ACE fields, such as awsProducts,solutionOffered, also where nobody changed them',
      ).argParser((text) => text.split(',').map((name) => name.trim())),
    )
    .option('--dry-run', 'with --resend: say what would be sent, and send nothing')
    .option('--yes', 'with --resend: do not ask')
    .addOption(configurationOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nA release of a mapping sends nothing by itself; --resend is how AWS gets what it maps anew.' +
        '\nValues that AWS holds already are not sent. Exit codes: 0 done, 1 an error, 2 not confirmed.',
    )
    .action(async (ids: readonly string[], options: Options, command: Command) => {
      if (ids.length === 0 && options.query === undefined) command.error('error: name records, or pass --query');
      if (ids.length > 0 && options.query !== undefined) command.error('error: pass either ids or --query');
      if (options.resend === undefined && (options.dryRun === true || options.yes === true))
        command.error('error: --dry-run and --yes go with --resend; check-record says what is due for a record');
      const config = configurationOf(options);
      const wanted =
        options.query === undefined
          ? ids.map((crmId) => ({ crmId, object: objectOf(crmId, command) }))
          : await known(config, options.query);
      const { resend } = options;
      if (resend === undefined) return report(await wake(config, wanted, {}), {}, options);
      const plan = await planOf(config, wanted, resend, command);
      if (options.json !== true) process.stdout.write(resendText(plan));
      const ask = options.dryRun !== true && options.yes !== true && plan.targets.length > 0;
      if (ask && !(await confirmed('Send them to AWS, which never takes anything back?'))) {
        process.exitCode = notConfirmed;
        return;
      }
      const woken = await wake(config, options.dryRun === true ? [] : plan.targets, { resend });
      report(woken, { plan }, options);
    });
}

/** Opportunities of a person's condition that AWS knows. */
async function known(config: Configuration, condition: string): Promise<readonly ResendTarget[]> {
  const session = createSession(config.salesforce);
  try {
    const rows = await queryByCondition(session, {
      columns: 'Id',
      sobject: 'Opportunity',
      condition: `(${condition}) AND ACE_Id__c != null`,
    });
    return rows.map((row) => ({ object: 'opportunity', crmId: recordId(textAt(row, 'Id') ?? '') ?? '' }));
  } finally {
    await session.close();
  }
}

async function planOf(
  config: Configuration,
  wanted: readonly ResendTarget[],
  fields: readonly string[],
  command: Command,
): Promise<ResendPlan> {
  const deps = await createPlanningDependencies(config);
  try {
    const objects = new Set(wanted.map(({ object }) => object));
    const sent = [...objects].flatMap((object) => sentFields(deps.mapping[object]).map(({ ace }) => ace));
    const unsent = wanted.length === 0 ? undefined : fields.find((field) => !sent.includes(field));
    if (unsent !== undefined) command.error(`error: the released mapping does not send ${unsent}`);
    return await planResend(deps, wanted, fields);
  } finally {
    await deps.crm.close();
  }
}

async function wake(
  config: Configuration,
  targets: readonly ResendTarget[],
  wish: { readonly resend?: readonly string[] },
): Promise<readonly Woken[]> {
  const temporal = await connectTemporal(config);
  try {
    for (const { object, crmId } of targets) {
      await signalUpload({ client: temporal.client, config }, object, crmId, { signal: 'recordChanged', ...wish });
    }
  } finally {
    await temporal.close();
  }
  return targets.map((target) => ({
    ...target,
    workflowId: uploadWorkflowId(config.connection, target.object, target.crmId),
  }));
}

function report(woken: readonly Woken[], plan: { readonly plan?: ResendPlan }, { json }: Options): void {
  if (json === true) process.stdout.write(`${JSON.stringify({ woken, ...plan })}\n`);
  else for (const { workflowId } of woken) process.stdout.write(`woken: ${workflowId}\n`);
}

/** `ace-sync preview in | out`: field by field what a file or a record would become on the other side, and why. */

import type { Command } from 'commander';
import type { AceRecord } from '../../ace/ace-record.ts';
import { readAceFile } from '../../ace/envelope.ts';
import { identityOf } from '../../ace/identity.ts';
import { decideUpload, planRecord } from '../../activities/decide-upload.ts';
import type { PlanningDependencies } from '../../activities/dependencies.ts';
import { type LinkedState, readLinkedRecord } from '../../activities/linked-records.ts';
import { findLinked } from '../../activities/upsert-records.ts';
import type { CrmWriteFields, SharedObject } from '../../crm/crm.ts';
import { createSession } from '../../crm/salesforce/session.ts';
import { AceSyncError, type Problem } from '../../errors.ts';
import { versionOf } from '../../mapping/inbound-arrival.ts';
import { type PreviewLine, previewInbound, previewOutbound } from '../../mapping/preview.ts';
import { createPlanningDependencies } from '../../worker/create-dependencies.ts';
import { wholeNumber } from '../argument-parsers.ts';
import { configurationOf, configurationOption, jsonOption } from '../configuration-option.ts';
import { createFieldLabels, type LabelOf } from '../field-labels.ts';
import { objectOf } from '../object-of-crm-id.ts';
import { findFile } from '../preview-files.ts';
import { expectInbound } from '../preview-inbound.ts';
import { type PreviewedField, type PreviewedRecord, previewText } from '../preview-text.ts';
import { treatAsShared } from '../treat-as-shared.ts';

interface Options {
  readonly config?: string;
  readonly json?: boolean;
  readonly record?: number;
}

export function registerPreview(program: Command): void {
  const preview = program
    .command('preview')
    .description('Show field by field what would become of a file or a record, and by which rule. Writes nothing.');
  const values = '\nPrints values of records to this terminal; nothing is logged or kept.';

  preview
    .command('in')
    .description('What an outbound file of ACE would do to the CRM now.')
    .argument('<file>', 'local file, or key in the bucket')
    .option('--record <index>', 'only this record of the file, counted from 0', wholeNumber)
    .addOption(configurationOption())
    .addOption(jsonOption())
    .addHelpText('after', values)
    .action((file: string, options: Options) =>
      withTools(options, (deps, labelOf) => previewFile(deps, labelOf, file, options.record)),
    );

  preview
    .command('out')
    .description('What would be sent to ACE for CRM records now; a record that is not shared counts as shared.')
    .argument('<crmId...>', '18-character ids of opportunities or leads')
    .addOption(configurationOption())
    .addOption(jsonOption())
    .addHelpText('after', values)
    .action((crmIds: readonly string[], options: Options, command: Command) => {
      const wanted = crmIds.map((crmId) => ({ crmId, object: objectOf(crmId, command) }));
      return withTools(options, async (deps, labelOf) => {
        const previews: PreviewedRecord[] = [];
        for (const { crmId, object } of wanted) previews.push(await previewRecord(deps, labelOf, object, crmId));
        return previews;
      });
    });
}

type Preview = (deps: PlanningDependencies, labelOf: LabelOf) => Promise<readonly PreviewedRecord[]>;

async function withTools(options: Options, run: Preview): Promise<void> {
  const config = configurationOf(options);
  const deps = await createPlanningDependencies(config);
  const session = createSession(config.salesforce);
  try {
    const previews = await run(deps, createFieldLabels(session));
    process.stdout.write(options.json === true ? `${JSON.stringify(previews)}\n` : previewText(previews));
  } finally {
    await session.close();
    await deps.crm.close();
  }
}

async function previewFile(
  deps: PlanningDependencies,
  labelOf: LabelOf,
  name: string,
  wanted: number | undefined,
): Promise<readonly PreviewedRecord[]> {
  const file = await findFile(deps.config, name);
  const read = readAceFile(file.bytes, { key: file.key });
  if (!read.ok) throw new AceSyncError('FILE_UNREADABLE', read.problems.map(({ message }) => message).join(' '));
  const chosen = read.records
    .map((record, index) => ({ record, index, ...identityOf(read.object, record) }))
    .filter(({ index }) => wanted === undefined || index === wanted);
  if (chosen.length === 0) {
    throw new AceSyncError(
      'FILE_UNREADABLE',
      `${file.key} has ${read.records.length} records, none of number ${wanted}.`,
    );
  }
  const states = await findLinked(deps, read.object, chosen);
  const previews: PreviewedRecord[] = [];
  for (const [position, { record, index }] of chosen.entries()) {
    const found = states[position];
    if (found === undefined) throw new Error('The CRM answered fewer records than keys.');
    const {
      plan,
      state,
      fields: written,
      also,
    } = await expectInbound(deps, read.object, record, found, {
      key: file.key,
      lastModified: file.lastModified ?? fileTime(record, deps),
    });
    const lines = previewInbound(plan, state.linked);
    const fields = lines.map(
      async ({ aceField, label, path, decision, rule, now, becomes }): Promise<PreviewedField> => ({
        aceField,
        aceLabel: label,
        path,
        crmLabel: await labelOf(read.object, path),
        now,
        changes: becomes !== undefined && becomes !== now,
        becomes: becomes ?? null,
        decision,
        rule,
      }),
    );
    previews.push({
      direction: 'in',
      subject: `${file.key} record ${index}`,
      aceId: plan.aceId,
      crmId: state.linked.record?.id ?? null,
      outcome: plan.creates ? 'create' : plan.outcome,
      code: plan.reasonCode,
      problems: plan.problems,
      fields: await Promise.all(fields),
      alsoWrites: await alsoWritten(written, lines, state, (path) => labelOf(read.object, path)),
      also,
    });
  }
  return previews;
}

/** Of a local file nobody knows when it was in the bucket; the version's own time changes no decision. */
const fileTime = (record: AceRecord, { now }: PlanningDependencies): string => versionOf(record) ?? now().toISOString();

/** What a plan writes by no rule of a field: values of new records, stages of referrals, lookups. */
function alsoWritten(
  writes: CrmWriteFields,
  lines: readonly PreviewLine[],
  { linked }: LinkedState,
  labelOfPath: (path: string) => Promise<string>,
): Promise<PreviewedRecord['alsoWrites']> {
  const own = new Set(['ACE_Id__c', 'ACE_Last_Modified__c']);
  const byField = new Set(lines.flatMap(({ path, becomes }) => (becomes === undefined ? [] : [path])));
  const others = Object.entries(writes).filter(([path]) => !byField.has(path) && !own.has(path));
  return Promise.all(
    others.map(async ([path, becomes]) => {
      const now = linked.record?.fields[path] ?? null;
      return { path, crmLabel: await labelOfPath(path), now, becomes };
    }),
  );
}

async function previewRecord(
  deps: PlanningDependencies,
  labelOf: LabelOf,
  object: SharedObject,
  crmId: string,
): Promise<PreviewedRecord> {
  const state = treatAsShared(await readLinkedRecord(deps, object, crmId));
  const [plan, decision] = [
    await planRecord(deps, object, state),
    await decideUpload(deps, object, state, { retry: false }),
  ];
  const problems: readonly Problem[] =
    decision.kind === 'hold' || decision.kind === 'wait' ? decision.mark.problems : plan.problems;
  const fields = previewOutbound(plan, state.linked).map(
    async ({ aceField, label, path, decision: what, rule, ours, sends }): Promise<PreviewedField> => ({
      aceField,
      aceLabel: label,
      path,
      crmLabel: await labelOf(object, path),
      now: ours,
      changes: sends !== undefined,
      becomes: sends ?? null,
      decision: what,
      rule,
    }),
  );
  return {
    direction: 'out',
    subject: crmId,
    aceId: state.stamp.aceId,
    crmId,
    outcome: decision.kind === 'settled' ? decision.outcome : decision.kind === 'send' ? plan.kind : decision.kind,
    code: decision.kind === 'hold' || decision.kind === 'wait' ? decision.mark.code : plan.reasonCode,
    problems,
    fields: await Promise.all(fields),
    alsoWrites: [],
    also: [],
  };
}

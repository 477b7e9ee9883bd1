/** `ace-sync mapping activate | rollback | history`: which mapping the workers follow, since when, by whom and why. */

import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Configuration } from '../../config/configuration.ts';
import { sharedObjects } from '../../crm/crm.ts';
import { checkSalesforce, type Finding } from '../../crm/salesforce/check/check-salesforce.ts';
import { createSession } from '../../crm/salesforce/session.ts';
import { newestExports } from '../../journal/archived-exports.ts';
import { createJournal } from '../../journal/journal.ts';
import { createJournalStore } from '../../journal/journal-store.ts';
import {
  type Activation,
  type ActivationNote,
  createMappingReleases,
  type MappingReleases,
  releaseVersion,
} from '../../journal/mapping-releases.ts';
import { aceTakes } from '../../mapping/ace-types.ts';
import { compareFiles } from '../../mapping/compare-mappings.ts';
import { compileMapping, type Mapping, sentFields } from '../../mapping/compile.ts';
import { parseMappingFile, readMappingFile } from '../../mapping/mapping-file.ts';
import { createPlanningDependencies } from '../../worker/create-dependencies.ts';
import { operatingUser } from '../../worker/mapping-source.ts';
import { positiveNumber } from '../argument-parsers.ts';
import { configurationOf, configurationOption, jsonOption } from '../configuration-option.ts';
import { confirmed, notConfirmed } from '../confirm.ts';
import type { Effect } from '../effect-tally.ts';
import { mappedPaths } from '../mapped-paths.ts';
import { effectsOf, type MappingEffects } from '../mapping-effects.ts';
import { effectsText } from '../mapping-effects-text.ts';

interface NoteOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly reason?: string;
  readonly author?: string;
  readonly yes?: boolean;
}

interface ActivateOptions extends NoteOptions {
  readonly dryRun?: boolean;
  readonly canary?: number;
  readonly finish?: boolean;
}

/** Adds the subcommands that release to `mapping`. */
export function registerMappingRelease(mapping: Command): void {
  mapping
    .command('activate')
    .description(
      'Check a mapping against both sides, show what it would do to live records, and release it to the workers.',
    )
    .argument('[file]', 'mapping file (default: the one of the configuration)')
    .option('--reason <text>', 'why; kept with the release')
    .option('--author <name>', 'who decided (default: the user of the operating system)')
    .option('--dry-run', 'check and show only')
    .option('--yes', 'do not ask')
    .option('--canary <records>', 'let only this many linked records follow it, until --finish', positiveNumber)
    .option('--finish', 'let all records follow the mapping that a sample follows')
    .addOption(configurationOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nNothing is sent or written for it at once: values that were never agreed on are taken as they are.' +
        '\nWorkers follow within 30 seconds; `ace-sync upload --resend` then sends present values to AWS, if you want that.' +
        '\nExit codes: 0 done, 1 problems found, 2 not confirmed or wrong use.',
    )
    .action(async (file: string | undefined, options: ActivateOptions, command: Command) => {
      if (options.dryRun !== true && (options.reason ?? '').trim() === '') {
        command.error('error: --reason is needed: it is kept with the release.');
      }
      const config = configurationOf(options);
      const output = createOutput(options.json === true);
      process.exitCode =
        options.finish === true
          ? await finish(config, options, output)
          : await activate(config, file ?? config.mapping, options, output);
    });

  mapping
    .command('rollback')
    .description('Go back to the release before, or to a numbered one; ends a sample if one runs.')
    .argument('[number]', 'release to go back to', positiveNumber)
    .option('--reason <text>', 'why; kept with the rollback', 'rollback')
    .option('--author <name>', 'who decided (default: the user of the operating system)')
    .addOption(configurationOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nWhat was written meanwhile stays. Workers follow within 30 seconds.')
    .action(async (number: number | undefined, options: NoteOptions) => {
      const releases = releasesOf(configurationOf(options));
      const done = await releases.rollBack(number ?? null, noteOf(options));
      createOutput(options.json === true).print(done, `${versionText(done)} is active again.\n`);
    });

  mapping
    .command('history')
    .description('List every activation: number, hash, who, when and why.')
    .addOption(configurationOption())
    .addOption(jsonOption())
    .action(async (options: NoteOptions) => {
      const releases = releasesOf(configurationOf(options));
      const [history, active] = await Promise.all([releases.history(), releases.active()]);
      createOutput(options.json === true).print({ active, history }, historyText(history, active));
    });
}

const releasesOf = (config: Configuration): MappingReleases =>
  createMappingReleases(createJournalStore(config.journal));

function noteOf({ author, reason }: NoteOptions): ActivationNote {
  return { author: author ?? operatingUser(), reason: reason ?? '', at: new Date().toISOString() };
}

const createOutput = (json: boolean) => ({
  print(value: unknown, text: string): void {
    process.stdout.write(json ? `${JSON.stringify(value)}\n` : text);
  },
});
type Output = ReturnType<typeof createOutput>;

async function finish(config: Configuration, options: ActivateOptions, output: Output): Promise<number> {
  const releases = releasesOf(config);
  const canary = (await releases.active())?.canary ?? null;
  if (
    canary !== null &&
    options.yes !== true &&
    !(await confirmed(`Let all records follow mapping ${releaseVersion(canary)}?`))
  ) {
    return notConfirmed;
  }
  const done = await releases.finishCanary(noteOf(options));
  output.print(done, `${versionText(done)} is active for all records.\n`);
  return 0;
}

async function activate(
  config: Configuration,
  path: string,
  options: ActivateOptions,
  output: Output,
): Promise<number> {
  const text = await readFile(path, 'utf8');
  const parsed = parseMappingFile(text);
  if (!parsed.ok) {
    const lines = parsed.problems.map(({ message }) => `  ${message}\n`).join('');
    output.print(
      { activated: null, problems: parsed.problems },
      `${path}: ${parsed.problems.length} problems\n${lines}`,
    );
    return 1;
  }
  const next = compileMapping(parsed.file);
  const releases = releasesOf(config);
  const findings = [...unsent(config, next), ...(await orgFindings(config, next))];
  const errors = findings.filter(({ severity }) => severity === 'error');
  const effects = errors.length > 0 ? null : await effectsNow(config, next);
  const active = await releases.active();
  const before = readMappingFile(
    active === null ? await readFile(config.mapping, 'utf8') : await releases.read(active),
  );
  const report = { rules: compareFiles(before, parsed.file), findings, effects };
  const shown = effectsText(active === null ? null : releaseVersion(active), report);
  if (errors.length > 0 || effects === null || options.dryRun === true) {
    output.print({ activated: null, ...withoutIds(report) }, shown);
    return errors.length > 0 ? 1 : 0;
  }
  if (options.json !== true) process.stdout.write(shown);
  if (options.yes !== true && !(await confirmed(questionOf(effects, options)))) return notConfirmed;
  const note = noteOf(options);
  const done =
    options.canary === undefined
      ? await releases.activate(text, note)
      : await releases.startCanary(text, effects.crmIds.slice(0, options.canary), note);
  output.print({ activated: done, ...withoutIds(report) }, doneText(done));
  return 0;
}

/** A sample's records are in the release; the list of all linked records is nobody's reading. */
function withoutIds<Report extends { readonly effects: MappingEffects | null }>(report: Report) {
  if (report.effects === null) return report;
  const { crmIds: _, ...effects } = report.effects;
  return { ...report, effects };
}

function questionOf({ atOnce, answered }: MappingEffects, { canary }: ActivateOptions): string {
  const total = (effects: readonly Effect[]) => effects.reduce((sum, { records }) => sum + records, 0);
  const who = canary === undefined ? 'all records' : `${canary} records`;
  const answers = answered.length === 0 ? '' : `, ${total(answered)} referrals are answered for good`;
  return `Release this mapping to ${who} (${total(atOnce)} values change by it${answers})?`;
}

/** Fields that are mapped to AWS and that the connection's payload version does not have. */
function unsent({ ace }: Configuration, mapping: Mapping): readonly Finding[] {
  return sharedObjects.flatMap((object) =>
    sentFields(mapping[object])
      .filter((field) => !aceTakes(object, field.ace, ace.payloadVersion))
      .map(
        (field): Finding => ({
          severity: 'note',
          code: 'NOT_IN_PAYLOAD_VERSION',
          object,
          field: field.ace,
          message: `${field.ace} is not in payload version ${ace.payloadVersion} of ACE's ${object}s, so it is not sent.`,
          fix: 'Nothing, unless the connection changes its payload version.',
        }),
      ),
  );
}

async function orgFindings(config: Configuration, mapping: Mapping): Promise<readonly Finding[]> {
  const session = createSession(config.salesforce);
  try {
    return await checkSalesforce(session, mappedPaths(mapping));
  } finally {
    await session.close();
  }
}

async function effectsNow(config: Configuration, next: Mapping): Promise<MappingEffects> {
  const deps = await createPlanningDependencies(config);
  try {
    return await effectsOf(deps, next, await newestExports(createJournal(config.journal)));
  } finally {
    await deps.crm.close();
  }
}

const versionText = (activation: Activation): string => `Mapping ${releaseVersion(activation)}`;

function doneText(done: Activation): string {
  if (done.canary === null) return `${versionText(done)} is active; workers follow within 30 seconds.\n`;
  const { canary } = done;
  return `Mapping ${releaseVersion(canary)} is followed by ${canary.records.length} records; \`mapping activate --finish\` or \`mapping rollback\` ends the sample.\n`;
}

function historyText(history: readonly Activation[], active: Activation | null): string {
  if (history.length === 0)
    return 'Nothing was released yet: the first start of a worker releases the configured file.\n';
  const lines = history.map((line) => {
    const version = releaseVersion(line.canary ?? line);
    const what = line.canary === null ? line.action : `canary of ${line.canary.records.length}`;
    return `${line.id === active?.id ? '*' : ' '} ${version.padEnd(22)}${line.at}  ${what.padEnd(14)}${line.author}: ${line.reason}`;
  });
  return `${lines.join('\n')}\n`;
}

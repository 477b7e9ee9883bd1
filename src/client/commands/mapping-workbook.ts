/** `ace-sync mapping export | import`: the mapping as a workbook for the people who decide on it, and back. */

import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Configuration } from '../../config/configuration.ts';
import { sharedObjects } from '../../crm/crm.ts';
import { createSession } from '../../crm/salesforce/session.ts';
import type { Problem } from '../../errors.ts';
import { newestExports } from '../../journal/archived-exports.ts';
import { createJournal } from '../../journal/journal.ts';
import { compileMapping } from '../../mapping/compile.ts';
import { readMappingFile } from '../../mapping/mapping-file.ts';
import { applyWorkbook } from '../../mapping/workbook/apply-workbook.ts';
import { buildWorkbook } from '../../mapping/workbook/build-workbook.ts';
import { fieldSheets } from '../../mapping/workbook/columns.ts';
import type { FieldChange } from '../../mapping/workbook/describe-changes.ts';
import { readWorkbook } from '../../mapping/workbook/read-workbook.ts';
import { configurationOf, configurationOption, jsonOption } from '../configuration-option.ts';
import { confirmed, notConfirmed } from '../confirm.ts';
import { privateFileNote, writePrivateFile } from '../private-file.ts';
import { valuesInUse } from '../values-in-use.ts';
import { readXlsx, xlsxOf } from '../xlsx.ts';

interface ExportOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly xlsx: string;
}

interface ImportOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly mapping?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** Adds the subcommands for the mapping meeting to `mapping`. */
export function registerMappingWorkbook(mapping: Command): void {
  const print: Print = (text) => mapping.configureOutput().writeOut?.(text);
  mapping
    .command('export')
    .description(
      "Write a workbook for the mapping meeting: each of AWS's fields with its meaning, rules, values in use and samples.",
    )
    .argument('[file]', 'mapping file (default: the one of the configuration)')
    .requiredOption('--xlsx <file>', 'workbook to write; one that is there is replaced')
    .addOption(configurationOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nReads the CRM and the journal, and writes nothing but the workbook.')
    .action((file: string | undefined, options: ExportOptions) => exportWorkbook(file, options, print));

  mapping
    .command('import')
    .description('Read a workbook of `mapping export`, show what it changes, and write the mapping file.')
    .argument('<file.xlsx>', 'workbook')
    .option('--mapping <file>', 'mapping file to change (default: the one of the configuration)')
    .option('--dry-run', 'show only')
    .option('--yes', 'do not ask')
    .addOption(configurationOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nWorkers follow a mapping when it is released: `ace-sync mapping activate` comes next.' +
        '\nExit codes: 0 written or nothing to change, 1 problems in the workbook, 2 not confirmed.',
    )
    .action(async (workbook: string, options: ImportOptions) => {
      process.exitCode = await importWorkbook(workbook, options, print);
    });
}

type Print = (text: string) => void;

async function exportWorkbook(mappingPath: string | undefined, options: ExportOptions, print: Print): Promise<void> {
  const config = configurationOf(options);
  const file = readMappingFile(await readFile(mappingPath ?? config.mapping, 'utf8'));
  const sheets = buildWorkbook({
    file,
    version: compileMapping(file).version,
    asked: { version: config.ace.payloadVersion, programme: config.ace.programme },
    uses: await usesOf(config, file),
    at: new Date().toISOString(),
  });
  await writePrivateFile(options.xlsx, await xlsxOf(sheets));
  const rows = Object.fromEntries(sheets.map((sheet) => [sheet.name, sheet.rows.length]));
  const said = sharedObjects.map((object) => `${rows[fieldSheets[object]]} ${object} fields`);
  print(
    options.json === true
      ? `${JSON.stringify({ workbook: options.xlsx, rows })}\n`
      : `${options.xlsx}: ${said.join(', ')}.\n${privateFileNote}\n`,
  );
}

async function usesOf(config: Configuration, file: ReturnType<typeof readMappingFile>) {
  const exported = await newestExports(createJournal(config.journal));
  const session = createSession(config.salesforce);
  try {
    return {
      opportunity: await valuesInUse(session, 'opportunity', file.opportunity.fields, exported.opportunity.values()),
      lead: await valuesInUse(session, 'lead', file.lead.fields, exported.lead.values()),
    };
  } finally {
    await session.close();
  }
}

async function importWorkbook(workbook: string, options: ImportOptions, print: Print): Promise<number> {
  const path = options.mapping ?? configurationOf(options).mapping;
  const report = (value: object, text: string): void =>
    print(options.json === true ? `${JSON.stringify({ mapping: path, ...value })}\n` : text);
  const before = await readFile(path, 'utf8');
  const version = compileMapping(readMappingFile(before)).version;
  const reading = readWorkbook(await readXlsx(workbook));
  const applied = reading.ok ? applyWorkbook(before, reading.workbook) : reading;
  if (!reading.ok || !applied.ok) {
    const problems = applied.ok ? [] : applied.problems;
    report({ written: false, changes: [], problems }, problemsText(workbook, problems));
    return 1;
  }
  const { text, changes } = applied;
  const found = { problems: [], changes, mappingChangedSince: reading.workbook.version !== version };
  const shown = changesText(path, found);
  if (changes.length === 0 || options.dryRun === true) {
    report({ written: false, ...found }, shown);
    return 0;
  }
  if (options.json !== true) print(shown);
  if (options.yes !== true && !(await confirmed(`Write ${changes.length} changes to ${path}?`))) return notConfirmed;
  await replaceFile(path, text);
  report(
    { written: true, ...found },
    `${path} is written. To release it: ace-sync mapping activate ${path} --reason "…"\n`,
  );
  return 0;
}

interface Report {
  readonly changes: readonly FieldChange[];
  /** The workbook was made from other content: its rows would take back what was changed in the file since. */
  readonly mappingChangedSince: boolean;
}

function changesText(path: string, { changes, mappingChangedSince }: Report): string {
  if (changes.length === 0) return `${path}: nothing changes.\n`;
  const lines = changes.flatMap(({ object, ace, crm, sentences }) => [
    `  ${fieldSheets[object]}  ${ace}${crm === null ? '' : ` > ${crm}`}`,
    ...sentences.map((sentence) => `      ${sentence}`),
  ]);
  const warning = mappingChangedSince
    ? ['The mapping file was changed after the workbook was made: look for changes of others that this takes back.']
    : [];
  return `${[`${path}: ${changes.length} changes`, ...lines, ...warning].join('\n')}\n`;
}

const problemsText = (workbook: string, problems: readonly Problem[]): string =>
  [`${workbook}: ${problems.length} problems`, ...problems.map(({ message }) => `  ${message}`), ''].join('\n');

/** Whole or not at all, with the rights that the file has. */
async function replaceFile(path: string, text: string): Promise<void> {
  const { mode } = await stat(path);
  await writeFile(`${path}.new`, text, { mode });
  await rename(`${path}.new`, path);
}

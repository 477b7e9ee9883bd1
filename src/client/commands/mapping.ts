/** `ace-sync mapping`: what happens to each field, said, checked, compared, tested and released. */

import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Command } from 'commander';
import type { AceRecord } from '../../ace/ace-record.ts';
import { readAceFile } from '../../ace/envelope.ts';
import { type SharedObject, sharedObjects } from '../../crm/crm.ts';
import { AceSyncError } from '../../errors.ts';
import { createJournalStore } from '../../journal/journal-store.ts';
import { createMappingReleases, shownHash } from '../../journal/mapping-releases.ts';
import { compareFiles, compareOnRecords } from '../../mapping/compare-mappings.ts';
import { compileMapping, loadMapping } from '../../mapping/compile.ts';
import { describeMapping } from '../../mapping/describe-mapping.ts';
import { readGoldenCase, runGoldenCase } from '../../mapping/golden-cases.ts';
import { mappingJsonSchema } from '../../mapping/json-schema.ts';
import { parseMappingFile, readMappingFile } from '../../mapping/mapping-file.ts';
import { configurationOf, configurationOption, jsonOption } from '../configuration-option.ts';
import { registerMappingRelease } from './mapping-release.ts';
import { registerMappingWorkbook } from './mapping-workbook.ts';

interface CommonOptions {
  readonly config?: string;
  readonly json?: boolean;
}

/** Adds `mapping` with its subcommands to the command line. */
export function registerMapping(program: Command): void {
  const mapping = program.command('mapping').description('Read, check, compare, test and release mapping files.');
  const print = (text: string): void => mapping.configureOutput().writeOut?.(text.endsWith('\n') ? text : `${text}\n`);
  const printJson = (value: unknown): void => print(JSON.stringify(value));
  const fileArgument = 'mapping file (default: the one of the configuration)';

  mapping
    .command('check')
    .description('Name every problem of a mapping file at once, each with its path.')
    .argument('[file]', fileArgument)
    .addOption(configurationOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExit code: 0 no problems, 1 problems.')
    .action(async (file: string | undefined, options: CommonOptions) => {
      const path = mappingPath(file, options);
      const text = await readFile(path, 'utf8');
      const parsed = parseMappingFile(text);
      const problems = parsed.ok ? [] : parsed.problems;
      if (options.json === true) printJson({ ok: parsed.ok, problems });
      else if (parsed.ok) print(`${path}: no problems, hash ${shownHash(text)}.`);
      else print([`${path}: ${problems.length} problems`, ...problems.map(({ message }) => `  ${message}`)].join('\n'));
      process.exitCode = parsed.ok ? 0 : 1;
    });

  mapping
    .command('show')
    .description('Say in plain lines what happens to each field.')
    .argument('[file]', fileArgument)
    .option('--released', 'show what the workers follow, in place of a file')
    .addOption(configurationOption())
    .addOption(jsonOption())
    .action(async (file: string | undefined, options: CommonOptions & { readonly released?: boolean }) => {
      const path = options.released === true ? 'released' : mappingPath(file, options);
      const text = options.released === true ? await releasedText(options) : await readFile(path, 'utf8');
      if (options.json === true) printJson(readMappingFile(text));
      else print(`${path}, hash ${shownHash(text)}\n\n${describeMapping(loadMapping(text))}`);
    });

  mapping
    .command('compare')
    .description('Say what is different between two mapping files, and for real ACE files what would become different.')
    .argument('<old>', 'mapping file')
    .argument('<new>', 'mapping file')
    .option('--files <folder>', 'folder with outbound files of ACE, such as the archive of last month')
    .addOption(jsonOption())
    .action(async (before: string, after: string, options: { readonly files?: string; readonly json?: boolean }) => {
      const comparison = await compare(before, after, options.files);
      print(options.json === true ? JSON.stringify(comparison) : comparisonText(comparison));
    });

  mapping
    .command('test')
    .description('Run the golden files of a folder: what a record of one side must become on the other.')
    .argument('<folder>', 'folder with .yaml or .json cases')
    .argument('[file]', fileArgument)
    .addOption(configurationOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExit code: 0 all cases hold, 1 some do not. Prints the expected and the found values.')
    .action(async (folder: string, file: string | undefined, options: CommonOptions) => {
      const results = await runCases(folder, mappingPath(file, options));
      const failed = results.filter(({ failures }) => failures.length > 0);
      if (options.json === true) printJson({ cases: results.length, failed });
      else print(casesText(results));
      process.exitCode = failed.length === 0 && results.length > 0 ? 0 : 1;
    });

  mapping
    .command('schema')
    .description('Print the JSON Schema of mapping files, for editors.')
    .action(() => print(mappingJsonSchema()));

  registerMappingRelease(mapping);
  registerMappingWorkbook(mapping);
}

async function releasedText(options: CommonOptions): Promise<string> {
  const releases = createMappingReleases(createJournalStore(configurationOf(options).journal));
  const active = await releases.active();
  if (active === null) throw new AceSyncError('MAPPING_NOT_RELEASED', 'the first start of a worker releases one');
  return releases.read(active);
}

const mappingPath = (file: string | undefined, { config }: CommonOptions): string =>
  file ?? configurationOf(config === undefined ? {} : { config }).mapping;

async function compare(beforePath: string, afterPath: string, folder: string | undefined) {
  const texts = [await readFile(beforePath, 'utf8'), await readFile(afterPath, 'utf8')];
  const [before, after] = texts.map(readMappingFile);
  if (before === undefined || after === undefined) throw new Error('Expected two mapping files.');
  const records = folder === undefined ? null : await recordsOf(folder);
  const [left, right] = [compileMapping(before), compileMapping(after)];
  const onRecords = await Promise.all(
    sharedObjects.map((object) => compareOnRecords(object, records?.[object] ?? [], left, right)),
  );
  return {
    hashes: texts.map(shownHash),
    rules: compareFiles(before, after),
    records: records && {
      opportunity: records.opportunity.length,
      lead: records.lead.length,
      unreadable: records.unreadable,
    },
    values: onRecords.flat(),
  };
}

async function recordsOf(folder: string) {
  const found: Record<SharedObject, AceRecord[]> = { opportunity: [], lead: [] };
  const unreadable: string[] = [];
  for (const name of await filesOf(folder, ['.json'])) {
    const file = readAceFile(await readFile(join(folder, name)), { key: name });
    if (file.ok) found[file.object].push(...file.records);
    else unreadable.push(name);
  }
  return { ...found, unreadable };
}

async function filesOf(folder: string, extensions: readonly string[]): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => extensions.includes(extname(name))).sort();
}

function comparisonText({ hashes, rules, records, values }: Awaited<ReturnType<typeof compare>>): string {
  const lines = [hashes.join(' -> ')];
  if (rules.length === 0) lines.push('The rules are the same.');
  for (const { object, what, change, parts } of rules) {
    lines.push(`  ${object}  ${what}: ${change}${parts.length === 0 ? '' : ` (${parts.join(', ')})`}`);
  }
  if (records === null) return lines.join('\n');
  lines.push(`On ${records.opportunity} opportunities and ${records.lead} leads:`);
  if (values.length === 0) lines.push('  Every CRM value would be the same.');
  for (const { object, path, differing, heldBefore, heldAfter } of values) {
    const held = heldBefore + heldAfter === 0 ? '' : `, held ${heldBefore} before, ${heldAfter} after`;
    lines.push(`  ${object}  ${path}: other values in ${differing} records${held}`);
  }
  for (const name of records.unreadable) lines.push(`  not an ACE file: ${name}`);
  return lines.join('\n');
}

async function runCases(folder: string, path: string) {
  const mapping = loadMapping(await readFile(path, 'utf8'));
  const now = new Date().toISOString();
  const results = [];
  for (const name of await filesOf(folder, ['.yaml', '.yml', '.json'])) {
    const golden = readGoldenCase(await readFile(join(folder, name), 'utf8'));
    results.push({ name, failures: await runGoldenCase(mapping, golden, now) });
  }
  return results;
}

function casesText(results: Awaited<ReturnType<typeof runCases>>): string {
  const lines = results.flatMap(({ name, failures }) => [
    `${failures.length === 0 ? 'holds ' : 'FAILED'}  ${name}`,
    ...failures.map(
      ({ direction, field, expected, got }) =>
        `        ${direction} ${field}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`,
    ),
  ]);
  return results.length === 0 ? 'No cases found.' : lines.join('\n');
}

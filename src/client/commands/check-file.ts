/** `ace-sync check-file`: what ACE would say of a file, without sending it. Needs no configuration and no network. */

import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import { aceObjects, type PayloadVersion, programmes } from '../../ace/ace-record.ts';
import { type CheckFileOptions, checkFile, hasErrors, type RuleProblem } from '../../ace/check.ts';
import { maximumFileBytes } from '../../ace/read-json.ts';
import { fixByLabels } from '../../errors.ts';

/** What `--json` prints, on one line. */
export interface CheckFileReport {
  /** True when nothing would be refused; warnings do not count. */
  readonly ok: boolean;
  readonly problems: readonly {
    /** Index of the record in the file; null for a problem of the whole file. */
    readonly record: number | null;
    readonly field: string | null;
    readonly code: string;
    readonly message: string;
    readonly fix: string;
    readonly severity: 'error' | 'warning';
  }[];
}

/** 0 nothing would be refused, 1 problems, 2 the file cannot be read as such a file. */
export type CheckFileExit = 0 | 1 | 2;

interface Answer {
  readonly exit: CheckFileExit;
  readonly problems: readonly RuleProblem[];
}

/** Adds `check-file` to the command line. The exit code is set, the process is left to end by itself. */
export function registerCheckFile(program: Command): void {
  program
    .command('check-file')
    .description('Say what ACE would answer to a file, record by record, without sending it.')
    .argument('<file>', 'path of the JSON file')
    .addOption(new Option('--object <object>', 'what the file must hold').choices([...aceObjects]))
    .addOption(new Option('--payload-version <version>', "the partner's payload version at ACE").choices(['1', '2']))
    .addOption(
      new Option('--programme <programme>', 'partner programme').choices([...programmes]).default('consulting'),
    )
    .addOption(
      new Option('--as <role>', 'sent to ACE, received from ACE, or a processed result')
        .choices(['inbound', 'outbound', 'result'])
        .default('inbound'),
    )
    .addOption(
      new Option('--intent <intent>', 'take opportunities as creates or updates (else: by their O… id)').choices([
        'create',
        'update',
      ]),
    )
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExit code: 0 nothing would be refused, 1 problems, 2 the file is unreadable.')
    .action(async (file: string, options: CommandOptions) => {
      const answer = await answerFor(file, checkOptions(file, options));
      const text = options.json === true ? JSON.stringify(report(answer.problems)) : readable(file, answer.problems);
      process.stdout.write(`${text}\n`);
      process.exitCode = answer.exit;
    });
}

/** As commander hands them over, within the choices above. */
interface CommandOptions {
  readonly object?: NonNullable<CheckFileOptions['object']>;
  readonly payloadVersion?: string;
  readonly programme: NonNullable<CheckFileOptions['programme']>;
  readonly as: NonNullable<CheckFileOptions['as']>;
  readonly intent?: NonNullable<CheckFileOptions['intent']>;
  readonly json?: boolean;
}

function checkOptions(file: string, options: CommandOptions): CheckFileOptions {
  const version: PayloadVersion | undefined =
    options.payloadVersion === undefined ? undefined : options.payloadVersion === '2' ? 2 : 1;
  return {
    as: options.as,
    key: basename(file),
    programme: options.programme,
    today: new Date().toISOString().slice(0, 10),
    ...(options.object === undefined ? {} : { object: options.object }),
    ...(version === undefined ? {} : { version }),
    ...(options.intent === undefined ? {} : { intent: options.intent }),
  };
}

async function answerFor(file: string, options: CheckFileOptions): Promise<Answer> {
  const bytes = await readBounded(file);
  if (!Buffer.isBuffer(bytes)) return { exit: 2, problems: [bytes] };
  const checked = checkFile(bytes, options);
  if (!checked.readable) return { exit: 2, problems: checked.problems };
  return { exit: hasErrors(checked.problems) ? 1 : 0, problems: checked.problems };
}

/** Reads a file that may be an ACE file. A larger one is refused by its size, before any of it is read. */
async function readBounded(file: string): Promise<Buffer | RuleProblem> {
  try {
    await using handle = await open(file, 'r');
    const { size } = await handle.stat();
    if (size > maximumFileBytes) return tooLarge(size);
    // A pipe has no size and a file may grow, so one byte more than allowed is asked for.
    const bytes = Buffer.alloc(maximumFileBytes + 1);
    let length = 0;
    while (length < bytes.length) {
      const { bytesRead } = await handle.read(bytes, length, bytes.length - length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return length > maximumFileBytes ? tooLarge(length) : bytes.subarray(0, length);
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return problem('ACE_FILE_NOT_READ', `The file cannot be opened (${reason}).`, 'Check the path and its rights.');
  }
}

function tooLarge(size: number): RuleProblem {
  const message = `The file has ${size} bytes; ACE takes 1 MB (${maximumFileBytes} bytes). It was not read.`;
  return problem('ACE_FILE_TOO_LARGE', message, 'Send fewer records a file.');
}

function problem(code: string, message: string, fix: string): RuleProblem {
  return { code, message, fix, fixBy: 'engineer', severity: 'error', record: null };
}

function report(problems: readonly RuleProblem[]): CheckFileReport {
  return {
    ok: !hasErrors(problems),
    problems: problems.map(({ record, field, code, message, fix, severity }) => ({
      record: record ?? null,
      field: field ?? null,
      code,
      message,
      fix,
      severity,
    })),
  };
}

function readable(file: string, problems: readonly RuleProblem[]): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.length - errors;
  const verdict =
    problems.length === 0
      ? 'no problems'
      : [count(errors, 'error'), count(warnings, 'warning')].filter((text) => text !== '').join(', ');
  const lines = problems.flatMap(({ record, field, code, message, fix, fixBy, severity }) => [
    '',
    [
      severity === 'error' ? 'ERROR  ' : 'warning',
      record === null || record === undefined ? 'file' : `record ${record}`,
      ...(field === undefined ? [] : [field]),
      code,
    ].join('  '),
    `  ${message}`,
    `  Fix (${fixByLabels[fixBy]}): ${fix}`,
  ]);
  return [`${file}: ${verdict}`, ...lines].join('\n');
}

function count(number: number, word: string): string {
  return number === 0 ? '' : `${number} ${word}${number === 1 ? '' : 's'}`;
}

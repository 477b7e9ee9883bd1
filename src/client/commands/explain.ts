import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Change, createJournal } from '../../journal/journal.ts';
import { rowPrefix } from '../../mapping/mapping-checks.ts';
import { configurationOf, configurationOption, jsonOption } from '../configuration-option.ts';

interface Options {
  readonly config?: string;
  readonly json?: boolean;
  readonly at?: string;
}

export function registerExplain(program: Command): void {
  program
    .command('explain <crmId> <field>')
    .description(
      'Say who wrote a CRM field, when, from which file, by which rule and mapping version, and what stood there before.',
    )
    .addOption(new Option('--at <time>', 'as it was at this time (ISO 8601), instead of now').argParser(time))
    .addOption(configurationOption())
    .addOption(jsonOption())
    .action(async (crmId: string, field: string, options: Options) => {
      const journal = createJournal(configurationOf(options).journal);
      const created = (await journal.outcomes()).find((line) => line.crmId === crmId && line.aceId !== null);
      const names = new Set([crmId, `new:${created?.aceId ?? crmId}`]);
      const until = options.at ?? new Date().toISOString();
      const { last, earlier, failed } = lastWritten(
        (await journal.changes()).filter((line) => names.has(line.crmId) && line.at <= until),
        field,
      );
      if (last === undefined) {
        const before = options.at === undefined ? '' : ` before ${options.at}`;
        const tried = failed.at(-1);
        const why = tried === undefined ? '' : ` Its attempt of ${tried.at} was ${answers[tried.answer ?? 'none']}.`;
        process.stderr.write(`ace-sync has not written ${field} of ${crmId}${before}.${why}\n`);
        process.exitCode = 1;
        return;
      }
      if (options.json) {
        process.stdout.write(`${JSON.stringify({ last, earlier, failed })}\n`);
        return;
      }
      process.stdout.write(
        [
          `${last.field} of ${crmId}`,
          `  written  ${last.at} by ace-sync, ${answers[last.answer ?? 'none']}`,
          `  value of ${actors[last.actor]}`,
          `  before   ${JSON.stringify(last.before)}`,
          `  after    ${JSON.stringify(last.after)}`,
          `  from     ${last.cause}`,
          `  rule     ${last.rule}, mapping ${last.mappingVersion}`,
          `  earlier  ${earlier.length} more by ace-sync`,
          ...(failed.length === 0 ? [] : [`  failed   ${failed.length} attempts that the CRM did not take`]),
          '',
        ].join('\n'),
      );
    });
}

export interface Explained {
  /** The change that the CRM took last, or that has no answer yet. */
  readonly last: Change | undefined;
  readonly earlier: readonly Change[];
  /** Attempts that the CRM did not take. */
  readonly failed: readonly Change[];
}

/** @param field of the record, or of its ACE Sync row with or without `ACE_Sync__r.` */
export function lastWritten(changes: readonly Change[], field: string): Explained {
  const [found = []] = [field, rowPrefix + field]
    .map((name) => changes.filter((change) => change.field === name))
    .filter(({ length }) => length > 0);
  const taken = found.filter(({ answer }) => answer === 'written' || answer === null);
  return { last: taken.at(-1), earlier: taken.slice(0, -1), failed: found.filter((change) => !taken.includes(change)) };
}

const actors: Readonly<Record<Change['actor'], string>> = {
  aws: 'AWS',
  person: 'a person',
  rule: 'a rule of the mapping',
  sync: 'ace-sync itself',
};

const answers: Readonly<Record<NonNullable<Change['answer']> | 'none', string>> = {
  written: 'confirmed by the CRM',
  older: 'refused by the CRM, which held a newer version',
  refused: 'refused by the CRM',
  later: 'put off by the CRM',
  none: 'not confirmed: it is under way, or the worker died in it',
};

function time(text: string): string {
  const parsed = Date.parse(text);
  if (Number.isNaN(parsed)) throw new InvalidArgumentError('expected a time such as 2026-03-03T10:12:00Z.');
  return new Date(parsed).toISOString();
}

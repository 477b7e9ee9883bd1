import type { Command } from 'commander';
import { type Change, createJournal, type OutcomeLine } from '../../journal/journal.ts';
import { configurationOf, configurationOption, jsonOption } from '../configuration-option.ts';

interface Event {
  readonly at: string;
  readonly what: string;
  readonly outcome: string;
  readonly code: string;
  readonly cause: string;
}

export function registerShow(program: Command): void {
  program
    .command('show <id>')
    .description("Tell a record's whole story in order, from the journal: by CRM record id or ACE id.")
    .addOption(configurationOption())
    .addOption(jsonOption())
    .action(async (id: string, options: { config?: string; json?: boolean }) => {
      const journal = createJournal(configurationOf(options).journal);
      const outcomes = (await journal.outcomes()).filter((line) => line.crmId === id || line.aceId === id);
      const ids = new Set([
        id,
        ...outcomes.flatMap(({ crmId, aceId }) => [crmId ?? [], aceId === null ? [] : `new:${aceId}`].flat()),
      ]);
      const changes = (await journal.changes()).filter((line) => ids.has(line.crmId));
      const story = [...outcomes.map(outcomeEvent), ...changes.map(changeEvent)].sort((left, right) =>
        left.at < right.at ? -1 : 1,
      );
      if (story.length === 0) {
        process.stderr.write(`The journal knows nothing of ${id}.\n`);
        process.exitCode = 1;
      }
      if (options.json) process.stdout.write(`${JSON.stringify(story)}\n`);
      else for (const event of story) process.stdout.write(`${eventText(event)}\n`);
    });
}

const kinds: Readonly<Record<OutcomeLine['kind'], string>> = {
  outboundRecord: 'from AWS',
  outboundFile: 'file from AWS',
  upload: 'to AWS',
};

const outcomeEvent = ({ at, kind, outcome, code, file }: OutcomeLine): Event => ({
  at,
  what: kinds[kind],
  outcome,
  code,
  cause: file,
});

/** A change says which field, not its values: those are asked for with `explain`. */
const changeEvent = ({ at, field, rule, cause, answer }: Change): Event => ({
  at,
  what: `CRM field ${field}`,
  outcome: answer ?? 'unconfirmed',
  code: rule,
  cause,
});

const eventText = ({ at, what, outcome, code, cause }: Event): string =>
  `${at.slice(0, 19)}Z  ${what.padEnd(34)} ${outcome.padEnd(11)} ${code.padEnd(24)} ${cause}`;

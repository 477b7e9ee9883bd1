import type { Command } from 'commander';
import { byTime } from '../../journal/answered-changes.ts';
import { type Change, createJournal, type OutcomeKind, type OutcomeLine } from '../../journal/journal.ts';
import { configurationOf, configurationOption, jsonOption } from '../configuration-option.ts';

interface Event {
  readonly at: string;
  readonly what: string;
  readonly outcome: string;
  readonly code: string;
  readonly cause: string;
  /** Content address of the file in the journal. */
  readonly sha?: string;
}

export function registerShow(program: Command): void {
  program
    .command('show <id>')
    .description(
      "Tell a record's or file's whole story in order, from the journal: by CRM record id, ACE id, file name or SHA-256.",
    )
    .addOption(configurationOption())
    .addOption(jsonOption())
    .action(async (id: string, options: { config?: string; json?: boolean }) => {
      const journal = createJournal(configurationOf(options).journal);
      const story = storyOf(id, await journal.outcomes(), await journal.changes());
      if (story.length === 0) {
        process.stderr.write(`The journal knows nothing of ${id}.\n`);
        process.exitCode = 1;
      }
      if (options.json) process.stdout.write(`${JSON.stringify(story)}\n`);
      else for (const event of story) process.stdout.write(`${eventText(event)}\n`);
    });
}

/** What the journal knows of a record, under either of its ids, or of a file; oldest first. */
export function storyOf(id: string, outcomes: readonly OutcomeLine[], changes: readonly Change[]): readonly Event[] {
  const ids = namesOf(id, outcomes);
  const isMeant = ({ crmId, aceId, file, sha }: OutcomeLine): boolean =>
    ids.has(crmId) || ids.has(aceId) || file === id || file.endsWith(`/${id}`) || sha === id;
  return [
    ...outcomes.filter(isMeant).map(outcomeEvent),
    ...changes.filter(({ crmId }) => ids.has(crmId)).map(changeEvent),
  ].sort(byTime);
}

/** The ids of the record that has this one. An answer that named another ACE id does not join two records. */
function namesOf(id: string, outcomes: readonly OutcomeLine[]): ReadonlySet<string | null> {
  const ids = new Set<string | null>([id]);
  for (const { crmId, aceId, outcome } of outcomes) {
    if (outcome === 'notTaken' || (crmId !== id && aceId !== id)) continue;
    if (crmId !== null) ids.add(crmId);
    if (aceId !== null) ids.add(aceId).add(`new:${aceId}`);
  }
  return ids;
}

const kinds: Readonly<Record<OutcomeKind, string>> = {
  outboundRecord: 'from AWS',
  outboundFile: 'file from AWS',
  sent: 'to AWS',
  upload: 'answer of AWS',
  resultFile: 'file of answers',
  standing: 'ACE Sync row',
  action: 'asked by a person',
};

const outcomeEvent = ({ at, kind, outcome, code, file, sha }: OutcomeLine): Event => ({
  at,
  what: kinds[kind],
  outcome,
  code,
  cause: file,
  ...(sha === undefined ? {} : { sha }),
});

/** A change says which field, not its values: those are asked for with `explain`. */
const changeEvent = ({ at, field, rule, cause, answer }: Change): Event => ({
  at,
  what: `CRM field ${field}`,
  outcome: answer ?? 'unconfirmed',
  code: rule,
  cause,
});

const eventText = ({ at, what, outcome, code, cause, sha = '' }: Event): string =>
  `${at.slice(0, 19)}Z  ${what.padEnd(34)} ${outcome.padEnd(11)} ${code.padEnd(24)} ${cause} ${sha}`.trimEnd();

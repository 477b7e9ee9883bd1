import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { fieldDefinition } from '../../ace/fields.ts';
import { connectAceSimulator } from '../../sandbox/ace/connect.ts';
import { aceSimulatorFolder, readControlFile } from '../../sandbox/ace/control-file.ts';
import type { AceOperations } from '../../sandbox/ace/operations.ts';
import type { RecordView } from '../../sandbox/ace/record-view.ts';
import type { SwitchChanges } from '../../sandbox/ace/switches.ts';
import { defaultDataFolder, jsonOption } from '../configuration-option.ts';

interface Options {
  readonly control?: string;
  readonly data: string;
  readonly json?: boolean;
  readonly [name: string]: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

/** One subcommand: what it asks of the simulator, and how the answer reads as text. */
interface AceCommand {
  readonly usage: string;
  readonly description: string;
  readonly options?: readonly Option[];
  run(ace: AceOperations, args: readonly string[], options: Options): Promise<unknown>;
  text?(answer: never): string;
}

const fieldOption = (): Option =>
  new Option('-f, --field <name=value>', 'field of the record, any number of times; null empties it')
    .argParser((text: string, before: Fields | undefined): Fields => ({ ...before, ...assignment(text) }))
    .default({}, 'none');
const commentsOption = (): Option => new Option('--comments <text>', 'reviewer comments for the partner');
const numberOption = (flags: string, description: string): Option =>
  new Option(flags, description).argParser((text: string) => {
    const value = Number(text);
    if (!Number.isFinite(value)) throw new InvalidArgumentError('Expected a number.');
    return value;
  });

function assignment(text: string): Fields {
  const split = text.indexOf('=');
  if (split < 1) throw new InvalidArgumentError('Expected name=value.');
  const name = text.slice(0, split);
  return { [name]: fieldValue(name, text.slice(split + 1)) };
}

/** The value in the JSON type of its field, so that identifiers of digits stay texts; `null` empties every field. */
function fieldValue(name: string, text: string): unknown {
  if (text === 'null') return null;
  const field = fieldDefinition('opportunity', name) ?? fieldDefinition('lead', name);
  const type = (field?.versions[2] ?? field?.versions[1])?.type;
  if (type === undefined) throw new InvalidArgumentError(`ACE has no field ${name}; case counts.`);
  if (type === 'array') return text.split(';');
  return type === 'money' || type === 'number' ? Number(text) : text;
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const line = ({ aceId, partnerId, object, origin, stage, status, acceptance, exported }: RecordView): string =>
  [
    aceId,
    partnerId ?? '-',
    object,
    origin,
    stage ?? '-',
    status ?? '-',
    acceptance ?? '-',
    exported ? '' : 'not exported',
  ]
    .join('  ')
    .trimEnd();
const one = (record: RecordView): string => line(record);

const review = (
  verb: string,
  method: 'startReview' | 'approve' | 'reject' | 'askForAction',
  description: string,
): AceCommand => ({
  usage: `${verb} <id>`,
  description,
  options: [commentsOption()],
  run: (ace, [id = ''], { comments }) => ace[method]({ id, ...(typeof comments === 'string' ? { comments } : {}) }),
  text: one,
});

const commands: readonly AceCommand[] = [
  {
    usage: 'state',
    description: 'Show what ACE still has to do, and whether everything is drained.',
    run: (ace) => ace.state(),
  },
  {
    usage: 'list',
    description: 'List the records that ACE holds.',
    options: [new Option('--object <object>', 'only these').choices(['opportunity', 'lead'])],
    run: (ace, _args, { object }) =>
      ace.records(object === 'opportunity' || object === 'lead' ? { object } : undefined),
    text: (records: readonly RecordView[]) => records.map(line).join('\n'),
  },
  {
    usage: 'show <id>',
    description: "Show one record, unmasked, by ACE's identifier or the partner's.",
    run: (ace, [id = '']) => ace.record({ id }),
  },
  {
    usage: 'export',
    description: 'Export what changed, without waiting for the full hour.',
    run: (ace) => ace.exportNow(),
  },
  { usage: 'process-inbound', description: 'Take the waiting inbound files now.', run: (ace) => ace.processInbound() },
  {
    usage: 'step',
    description: 'Move a stepped clock on.',
    options: [
      numberOption('--hours <number>', 'simulated hours'),
      numberOption('--minutes <number>', 'simulated minutes'),
      numberOption('--seconds <number>', 'simulated seconds'),
    ],
    run: (ace, _args, { hours, minutes, seconds }) =>
      ace.step({ hours: Number(hours ?? 0), minutes: Number(minutes ?? 0), seconds: Number(seconds ?? 0) }),
  },
  review('start-review', 'startReview', 'Begin the review of a submitted opportunity.'),
  review('approve', 'approve', 'Approve an opportunity.'),
  review('reject', 'reject', 'Reject an opportunity.'),
  review('ask-for-action', 'askForAction', 'Ask the partner for corrections (Action Required).'),
  {
    usage: 'refer <object>',
    description: 'Refer a new opportunity or lead (<object>) to the partner.',
    options: [
      fieldOption(),
      numberOption('--accept-within-hours <number>', 'simulated hours until an opportunity expires'),
    ],
    run(ace, [object], { field, acceptWithinHours }) {
      const fields = field as Fields;
      if (object === 'lead') return ace.referLead({ fields });
      if (object !== 'opportunity') throw new InvalidArgumentError('Expected opportunity or lead.');
      return ace.referOpportunity({
        fields,
        ...(typeof acceptWithinHours === 'number' ? { acceptWithinHours } : {}),
      });
    },
    text: one,
  },
  {
    usage: 'enter',
    description: 'Type an opportunity into Partner Central by hand, without the CRM.',
    options: [fieldOption()],
    run: (ace, _args, { field }) => ace.enterOpportunity({ fields: field as Fields }),
    text: one,
  },
  {
    usage: 'edit <id>',
    description: 'Change fields of a record as AWS.',
    options: [fieldOption()],
    run: (ace, [id = ''], { field }) => ace.edit({ id, fields: field as Fields }),
    text: one,
  },
  {
    usage: 'load-identifiers <file>',
    description:
      "Load a list of the partner's identifiers, as AWS does at go-live: lines of ACE id, comma, partner id.",
    run: (ace, [file = '']) => ace.loadIdentifiers({ identifiers: identifiersIn(file) }),
  },
  {
    usage: 'switch [name] [value]',
    description: 'Show the switches, or set one; the value is read as JSON where it is JSON.',
    options: [new Option('--reset', 'set all switches back')],
    run(ace, [name, value], { reset }) {
      if (reset) return ace.resetSwitches();
      if (name === undefined || value === undefined) return ace.switches();
      return ace.setSwitches({ [name]: jsonOrText(value) } as SwitchChanges);
    },
  },
];

function identifiersIn(file: string): { aceId: string; partnerId: string }[] {
  return readFileSync(file, 'utf8')
    .split(/\r?\n/)
    .filter((row) => /^[OL]\d+,/.test(row))
    .map((row) => {
      const [aceId = '', partnerId = ''] = row.split(',').map((cell) => cell.trim());
      return { aceId, partnerId };
    });
}

/** Adds the subcommands that act on a running ACE simulator to `ace-sync sandbox`. */
export function addSandboxAceCommands(sandbox: Command): void {
  for (const { usage, description, options = [], run, text } of commands) {
    const command = sandbox
      .command(usage)
      .description(description)
      .addOption(new Option('--data <folder>', 'data folder of the sandbox').default(defaultDataFolder))
      .addOption(
        new Option('--control <url>', 'control address of the simulator (default: of the sandbox in this folder)').env(
          'ACE_SYNC_ACE_CONTROL',
        ),
      )
      .addOption(jsonOption());
    for (const option of options) command.addOption(option);
    command.action(async (...given: unknown[]) => {
      // Commander passes the arguments, then the options, then the command.
      const chosen = given.at(-2) as Options;
      const args = given.slice(0, -2).filter((arg) => typeof arg === 'string');
      const url = chosen.control ?? readControlFile(aceSimulatorFolder(chosen.data));
      if (url === null) return command.error('No ACE simulator runs here: start one with ace-sync sandbox start.');
      const answer = await run(connectAceSimulator(url), args, chosen).catch((error: unknown) => {
        // The simulator's refusals are sentences of their own; what fetch throws only says that nobody answered.
        if (error instanceof RangeError) command.error(error.message);
        if (error instanceof TypeError) command.error(`The simulator at ${url} does not answer.`);
        throw error;
      });
      const print = text as ((answer: unknown) => string) | undefined;
      const readable = print?.(answer) ?? JSON.stringify(answer, null, 2);
      command.configureOutput().writeOut?.(`${chosen.json ? JSON.stringify(answer) : readable}\n`);
    });
  }
}

import { type Command, InvalidArgumentError, Option } from 'commander';
import { stopOnSignals } from '../../sandbox/local-services/index.ts';
import { prepareOrg } from '../../sandbox/prepare-org.ts';
import { type SandboxPart, sandboxParts, startSandbox } from '../../sandbox/start-sandbox.ts';
import { clockFactor, wholeNumber } from '../argument-parsers.ts';
import { defaultDataFolder, jsonOption } from '../configuration-option.ts';
import { addSandboxAceCommands } from './sandbox-ace.ts';

interface StartOptions {
  readonly only?: readonly SandboxPart[];
  readonly fresh: boolean;
  readonly seed: number;
  readonly clock: number;
  readonly port?: number;
  readonly data: string;
  readonly json?: boolean;
  readonly dataModel: boolean;
}

export function registerSandbox(program: Command): void {
  const sandbox = program
    .command('sandbox')
    .description(
      'What a partner does not get from AWS: an ACE simulator and a Salesforce stand-in, with S3 and Temporal.',
    );

  sandbox
    .command('start')
    .description(
      'Start the sandbox without a worker; prints one JSON line with what was started, and runs until told to stop.',
    )
    .addOption(new Option('--only <parts...>', 'start only these parts').choices(sandboxParts))
    .option('--fresh', 'empty the data folder first', false)
    .option('--seed <number>', 'seed of the simulated data', wholeNumber, 1)
    .option('--clock <factor>', "speed of ACE's clock, such as 60x", clockFactor, 60)
    .option('--port <number>', 'port of the Salesforce stand-in (default: a free one)', portNumber)
    .option('--data <folder>', 'folder of all data', defaultDataFolder)
    .option('--data-model', "bring the sync's data model into the stand-in", false)
    .addOption(jsonOption())
    .action(async (options: StartOptions) => {
      const say = (line: string) => process.stderr.write(`${line}\n`);
      const running = await startSandbox({
        folder: options.data,
        fresh: options.fresh,
        seed: options.seed,
        clockFactor: options.clock,
        onProgress: say,
        ...(options.only === undefined ? {} : { only: options.only }),
        ...(options.port === undefined ? {} : { port: options.port }),
      });
      stopOnSignals(
        () => running.stop(),
        (signal) => say(`${signal}: stopping.`),
      );
      if (options.dataModel && running.salesforce !== null) await prepareOrg(running.salesforce, options.data, say);
      const line = JSON.stringify(running.connections, null, options.json ? undefined : 2);
      process.stdout.write(`${line}\n`);
      await new Promise<never>(() => {});
    });

  addSandboxAceCommands(sandbox);
}

function portNumber(text: string): number {
  const port = wholeNumber(text);
  if (port < 0 || port > 65_535) throw new InvalidArgumentError('expected a port from 0 to 65535.');
  return port;
}

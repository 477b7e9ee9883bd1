import { once } from 'node:events';
import type { Command } from 'commander';
import { createCodecServer } from '../../encryption/codec-server.ts';
import { readKeyring } from '../../encryption/keyring.ts';
import { createPayloadCodec } from '../../encryption/payload-codec.ts';
import { wholeNumber } from '../argument-parsers.ts';
import { configurationOf, configurationOption } from '../configuration-option.ts';

/** Where the official command line's server has its Web UI. */
const defaultWebUi = 'http://127.0.0.1:8233';

export function registerCodecServer(program: Command): void {
  program
    .command('codec-server')
    .description(
      "Let Temporal's Web UI show encrypted payloads: a codec server on 127.0.0.1, until it is told to stop.",
    )
    .option('--port <number>', 'port; 0 takes a free one', wholeNumber, 8234)
    .addOption(configurationOption())
    .action(async (options: { config?: string; port: number }, command: Command) => {
      const { temporal } = configurationOf(options);
      if (temporal.payloadKey === undefined)
        command.error('error: temporal.payloadKey is not set: nothing is encrypted');
      else {
        const codec = createPayloadCodec(readKeyring(temporal.payloadKey, 'temporal.payloadKey'));
        const origin = new URL(temporal.webUi ?? defaultWebUi).origin;
        const server = createCodecServer(codec, origin).listen(options.port, '127.0.0.1');
        await once(server, 'listening');
        const address = server.address();
        const port = typeof address === 'object' && address !== null ? address.port : options.port;
        process.stdout.write(`Codec server: http://127.0.0.1:${port} for pages of ${origin}\n`);
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => server.close());
        await once(server, 'close');
      }
    });
}

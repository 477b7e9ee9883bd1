/** What can be said of the container files on a machine without Docker. docs/set-up.md says what that leaves open. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { tools } from '../../../src/sandbox/local-services/tools.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');

const durationSchema = z.string().regex(/^\d+(ms|s|m|h)$/);

/** The part of the Compose specification that the file uses; a misspelled key is an error here as it is there. */
const composeSchema = z.strictObject({
  services: z.record(
    z.string(),
    z.strictObject({
      image: z.string(),
      build: z.string().optional(),
      init: z.boolean().optional(),
      entrypoint: z.array(z.string()).optional(),
      command: z.array(z.string()).optional(),
      environment: z.record(z.string(), z.string()).optional(),
      network_mode: z.string().optional(),
      ports: z.array(z.string()).optional(),
      volumes: z.array(z.string()).optional(),
      restart: z.literal('unless-stopped'),
      depends_on: z
        .record(
          z.string(),
          z.strictObject({ condition: z.literal('service_healthy'), restart: z.boolean().optional() }),
        )
        .optional(),
      healthcheck: z
        .strictObject({
          test: z.tuple([z.enum(['CMD', 'CMD-SHELL']), z.string()], z.string()),
          interval: durationSchema,
          timeout: durationSchema,
          retries: z.int().positive(),
          start_period: durationSchema.optional(),
        })
        .optional(),
    }),
  ),
  volumes: z.record(z.string(), z.null()),
});

const compose = composeSchema.parse(parse(read('docker-compose.yml')));
const services = Object.entries(compose.services);
const ownImage = 'ace-sync:local';

function instructions(name: string): readonly (readonly [string, string])[] {
  const lines = read('Dockerfile')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n');
  return lines.flatMap((line): [string, string][] => {
    const [, instruction, rest] = /^([A-Z]+) (.+)$/.exec(line) ?? [];
    return instruction === name && rest !== undefined ? [[instruction, rest]] : [];
  });
}

const images = [
  ...services.map(([, { image }]) => image).filter((image) => image !== ownImage),
  ...instructions('FROM').map(([, rest]) => rest.split(' ')[0] ?? ''),
];

describe('docker-compose.yml', () => {
  it('has the services of the sandbox', () => {
    assert.deepEqual(Object.keys(compose.services).sort(), [
      'postgresql',
      'sandbox',
      'temporal',
      'temporal-ui',
      'versitygw',
      'worker',
    ]);
  });

  it('pins every image to an exact version', () => {
    for (const image of images) assert.match(image, /^[a-z/-]+:v?\d+\.\d+(\.\d+)?(-[a-z-]+)?$/, image);
  });

  it('waits only for services that exist and have a health check', () => {
    for (const [name, { depends_on = {}, network_mode }] of services) {
      for (const other of Object.keys(depends_on)) {
        assert.ok(compose.services[other]?.healthcheck !== undefined, `${name} waits for ${other}`);
      }
      if (network_mode !== undefined) assert.ok(network_mode.replace(/^service:/, '') in compose.services, name);
    }
  });

  it('mounts only volumes that it declares, and declares no others', () => {
    const mounted = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0] ?? ''));
    assert.deepEqual([...new Set(mounted)].sort(), Object.keys(compose.volumes).sort());
  });

  it('publishes ports on this machine only, each once', () => {
    const ports = services.flatMap(([, { ports: published = [] }]) => published);
    for (const port of ports) assert.match(port, /^127\.0\.0\.1:\d+:\d+$/);
    const hostPorts = ports.map((port) => port.split(':')[1]);
    assert.equal(new Set(hostPorts).size, hostPorts.length);
  });

  it('reaches other services by names that exist, on ports that they listen on', () => {
    const listening = new Set(['temporal:7233', 'versitygw:7070', 'postgresql:5432']);
    for (const [name, { environment = {} }] of services) {
      for (const [variable, value] of Object.entries(environment)) {
        const host = /^(?:http:\/\/)?([a-z]+:\d+)$/.exec(value)?.[1];
        if (host !== undefined) assert.ok(listening.has(host), `${name}: ${variable}=${value}`);
      }
    }
  });

  it('gives the S3 server the same secret that the sandbox uses, and Temporal that of its database', () => {
    const environment = (name: string) => compose.services[name]?.environment ?? {};
    assert.equal(
      environment('versitygw').ROOT_SECRET_ACCESS_KEY,
      environment('sandbox').ACE_SYNC_SANDBOX_S3_SECRET_ACCESS_KEY,
    );
    assert.equal(environment('versitygw').ROOT_ACCESS_KEY_ID, environment('sandbox').ACE_SYNC_SANDBOX_S3_ACCESS_KEY_ID);
    assert.equal(environment('postgresql').POSTGRES_PASSWORD, environment('temporal').POSTGRES_PWD);
    assert.equal(environment('postgresql').POSTGRES_USER, environment('temporal').POSTGRES_USER);
  });

  it('names the variables for servers elsewhere as the sandbox reads them', () => {
    const source = read('src/sandbox/local-services/external-servers.ts');
    for (const variable of Object.keys(compose.services.sandbox?.environment ?? {})) {
      assert.ok(source.includes(`'${variable}'`), variable);
    }
  });

  it('runs the S3 server at the version that everything else is tested with', () => {
    assert.equal(compose.services.versitygw?.image, `versity/versitygw:${tools.versitygw.version}`);
  });

  for (const [name, { image, command = [] }] of services) {
    if (image !== ownImage) continue;
    it(`gives ${name} a command and options that the command line knows`, () => {
      const [subcommand = '', ...rest] = command;
      const help = execFileSync(process.execPath, [join(root, 'bin', 'ace-sync.js'), subcommand, '--help'], {
        encoding: 'utf8',
      });
      for (const option of rest.filter((word) => word.startsWith('--'))) {
        assert.ok(help.includes(option), `${subcommand} ${option}`);
      }
    });
  }
});

describe('Dockerfile', () => {
  const copies = instructions('COPY').map(([, rest]) => rest.split(' '));

  it('copies only what is in the project and not kept out by .dockerignore', () => {
    const kept = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    for (const words of copies.filter(([first]) => first?.startsWith('--from') !== true)) {
      for (const source of words.slice(0, -1)) {
        assert.ok(existsSync(join(root, source)), source);
        assert.ok(kept.includes(source), `${source} in .dockerignore`);
      }
    }
  });

  it('copies from a stage that exists', () => {
    const stages = instructions('FROM').map(([, rest]) => / AS (\w+)$/.exec(rest)?.[1]);
    for (const [first] of copies.filter(([word]) => word?.startsWith('--from=') === true)) {
      assert.ok(stages.includes(first?.slice('--from='.length)), first);
    }
  });

  it('uses the Node.js that the project pins', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
    for (const [, rest] of instructions('FROM')) assert.ok(rest.startsWith(`node:${dependencies.node}-`), rest);
  });

  it('runs npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const run = instructions('RUN')
      .map(([, rest]) => rest)
      .join(' ');
    for (const [, script = ''] of run.matchAll(/npm run (\S+)/g)) assert.ok(script in scripts, script);
  });

  it('ends as an unprivileged user', () => {
    assert.equal(instructions('USER').at(-1)?.[1], 'node');
  });
});

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { stringify } from 'yaml';
import { loadConfiguration } from '../../../src/config/configuration.ts';
import { readSecret } from '../../../src/config/secret.ts';
import { AceSyncError } from '../../../src/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'ace-sync-configuration-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const sound = {
  connection: 'main',
  installation: 'one',
  ace: {
    spmsId: '123456',
    environment: 'beta',
    bucket: {
      name: 'ace-apn-123456-beta-us-west-2',
      credentials: { accessKeyId: { env: 'KEY_ID' }, secretAccessKey: { env: 'KEY' } },
    },
  },
  salesforce: {
    loginUrl: 'https://example.my.salesforce.com',
    auth: { kind: 'clientCredentials', clientId: { env: 'CLIENT_ID' }, clientSecret: { env: 'CLIENT_SECRET' } },
  },
  mapping: 'mapping.yaml',
  journal: { folder: 'journal' },
  hashKey: { env: 'HASH_KEY' },
};

function write(name: string, content: string | object): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : stringify(content));
  return path;
}

function refusal(path: string): AceSyncError {
  try {
    loadConfiguration(path);
  } catch (error) {
    if (error instanceof AceSyncError) return error;
    throw error;
  }
  return assert.fail('the configuration was taken');
}

describe('configuration', () => {
  it('starts a new connection read-only and fills in production waits', () => {
    const config = loadConfiguration(write('sound.yaml', sound));
    assert.equal(config.mode, 'observe');
    for (const [name, seconds] of Object.entries(config.timing)) assert.ok(seconds >= 60, name);
    assert.equal(config.timing.probeInterval, 86_400);
    assert.equal(config.temporal.taskQueue, 'ace-sync');
    assert.equal(config.ace.payloadVersion, 2);
  });

  it('resolves paths from the folder of the file, not from where the command runs', () => {
    const config = loadConfiguration(write('paths.yaml', sound));
    assert.equal(config.mapping, join(folder, 'mapping.yaml'));
    assert.equal(config.journal.folder, join(folder, 'journal'));
    const secrets = loadConfiguration(
      write('secrets.yaml', {
        ...sound,
        journal: { folder: 'journal', key: { file: 'keys/journal' } },
        salesforce: { ...sound.salesforce, certificateAuthorityFile: 'ca.pem' },
        hashKey: { file: '/run/secrets/hash-key' },
      }),
    );
    assert.deepEqual(secrets.journal.key, { file: join(folder, 'keys/journal') });
    assert.deepEqual(secrets.hashKey, { file: '/run/secrets/hash-key' });
    assert.equal(secrets.salesforce.certificateAuthorityFile, join(folder, 'ca.pem'));
  });

  it('prints every problem at once, each with its path', () => {
    const { code, message, entry } = refusal(
      write('broken.yaml', {
        ...sound,
        connection: 'Main Connection',
        mode: 'on',
        ace: { ...sound.ace, spmsId: 123456, environment: 'sandbox' },
        salesforce: { ...sound.salesforce, loginUrl: 'ftp://example.com' },
        timing: { scanInterval: -1, scanIntervall: 5 },
        hashKey: 'a secret that stands in the file',
        tempral: {},
      }),
    );
    assert.equal(code, 'CONFIGURATION_INVALID');
    assert.equal(entry.fixBy, 'engineer');
    for (const path of [
      'connection',
      'mode',
      'ace.spmsId',
      'ace.environment',
      'salesforce.loginUrl',
      'timing.scanInterval',
      'timing',
      'hashKey',
      '(whole file)',
    ]) {
      assert.match(message, new RegExp(`^  ${path.replaceAll(/[.()]/g, '\\$&')}: `, 'm'));
    }
    assert.match(message, /9 in .*broken\.yaml/);
  });

  it('never prints a value of the file, because it may be a secret', () => {
    const { message } = refusal(write('secret.yaml', { ...sound, hashKey: 'opensesame', mode: 'opensesame' }));
    assert.equal(message.includes('opensesame'), false);
  });

  it('names the line of a syntax error', () => {
    const { code, message } = refusal(write('syntax.yaml', 'connection: main\nace: [1, 2\nmode: live\n'));
    assert.equal(code, 'CONFIGURATION_INVALID');
    assert.match(message, /line \d+/);
  });

  it('says where it looked for a file that is not there', () => {
    const { code, message } = refusal(join(folder, 'absent.yaml'));
    assert.equal(code, 'CONFIGURATION_NOT_FOUND');
    assert.match(message, /absent\.yaml/);
  });

  it("takes a journal in a bucket of one's own, and refuses AWS's", () => {
    const withJournal = (journal: object) => write('journal.yaml', { ...sound, journal });
    const s3 = { region: 'eu-central-1' };
    const config = loadConfiguration(withJournal({ folder: 's3://partner-journal/ace/main', s3, keepDays: 400 }));
    assert.equal(config.journal.folder, 's3://partner-journal/ace/main');
    for (const bucket of [sound.ace.bucket.name, 'ace-apn-1-prod-us-west-2'])
      assert.match(
        refusal(withJournal({ folder: `s3://${bucket}/journal`, s3 })).message,
        /journal\.folder: .* not ACE's/,
      );
    assert.match(refusal(withJournal({ folder: 'journal', s3 })).message, /journal\.s3: /);
    assert.match(refusal(withJournal({ folder: 's3:/partner' })).message, /journal\.folder: /);
    assert.match(refusal(withJournal({ folder: 'journal', keepDays: 5 })).message, /journal\.keepDays: /);
  });

  it('refuses an empty file with its problems', () => {
    assert.equal(refusal(write('empty.yaml', '')).code, 'CONFIGURATION_INVALID');
  });
});

describe('secret', () => {
  const missing = (secret: Parameters<typeof readSecret>[0]) =>
    assert.throws(
      () => readSecret(secret),
      (error) => error instanceof AceSyncError && error.code === 'SECRET_MISSING',
    );

  it('is read anew each time, so that it rotates without a restart', () => {
    const file = write('token', 'first\n');
    assert.equal(readSecret({ file }), 'first');
    write('token', 'second\n');
    assert.equal(readSecret({ file }), 'second');
  });

  it('is missing, by name, when its variable or file is absent or empty', () => {
    missing({ env: 'ACE_SYNC_NO_SUCH_VARIABLE' });
    missing({ file: join(folder, 'no-such-file') });
    missing({ file: write('blank', '\n') });
  });
});

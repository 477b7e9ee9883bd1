import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { Configuration } from '../../../src/config/configuration.ts';
import { endsOfCertificates, readSecretsInUse } from '../../../src/notices/secrets-in-use.ts';
import { minutesLater, now } from './watched.ts';

const folder = mkdtempSync(join(tmpdir(), 'ace-sync-secrets-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const write = (name: string, text: string, at: Date = now) => {
  const file = join(folder, name);
  writeFileSync(file, text);
  utimesSync(file, at, at);
  return { file };
};

const variable = 'ACE_SYNC_TEST_BUCKET_KEY';
const config = () =>
  ({
    hashKey: write('hash-key', 'a key of the hashes that is long enough'),
    ace: { bucket: { credentials: { accessKeyId: { env: 'X' }, secretAccessKey: { env: variable } } } },
    salesforce: {
      auth: { kind: 'clientCredentials', clientId: { static: 'id' }, clientSecret: { file: join(folder, 'secret') } },
    },
  }) as unknown as Configuration;

describe('the secrets in use', () => {
  it('are as old as their file, or as the first look that met them, until they are replaced', () => {
    process.env[variable] = 'opensesame';
    write('secret', 'opensesame', minutesLater(-600));
    const first = readSecretsInUse(config(), [], now).credentials;
    const agesOf = (credentials: typeof first) => credentials.map(({ since }) => since);
    assert.deepEqual(agesOf(first), [now.toISOString(), minutesLater(-600).toISOString()]);
    assert.doesNotMatch(JSON.stringify(first), /opensesame/);

    write('secret', 'opensesame', minutesLater(5));
    const later = readSecretsInUse(config(), first, minutesLater(10)).credentials;
    assert.deepEqual(later, first, 'the same value written again is no new one');

    process.env[variable] = 'another';
    const rotated = readSecretsInUse(config(), later, minutesLater(20)).credentials;
    assert.deepEqual(agesOf(rotated), [minutesLater(20).toISOString(), minutesLater(-600).toISOString()]);
    delete process.env[variable];
    assert.equal(readSecretsInUse(config(), rotated, now).credentials.length, 1, 'a missing one is told elsewhere');
  });

  it('end with the first of the certificates in a file, and a text without one has no end', () => {
    const make = (days: number) => {
      const at = join(folder, `${days}.pem`);
      const request = [
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-subj',
        '/CN=test',
        '-keyout',
        join(folder, 'key.pem'),
      ];
      execFileSync('openssl', ['req', ...request, '-days', String(days), '-out', at], { stdio: 'ignore' });
      return readFileSync(at, 'utf8');
    };
    const [short, long] = [make(3), make(300)];
    const days = (Date.parse(endsOfCertificates(`${long}\n${short}`) ?? '') - Date.now()) / 86_400_000;
    assert.ok(days > 2 && days <= 3, String(days));
    assert.equal(endsOfCertificates('-----BEGIN CERTIFICATE-----\nbroken\n-----END CERTIFICATE-----'), null);
    assert.equal(endsOfCertificates(''), null);
  });
});

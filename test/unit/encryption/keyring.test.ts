import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createKeyring, readKeyring } from '../../../src/encryption/keyring.ts';
import { AceSyncError } from '../../../src/errors.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const setting = 'journal.key';
const plain = Buffer.from('Jane Doe');

function fileWith(text: string): { file: string } {
  const file = join(temporaryFolder('keys'), 'key');
  writeFileSync(file, text);
  return { file };
}

const codeIs = (code: string) => (error: unknown) => error instanceof AceSyncError && error.code === code;

describe('a keyring', () => {
  it('gives back what it sealed, and seals the same text differently each time', () => {
    const keyring = createKeyring([randomBytes(32)], setting);
    const [one, two] = [keyring.seal(plain), keyring.seal(plain)];
    assert.deepEqual([keyring.open(one), keyring.open(two)], [plain, plain]);
    assert.notDeepEqual(one.bytes, two.bytes);
    assert.equal(one.bytes.includes(plain), false);
  });

  it('still opens what a former key sealed, and seals with the new one', () => {
    const [former, newer] = [randomBytes(32), randomBytes(32)];
    const old = createKeyring([former], setting).seal(plain);
    const rotated = createKeyring([newer, former], setting);
    assert.deepEqual(rotated.open(old), plain);
    assert.notEqual(rotated.seal(plain).keyId, old.keyId);
    assert.throws(() => createKeyring([newer], setting).open(old), codeIs('SECRET_MISSING'));
  });

  it('refuses bytes that were changed, and short ones', () => {
    const keyring = createKeyring([randomBytes(32)], setting);
    const { keyId, bytes } = keyring.seal(plain);
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      assert.throws(() => keyring.open({ keyId, bytes: changed }), codeIs('DATA_NOT_DECRYPTED'));
    }
    assert.throws(() => keyring.open({ keyId, bytes: bytes.subarray(0, 5) }), codeIs('DATA_NOT_DECRYPTED'));
  });

  it('is read from a secret of one key a line, and never names a key in an error', () => {
    const key = randomBytes(32).toString('base64');
    const keyring = readKeyring(fileWith(`${key}\n${randomBytes(32).toString('base64')}\n`), setting);
    assert.deepEqual(keyring.open(createKeyring([Buffer.from(key, 'base64')], setting).seal(plain)), plain);
    const short = randomBytes(16).toString('base64');
    assert.throws(
      () => readKeyring(fileWith(short), setting),
      (error: Error) =>
        codeIs('SECRET_MISSING')(error) && !error.message.includes(short) && error.message.includes(setting),
    );
  });
});

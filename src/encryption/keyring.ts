import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { readSecret, type Secret } from '../config/secret.ts';
import { AceSyncError } from '../errors.ts';

/** AES-256-GCM takes keys of 32 bytes; 12 bytes of nonce and 16 of tag are what NIST SP 800-38D recommends. */
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/** What was encrypted, and the id of its key: nonce, tag and text in one piece. */
export interface Sealed {
  readonly keyId: string;
  readonly bytes: Buffer;
}

/** Encrypts with the newest key and decrypts with every one that it holds, so that keys can rotate. */
export interface Keyring {
  /** @param context what the text is bound to: it is opened in the same context only. @default none */
  seal(plain: Uint8Array, context?: string): Sealed;
  /** @throws AceSyncError SECRET_MISSING for a key that is not held, DATA_NOT_DECRYPTED for changed bytes or another context. */
  open(sealed: { readonly keyId: string; readonly bytes: Uint8Array }, context?: string): Buffer;
}

/**
 * Reads the keys of a secret: base64 of 32 bytes each, one a line. The first encrypts; the others are former keys.
 * @param setting the secret's path in the configuration, for errors.
 * @throws AceSyncError SECRET_MISSING
 */
export function readKeyring(secret: Secret, setting: string): Keyring {
  const keys = readSecret(secret)
    .split(/\s+/)
    .filter((text) => text !== '')
    .map((text) => Buffer.from(text, 'base64'));
  const wrong = keys.find((key) => key.length !== keyBytes);
  const [first] = keys;
  if (first === undefined || wrong !== undefined) {
    const got = wrong === undefined ? 'none' : `one of ${wrong.length}`;
    throw new AceSyncError('SECRET_MISSING', `${setting}: expected keys of ${keyBytes} bytes in base64, got ${got}.`);
  }
  return createKeyring([first, ...keys.slice(1)], setting);
}

export function createKeyring(keys: readonly [Buffer, ...Buffer[]], setting: string): Keyring {
  const byId = new Map(keys.map((key) => [idOf(key), key]));
  const [current] = keys;
  const currentId = idOf(current);
  return {
    seal(plain, context = '') {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', current, nonce).setAAD(Buffer.from(context));
      const text = Buffer.concat([cipher.update(plain), cipher.final()]);
      return { keyId: currentId, bytes: Buffer.concat([nonce, cipher.getAuthTag(), text]) };
    },
    open({ keyId, bytes }, context = '') {
      const key = byId.get(keyId);
      if (key === undefined) throw new AceSyncError('SECRET_MISSING', `${setting} does not hold the key ${keyId}.`);
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes));
        decipher.setAAD(Buffer.from(context));
        decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
        return Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]);
      } catch (cause) {
        throw new AceSyncError('DATA_NOT_DECRYPTED', `Key ${keyId} of ${setting}.`, { cause });
      }
    },
  };
}

/** Names a key without telling it: a hash of 256 random bits leads nowhere back. */
const idOf = (key: Buffer): string => createHash('sha256').update(key).digest('hex').slice(0, 8);

import type { Keyring } from '../encryption/keyring.ts';
import { AceSyncError } from '../errors.ts';

/** First bytes of an encrypted file; JSON, all that ACE's files hold, never begins so. */
const magic = Buffer.from('ACEJ1');
const keyIdLength = 8;

/** How the journal keeps bytes and lines: plain without a key, encrypted with one. Plain ones stay readable. */
export interface Seal {
  file(bytes: Buffer): Buffer;
  openFile(stored: Buffer): Buffer;
  line(text: string): string;
  openLine(stored: string): string;
}

export function createSeal(keyring: Keyring | null): Seal {
  const held = (): Keyring => {
    if (keyring === null)
      throw new AceSyncError('SECRET_MISSING', 'The journal is encrypted and journal.key is not set.');
    return keyring;
  };
  return {
    file(bytes) {
      if (keyring === null) return bytes;
      const sealed = keyring.seal(bytes);
      return Buffer.concat([magic, Buffer.from(sealed.keyId), sealed.bytes]);
    },
    openFile(stored) {
      if (!stored.subarray(0, magic.length).equals(magic)) return stored;
      const start = magic.length + keyIdLength;
      return held().open({ keyId: stored.subarray(magic.length, start).toString(), bytes: stored.subarray(start) });
    },
    line(text) {
      if (keyring === null) return text;
      const { keyId, bytes } = keyring.seal(Buffer.from(text));
      return `${keyId}:${bytes.toString('base64')}`;
    },
    openLine(stored) {
      const [, keyId, text] = /^([0-9a-f]{8}):([A-Za-z0-9+/=]+)$/.exec(stored) ?? [];
      return keyId === undefined || text === undefined
        ? stored
        : held()
            .open({ keyId, bytes: Buffer.from(text, 'base64') })
            .toString();
    },
  };
}

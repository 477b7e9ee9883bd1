import type { Keyring } from '../encryption/keyring.ts';
import { AceSyncError } from '../errors.ts';

/** First bytes of an encrypted file; JSON, all that ACE's files hold, never begins so. */
const magic = Buffer.from('ACEJ1');
const keyIdLength = 8;

/**
 * How the journal keeps bytes and lines: plain without a key, encrypted with one. Plain ones stay readable.
 * `place` is what an encrypted one is bound to: the name of the file or ledger.
 */
export interface Seal {
  file(bytes: Buffer, place: string): Buffer;
  openFile(stored: Buffer, place: string): Buffer;
  line(text: string, place: string): string;
  openLine(stored: string, place: string): string;
}

export function createSeal(keyring: Keyring | null): Seal {
  const held = (): Keyring => {
    if (keyring === null)
      throw new AceSyncError('SECRET_MISSING', 'The journal is encrypted and journal.key is not set.');
    return keyring;
  };
  return {
    file(bytes, place) {
      if (keyring === null) return bytes;
      const sealed = keyring.seal(bytes, place);
      return Buffer.concat([magic, Buffer.from(sealed.keyId), sealed.bytes]);
    },
    openFile(stored, place) {
      if (!stored.subarray(0, magic.length).equals(magic)) return stored;
      const start = magic.length + keyIdLength;
      const keyId = stored.subarray(magic.length, start).toString();
      return held().open({ keyId, bytes: stored.subarray(start) }, place);
    },
    line(text, place) {
      if (keyring === null) return text;
      const { keyId, bytes } = keyring.seal(Buffer.from(text), place);
      return `${keyId}:${bytes.toString('base64')}`;
    },
    openLine(stored, place) {
      const [, keyId, text] = /^([0-9a-f]{8}):([A-Za-z0-9+/=]+)$/.exec(stored) ?? [];
      return keyId === undefined || text === undefined
        ? stored
        : held()
            .open({ keyId, bytes: Buffer.from(text, 'base64') }, place)
            .toString();
    },
  };
}

import { createHmac, createSecretKey } from 'node:crypto';
import type { Hasher } from './canonical.ts';

/**
 * The hasher of sync states: HMAC-SHA-256 over field, side and canonical value, cut to 120 bits in base64url. The key
 * keeps people with report access from guessing short values; the empty value is `-`, so that support can see blanks.
 * @param key the connection's state key, at least 32 bytes; throws RangeError when shorter.
 */
export function createKeyedHasher(key: Uint8Array): Hasher {
  if (key.byteLength < 32) throw new RangeError('The key of the state hashes needs at least 32 bytes.');
  // A key object is prepared once; raw bytes would be prepared for each hash, which costs ten times the hash itself.
  const secret = createSecretKey(key);
  return (field, side, canonical) =>
    canonical === null
      ? '-'
      : createHmac('sha256', secret)
          .update(JSON.stringify([field, side, canonical]))
          .digest('base64url')
          .slice(0, 20);
}

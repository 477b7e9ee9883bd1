import type { Payload, PayloadCodec } from '@temporalio/common';
import type { Configuration } from '../config/configuration.ts';
import { AceSyncError } from '../errors.ts';
import { type Keyring, readKeyring } from './keyring.ts';

const encoding = Buffer.from('binary/encrypted');
const keyIdName = 'encryption-key-id';

/**
 * Encrypts whole payloads, so that inputs, results, signals and summaries are unreadable in Temporal. Search attributes,
 * ids and types stay readable: the server filters by them, and they hold no personal data. A payload is bound to no
 * context: who can write to Temporal's database can put one in another's place, but neither read nor change it.
 */
export function createPayloadCodec(keyring: Keyring): PayloadCodec {
  return {
    encode: async (payloads) => payloads.map((payload) => encrypt(keyring, payload)),
    decode: async (payloads) => payloads.map((payload) => decrypt(keyring, payload)),
  };
}

/** What client and worker take; empty without a key, so that nothing is encrypted. */
export function payloadConversion({ temporal }: Pick<Configuration, 'temporal'>) {
  if (temporal.payloadKey === undefined) return {};
  return {
    dataConverter: { payloadCodecs: [createPayloadCodec(readKeyring(temporal.payloadKey, 'temporal.payloadKey'))] },
  };
}

function encrypt(keyring: Keyring, payload: Payload): Payload {
  const { keyId, bytes } = keyring.seal(Buffer.from(JSON.stringify(toJson(payload))));
  return { metadata: { encoding, [keyIdName]: Buffer.from(keyId) }, data: bytes };
}

/** A payload that is not encrypted passes: it was written before the key was set. */
function decrypt(keyring: Keyring, payload: Payload): Payload {
  const { metadata, data } = payload;
  if (!metadata?.encoding || !encoding.equals(metadata.encoding)) return payload;
  const keyId = metadata[keyIdName];
  if (keyId === undefined || !data) throw new AceSyncError('DATA_NOT_DECRYPTED', 'A payload names no key.');
  return fromJson(
    JSON.parse(keyring.open({ keyId: Buffer.from(keyId).toString(), bytes: data }).toString()) as JsonPayload,
  );
}

/** A payload as the codec server's protocol writes it: bytes in base64. */
export interface JsonPayload {
  readonly metadata?: Readonly<Record<string, string>> | null;
  readonly data?: string | null;
}

export function toJson({ metadata, data }: Payload): JsonPayload {
  const named = Object.entries(metadata ?? {}).map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]);
  return { metadata: Object.fromEntries(named), data: Buffer.from(data ?? []).toString('base64') };
}

export function fromJson({ metadata, data }: JsonPayload): Payload {
  const named = Object.entries(metadata ?? {}).map(([name, text]) => [name, Buffer.from(text, 'base64')]);
  return { metadata: Object.fromEntries(named), data: Buffer.from(data ?? '', 'base64') };
}

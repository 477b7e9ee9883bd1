import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { readSecret } from '../config/secret.ts';
import type { BucketCredentials } from './options.ts';

type CredentialProvider = Extract<NonNullable<S3ClientConfig['credentials']>, (...arguments_: never[]) => unknown>;

/** The SDK asks again for an identity that ends within five minutes, so this makes it read the secrets every minute. */
const lifetimeMs = 6 * 60_000;

/**
 * Turns the configured credentials into what the SDK takes; keys in files may be rotated while the worker runs.
 * A request then throws AceSyncError SECRET_MISSING when a variable or file is missing or empty.
 */
export function credentialProvider(credentials: BucketCredentials): CredentialProvider {
  if ('static' in credentials) return async () => credentials.static;
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  return async () => ({
    accessKeyId: readSecret(accessKeyId),
    secretAccessKey: readSecret(secretAccessKey),
    ...(sessionToken === undefined ? {} : { sessionToken: readSecret(sessionToken) }),
    expiration: new Date(Date.now() + lifetimeMs),
  });
}

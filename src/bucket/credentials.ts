import { readFile } from 'node:fs/promises';
import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { AceSyncError } from '../errors.ts';
import type { BucketCredentials, SecretSource } from './options.ts';

type CredentialProvider = Extract<NonNullable<S3ClientConfig['credentials']>, (...arguments_: never[]) => unknown>;

/** The SDK asks again for an identity that ends within five minutes, so this makes it read the files every minute. */
const fileLifetimeMs = 6 * 60_000;

/**
 * Reads one secret.
 * @throws AceSyncError SECRET_MISSING, which names the variable or file and never its content.
 */
async function readSecret(source: SecretSource): Promise<string> {
  if ('env' in source) {
    const value = process.env[source.env];
    if (value === undefined || value === '') {
      throw new AceSyncError('SECRET_MISSING', `Environment variable ${source.env} is not set.`);
    }
    return value;
  }
  try {
    const value = (await readFile(source.file, 'utf8')).trim();
    if (value !== '') return value;
  } catch (error) {
    throw new AceSyncError('SECRET_MISSING', `File ${source.file} cannot be read.`, { cause: error });
  }
  throw new AceSyncError('SECRET_MISSING', `File ${source.file} is empty.`);
}

function sourcesOf(credentials: Exclude<BucketCredentials, { static: unknown }>): SecretSource[] {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  return sessionToken === undefined ? [accessKeyId, secretAccessKey] : [accessKeyId, secretAccessKey, sessionToken];
}

/** Turns the configured credentials into what the SDK takes; keys in files may be rotated while the worker runs. */
export function credentialProvider(credentials: BucketCredentials): CredentialProvider {
  if ('static' in credentials) return async () => credentials.static;
  return async () => {
    const [accessKeyId = '', secretAccessKey = '', sessionToken] = await Promise.all(
      sourcesOf(credentials).map(readSecret),
    );
    return {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
      expiration: new Date(Date.now() + fileLifetimeMs),
    };
  };
}

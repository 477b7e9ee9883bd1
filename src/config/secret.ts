import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { AceSyncError } from '../errors.ts';

const fileSecretSchema = z.strictObject({ file: z.string().min(1) });
/** A secret by reference: the name of an environment variable, or the path of a file whose content it is. */
export const secretSchema = z.union([z.strictObject({ env: z.string().min(1) }), fileSecretSchema]);
export type Secret = z.infer<typeof secretSchema>;

/** The settings with the files of their secrets resolved from this folder. */
export function withSecretsIn<Settings>(folder: string, settings: Settings): Settings {
  const resolved = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolved);
    if (typeof value !== 'object' || value === null) return value;
    const secret = fileSecretSchema.safeParse(value);
    if (secret.success) return { file: resolve(folder, secret.data.file) };
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, resolved(inner)]));
  };
  return resolved(settings) as Settings;
}

/**
 * Reads the secret as it is now, so that a rotated one is used without a restart.
 * @throws AceSyncError SECRET_MISSING, naming the variable or file and never its content.
 */
export function readSecret(secret: Secret): string {
  if ('env' in secret) {
    const value = process.env[secret.env];
    if (value === undefined || value === '')
      throw new AceSyncError('SECRET_MISSING', `Environment variable ${secret.env}.`);
    return value;
  }
  try {
    const value = readFileSync(secret.file, 'utf8').trim();
    if (value === '') throw new AceSyncError('SECRET_MISSING', `File ${secret.file} is empty.`);
    return value;
  } catch (cause) {
    if (cause instanceof AceSyncError) throw cause;
    throw new AceSyncError('SECRET_MISSING', `File ${secret.file}.`, { cause });
  }
}

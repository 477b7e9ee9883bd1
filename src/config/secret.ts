import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { AceSyncError } from '../errors.ts';

/** A secret by reference: the name of an environment variable, or the path of a file whose content it is. */
export const secretSchema = z.union([
  z.strictObject({ env: z.string().min(1) }),
  z.strictObject({ file: z.string().min(1) }),
]);
export type Secret = z.infer<typeof secretSchema>;

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

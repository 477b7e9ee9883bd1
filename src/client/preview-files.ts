import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createAceBucket } from '../bucket/ace-bucket.ts';
import type { Configuration } from '../config/configuration.ts';
import { AceSyncError } from '../errors.ts';

/** A file of ACE and where it comes from. */
export interface FoundFile {
  readonly bytes: Buffer;
  readonly key: string;
  /** LastModified in the bucket, ISO 8601; null for a local file. */
  readonly lastModified: string | null;
}

/**
 * A local file, else the object of that key in the bucket, which is only read.
 * @throws AceSyncError OBJECT_GONE when there is neither.
 */
export async function findFile(config: Configuration, name: string): Promise<FoundFile> {
  if (existsSync(name)) return { bytes: await readFile(name), key: name, lastModified: null };
  const bucket = createAceBucket(config.ace.bucket);
  try {
    const { objects } = await bucket.list(name, { maxKeys: 1 });
    const [object] = objects;
    if (object === undefined || object.key !== name) {
      throw new AceSyncError('OBJECT_GONE', `${name} is neither a local file nor a key of the bucket.`);
    }
    return { bytes: await bucket.get(object), key: object.key, lastModified: object.lastModified };
  } finally {
    bucket.close();
  }
}

import {
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { AceSyncError } from '../errors.ts';
import { classifyS3Error } from './classify-s3-error.ts';
import { createS3Client } from './create-s3-client.ts';
import type { BucketOptions } from './options.ts';
import { type Outcome, outcomeFromTags, tagsWithOutcome } from './outcome-tag.ts';

/** One version of one object. Plain data, so that it can travel through workflow histories. */
export interface ObjectRef {
  readonly key: string;
  /** Without the quotes that HTTP puts around it. */
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
  /** ISO 8601, UTC, whole seconds. */
  readonly lastModified: string;
}

export interface ListedObjects {
  /** Sorted by key; folder objects of zero bytes are left out. */
  readonly objects: readonly ObjectRef[];
  /** Pass it as `startAfter` for the next page; null when the listing is complete. */
  readonly next: string | null;
}

export type Existence = 'present' | 'absent' | 'unknown';

/**
 * The ACE bucket, or any bucket with its rules. Every method throws AceSyncError: BUCKET_ACCESS_DENIED when S3 refuses
 * (403 and other lasting refusals), BUCKET_UNAVAILABLE when a repetition makes sense, and what each method adds.
 */
export interface AceBucket {
  readonly name: string;
  /** One page of at most `maxKeys` (1 to 1,000, S3's limit) objects whose keys begin with `prefix`. */
  list(prefix: string, options?: { readonly startAfter?: string; readonly maxKeys?: number }): Promise<ListedObjects>;
  /** The content of exactly this version. Throws OBJECT_GONE, OBJECT_REPLACED, FILE_TOO_LARGE. */
  get(ref: Pick<ObjectRef, 'key' | 'etag'> & { readonly size?: number }): Promise<Buffer>;
  /** Puts the file with the ACL that ACE demands. Throws FILE_TOO_LARGE before anything is sent. */
  put(key: string, bytes: Buffer): Promise<{ readonly etag: string }>;
  /** The outcome that this version is tagged with; null when there is none or it speaks of another version. */
  readTag(ref: Pick<ObjectRef, 'key' | 'etag'>): Promise<Outcome | null>;
  /** Keeps the tags of others. Throws OBJECT_GONE. */
  tag(ref: Pick<ObjectRef, 'key' | 'etag'>, outcome: Outcome): Promise<void>;
  /** Deletes exactly this version; one that is gone already counts as deleted. Throws OBJECT_REPLACED. */
  delete(ref: Pick<ObjectRef, 'key' | 'etag'>): Promise<void>;
  /** Whether any key begins with `prefix`. A refusal is `unknown`, never `absent`. */
  exists(prefix: string): Promise<Existence>;
  /** Closes the connections. */
  close(): void;
}

/** ACE takes files below 1 MB and exports none above it (user guide); the guide does not say 1,000 or 1,024. */
export const maxFileBytes = 1024 * 1024;

export function createAceBucket(options: BucketOptions): AceBucket {
  const client = createS3Client(options);
  const Bucket = options.name;

  async function attempt<T>(request: string, send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      throw classifyS3Error(error, request);
    }
  }

  async function readTags(key: string) {
    const { TagSet } = await attempt(`Reading the tags of ${key}`, () =>
      client.send(new GetObjectTaggingCommand({ Bucket, Key: key })),
    );
    return TagSet ?? [];
  }

  const bucket: AceBucket = {
    name: Bucket,

    async list(prefix, { startAfter, maxKeys = 1000 } = {}) {
      const page = await attempt(`Listing ${prefix}`, () =>
        client.send(
          new ListObjectsV2Command({ Bucket, Prefix: prefix, MaxKeys: maxKeys, StartAfter: startAfter || undefined }),
        ),
      );
      const contents = page.Contents ?? [];
      const objects = contents.flatMap(({ Key, ETag, Size = 0, LastModified }): ObjectRef[] =>
        Key === undefined || Size === 0
          ? []
          : [{ key: Key, etag: unquote(ETag), size: Size, lastModified: LastModified?.toISOString() ?? '' }],
      );
      return { objects, next: page.IsTruncated === true ? (contents.at(-1)?.Key ?? null) : null };
    },

    async get({ key, etag, size = 0 }) {
      refuseTooLarge(key, size);
      return await attempt(`Getting ${key}`, async () => {
        const { Body, ContentLength = 0 } = await client.send(
          new GetObjectCommand({ Bucket, Key: key, IfMatch: quote(etag) }),
        );
        if (ContentLength > maxFileBytes && Body !== undefined && 'destroy' in Body) Body.destroy();
        refuseTooLarge(key, ContentLength);
        return Buffer.from((await Body?.transformToByteArray()) ?? []);
      });
    },

    async put(key, bytes) {
      refuseTooLarge(key, bytes.length);
      const { ETag } = await attempt(`Putting ${key}`, () =>
        client.send(
          new PutObjectCommand({
            Bucket,
            Key: key,
            Body: bytes,
            ContentType: 'application/json',
            ACL: 'bucket-owner-full-control',
          }),
        ),
      );
      return { etag: unquote(ETag) };
    },

    async readTag({ key, etag }) {
      return outcomeFromTags(await readTags(key), etag);
    },

    async tag({ key, etag }, outcome) {
      const TagSet = tagsWithOutcome(await readTags(key), outcome, etag);
      await attempt(`Tagging ${key}`, () =>
        client.send(new PutObjectTaggingCommand({ Bucket, Key: key, Tagging: { TagSet } })),
      );
    },

    async delete({ key, etag }) {
      try {
        await attempt(`Deleting ${key}`, () =>
          client.send(new DeleteObjectCommand({ Bucket, Key: key, IfMatch: quote(etag) })),
        );
      } catch (error) {
        if (error instanceof AceSyncError && error.code === 'OBJECT_GONE') return;
        throw error;
      }
    },

    async exists(prefix) {
      try {
        const page = await attempt(`Looking for ${prefix}`, () =>
          client.send(new ListObjectsV2Command({ Bucket, Prefix: prefix, MaxKeys: 1 })),
        );
        return (page.Contents ?? []).length > 0 ? 'present' : 'absent';
      } catch (error) {
        if (error instanceof AceSyncError && error.code === 'BUCKET_ACCESS_DENIED') return 'unknown';
        throw error;
      }
    },

    close() {
      client.destroy();
    },
  };
  return bucket;
}

function refuseTooLarge(key: string, size: number): void {
  if (size > maxFileBytes) {
    throw new AceSyncError('FILE_TOO_LARGE', `${key}: expected at most ${maxFileBytes} bytes, got ${size}.`);
  }
}

function quote(etag: string): string {
  return `"${etag}"`;
}

function unquote(etag: string | undefined): string {
  return (etag ?? '').replaceAll('"', '');
}

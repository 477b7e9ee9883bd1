import {
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { S3Options } from './options.ts';

export interface StoredObject {
  readonly key: string;
  readonly etag: string;
  readonly size: number;
  readonly lastModified: Date;
}

/** The bucket as its owner sees it. ACE needs no more than this, and the partner's rights are not enough for it. */
export interface Storage {
  /** The whole folder, without the folder's own zero-byte object, oldest object first. */
  list(folder: string): Promise<readonly StoredObject[]>;
  /** Null when the object is gone. */
  get(key: string): Promise<Buffer | null>;
  put(key: string, body: Buffer): Promise<void>;
  /** Deletes the version with this ETag; another version, or none, is left as it is. */
  delete(key: string, etag: string): Promise<void>;
  /** The bucket policy as JSON text; null when there is none. */
  policy(): Promise<string | null>;
  setPolicy(policy: string | null): Promise<void>;
  close(): void;
}

export function createStorage(options: S3Options, bucket: string): Storage {
  const client = new S3Client({
    endpoint: options.endpoint,
    region: options.region,
    credentials: { accessKeyId: options.accessKeyId, secretAccessKey: options.secretAccessKey },
    forcePathStyle: true,
  });
  return {
    async list(folder) {
      const objects: StoredObject[] = [];
      let token: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({ Bucket: bucket, Prefix: folder, ContinuationToken: token }),
        );
        for (const { Key, ETag, Size, LastModified } of page.Contents ?? []) {
          if (Key === undefined || ETag === undefined || LastModified === undefined || Key.endsWith('/')) continue;
          objects.push({ key: Key, etag: ETag, size: Size ?? 0, lastModified: LastModified });
        }
        token = page.NextContinuationToken;
      } while (token !== undefined);
      return objects.sort((a, b) => a.lastModified.getTime() - b.lastModified.getTime() || (a.key < b.key ? -1 : 1));
    },
    async get(key) {
      try {
        const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
      } catch (error) {
        if (isStatus(error, 404)) return null;
        throw error;
      }
    },
    async put(key, body) {
      await client.send(
        new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: 'application/json' }),
      );
    },
    async delete(key, etag) {
      try {
        await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, IfMatch: etag }));
      } catch (error) {
        if (!isStatus(error, 404) && !isStatus(error, 412)) throw error;
      }
    },
    async policy() {
      try {
        return (await client.send(new GetBucketPolicyCommand({ Bucket: bucket }))).Policy ?? null;
      } catch (error) {
        if (isStatus(error, 404)) return null;
        throw error;
      }
    },
    async setPolicy(policy) {
      if (policy === null) await client.send(new DeleteBucketPolicyCommand({ Bucket: bucket }));
      else await client.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: policy }));
    },
    close: () => client.destroy(),
  };
}

function isStatus(error: unknown, status: number): boolean {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === status;
}

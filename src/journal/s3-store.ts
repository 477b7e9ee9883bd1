import { randomUUID } from 'node:crypto';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { createS3Client } from '../bucket/create-s3-client.ts';
import type { BucketOptions } from '../bucket/options.ts';
import { AceSyncError } from '../errors.ts';
import { appendInGroups } from './append-in-groups.ts';
import type { JournalStore } from './journal-store.ts';

/** Repeating a request changes nothing here: names are unique, or the put is conditional. */
const maxAttempts = 4;
/** Objects of a ledger that are read at once; the client has 200 sockets. */
const readAhead = 32;

/**
 * A journal under a prefix of the partner's own bucket. Every append is an object of its own, so several workers write at
 * once and nothing is read to be written again; appends that wait for one another share an object.
 */
export function createS3Store(options: BucketOptions, prefix: string): JournalStore {
  const client = createS3Client(options, maxAttempts);
  const Bucket = options.name;
  const place = `s3://${Bucket}/${prefix}`;
  const keyOf = (name: string) => `${prefix}${name}`;

  /** @returns null for the answers that are no fault, by HTTP status. */
  async function attempt<T>(request: string, noFault: readonly number[], send: () => Promise<T>): Promise<T | null> {
    try {
      return await send();
    } catch (cause) {
      const status = cause instanceof S3ServiceException ? (cause.$metadata.httpStatusCode ?? 500) : 0;
      // A missing bucket also answers 404, and must never read as an empty journal.
      if (noFault.includes(status) && !(cause instanceof Error && cause.name === 'NoSuchBucket')) return null;
      if (cause instanceof AceSyncError) throw cause;
      // S3's message can hold account numbers and key ids; its code says enough.
      const code = cause instanceof Error ? cause.name : 'unknown error';
      throw new AceSyncError('JOURNAL_UNAVAILABLE', `${request} ${place}: ${code} (${status}).`, { cause });
    }
  }

  async function put(name: string, bytes: Buffer, condition: { IfMatch?: string; IfNoneMatch?: string } = {}) {
    const request = { Bucket, Key: keyOf(name), Body: bytes, ContentType: 'application/octet-stream', ...condition };
    // 409 is ConditionalRequestConflict: another put of the same name was under way, and is the one that counts.
    const noFault = Object.keys(condition).length > 0 ? [409, 412] : [];
    return (await attempt('Putting into', noFault, () => client.send(new PutObjectCommand(request)))) !== null;
  }

  async function read(name: string) {
    return await attempt('Reading from', [404], async () => {
      const { Body, ETag } = await client.send(new GetObjectCommand({ Bucket, Key: keyOf(name) }));
      return { bytes: Buffer.from((await Body?.transformToByteArray()) ?? []), version: ETag ?? '' };
    });
  }

  async function headOf(name: string) {
    return await attempt('Looking at', [404], async () => {
      const { LastModified, ETag } = await client.send(new HeadObjectCommand({ Bucket, Key: keyOf(name) }));
      return { writtenAt: LastModified?.getTime() ?? 0, version: ETag ?? '' };
    });
  }

  async function* list(below: string, from = '') {
    for (let StartAfter: string | undefined = keyOf(`${below}/${from}`); StartAfter !== undefined; ) {
      const request: ListObjectsV2Command = new ListObjectsV2Command({
        Bucket,
        Prefix: keyOf(`${below}/`),
        StartAfter,
      });
      const page = await attempt('Listing', [], () => client.send(request));
      const objects = page?.Contents ?? [];
      for (const { Key = '', LastModified, Size = 0 } of objects)
        if (Size > 0) yield { name: Key.slice(prefix.length), writtenAt: LastModified?.getTime() ?? 0, size: Size };
      StartAfter = page?.IsTruncated === true ? objects.at(-1)?.Key : undefined;
    }
  }

  return {
    place,
    read,
    list,
    create: (name, bytes) => put(name, bytes, { IfNoneMatch: '*' }),
    replace: (name, bytes, version) => put(name, bytes, version === null ? { IfNoneMatch: '*' } : { IfMatch: version }),
    async renew(name, before) {
      const head = await headOf(name);
      if (head === null || head.writtenAt >= before.getTime()) return head !== null;
      const kept = await read(name);
      return kept !== null && (await put(name, kept.bytes, { IfMatch: kept.version }));
    },
    append: appendInGroups(async (ledger, day, lines) => {
      const name = `${ledger}/${day}/${new Date().toISOString()}-${randomUUID()}.jsonl`;
      await put(name, Buffer.from(lines.map((line) => `${line}\n`).join('')));
    }),
    async *lines(ledger, from = '') {
      const ahead: Promise<string>[] = [];
      const textOf = async (name: string) => (await read(name))?.bytes.toString() ?? '';
      const next = async () => (await ahead.shift())?.split('\n').filter((line) => line !== '') ?? [];
      for await (const { name } of list(ledger, from)) {
        ahead.push(quietly(textOf(name)));
        if (ahead.length >= readAhead) yield* await next();
      }
      while (ahead.length > 0) yield* await next();
    },
    async removeOlder(name, before) {
      const head = await headOf(name);
      if (head === null || head.writtenAt >= before.getTime()) return false;
      const request = { Bucket, Key: keyOf(name), IfMatch: head.version };
      return (
        (await attempt('Deleting from', [404, 409, 412], () => client.send(new DeleteObjectCommand(request)))) !== null
      );
    },
  };
}

/** A failure of what is read ahead counts when its turn comes, and is no unhandled rejection before. */
function quietly<T>(work: Promise<T>): Promise<T> {
  work.catch(() => {});
  return work;
}

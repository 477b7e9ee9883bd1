import type { BucketOptions } from '../bucket/options.ts';
import { createFolderStore } from './folder-store.ts';
import { s3AddressOf } from './s3-address.ts';
import { createS3Store } from './s3-store.ts';

/** Something kept whole under a name, such as `files/ab/ab12…`. */
export interface StoredItem {
  readonly name: string;
  /** When it was written, or written again, milliseconds since 1970. */
  readonly writtenAt: number;
  /** Bytes. */
  readonly size: number;
}

/** The content of a document, and which version of it that is. */
export interface StoredDocument {
  readonly bytes: Buffer;
  readonly version: string;
}

/**
 * Where the journal lies: a folder of one host, or a prefix of an S3 bucket that several workers share. Nothing in a
 * ledger is ever changed; every write is whole or not there, whenever a process is killed.
 * Methods throw AceSyncError JOURNAL_UNAVAILABLE when the place cannot be reached or refuses.
 */
export interface JournalStore {
  /** What people are told when something there is wrong. */
  readonly place: string;
  read(name: string): Promise<StoredDocument | null>;
  /** Keeps bytes under a name that has none. @returns false when something stands there already, which stays. */
  create(name: string, bytes: Buffer): Promise<boolean>;
  /**
   * Replaces a document as a whole, if it still is the version that was read (null: there is none yet).
   * @returns false when somebody else was faster; then nothing is written
   */
  replace(name: string, bytes: Buffer, version: string | null): Promise<boolean>;
  /** Lets what was written before a moment count as written now. @returns false when nothing is kept under the name */
  renew(name: string, before: Date): Promise<boolean>;
  /** Adds lines, each without a line break, to one day (`YYYY-MM-DD`) of a ledger; durable when it resolves. */
  append(ledger: string, day: string, lines: readonly string[]): Promise<void>;
  /** Lines of a ledger from a day on, in the order of their writing; a line that a kill cut short may be among them. */
  lines(ledger: string, from?: string): AsyncIterable<string>;
  /** Everything below a folder such as `files`, sorted by name. */
  list(folder: string): AsyncIterable<StoredItem>;
  /** Removes what was last written before a moment. @returns false when it is younger, or gone */
  removeOlder(name: string, before: Date): Promise<boolean>;
}

export interface JournalPlace {
  /** Path of a folder, or `s3://<bucket>/<prefix>`. */
  readonly folder: string;
  readonly s3?: Omit<BucketOptions, 'name'> | undefined;
}

export function createJournalStore({ folder, s3 }: JournalPlace): JournalStore {
  const address = s3AddressOf(folder);
  if (address === null) return createFolderStore(folder);
  return createS3Store({ region: 'us-west-2', ...s3, name: address.bucket }, address.prefix);
}

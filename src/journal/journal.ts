import { createHash } from 'node:crypto';
import type { ObjectRef } from '../bucket/ace-bucket.ts';
import type { Configuration } from '../config/configuration.ts';
import { type Keyring, readKeyring } from '../encryption/keyring.ts';
import { AceSyncError } from '../errors.ts';
import { byTime, withAnswers } from './answered-changes.ts';
import { createFolderStore } from './folder-store.ts';
import { createJournalStore, type JournalStore } from './journal-store.ts';
import { createSealedStore } from './sealed-store.ts';

/**
 * The ledger that outlives Temporal's retention: every file byte for byte under its SHA-256, and one line per outcome,
 * per CRM field change, and per answer of the CRM to one. Lines are appended and never changed; an activity that is
 * repeated may append its lines again, so each carries an id by which readers take it once.
 */

export type OutcomeKind =
  | 'outboundRecord'
  | 'outboundFile'
  /** A file to AWS that is about to be put, per record in it, or whose answer is no longer waited for. */
  | 'sent'
  /** AWS's answer to it, per record. */
  | 'upload'
  /** A result file that nobody can read. */
  | 'resultFile'
  /** Where the row says that a record stands which waits or is held. */
  | 'standing'
  /** What a person asked for. */
  | 'action';

export interface OutcomeLine {
  /** Stable id: the same outcome written twice is one outcome. */
  readonly id: string;
  readonly at: string;
  readonly connection: string;
  readonly kind: OutcomeKind;
  readonly object: string;
  /** Key of an outbound or result file, name of an inbound one; empty for what no file tells. */
  readonly file: string;
  readonly index: number | null;
  readonly aceId: string | null;
  readonly crmId: string | null;
  readonly outcome: string;
  readonly code: string;
  /** Content address of the file, where it was kept. */
  readonly sha?: string;
}

/** The id of the line of an outbound or result file: a name can come again with other bytes, or the same ones. */
export const fileLineId = ({ key, etag, lastModified }: Pick<ObjectRef, 'key' | 'etag' | 'lastModified'>): string =>
  `${key}@${etag}@${lastModified}`;

/** When ACE put the file of an outcome line, ISO 8601; null for a line that no outbound or result file has. */
export const fileTimeOf = ({ id }: Pick<OutcomeLine, 'id'>): string | null =>
  /@(\d{4}-\d\d-\d\dT[\d:.]+Z)(?:#\d+)?$/.exec(id)?.[1] ?? null;

/** One CRM field that the sync is about to change; written before the CRM write. */
export interface ChangeLine {
  readonly id: string;
  readonly at: string;
  readonly connection: string;
  readonly crmId: string;
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
  /** File key or upload name that caused the change. */
  readonly cause: string;
  readonly rule: string;
  readonly mappingVersion: string;
  /** Whose value it is: AWS's, the choice of a person in the CRM, the mapping's decision, or a link of the sync's own. */
  readonly actor: 'aws' | 'person' | 'rule' | 'sync';
}

/** What the CRM said to changes that were noted before; written after the CRM write. */
export interface ConfirmationLine {
  readonly ids: readonly string[];
  readonly at: string;
  /** `written`, or why not: `older`, `refused`, `later`. */
  readonly answer: 'written' | 'older' | 'refused' | 'later';
  /** The record that the CRM made, for changes that were noted before it had an id. */
  readonly crmId?: string;
}

/**
 * A change with the CRM's answer. Null when none was noted: the write is under way, or the worker died in it and found
 * the value in place when it came back.
 */
export interface Change extends ChangeLine {
  readonly answer: ConfirmationLine['answer'] | null;
}

export interface Journal {
  /** Keeps the bytes under their SHA-256 and returns it; the same bytes are kept once. */
  archive(bytes: Buffer): Promise<string>;
  /** The bytes kept under a SHA-256, or null when there are none. @throws AceSyncError JOURNAL_CHANGED for other bytes */
  read(sha: string): Promise<Buffer | null>;
  /** The SHA-256 of every file that is kept. */
  files(): AsyncIterable<string>;
  recordOutcomes(lines: readonly OutcomeLine[]): Promise<void>;
  recordChanges(lines: readonly ChangeLine[]): Promise<void>;
  confirmChanges(lines: readonly ConfirmationLine[]): Promise<void>;
  /** Outcome lines of these days, oldest first, each id once (the last line of an id stands). @default all */
  outcomes(since?: Date): Promise<readonly OutcomeLine[]>;
  /** All changes, oldest first, with their answers; the same change announced again before its answer is one. */
  changes(): Promise<readonly Change[]>;
}

/** The place of a connection's journal, encrypted when `journal.key` is set. @throws AceSyncError SECRET_MISSING */
export function openJournalStore(options: Configuration['journal']): JournalStore {
  const { key } = options;
  return createSealedStore(createJournalStore(options), key === undefined ? null : readKeyring(key, 'journal.key'));
}

export const createJournal = (options: Configuration['journal'], store = openJournalStore(options)): Journal =>
  createJournalIn(store, options.keepDays !== undefined);

export const createFolderJournal = (folder: string, keyring: Keyring | null = null): Journal =>
  createJournalIn(createSealedStore(createFolderStore(folder), keyring));

/** A file that comes again counts as new for the retention, once a day: what is asked every time costs every time. */
const renewAfter = 24 * 60 * 60_000;

/** @param isPruned whether old files are removed some day, so that those that come again must be renewed */
export function createJournalIn(store: JournalStore, isPruned = true): Journal {
  async function append(ledger: string, lines: readonly { readonly at: string }[]): Promise<void> {
    for (const [day, ofDay] of Map.groupBy(lines, ({ at }) => at.slice(0, 10))) {
      await store.append(
        ledger,
        day,
        ofDay.map((line) => JSON.stringify(line)),
      );
    }
  }

  async function* linesOf<Line>(ledger: string, since?: Date): AsyncIterable<Line> {
    for await (const text of store.lines(ledger, since?.toISOString().slice(0, 10))) {
      const line = readLine<Line>(text);
      if (line !== null) yield line;
    }
  }

  return {
    async archive(bytes) {
      const sha = shaOf(bytes);
      const name = nameOf(sha);
      if (await store.create(name, bytes)) return sha;
      // Removed while it was looked at: then it is as new as it can be.
      if (isPruned && !(await store.renew(name, new Date(Date.now() - renewAfter)))) await store.create(name, bytes);
      return sha;
    },
    async read(sha) {
      const kept = isSha(sha) ? await store.read(nameOf(sha)) : null;
      if (kept !== null && shaOf(kept.bytes) !== sha)
        throw new AceSyncError('JOURNAL_CHANGED', `File ${sha} in ${store.place}.`);
      return kept?.bytes ?? null;
    },
    async *files() {
      for await (const { name } of store.list('files')) {
        const sha = name.slice(name.lastIndexOf('/') + 1);
        if (isSha(sha)) yield sha;
      }
    },
    recordOutcomes: (lines) => append('outcomes', lines),
    recordChanges: (lines) => append('changes', lines),
    confirmChanges: (lines) => append('confirmations', lines),
    outcomes: (since) => lastById(linesOf<OutcomeLine>('outcomes', since)),
    async changes() {
      const lines = await Array.fromAsync(linesOf<ChangeLine>('changes'));
      return withAnswers(lines, await Array.fromAsync(linesOf<ConfirmationLine>('confirmations')));
    },
  };
}

const shaOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const isSha = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);
const nameOf = (sha: string): string => `files/${sha.slice(0, 2)}/${sha}`;

async function lastById<Line extends { readonly id: string; readonly at: string }>(
  lines: AsyncIterable<Line>,
): Promise<readonly Line[]> {
  const byId = new Map<string, Line>();
  for await (const line of lines) byId.set(line.id, line);
  return [...byId.values()].sort(byTime);
}

/** A line cut short by a kill is no line: its activity did not finish and writes it again. */
function readLine<Line>(text: string): Line | null {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return null;
  }
}

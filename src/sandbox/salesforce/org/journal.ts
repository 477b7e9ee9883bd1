import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FieldDefinition, ObjectSeed, ValidationRule } from './schema.ts';
import type { RowChange } from './store.ts';

/** Everything that outlives a restart, as one kind of entry each; a later entry replaces an earlier one. */
export type JournalEntry =
  | { readonly kind: 'org'; readonly organizationId: string; readonly instance: string }
  | { readonly kind: 'rows'; readonly sequence: number; readonly rows: readonly RowChange[] }
  | { readonly kind: 'object'; readonly name: string; readonly seed: ObjectSeed | null }
  | {
      readonly kind: 'field';
      readonly object: string;
      readonly name: string;
      readonly field: FieldDefinition | null;
    }
  | { readonly kind: 'rule'; readonly object: string; readonly name: string; readonly rule: ValidationRule | null }
  | {
      readonly kind: 'component';
      readonly type: string;
      readonly fullName: string;
      readonly metadata: Readonly<Record<string, unknown>> | null;
    }
  | { readonly kind: 'document'; readonly name: string; readonly content: unknown };

export interface Journal {
  append(entry: JournalEntry): void;
  /** Whether so much was appended that a snapshot is shorter than the story. */
  isLong(): boolean;
  /** Replaces the story by its end. */
  compact(snapshot: Iterable<JournalEntry>): void;
}

export const memoryJournal: Journal = { append: () => {}, isLong: () => false, compact: () => {} };

/** Bytes of journal after which it is replaced by a snapshot: about 50,000 rows written once. */
const defaultLength = 64 * 1024 * 1024;

/**
 * An append-only file of JSON lines beside a snapshot of the same lines. A write reaches the operating system before
 * the answer leaves, so the state survives SIGKILL; it does not survive a power cut, which a sandbox may lose.
 */
export function openFolderJournal(
  folder: string,
  maximumLength = defaultLength,
): { readonly entries: readonly JournalEntry[]; readonly journal: Journal } {
  mkdirSync(folder, { recursive: true });
  const snapshotPath = join(folder, 'snapshot.jsonl');
  const journalPath = join(folder, 'journal.jsonl');
  const written = readText(journalPath);
  // A line cut by a kill is dropped for good: what it said was never answered.
  const whole = written.slice(0, written.lastIndexOf('\n') + 1);
  if (whole.length !== written.length) writeFileSync(journalPath, whole);
  const entries = [...parseLines(readText(snapshotPath)), ...parseLines(whole)];
  let length = whole.length;
  const journal: Journal = {
    append: (entry) => {
      const line = `${JSON.stringify(entry)}\n`;
      appendFileSync(journalPath, line);
      length += line.length;
    },
    isLong: () => length > maximumLength,
    compact: (snapshot) => {
      const freshPath = `${snapshotPath}.new`;
      writeFileSync(freshPath, '');
      for (const entry of snapshot) appendFileSync(freshPath, `${JSON.stringify(entry)}\n`);
      // Entries are whole states, so a kill between the two steps replays the journal over the snapshot without harm.
      renameSync(freshPath, snapshotPath);
      writeFileSync(journalPath, '');
      length = 0;
    },
  };
  return { entries, journal };
}

const readText = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');

function parseLines(text: string): JournalEntry[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as JournalEntry);
}

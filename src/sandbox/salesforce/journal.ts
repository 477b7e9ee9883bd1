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
}

export const memoryJournal: Journal = { append: () => {} };

/** Bytes of journal after which the next start writes a snapshot. */
const compactAbove = 16 * 1024 * 1024;

/**
 * An append-only file of JSON lines beside a snapshot of the same lines. A write reaches the operating system before
 * the answer leaves, so the state survives SIGKILL; it does not survive a power cut, which a sandbox may lose.
 */
export function openFolderJournal(folder: string): {
  readonly entries: readonly JournalEntry[];
  readonly journal: Journal;
  compactIfLarge(snapshot: () => Iterable<JournalEntry>): void;
} {
  mkdirSync(folder, { recursive: true });
  const snapshotPath = join(folder, 'snapshot.jsonl');
  const journalPath = join(folder, 'journal.jsonl');
  const written = readText(journalPath);
  // A line cut by a kill is dropped for good: what it said was never answered.
  const whole = written.slice(0, written.lastIndexOf('\n') + 1);
  if (whole.length !== written.length) writeFileSync(journalPath, whole);
  const entries = [...parseLines(readText(snapshotPath)), ...parseLines(whole)];
  return {
    entries,
    journal: { append: (entry) => appendFileSync(journalPath, `${JSON.stringify(entry)}\n`) },
    compactIfLarge: (snapshot) => {
      if (whole.length < compactAbove) return;
      const lines = [];
      for (const entry of snapshot()) lines.push(`${JSON.stringify(entry)}\n`);
      writeFileSync(`${snapshotPath}.new`, lines.join(''));
      // Entries are whole states, so a kill between the two steps replays the journal over the snapshot without harm.
      renameSync(`${snapshotPath}.new`, snapshotPath);
      writeFileSync(journalPath, '');
    },
  };
}

const readText = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');

function parseLines(text: string): JournalEntry[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as JournalEntry);
}

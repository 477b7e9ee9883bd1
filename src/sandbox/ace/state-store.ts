import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import type { Change, Effect, Tables } from './state.ts';

export interface StateStore {
  get<T extends keyof Tables>(table: T, key: string): Tables[T] | undefined;
  all<T extends keyof Tables>(table: T): readonly Tables[T][];
  entries<T extends keyof Tables>(table: T): readonly (readonly [string, Tables[T]])[];
  /** Makes the decision durable; its effects become pending in the order of commits. */
  commit(changes: readonly Change[], effects?: readonly Effect[]): void;
  /** The oldest effects that are not done, in the order of the decisions. */
  nextEffects(most: number): readonly Effect[];
  pendingEffects(): number;
  /** Notes that so many of the oldest effects are done. */
  effectsDone(count: number): void;
  close(): void;
}

type Line = { readonly changes: readonly Change[]; readonly effects: readonly Effect[] } | { readonly done: number };

interface Image {
  /** Number of the journal that continues this image. */
  readonly generation: number;
  readonly tables: Readonly<Record<keyof Tables, readonly (readonly [string, unknown])[]>>;
  readonly pending: readonly Effect[];
}

const compactAfterBytes = 16 * 1024 * 1024;

/**
 * The simulator's state: an image and a journal of decisions, one JSON line each, beside it. A decision is on disk
 * before its first request to the bucket leaves, and requests are repeated until their line "done" is written, so a
 * SIGKILL at any point neither loses a decision nor takes one twice. (Lines are not fsynced: a killed process leaves
 * them to the operating system; only a power failure could take the last ones.)
 */
export function openStateStore(folder: string): StateStore {
  mkdirSync(folder, { recursive: true });
  const imageFile = path.join(folder, 'state.json');
  const journalFile = (generation: number): string => path.join(folder, `journal-${generation}.jsonl`);
  let generation = 0;
  const tables: { [T in keyof Tables]: Map<string, Tables[T]> } = {
    records: new Map(),
    files: new Map(),
    delayed: new Map(),
    meta: new Map(),
  };
  let pending: Effect[] = [];

  const apply = (change: Change): void => {
    const table: Map<string, unknown> = tables[change.table];
    if (change.value === null) table.delete(change.key);
    else table.set(change.key, change.value);
  };
  const replay = (line: Line): void => {
    if ('done' in line) {
      pending.splice(0, line.done);
      return;
    }
    line.changes.forEach(apply);
    pending.push(...line.effects);
  };

  if (existsSync(imageFile)) {
    const image = JSON.parse(readFileSync(imageFile, 'utf8')) as Image;
    for (const name of Object.keys(tables) as (keyof Tables)[]) {
      const table: Map<string, unknown> = tables[name];
      for (const [key, value] of image.tables[name]) table.set(key, value);
    }
    pending = [...image.pending];
    generation = image.generation;
  }
  if (existsSync(journalFile(generation))) readLines(journalFile(generation)).forEach(replay);

  // An image names the journal that continues it, so dying between any two of these steps leaves a whole state.
  const startGeneration = (): number => {
    const image: Image = {
      generation: generation + 1,
      tables: {
        records: [...tables.records],
        files: [...tables.files],
        delayed: [...tables.delayed],
        meta: [...tables.meta],
      },
      pending,
    };
    rmSync(journalFile(generation + 1), { force: true });
    writeFileSync(`${imageFile}.new`, JSON.stringify(image));
    renameSync(`${imageFile}.new`, imageFile);
    rmSync(journalFile(generation), { force: true });
    generation += 1;
    return openSync(journalFile(generation), 'a');
  };
  let journal = startGeneration();
  let journalBytes = 0;

  const append = (line: Line): void => {
    journalBytes += writeSync(journal, `${JSON.stringify(line)}\n`);
    replay(line);
    if (journalBytes < compactAfterBytes) return;
    closeSync(journal);
    journal = startGeneration();
    journalBytes = 0;
  };

  return {
    get: (table, key) => tables[table].get(key),
    all: (table) => [...tables[table].values()],
    entries: (table) => [...tables[table].entries()],
    commit: (changes, effects = []) => append({ changes, effects }),
    nextEffects: (most) => pending.slice(0, most),
    pendingEffects: () => pending.length,
    effectsDone: (count) => append({ done: count }),
    close: () => closeSync(journal),
  };
}

/** A last line without its line feed was being written when the process died: the decision was not taken. */
function readLines(file: string): Line[] {
  const text = readFileSync(file, 'utf8');
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

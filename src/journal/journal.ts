import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Configuration } from '../config/configuration.ts';
import { type Keyring, readKeyring } from '../encryption/keyring.ts';
import { createSeal, type Seal } from './seal.ts';

/**
 * The ledger that outlives Temporal's retention: every file byte for byte under its SHA-256, and one line per outcome
 * and per CRM field change. Lines are appended and never changed; an activity that is repeated may append its lines
 * again, so each carries an id by which readers take it once. Files may hold personal data: the folder is readable by
 * its owner only.
 */

export interface OutcomeLine {
  /** Stable id: the same outcome written twice is one outcome. */
  readonly id: string;
  readonly at: string;
  readonly connection: string;
  readonly kind: 'outboundRecord' | 'outboundFile' | 'upload';
  readonly object: string;
  readonly file: string;
  readonly index: number | null;
  readonly aceId: string | null;
  readonly crmId: string | null;
  readonly outcome: string;
  readonly code: string;
}

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
}

export interface Journal {
  /** Keeps the bytes under their SHA-256 and returns it; the same bytes are kept once. */
  archive(bytes: Buffer): Promise<string>;
  /** The bytes kept under a SHA-256, or null when there are none. */
  read(sha: string): Promise<Buffer | null>;
  recordOutcomes(lines: readonly OutcomeLine[]): Promise<void>;
  recordChanges(lines: readonly ChangeLine[]): Promise<void>;
  /** All outcome lines, oldest first, each id once (the last line of an id stands). */
  outcomes(): Promise<readonly OutcomeLine[]>;
  /** All change lines, oldest first, each id once. A line stands before its CRM write: the write itself may have failed. */
  changes(): Promise<readonly ChangeLine[]>;
}

/** The journal of a connection, encrypted when `journal.key` is set. @throws AceSyncError SECRET_MISSING */
export function createJournal({ folder, key }: Configuration['journal']): Journal {
  return createFolderJournal(folder, key === undefined ? null : readKeyring(key, 'journal.key'));
}

export function createFolderJournal(folder: string, keyring: Keyring | null = null): Journal {
  const seal = createSeal(keyring);
  const ledger = (name: string) => join(folder, `${name}.jsonl`);
  const ready = mkdir(join(folder, 'files'), { recursive: true, mode: 0o700 });

  async function append(name: string, lines: readonly unknown[]): Promise<void> {
    if (lines.length === 0) return;
    await ready;
    const text = lines.map((line) => `${seal.line(JSON.stringify(line))}\n`).join('');
    // The new line in front ends one that a kill cut short, which would otherwise swallow the first of these.
    await appendFile(ledger(name), `\n${text}`, { mode: 0o600 });
  }

  return {
    async archive(bytes) {
      await ready;
      const sha = createHash('sha256').update(bytes).digest('hex');
      const shelf = join(folder, 'files', sha.slice(0, 2));
      const path = join(shelf, sha);
      if (existsSync(path)) return sha;
      await mkdir(shelf, { recursive: true, mode: 0o700 });
      // Written beside and renamed, so that a kill in the middle leaves no half file under a whole file's address.
      const draft = `${path}.${randomUUID()}`;
      await writeFile(draft, seal.file(bytes), { mode: 0o600 });
      await rename(draft, path);
      return sha;
    },
    async read(sha) {
      if (!/^[0-9a-f]{64}$/.test(sha)) return null;
      const path = join(folder, 'files', sha.slice(0, 2), sha);
      return existsSync(path) ? seal.openFile(await readFile(path)) : null;
    },
    recordOutcomes: (lines) => append('outcomes', lines),
    recordChanges: (lines) => append('changes', lines),
    outcomes: () => readLines<OutcomeLine>(ledger('outcomes'), seal),
    changes: () => readLines<ChangeLine>(ledger('changes'), seal),
  };
}

async function readLines<Line extends { readonly id: string }>(path: string, seal: Seal): Promise<readonly Line[]> {
  if (!existsSync(path)) return [];
  const byId = new Map<string, Line>();
  for await (const text of createInterface({ input: createReadStream(path) })) {
    const line = readLine<Line>(seal.openLine(text));
    if (line !== null) byId.set(line.id, line);
  }
  return [...byId.values()];
}

/** A line cut short by a kill is no line: its activity did not finish and writes it again. */
function readLine<Line>(text: string): Line | null {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return null;
  }
}

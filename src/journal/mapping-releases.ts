import { createHash, randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AceSyncError } from '../errors.ts';

/**
 * The released mappings of a connection, in the journal's folder: `mappings/<number>-<hash>.yaml`, never changed, one
 * line per activation in `mappings/releases.jsonl`, and `mappings/active.json`, which is replaced as a whole. Numbers
 * only grow; a number that a killed process took stays unused.
 */

/** Hex digits of the SHA-256 that names and lines show. */
const shownDigits = 16;

const canarySchema = z.strictObject({
  number: z.int().positive(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** CRM record ids that follow this release; all others follow the active one. */
  records: z.array(z.string().regex(/^[0-9A-Za-z]{18}$/)),
});

const activationSchema = z.strictObject({
  id: z.string(),
  action: z.enum(['activate', 'rollback', 'canary', 'finish']),
  number: z.int().positive(),
  /** SHA-256 of the file's bytes, hex. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  author: z.string(),
  reason: z.string(),
  /** ISO 8601. */
  at: z.iso.datetime(),
  /** The release that was active before; null for the first. */
  from: z.int().positive().nullable(),
  /** A sample of records that follow a newer release first. */
  canary: canarySchema.nullable().default(null),
});

/** What made a release the active one, who did it and why. */
export type Activation = z.infer<typeof activationSchema>;
export type Canary = z.infer<typeof canarySchema>;

/** Which release, and why. */
export interface ActivationNote {
  /** Who activates: the user of the operating system unless told. */
  readonly author: string;
  readonly reason: string;
  /** ISO 8601. */
  readonly at: string;
}

export interface MappingReleases {
  /** The activation that holds now; null before the first. */
  active(): Activation | null;
  /** Changes whenever `active` does; a cheap question. */
  activeMark(): string;
  /** The text of a release. @throws MAPPING_NOT_RELEASED when it is not what was released. */
  read(release: { readonly number: number; readonly hash: string }): string;
  /** Every activation, oldest first. */
  history(): readonly Activation[];
  /** Stores the text under the next number and makes it the active mapping. */
  activate(text: string, note: ActivationNote): Activation;
  /** Stores the text under the next number for these records; the active mapping stays for all others. */
  startCanary(text: string, records: readonly string[], note: ActivationNote): Activation;
  /** Makes the release that a sample follows the active one. @throws MAPPING_NOT_RELEASED when there is no sample. */
  finishCanary(note: ActivationNote): Activation;
  /**
   * Goes back to an earlier release: ends a sample if one runs, else makes the release active again that the active one
   * replaced. @throws MAPPING_NOT_RELEASED when there is none.
   */
  rollBack(number: number | null, note: ActivationNote): Activation;
}

/** The version that writes carry: `<number>-<hash>`. */
export const releaseVersion = ({ number, hash }: { readonly number: number; readonly hash: string }): string =>
  `${number}-${hash.slice(0, shownDigits)}`;

export function createMappingReleases(journalFolder: string): MappingReleases {
  const folder = join(journalFolder, 'mappings');
  const ledger = join(folder, 'releases.jsonl');
  const activeFile = join(folder, 'active.json');
  const fileOf = (release: { readonly number: number; readonly hash: string }) =>
    join(folder, `${releaseVersion(release)}.yaml`);

  function active(): Activation | null {
    return existsSync(activeFile) ? parseActivation(readFileSync(activeFile, 'utf8'), activeFile) : null;
  }

  function history(): readonly Activation[] {
    if (!existsSync(ledger)) return [];
    const lines = readFileSync(ledger, 'utf8').split('\n');
    return lines.flatMap((line) => {
      // A line cut short by a kill is no line: the activation did not happen.
      const parsed = activationSchema.safeParse(parseJson(line));
      return parsed.success ? [parsed.data] : [];
    });
  }

  function store(text: string): { number: number; hash: string } {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const release = { number: claimNumber(folder), hash: hashOf(text) };
    replace(fileOf(release), text);
    return release;
  }

  /** The line first, then the active file: cut short between, the ledger names an activation that may be repeated. */
  function record(activation: Omit<Activation, 'id'>): Activation {
    const whole = { id: randomUUID(), ...activation };
    // The new line in front ends one that a kill cut short.
    appendFileSync(ledger, `\n${JSON.stringify(whole)}\n`, { mode: 0o600 });
    replace(activeFile, `${JSON.stringify(whole)}\n`);
    return whole;
  }

  return {
    active,
    activeMark: () => (existsSync(activeFile) ? readFileSync(activeFile, 'utf8') : ''),
    read(release) {
      const path = fileOf(release);
      if (!existsSync(path))
        throw new AceSyncError('MAPPING_NOT_RELEASED', `Release ${release.number} is not in ${folder}.`);
      const text = readFileSync(path, 'utf8');
      if (hashOf(text) === release.hash) return text;
      throw new AceSyncError(
        'MAPPING_NOT_RELEASED',
        `Release ${release.number} was changed after its release: ${path}.`,
      );
    },
    history,
    activate(text, note) {
      const from = active()?.number ?? null;
      return record({ ...store(text), action: 'activate', ...note, from, canary: null });
    },
    startCanary(text, records, note) {
      const now = active();
      if (now === null) throw new AceSyncError('MAPPING_NOT_RELEASED', 'A sample needs an active release beside it.');
      const canary = { ...store(text), records: [...records] };
      const { number, hash, from } = now;
      return record({ number, hash, from, action: 'canary', ...note, canary });
    },
    finishCanary(note) {
      const now = active();
      if (now === null || now.canary === null)
        throw new AceSyncError('MAPPING_NOT_RELEASED', 'No sample is under way.');
      const { number, hash } = now.canary;
      return record({ number, hash, action: 'finish', ...note, from: now.number, canary: null });
    },
    rollBack(number, note) {
      const now = active();
      if (now === null) throw new AceSyncError('MAPPING_NOT_RELEASED', 'Nothing was released yet.');
      const lines = history();
      const wanted = number ?? (now.canary === null ? replacedBy(now, lines) : now.number);
      const release = lines.find((line) => line.number === wanted && line.action !== 'canary');
      if (release === undefined)
        throw new AceSyncError('MAPPING_NOT_RELEASED', 'There is no earlier release to go back to.');
      return record({
        number: release.number,
        hash: release.hash,
        action: 'rollback',
        ...note,
        from: now.number,
        canary: null,
      });
    },
  };
}

/** The release that was active before this one became so for the first time; null for the first. */
function replacedBy({ number }: Activation, lines: readonly Activation[]): number | null {
  return lines.find((line) => line.number === number && line.action !== 'canary')?.from ?? null;
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A file created exclusively makes a number one process's own. */
function claimNumber(folder: string): number {
  const claimed = readdirSync(folder).flatMap((name) => /^(\d+)\.claimed$/.exec(name)?.[1] ?? []);
  for (let number = Math.max(0, ...claimed.map(Number)) + 1; ; number += 1) {
    try {
      writeFileSync(join(folder, `${number}.claimed`), '', { flag: 'wx', mode: 0o600 });
      return number;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
}

/** Written beside and renamed, so that no reader and no kill meets half a file. */
function replace(path: string, text: string): void {
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, path);
}

function parseActivation(text: string, path: string): Activation {
  const parsed = activationSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new AceSyncError('MAPPING_NOT_RELEASED', `${path} cannot be read`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

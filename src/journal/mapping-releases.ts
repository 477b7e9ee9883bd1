import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AceSyncError } from '../errors.ts';
import type { JournalStore } from './journal-store.ts';

/**
 * The released mappings of a connection, beside the journal: `mappings/<number>-<hash>.yaml`, never changed, one line per
 * activation in the ledger `mappings/releases`, and `mappings/active.json`, which is replaced as a whole. Numbers only
 * grow; a number that a killed process took stays unused.
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
  active(): Promise<Activation | null>;
  /** The text of a release. @throws MAPPING_NOT_RELEASED when it is not what was released. */
  read(release: { readonly number: number; readonly hash: string }): Promise<string>;
  /** Every activation, oldest first. */
  history(): Promise<readonly Activation[]>;
  /** Stores the text under the next number and makes it the active mapping. */
  activate(text: string, note: ActivationNote): Promise<Activation>;
  /** Makes the text the first release. Of several workers that start together one does; all get what it released. */
  releaseFirst(text: string, note: ActivationNote): Promise<Activation>;
  /** Stores the text under the next number for these records; the active mapping stays for all others. */
  startCanary(text: string, records: readonly string[], note: ActivationNote): Promise<Activation>;
  /** Makes the release that a sample follows the active one. @throws MAPPING_NOT_RELEASED when there is no sample. */
  finishCanary(note: ActivationNote): Promise<Activation>;
  /**
   * Goes back to an earlier release: ends a sample if one runs, else makes the release active again that the active one
   * replaced. @throws MAPPING_NOT_RELEASED when there is none.
   */
  rollBack(number: number | null, note: ActivationNote): Promise<Activation>;
}

/** What a release of this text is known by, beside its number. */
export const shownHash = (text: string): string => hashOf(text).slice(0, shownDigits);

/** The version that writes carry: `<number>-<hash>`. */
export const releaseVersion = ({ number, hash }: { readonly number: number; readonly hash: string }): string =>
  `${number}-${hash.slice(0, shownDigits)}`;

const folder = 'mappings';
const ledger = `${folder}/releases`;
const activeDocument = `${folder}/active.json`;
const nameOf = (release: { readonly number: number; readonly hash: string }) =>
  `${folder}/${releaseVersion(release)}.yaml`;

export function createMappingReleases(store: JournalStore): MappingReleases {
  async function readActive(): Promise<{ readonly activation: Activation | null; readonly version: string | null }> {
    const kept = await store.read(activeDocument);
    if (kept === null) return { activation: null, version: null };
    return { activation: parseActivation(kept.bytes.toString(), store.place), version: kept.version };
  }

  async function history(): Promise<readonly Activation[]> {
    const activations: Activation[] = [];
    for await (const line of store.lines(ledger)) {
      // A line cut short by a kill is no line: the activation did not happen.
      const parsed = activationSchema.safeParse(parseJson(line));
      if (parsed.success) activations.push(parsed.data);
    }
    return activations;
  }

  /** The number is this process's own once its file could be created. */
  async function keep(text: string): Promise<{ number: number; hash: string }> {
    const taken = [0];
    for await (const { name } of store.list(folder))
      taken.push(Number(/^mappings\/(\d+)\.claimed$/.exec(name)?.[1] ?? 0));
    let number = Math.max(...taken) + 1;
    while (!(await store.create(`${folder}/${number}.claimed`, Buffer.from('claimed')))) number += 1;
    const release = { number, hash: hashOf(text) };
    await store.create(nameOf(release), Buffer.from(text));
    return release;
  }

  /**
   * The line first, then the active document: cut short between, the ledger names an activation that may be repeated.
   * What follows from the active release is worked out again when another activation was faster.
   */
  async function record(next: (now: Activation | null) => Omit<Activation, 'id'> | Promise<Omit<Activation, 'id'>>) {
    for (;;) {
      const { activation: now, version } = await readActive();
      const whole: Activation = { id: randomUUID(), ...(await next(now)) };
      await store.append(ledger, whole.at.slice(0, 10), [JSON.stringify(whole)]);
      if (await store.replace(activeDocument, Buffer.from(`${JSON.stringify(whole)}\n`), version)) return whole;
    }
  }

  return {
    active: async () => (await readActive()).activation,
    async read(release) {
      const kept = await store.read(nameOf(release));
      if (kept === null)
        throw new AceSyncError('MAPPING_NOT_RELEASED', `Release ${release.number} is not in ${store.place}.`);
      const text = kept.bytes.toString();
      if (hashOf(text) === release.hash) return text;
      throw new AceSyncError(
        'MAPPING_NOT_RELEASED',
        `Release ${release.number} was changed after its release: ${nameOf(release)}.`,
      );
    },
    history,
    async activate(text, note) {
      const kept = await keep(text);
      return record((now) => ({ ...kept, action: 'activate', ...note, from: now?.number ?? null, canary: null }));
    },
    async releaseFirst(text, note) {
      const kept = await keep(text);
      const whole: Activation = { id: randomUUID(), ...kept, action: 'activate', ...note, from: null, canary: null };
      // Here the line comes second: one that was overtaken must not stand in the history.
      if (await store.replace(activeDocument, Buffer.from(`${JSON.stringify(whole)}\n`), null))
        await store.append(ledger, whole.at.slice(0, 10), [JSON.stringify(whole)]);
      return (await readActive()).activation ?? whole;
    },
    async startCanary(text, records, note) {
      const kept = await keep(text);
      return record((now) => {
        if (now === null) throw new AceSyncError('MAPPING_NOT_RELEASED', 'A sample needs an active release beside it.');
        const { number, hash, from } = now;
        return { number, hash, from, action: 'canary', ...note, canary: { ...kept, records: [...records] } };
      });
    },
    finishCanary: (note) =>
      record((now) => {
        if (now === null || now.canary === null)
          throw new AceSyncError('MAPPING_NOT_RELEASED', 'No sample is under way.');
        const { number, hash } = now.canary;
        return { number, hash, action: 'finish', ...note, from: now.number, canary: null };
      }),
    rollBack: (number, note) =>
      record(async (now) => {
        if (now === null) throw new AceSyncError('MAPPING_NOT_RELEASED', 'Nothing was released yet.');
        const lines = await history();
        const wanted = number ?? (now.canary === null ? replacedBy(now, lines) : now.number);
        const release = lines.find((line) => line.number === wanted && line.action !== 'canary');
        if (release === undefined)
          throw new AceSyncError('MAPPING_NOT_RELEASED', 'There is no earlier release to go back to.');
        const { number: back, hash } = release;
        return { number: back, hash, action: 'rollback', ...note, from: now.number, canary: null };
      }),
  };
}

/** The release that was active before this one became so for the first time; null for the first. */
function replacedBy({ number }: Activation, lines: readonly Activation[]): number | null {
  return lines.find((line) => line.number === number && line.action !== 'canary')?.from ?? null;
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

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

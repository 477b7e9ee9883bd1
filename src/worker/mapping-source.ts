import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import type { Logger } from 'pino';
import type { MappingInUse } from '../activities/dependencies.ts';
import type { Configuration } from '../config/configuration.ts';
import { AceSyncError } from '../errors.ts';
import { createJournalStore, type JournalStore } from '../journal/journal-store.ts';
import {
  type Activation,
  createMappingReleases,
  type MappingReleases,
  releaseVersion,
} from '../journal/mapping-releases.ts';
import { loadMapping } from '../mapping/compile.ts';

/** Gives the mapping that is active now, so that a worker follows a release or a rollback without a restart. */
export interface MappingSource {
  current(): Promise<MappingInUse>;
}

/** Milliseconds for which one look at the released mappings holds. */
const freshFor = 10_000;

/**
 * The released mapping of the connection; the first start releases the configured file as number 1.
 * @throws AceSyncError MAPPING_INVALID, MAPPING_NOT_RELEASED at once. Later a release that cannot be used is logged once and not followed.
 */
export async function createMappingSource(
  { mapping }: Pick<Configuration, 'mapping'>,
  store: JournalStore,
  log: Pick<Logger, 'info' | 'error'>,
  now: () => number = Date.now,
): Promise<MappingSource> {
  const releases = createMappingReleases(store);
  let active = (await releases.active()) ?? (await releaseConfigured());
  let inUse = await readRelease(releases, active);
  let lookedAt = now();
  let looking: Promise<void> | null = null;

  async function releaseConfigured(): Promise<Activation> {
    const text = readFileSync(mapping, 'utf8');
    loadMapping(text);
    const note = { author: operatingUser(), reason: 'first start', at: new Date(now()).toISOString() };
    return releases.releaseFirst(text, note);
  }

  async function look(): Promise<void> {
    lookedAt = now();
    try {
      const newest = await releases.active();
      if (newest === null || newest.id === active.id) return;
      active = newest;
      inUse = await readRelease(releases, active);
      const { mapping, sample } = inUse;
      const versions = { mapping: mapping.version, ...(sample === null ? {} : { sample: sample.mapping.version }) };
      log.info(versions, 'The worker follows another released mapping.');
    } catch (error) {
      const code = error instanceof AceSyncError ? error.code : 'UNFORESEEN';
      log.error({ code, mapping: inUse.mapping.version }, 'A released mapping cannot be used; this one stays.');
    }
  }

  return {
    async current() {
      // Activities that ask at the same moment share one look.
      if (now() - lookedAt >= freshFor) looking ??= look().finally(() => (looking = null));
      await looking;
      return inUse;
    },
  };
}

/** The mapping that commands plan with: the active release, or the configured file before the first start. */
export async function mappingInUse(config: Configuration): Promise<MappingInUse> {
  const releases = createMappingReleases(createJournalStore(config.journal));
  const active = await releases.active();
  return active === null
    ? { mapping: loadMapping(readFileSync(config.mapping, 'utf8')), sample: null }
    : readRelease(releases, active);
}

async function readRelease(releases: MappingReleases, active: Activation): Promise<MappingInUse> {
  const { canary } = active;
  return {
    mapping: await load(releases, active),
    sample: canary === null ? null : { mapping: await load(releases, canary), records: new Set(canary.records) },
  };
}

/** Every write carries number and hash, so that each can be traced to the text that was released. */
async function load(releases: MappingReleases, release: { readonly number: number; readonly hash: string }) {
  return { ...loadMapping(await releases.read(release)), version: releaseVersion(release) };
}

/** The user of the operating system; in containers without one, the number of the user. */
export function operatingUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

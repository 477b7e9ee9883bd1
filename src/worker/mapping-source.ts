import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import type { Logger } from 'pino';
import type { MappingInUse } from '../activities/dependencies.ts';
import type { Configuration } from '../config/configuration.ts';
import { AceSyncError } from '../errors.ts';
import { createMappingReleases, type MappingReleases, releaseVersion } from '../journal/mapping-releases.ts';
import { loadMapping, type Mapping } from '../mapping/compile.ts';

/** Gives the mapping that is active now, so that a worker follows a release or a rollback without a restart. */
export interface MappingSource {
  current(): MappingInUse;
}

/** Milliseconds for which one look at the released mappings holds. */
const freshFor = 10_000;

/**
 * The released mapping of the connection; the first start releases the configured file as number 1.
 * @throws AceSyncError MAPPING_INVALID, MAPPING_NOT_RELEASED at once. Later a release that cannot be used is logged once and not followed.
 */
export function createMappingSource(
  config: Configuration,
  log: Pick<Logger, 'info' | 'error'>,
  now: () => number = Date.now,
): MappingSource {
  const releases = createMappingReleases(config.journal.folder);
  if (releases.active() === null) {
    const text = readFileSync(config.mapping, 'utf8');
    loadMapping(text);
    releases.activate(text, { author: operatingUser(), reason: 'first start', at: new Date(now()).toISOString() });
  }
  let mark = releases.activeMark();
  let inUse = readReleased(releases);
  let lookedAt = now();
  return {
    current() {
      if (now() - lookedAt < freshFor) return inUse;
      lookedAt = now();
      const newMark = releases.activeMark();
      if (newMark === mark) return inUse;
      mark = newMark;
      try {
        inUse = readReleased(releases);
        log.info({ mapping: inUse.mapping.version }, 'The worker follows another released mapping.');
      } catch (error) {
        const code = error instanceof AceSyncError ? error.code : 'UNFORESEEN';
        log.error({ code, mapping: inUse.mapping.version }, 'A released mapping cannot be used; this one stays.');
      }
      return inUse;
    },
  };
}

/** The mapping that commands plan with: the active release, or the configured file before the first start. */
export function mappingInUse(config: Configuration): MappingInUse {
  const releases = createMappingReleases(config.journal.folder);
  return releases.active() === null
    ? { mapping: loadMapping(readFileSync(config.mapping, 'utf8')), sample: null }
    : readReleased(releases);
}

function readReleased(releases: MappingReleases): MappingInUse {
  const active = releases.active();
  if (active === null) throw new AceSyncError('MAPPING_NOT_RELEASED', 'Nothing was released yet.');
  const { canary } = active;
  return {
    mapping: load(releases, active),
    sample: canary === null ? null : { mapping: load(releases, canary), records: new Set(canary.records) },
  };
}

/** Every write carries number and hash, so that each can be traced to the text that was released. */
function load(releases: MappingReleases, release: { readonly number: number; readonly hash: string }): Mapping {
  return { ...loadMapping(releases.read(release)), version: releaseVersion(release) };
}

/** The user of the operating system; in containers without one, the number of the user. */
export function operatingUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

import { readFile } from 'node:fs/promises';
import type { Configuration } from '../config/configuration.ts';
import type { MappedPath } from '../crm/salesforce/check/finding.ts';
import { commonPaths } from '../crm/salesforce/metadata/common-paths.ts';
import { createJournalStore } from '../journal/journal-store.ts';
import { createMappingReleases, releaseVersion } from '../journal/mapping-releases.ts';
import { loadMapping } from '../mapping/compile.ts';
import { mappingInUse } from '../worker/mapping-source.ts';
import { mappedPaths } from './mapped-paths.ts';

/** The mapping that an org is held to, and the words that say which one it is. */
export interface MappingForOrg {
  readonly name: string;
  readonly paths: readonly MappedPath[];
}

/**
 * What the workers of a connection follow: the active release, with that of a sample where one runs; before the first
 * start the configured file.
 */
export async function mappingOfConnection(config: Configuration): Promise<MappingForOrg> {
  const { mapping, sample } = await mappingInUse(config);
  const active = await createMappingReleases(createJournalStore(config.journal)).active();
  if (active === null) return { name: `${config.mapping} (not released yet)`, paths: mappedPaths(mapping) };
  const paths = mappedPaths(mapping);
  const name = `release ${releaseVersion(active)} of ${config.connection}`;
  if (sample === null || active.canary === null) return { name, paths };
  return {
    name: `${name}, and ${releaseVersion(active.canary)} of its sample`,
    paths: [...paths, ...mappedPaths(sample.mapping)],
  };
}

/** A file that is named, released or not. */
export async function mappingOfFile(path: string): Promise<MappingForOrg> {
  return { name: path, paths: mappedPaths(loadMapping(await readFile(path, 'utf8'))) };
}

/** For an org that is set up before there is a connection. */
export const shippedMapping: MappingForOrg = { name: 'the fields of the shipped mapping', paths: commonPaths };

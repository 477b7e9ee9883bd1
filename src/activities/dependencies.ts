import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { AceBucket } from '../bucket/ace-bucket.ts';
import type { Outcome } from '../bucket/outcome-tag.ts';
import type { Configuration } from '../config/configuration.ts';
import type { Crm, CrmIdentity, SharedObject } from '../crm/crm.ts';
import type { OrgFinding } from '../journal/drift-ledger.ts';
import type { Journal } from '../journal/journal.ts';
import type { JournalStore } from '../journal/journal-store.ts';
import type { Hasher } from '../mapping/canonical.ts';
import type { Mapping } from '../mapping/compile.ts';
import type { Stamp } from '../mapping/sync-state.ts';
import type { FileReference, Folder, Waits } from '../workflows/messages.ts';
import type { ConnectionHold } from './connection-hold.ts';
import type { FileCache } from './file-cache.ts';

/** The released mapping, and a newer one that a sample of records follows first. */
export interface MappingInUse {
  readonly mapping: Mapping;
  readonly sample: { readonly mapping: Mapping; readonly records: ReadonlySet<string> } | null;
}

/** What it takes to say what is due for a record, without doing it. */
export interface PlanningDependencies extends MappingInUse {
  readonly config: Configuration;
  readonly crm: Crm;
  readonly hash: Hasher;
  readonly now: () => Date;
}

/** Everything the activities work with; made once per worker and mapping by `worker/`, and by tests. */
export interface Dependencies extends PlanningDependencies {
  readonly bucket: AceBucket;
  readonly journal: Journal;
  /** Where the journal lies, for what is kept beside it: drift, and what people were told. */
  readonly journalStore: JournalStore;
  /** What of the org does not fit a mapping, by reading alone. */
  readonly checkOrg: (mapping: Mapping) => Promise<readonly OrgFinding[]>;
  readonly client: Client;
  readonly log: Logger;
  readonly waits: Waits;
  readonly files: FileCache;
  readonly hold: ConnectionHold;
  /** Remembers which file versions are tagged as final, so that a scan does not ask S3 for each file every time. */
  readonly settled: SettledFiles;
  /** Workflow ids that are running for a folder, as far as visibility knows: only an optimisation of scans. */
  readonly running: (object: SharedObject, folder: Folder) => Promise<ReadonlySet<string>>;
}

export interface SettledFiles {
  isFinal(file: FileReference): Promise<boolean>;
  /** The outcome after which nobody works on the file; null when there is none, as far as this worker knows. */
  outcomeOf(file: FileReference): Promise<Outcome | null>;
  remember(file: FileReference, outcome: Outcome): void;
}

/** The mapping that a CRM record follows; one that is yet to be created follows the released one. */
export function mappingOf({ mapping, sample }: MappingInUse, crmId: string | null): Mapping {
  return sample !== null && crmId !== null && sample.records.has(crmId) ? sample.mapping : mapping;
}

/** The stamp that state of this connection carries (design.md, State). */
export function stampOf(
  config: Configuration,
  identity: CrmIdentity,
  record: { readonly recordId: string | null; readonly aceId: string | null },
): Stamp {
  return {
    connection: config.connection,
    environment: config.ace.environment,
    spmsId: config.ace.spmsId,
    orgId: identity.orgId,
    installation: config.installation,
    recordId: record.recordId,
    aceId: record.aceId,
  };
}

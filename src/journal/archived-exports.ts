import type { AceRecord } from '../ace/ace-record.ts';
import { readAceFile } from '../ace/envelope.ts';
import { identityOf } from '../ace/identity.ts';
import type { SharedObject } from '../crm/crm.ts';
import type { Journal } from './journal.ts';

/** The newest version that AWS exported of each record, by ACE id. */
export type NewestExports = Readonly<Record<SharedObject, ReadonlyMap<string, AceRecord>>>;

/**
 * Reads the archived files of the journal for what AWS said last of each record. What we sent lies there too and is told
 * apart by lastModifiedDate, which only AWS writes.
 */
export async function newestExports(journal: Journal): Promise<NewestExports> {
  const newest = { opportunity: new Map<string, AceRecord>(), lead: new Map<string, AceRecord>() };
  for await (const sha of journal.files()) {
    const bytes = await journal.read(sha);
    if (bytes === null) continue;
    const file = readAceFile(bytes, { key: sha });
    if (!file.ok) continue;
    for (const record of file.records) {
      const { aceId } = identityOf(file.object, record);
      if (aceId === null || Number.isNaN(modifiedAt(record))) continue;
      const known = newest[file.object].get(aceId);
      if (known === undefined || modifiedAt(known) < modifiedAt(record)) newest[file.object].set(aceId, record);
    }
  }
  return newest;
}

const modifiedAt = (record: AceRecord): number =>
  typeof record.lastModifiedDate === 'string' ? Date.parse(record.lastModifiedDate) : Number.NaN;

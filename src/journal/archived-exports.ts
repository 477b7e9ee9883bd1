import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AceRecord } from '../ace/ace-record.ts';
import { readAceFile } from '../ace/envelope.ts';
import { identityOf } from '../ace/identity.ts';
import type { Configuration } from '../config/configuration.ts';
import type { SharedObject } from '../crm/crm.ts';
import { createJournal } from './journal.ts';

/** The newest version that AWS exported of each record, by ACE id. */
export type NewestExports = Readonly<Record<SharedObject, ReadonlyMap<string, AceRecord>>>;

/**
 * Reads the archived files of the journal for what AWS said last of each record. What we sent lies there too and is told
 * apart by lastModifiedDate, which only AWS writes.
 */
export async function newestExports(options: Configuration['journal']): Promise<NewestExports> {
  const newest = { opportunity: new Map<string, AceRecord>(), lead: new Map<string, AceRecord>() };
  const folder = join(options.folder, 'files');
  if (!existsSync(folder)) return newest;
  const journal = createJournal(options);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/^[0-9a-f]{64}$/.test(entry.name)) continue;
    const bytes = await journal.read(entry.name);
    if (bytes === null) continue;
    const file = readAceFile(bytes, { key: entry.name });
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

import { type Command, InvalidArgumentError } from 'commander';
import { readAceFile } from '../../ace/envelope.ts';
import { identityOf } from '../../ace/identity.ts';
import { describeArchived, runArchived } from '../../activities/run-archived.ts';
import { type AceBucket, createAceBucket, type ObjectRef } from '../../bucket/ace-bucket.ts';
import { aceFolders } from '../../bucket/folders.ts';
import { type Crm, type SharedObject, sharedObjects } from '../../crm/crm.ts';
import { createSalesforceCrm } from '../../crm/salesforce/create-salesforce-crm.ts';
import { createJournal, type Journal } from '../../journal/journal.ts';
import { configurationOf, configurationOption, jsonOption } from '../configuration-option.ts';
import { connectTemporal } from '../connect.ts';

/** The newest version of a record that AWS's archive holds. */
interface ArchivedRecord {
  readonly object: SharedObject;
  readonly aceId: string;
  /** `lastModifiedDate`, ISO 8601. */
  readonly at: string;
  readonly key: string;
  /** When AWS archived the file, ISO 8601. */
  readonly archivedAt: string;
  readonly sha: string;
}

interface Options {
  readonly config?: string;
  readonly json?: boolean;
  readonly yes?: boolean;
  readonly since: Date;
  readonly fromArchive?: boolean;
}

export function registerRecover(program: Command): void {
  program
    .command('recover')
    .description("Find versions in AWS's archive that are newer than the CRM's. Says which; --yes brings them in.")
    .requiredOption('--from-archive', "read AWS's own archive folders of exported files")
    .requiredOption('--since <time>', 'files that AWS archived at or after this time (ISO 8601)', time)
    .option('--yes', 'run their files through the same workflow as delivered ones')
    .addOption(configurationOption())
    .addOption(jsonOption())
    .action(async (options: Options) => {
      const config = configurationOf(options);
      const bucket = createAceBucket(config.ace.bucket);
      const crm = createSalesforceCrm(config.salesforce);
      const journal = createJournal(config.journal);
      try {
        const archived: ArchivedRecord[] = [];
        for (const object of sharedObjects)
          archived.push(...(await readArchive(bucket, journal, object, options.since)));
        const newer = await newerThanCrm(crm, archived);
        const results = options.yes ? await bringIn(newer) : [];
        if (options.json) process.stdout.write(`${JSON.stringify({ archived: archived.length, newer, results })}\n`);
        else process.stdout.write(textOf(archived.length, newer, options.yes === true));
      } finally {
        bucket.close();
        await crm.close();
      }

      async function bringIn(newer: readonly ArchivedRecord[]) {
        const temporal = await connectTemporal(config);
        try {
          const results = [];
          for (const [sha, putAt] of new Map(newer.map((record) => [record.sha, record.archivedAt]))) {
            const bytes = await journal.read(sha);
            const file = bytes === null ? null : describeArchived(bytes);
            if (file === null) continue;
            results.push(await runArchived({ client: temporal.client, config }, file, putAt, new Date()));
          }
          return results;
        } finally {
          await temporal.close();
        }
      }
    });
}

/** The newest version of each record among the archived exports, each file kept in the journal. */
export async function readArchive(bucket: AceBucket, journal: Journal, object: SharedObject, since: Date) {
  const newest = new Map<string, ArchivedRecord>();
  for (const file of await filesSince(bucket, aceFolders[object].outboundArchive, since)) {
    const bytes = await bucket.get(file);
    const read = readAceFile(bytes, { key: file.key });
    if (!read.ok || read.object !== object) continue;
    const sha = await journal.archive(bytes);
    for (const record of read.records) {
      const { aceId } = identityOf(object, record);
      const at = typeof record.lastModifiedDate === 'string' ? Date.parse(record.lastModifiedDate) : Number.NaN;
      if (aceId === null || Number.isNaN(at)) continue;
      const known = newest.get(aceId);
      if (known !== undefined && Date.parse(known.at) >= at) continue;
      newest.set(aceId, {
        object,
        aceId,
        at: new Date(at).toISOString(),
        key: file.key,
        archivedAt: file.lastModified,
        sha,
      });
    }
  }
  return [...newest.values()];
}

async function filesSince(bucket: AceBucket, folder: string, since: Date): Promise<readonly ObjectRef[]> {
  const found: ObjectRef[] = [];
  for (let startAfter: string | null = ''; startAfter !== null; ) {
    const page: Awaited<ReturnType<AceBucket['list']>> = await bucket.list(
      folder,
      startAfter === '' ? {} : { startAfter },
    );
    found.push(
      ...page.objects.filter(({ size, lastModified }) => size > 0 && Date.parse(lastModified) >= since.getTime()),
    );
    startAfter = page.next;
  }
  return found;
}

/** Records that the CRM does not hold, or holds in an older version (`ACE_Last_Modified__c`, whole seconds). */
export async function newerThanCrm(crm: Crm, archived: readonly ArchivedRecord[]): Promise<readonly ArchivedRecord[]> {
  const newer: ArchivedRecord[] = [];
  for (const object of sharedObjects) {
    const records = archived.filter((record) => record.object === object);
    if (records.length === 0) continue;
    const keys = records.map(({ aceId }) => ({ aceId }));
    const linked = await crm.find(object, keys, ['ACE_Last_Modified__c'], ['ACE_Last_Modified__c']);
    records.forEach((record, position) => {
      const found = linked[position];
      const held = found?.row?.fields.ACE_Last_Modified__c ?? found?.record?.fields.ACE_Last_Modified__c ?? null;
      const heldAt = typeof held === 'string' ? Math.floor(Date.parse(held) / 1000) : Number.NEGATIVE_INFINITY;
      if (Math.floor(Date.parse(record.at) / 1000) > heldAt) newer.push(record);
    });
  }
  return newer;
}

function textOf(read: number, newer: readonly ArchivedRecord[], done: boolean): string {
  const lines = newer.map(({ aceId, at, key }) => `  ${aceId}  ${at}  ${key}\n`).join('');
  const end = newer.length === 0 ? '' : done ? 'Their files were run.\n' : 'Nothing was done: --yes brings them in.\n';
  return `${read} records in the archive, ${newer.length} newer than the CRM's.\n${lines}${end}`;
}

function time(text: string): Date {
  const parsed = Date.parse(text);
  if (Number.isNaN(parsed)) throw new InvalidArgumentError('expected a time such as 2026-03-03T10:12:00Z.');
  return new Date(parsed);
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { createS3Client } from '../../../src/bucket/create-s3-client.ts';
import type { JournalPlace } from '../../../src/journal/journal-store.ts';
import { sharedStack, uniqueName, whenDone } from '../../support/shared-stack.ts';

/** A fresh place for a journal, of each kind: every test of the journal runs on both. */
export const journalPlaces: Readonly<Record<'folder' | 'S3 prefix', () => Promise<JournalPlace>>> = {
  async folder() {
    const folder = await mkdtemp(join(tmpdir(), 'ace-sync-journal-'));
    whenDone(() => rm(folder, { recursive: true, force: true }));
    return { folder };
  },
  'S3 prefix': freshBucket,
};

/** A bucket of the partner's own, with a prefix. */
export async function freshBucket(): Promise<Required<JournalPlace>> {
  const { versitygw } = await sharedStack();
  const name = uniqueName('journal');
  const { accessKeyId, secretAccessKey } = versitygw.root;
  const credentials = { static: { accessKeyId, secretAccessKey } };
  const s3 = { region: versitygw.region, endpoint: versitygw.url, credentials };
  const client = createS3Client({ ...s3, name });
  await client.send(new CreateBucketCommand({ Bucket: name }));
  client.destroy();
  return { folder: `s3://${name}/ace-sync/main`, s3 };
}

const journalModule = join(import.meta.dirname, '../../../src/journal/journal.ts');

/** A process that archives and notes changes without end, killed once it acknowledged so many. @returns their ids */
export async function killInTheMiddle(place: JournalPlace, count: number): Promise<readonly string[]> {
  const program = `
    const { createJournal } = await import(${JSON.stringify(journalModule)});
    const journal = createJournal(${JSON.stringify(place)});
    for (let n = 0; ; n += 3)
      await Promise.all([n, n + 1, n + 2].map(async (id) => {
        await journal.archive(Buffer.alloc(50_000, String(id)));
        await journal.recordChanges([{ id: String(id), at: '2026-03-02T09:00:00.000Z', after: 'x'.repeat(2000) }]);
        process.stdout.write(id + '\\n');
      }));`;
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const acknowledged: string[] = [];
  for await (const id of createInterface({ input: child.stdout })) {
    acknowledged.push(id);
    if (acknowledged.length === count) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return acknowledged;
}

import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { createFolderJournal, type OutcomeLine } from '../../../src/journal/journal.ts';

const root = mkdtempSync(join(tmpdir(), 'ace-sync-journal-'));
after(() => rmSync(root, { recursive: true, force: true }));
const freshFolder = () => mkdtempSync(join(root, 'journal-'));

const line = (id: string, outcome = 'applied'): OutcomeLine => ({
  id,
  at: '2026-03-02T09:00:00.000Z',
  connection: 'main',
  kind: 'outboundRecord',
  object: 'opportunity',
  file: 'opportunity-outbound/a.json',
  index: 0,
  aceId: 'O1234567',
  crmId: null,
  outcome,
  code: 'APPLIED',
});

describe('folder journal', () => {
  it('keeps bytes under their SHA-256, once, and gives them back as they were', async () => {
    const journal = createFolderJournal(freshFolder());
    const bytes = Buffer.from([0, 255, 10, 13, 123]);
    const [first, second] = await Promise.all([journal.archive(bytes), journal.archive(bytes)]);
    assert.equal(first, second);
    assert.deepEqual(await journal.read(first), bytes);
  });

  it('has nothing under an address that it does not know or that is none', async () => {
    const journal = createFolderJournal(freshFolder());
    assert.equal(await journal.read('0'.repeat(64)), null);
    assert.equal(await journal.read('../../etc/passwd'), null);
  });

  it('leaves no half file behind and is readable by its owner only', async () => {
    const folder = freshFolder();
    const journal = createFolderJournal(folder);
    const sha = await journal.archive(Buffer.from('content'));
    await journal.recordOutcomes([line('a')]);
    const shelf = join(folder, 'files', sha.slice(0, 2));
    assert.deepEqual(readdirSync(shelf), [sha]);
    assert.equal(statSync(join(shelf, sha)).mode & 0o077, 0);
    assert.equal(statSync(join(folder, 'outcomes', '2026-03-02.jsonl')).mode & 0o077, 0);
  });

  it('takes an outcome that a repeated activity wrote twice as one; the last word stands', async () => {
    const journal = createFolderJournal(freshFolder());
    await journal.recordOutcomes([line('a', 'parked'), line('b')]);
    await journal.recordOutcomes([line('a', 'parked')]);
    await journal.recordOutcomes([line('a', 'applied')]);
    assert.deepEqual(
      (await journal.outcomes()).map(({ id, outcome }) => [id, outcome]),
      [
        ['a', 'applied'],
        ['b', 'applied'],
      ],
    );
  });

  it('skips a line that a kill cut short at the end of the ledger', async () => {
    const folder = freshFolder();
    const journal = createFolderJournal(folder);
    await journal.recordOutcomes([line('a')]);
    appendFileSync(join(folder, 'outcomes', '2026-03-02.jsonl'), JSON.stringify(line('b')).slice(0, 40));
    assert.deepEqual(
      (await journal.outcomes()).map(({ id }) => id),
      ['a'],
    );
  });

  it('does not lose the first line that is written after a line that a kill cut short', async () => {
    const folder = freshFolder();
    const journal = createFolderJournal(folder);
    await journal.recordOutcomes([line('a')]);
    appendFileSync(join(folder, 'outcomes', '2026-03-02.jsonl'), JSON.stringify(line('b')).slice(0, 40));
    await createFolderJournal(folder).recordOutcomes([line('b'), line('c')]);
    assert.deepEqual(
      (await journal.outcomes()).map(({ id }) => id),
      ['a', 'b', 'c'],
    );
  });

  it('only appends: what was written stays as it was', async () => {
    const folder = freshFolder();
    const journal = createFolderJournal(folder);
    await journal.recordOutcomes([line('a', 'parked')]);
    const before = readFileSync(join(folder, 'outcomes', '2026-03-02.jsonl'), 'utf8');
    await journal.recordOutcomes([line('a', 'applied')]);
    assert.ok(readFileSync(join(folder, 'outcomes', '2026-03-02.jsonl'), 'utf8').startsWith(before));
  });

  it('has no outcomes before the first', async () => {
    assert.deepEqual(await createFolderJournal(freshFolder()).outcomes(), []);
  });
});

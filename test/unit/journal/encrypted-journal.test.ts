import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, globSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createKeyring } from '../../../src/encryption/keyring.ts';
import { AceSyncError } from '../../../src/errors.ts';
import { lockFolder } from '../../../src/journal/folder-lock.ts';
import { createFolderJournal } from '../../../src/journal/journal.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const freshFolder = () => temporaryFolder('journal');
const bytes = Buffer.from('{"version":"2","opportunities":[{"customerEmail":"jane.doe@example.com"}]}');
const change = {
  id: 'one',
  at: '2026-03-02T09:00:00.000Z',
  connection: 'main',
  crmId: '006000000000001AAA',
  field: 'NextStep',
  before: 'Call Jane',
  after: 'Call John',
  cause: 'opportunity-outbound/one.json',
  rule: 'ace',
  mappingVersion: '1',
  actor: 'aws' as const,
};

describe('an encrypted journal', () => {
  it('keeps files and lines unreadable on disk and gives them back', async () => {
    const folder = freshFolder();
    const journal = createFolderJournal(folder, createKeyring([randomBytes(32)], 'journal.key'));
    const sha = await journal.archive(bytes);
    await journal.recordChanges([change]);
    assert.deepEqual(await journal.read(sha), bytes);
    assert.deepEqual(await journal.changes(), [{ ...change, answer: null }]);
    for (const path of globSync('**/*', { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile())) {
      const stored = readFileSync(join(path.parentPath, path.name));
      for (const word of ['jane', 'Jane', 'NextStep']) assert.equal(stored.includes(word), false, path.name);
    }
  });

  it('still reads what was written before the key was set, and what a former key wrote', async () => {
    const folder = freshFolder();
    const sha = await createFolderJournal(folder).archive(bytes);
    await createFolderJournal(folder).recordChanges([change]);
    const [former, newer] = [randomBytes(32), randomBytes(32)];
    await createFolderJournal(folder, createKeyring([former], 'journal.key')).recordChanges([{ ...change, id: 'two' }]);
    const journal = createFolderJournal(folder, createKeyring([newer, former], 'journal.key'));
    assert.deepEqual(await journal.read(sha), bytes);
    assert.deepEqual(
      (await journal.changes()).map(({ id }) => id),
      ['one', 'two'],
    );
  });

  it('refuses to be read without its key instead of looking empty', async () => {
    const folder = freshFolder();
    const sha = await createFolderJournal(folder, createKeyring([randomBytes(32)], 'journal.key')).archive(bytes);
    await createFolderJournal(folder, createKeyring([randomBytes(32)], 'journal.key')).recordChanges([change]);
    for (const journal of [
      createFolderJournal(folder),
      createFolderJournal(folder, createKeyring([randomBytes(32)], 'journal.key')),
    ]) {
      await assert.rejects(journal.read(sha), { name: 'AceSyncError', code: 'SECRET_MISSING' });
      await assert.rejects(journal.changes(), { name: 'AceSyncError', code: 'SECRET_MISSING' });
    }
  });
});

describe("a journal's folder", () => {
  const locksOf = (folder: string) => globSync('workers/*.lock', { cwd: folder });

  it('is refused while a worker of another host uses it, naming that host', () => {
    const folder = freshFolder();
    const lock = lockFolder(folder, 'other-host', 4711);
    assert.throws(
      () => lockFolder(folder, 'this-host'),
      (error) =>
        error instanceof AceSyncError && error.code === 'JOURNAL_IN_USE' && error.message.includes('other-host'),
    );
    lock.release();
    lockFolder(folder, 'this-host').release();
    assert.deepEqual(locksOf(folder), []);
  });

  it('is free again once the worker of another host was not heard of for a minute', () => {
    const folder = freshFolder();
    lockFolder(folder, 'other-host', 4711);
    const longAgo = new Date(Date.now() - 61_000);
    utimesSync(join(folder, 'workers', 'other-host.4711.lock'), longAgo, longAgo);
    lockFolder(folder, 'this-host').release();
  });

  it('is lost to a worker of another host that came while this one was suspended', async (test) => {
    test.mock.timers.enable({ apis: ['setInterval'] });
    const folder = freshFolder();
    const lock = lockFolder(folder, 'this-host');
    const own = locksOf(folder).map((name) => join(folder, name));
    const longAgo = new Date(Date.now() - 61_000);
    for (const path of own) utimesSync(path, longAgo, longAgo);
    const other = lockFolder(folder, 'other-host', 4711);
    test.mock.timers.tick(15_000);
    const { code, message } = await lock.lost;
    assert.deepEqual([code, message.includes('other-host')], ['JOURNAL_IN_USE', true]);
    assert.deepEqual(locksOf(folder), ['workers/other-host.4711.lock'], 'and is not taken back');
    other.release();
  });

  it('is taken again when its mark went and nobody else came', async (test) => {
    test.mock.timers.enable({ apis: ['setInterval'] });
    const folder = freshFolder();
    const lock = lockFolder(folder, 'this-host', 4711);
    rmSync(join(folder, 'workers'), { recursive: true });
    test.mock.timers.tick(15_000);
    assert.deepEqual(locksOf(folder), ['workers/this-host.4711.lock']);
    lock.release();
  });

  it('forgets workers of this host that died, and is shared with those that live', async () => {
    const folder = freshFolder();
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    lockFolder(folder, 'this-host', child.pid);
    lockFolder(folder, 'this-host').release();
    assert.deepEqual(locksOf(folder), [`workers/this-host.${child.pid}.lock`]);
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill();
    await gone;
    lockFolder(folder, 'this-host').release();
    assert.deepEqual(locksOf(folder), []);
  });

  // The second kind is larger than the 512 KiB that Node's own appendFile writes at once.
  for (const { appends, lines, characters } of [
    { appends: 50, lines: 20, characters: 500 },
    { appends: 20, lines: 20, characters: 100_000 },
  ]) {
    it(`takes appends of ${lines * characters} characters of several processes at once without mixing or losing a line`, async () => {
      const folder = freshFolder();
      const script = join(freshFolder(), 'append.mjs');
      writeFileSync(
        script,
        `const { createFolderJournal } = await import(${JSON.stringify(join(import.meta.dirname, '../../../src/journal/journal.ts'))});
         const journal = createFolderJournal(${JSON.stringify(folder)});
         for (let n = 0; n < ${appends}; n += 1) {
           await journal.recordChanges(Array.from({ length: ${lines} }, (_, i) => ({ id: process.pid + '/' + n + '/' + i, at: '2026-03-02T09:00:00Z', after: 'x'.repeat(${characters}) })));
         }`,
      );
      const ends = [1, 2, 3].map(
        () => new Promise((resolve) => spawn(process.execPath, [script], { stdio: 'inherit' }).once('exit', resolve)),
      );
      assert.deepEqual(await Promise.all(ends), [0, 0, 0]);
      assert.ok(existsSync(join(folder, 'changes')));
      assert.equal((await createFolderJournal(folder).changes()).length, 3 * appends * lines);
    });
  }
});

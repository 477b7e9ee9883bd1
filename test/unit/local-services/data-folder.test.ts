import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { AceSyncError } from '../../../src/errors.ts';
import { openDataFolder } from '../../../src/sandbox/local-services/data-folder.ts';

const root = await mkdtemp(join(tmpdir(), 'ace-sync-data-'));
after(() => rm(root, { recursive: true, force: true }));

describe('data folder of the local stack', () => {
  it('belongs to one process at a time', async () => {
    const first = await openDataFolder(join(root, 'one'));
    await assert.rejects(
      openDataFolder(join(root, 'one')),
      (error) => error instanceof AceSyncError && error.code === 'SERVICE_FAILED' && /in use/.test(error.message),
    );
    first.release();
    (await openDataFolder(join(root, 'one'))).release();
  });

  it('is readable by its owner only', async () => {
    const { path, release } = await openDataFolder(join(root, 'private'));
    assert.equal((await stat(path)).mode & 0o777, 0o700);
    release();
  });

  it('keeps its content, unless a fresh one is asked for', async () => {
    const first = await openDataFolder(join(root, 'kept'));
    await mkdir(join(first.path, 'temporal'));
    await writeFile(join(first.path, 'temporal', 'temporal.db'), 'content');
    first.release();
    const second = await openDataFolder(join(root, 'kept'));
    assert.ok((await readdir(second.path)).includes('temporal'));
    second.release();
    const third = await openDataFolder(join(root, 'kept'), { fresh: true });
    assert.ok(!(await readdir(third.path)).includes('temporal'));
    third.release();
  });

  it('is not emptied while another process uses it', async () => {
    const first = await openDataFolder(join(root, 'busy'));
    await writeFile(join(first.path, 'content'), '');
    await assert.rejects(openDataFolder(join(root, 'busy'), { fresh: true }));
    assert.ok((await readdir(first.path)).includes('content'));
    first.release();
  });
});

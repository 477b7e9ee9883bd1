import assert from 'node:assert/strict';
import { existsSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { lockFolder } from '../../../src/journal/folder-lock.ts';
import { runCommand } from '../../end-to-end/command-line.ts';
import { writeLeastConfiguration } from '../../support/least-configuration.ts';

const folder = mkdtempSync(join(tmpdir(), 'ace-sync-journal-in-use-'));
after(() => rmSync(folder, { recursive: true, force: true }));

describe('ace-sync worker', () => {
  it('ends at once, and touches nothing, when a worker of another host uses its journal folder', async () => {
    const config = writeLeastConfiguration(folder);
    const journal = join(folder, 'journal');
    const lock = lockFolder(journal, 'other-host', 4711);
    const { code, stdout, stderr } = await runCommand('worker', '--config', config);
    assert.equal(code, 1, stderr);
    assert.equal(stdout, '');
    assert.equal(
      stderr,
      "JOURNAL_IN_USE: The journal's folder is used by a worker on another host. " +
        'A worker on other-host (process 4711) uses it.\n' +
        'Give each host a journal folder of its own, or wait a minute when that host is gone.\n',
    );
    assert.deepEqual(globSync('**/*', { cwd: journal }).toSorted(), ['workers', 'workers/other-host.4711.lock']);
    lock.release();
    assert.equal(existsSync(join(journal, 'workers', 'other-host.4711.lock')), false);
  });
});

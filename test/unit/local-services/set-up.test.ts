import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const setUpFile = fileURLToPath(new URL('../../../set-up.mjs', import.meta.url));
const root = await mkdtemp(join(tmpdir(), 'ace-sync-set-up-'));
after(() => rm(root, { recursive: true, force: true }));

let project: string;
let binFolder: string;

async function script(path: string, text: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\n${text}\n`);
  await chmod(path, 0o755);
}

async function json(path: string, content: object): Promise<void> {
  await writeFile(join(project, path), JSON.stringify(content));
}

const packages = (version: string) => ({
  packages: {
    'node_modules/commander': { version },
    'node_modules/other-platform': { version: '1.0.0', optional: true },
  },
});

/** Answers `--version`, and otherwise stands for the step that provides the servers. */
const workingNode = 'if [ "$1" = --version ]; then echo v24.1.2; else echo "provides" >> calls; fi';

function setUp(): { status: number | null; stderr: string; stdout: string } {
  return spawnSync(process.execPath, [join(project, 'set-up.mjs')], {
    cwd: project,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${binFolder}:/usr/bin:/bin` },
  });
}

async function calls(): Promise<string[]> {
  const file = join(project, 'calls');
  return existsSync(file) ? (await readFile(file, 'utf8')).trim().split('\n') : [];
}

describe('set-up of a checkout', () => {
  beforeEach(async () => {
    project = await mkdtemp(join(root, 'project-'));
    binFolder = join(project, 'host-bin');
    await mkdir(binFolder);
    await mkdir(join(project, 'node_modules', '.bin'), { recursive: true });
    await copyFile(setUpFile, join(project, 'set-up.mjs'));
    await json('package.json', { dependencies: { node: '24.1.2' } });
    await json('package-lock.json', { packages: { '': {}, ...packages('2.0.0').packages } });
    await json('node_modules/.package-lock.json', { packages: { 'node_modules/commander': { version: '2.0.0' } } });
    await script(join(project, 'node_modules', '.bin', 'node'), workingNode);
    await script(join(binFolder, 'npm'), 'echo "npm $1" >> calls');
  });

  it('does nothing but look for the servers when all is there, and says nothing', async () => {
    const { status, stderr, stdout } = setUp();
    assert.deepEqual([status, stderr, stdout], [0, '', '']);
    assert.deepEqual(await calls(), ['provides']);
  });

  it('installs the packages when there are none', async () => {
    await rm(join(project, 'node_modules', '.package-lock.json'));
    const { status, stderr } = setUp();
    assert.equal(status, 0);
    assert.match(stderr, /installing npm packages/);
    assert.deepEqual(await calls(), ['npm ci', 'provides']);
  });

  it('installs the packages when package-lock.json names another version', async () => {
    await json('package-lock.json', packages('2.0.1'));
    assert.equal(setUp().status, 0);
    assert.deepEqual(await calls(), ['npm ci', 'provides']);
  });

  it('ends with one line and without the servers when npm fails', async () => {
    await json('package-lock.json', packages('2.0.1'));
    await script(join(binFolder, 'npm'), 'exit 1');
    const { status, stderr } = setUp();
    assert.equal(status, 1);
    assert.match(stderr, /npm ci failed/);
    assert.deepEqual(await calls(), []);
  });

  it("fetches the pinned Node.js again when npm left out the package's install script", async () => {
    const node = join(project, 'node_modules', '.bin', 'node');
    await rm(node);
    await script(join(project, 'pinned'), workingNode);
    await script(join(binFolder, 'npm'), `echo "npm $1 $2" >> calls; cp pinned "${node}"`);
    assert.equal(setUp().status, 0);
    assert.deepEqual(await calls(), ['npm rebuild node', 'provides']);
  });

  it('says so when the pinned Node.js does not run', async () => {
    await script(join(project, 'node_modules', '.bin', 'node'), 'exit 126');
    const { status, stderr } = setUp();
    assert.equal(status, 1);
    assert.match(stderr, /does not run on this machine/);
  });

  it('passes on that a server could not be provided', async () => {
    await script(
      join(project, 'node_modules', '.bin', 'node'),
      'if [ "$1" = --version ]; then echo v24.1.2; else exit 3; fi',
    );
    assert.equal(setUp().status, 3);
  });
});

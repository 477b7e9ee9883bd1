import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { AceSyncError } from '../../../src/errors.ts';
import { provideTool } from '../../../src/sandbox/local-services/provide-tool.ts';

const root = await mkdtemp(join(tmpdir(), 'ace-sync-provide-'));
const systemPath = '/usr/bin:/bin';
const original = { PATH: process.env.PATH, XDG_CACHE_HOME: process.env.XDG_CACHE_HOME };
after(async () => {
  Object.assign(process.env, original);
  if (original.XDG_CACHE_HOME === undefined) delete process.env.XDG_CACHE_HOME;
  await rm(root, { recursive: true, force: true });
});

const cached = 'versitygw-v1.8.0';
let folder: string;
let binFolder: string;
let cacheFolder: string;

/** A `go` that notes its call, does what the test wants, and "builds" an executable into GOBIN. */
const installs = 'printf "#!/bin/sh\\n" > "$GOBIN/versitygw"; chmod +x "$GOBIN/versitygw"';

async function executable(path: string, script: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

async function fakeGo(script: string): Promise<void> {
  await executable(join(binFolder, 'go'), `echo "$@" >> "${join(folder, 'go-calls')}"\n${script}`);
}

async function goCalls(): Promise<string[]> {
  const text = await readFile(join(folder, 'go-calls'), 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    assert.ok(Date.now() < deadline, 'timed out');
    await delay(20);
  }
}

/** What stays in the cache folder, without the lock file, which is empty and belongs to nobody. */
async function installed(): Promise<string[]> {
  return (await readdir(cacheFolder)).filter((name) => !name.endsWith('.lock')).sort();
}

function provideInAnotherProcess(): ChildProcess {
  const module = fileURLToPath(new URL('../../../src/sandbox/local-services/provide-tool.ts', import.meta.url));
  const script = `const { provideTool } = await import(${JSON.stringify(module)}); await provideTool('versitygw');`;
  return spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
}

function unavailable(pattern: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof AceSyncError, String(error));
    assert.equal(error.code, 'TOOL_UNAVAILABLE');
    assert.match(error.message, pattern);
    return true;
  };
}

describe('providing a server program', () => {
  beforeEach(async () => {
    folder = await mkdtemp(join(root, 'case-'));
    binFolder = join(folder, 'bin');
    cacheFolder = join(folder, 'cache', 'ace-sync');
    await mkdir(binFolder);
    process.env.PATH = `${binFolder}:${systemPath}`;
    process.env.XDG_CACHE_HOME = join(folder, 'cache');
    delete process.env.ACE_SYNC_VERSITYGW;
  });

  it('takes the one that the environment variable names, before all others', async () => {
    const named = await executable(join(folder, 'mine'), '');
    await executable(join(binFolder, 'versitygw'), '');
    process.env.ACE_SYNC_VERSITYGW = named;
    assert.equal(await provideTool('versitygw'), named);
  });

  it('refuses a name that is no executable, instead of silently taking another', async () => {
    process.env.ACE_SYNC_VERSITYGW = join(folder, 'nowhere');
    await executable(join(binFolder, 'versitygw'), '');
    await assert.rejects(provideTool('versitygw'), unavailable(/ACE_SYNC_VERSITYGW names .*nowhere/));
  });

  it('takes the one in PATH before the one in the cache folder, and that before building', async () => {
    await fakeGo('exit 1');
    const inCache = await executable(join(cacheFolder, cached), '');
    assert.equal(await provideTool('versitygw'), inCache);
    const inPath = await executable(join(binFolder, 'versitygw'), '');
    assert.equal(await provideTool('versitygw'), inPath);
    assert.deepEqual(await goCalls(), []);
  });

  it('builds the pinned version with Go, says how long that takes, and leaves only the program', async () => {
    await fakeGo(`echo "go: downloading example.com/a v1" >&2; echo example.com/b >&2; sleep 0.3; ${installs}`);
    const lines: string[] = [];
    const path = await provideTool('versitygw', { onProgress: (line) => lines.push(line), progressEveryMs: 50 });
    assert.equal(path, join(cacheFolder, cached));
    assert.ok(existsSync(path));
    assert.deepEqual(await installed(), [cached]);
    assert.deepEqual(await goCalls(), ['install -v -ldflags=-s -w github.com/versity/versitygw/cmd/versitygw@v1.8.0']);
    assert.match(lines[0] ?? '', /about 1 minute the first time/);
    const progress = /^Building versitygw: 0:\d\d, packages compiled: 1, compiling example\.com\/b$/;
    assert.ok(
      lines.some((line) => progress.test(line)),
      lines.join('\n'),
    );
  });

  it('builds once for callers at the same time, of which the others wait', async () => {
    await fakeGo(`sleep 0.3; ${installs}`);
    const lines: string[] = [];
    const onProgress = (line: string) => lines.push(line);
    const paths = await Promise.all([1, 2, 3].map(() => provideTool('versitygw', { onProgress })));
    assert.deepEqual(new Set(paths), new Set([join(cacheFolder, cached)]));
    assert.equal((await goCalls()).length, 1);
    assert.equal(lines.filter((line) => line.startsWith('Waiting for another process')).length, 2);
  });

  it('leaves nothing half-installed and no compiler running when it is interrupted', async () => {
    await fakeGo(`echo $$ > "${join(folder, 'go-pid')}"; touch "$GOBIN/versitygw"; sleep 60; ${installs}`);
    const interruption = new AbortController();
    const provided = provideTool('versitygw', { signal: interruption.signal });
    const goPid = () => (existsSync(join(folder, 'go-pid')) ? Number(readFileSync(join(folder, 'go-pid'), 'utf8')) : 0);
    await until(async () => goPid() > 0);
    interruption.abort();
    await assert.rejects(provided, { name: 'AbortError' });
    assert.deepEqual(await installed(), []);
    assert.throws(() => process.kill(goPid(), 0), { code: 'ESRCH' });
  });

  it('clears up before a Ctrl-C ends the process, which it then does as usual', async () => {
    await fakeGo(`sleep 60; ${installs}`);
    const interrupted = provideInAnotherProcess();
    await until(async () => (await goCalls()).length === 1);
    interrupted.kill('SIGINT');
    assert.deepEqual(await once(interrupted, 'exit'), [null, 'SIGINT']);
    assert.deepEqual(await installed(), []);
  });

  it('is not blocked by a process that was killed while it was building, and clears up after it', async () => {
    await fakeGo(`sleep 60; ${installs}`);
    const killed = provideInAnotherProcess();
    await until(async () => (await goCalls()).length === 1);
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    assert.notDeepEqual(await installed(), []);
    await fakeGo(installs);
    assert.equal(await provideTool('versitygw'), join(cacheFolder, cached));
    assert.deepEqual(await installed(), [cached]);
  });

  it('says in one sentence what to install when there is no Go', async () => {
    process.env.PATH = binFolder;
    await assert.rejects(
      provideTool('versitygw'),
      unavailable(
        /versitygw v1\.8\.0: Go is not installed\. Install Go 1\.25 or newer \(https:\/\/go\.dev\/dl\), or get/,
      ),
    );
    assert.deepEqual(await installed(), []);
  });

  it("gives the last line of Go's output when the build fails", async () => {
    await fakeGo('echo "dial tcp: lookup proxy.golang.org: no such host" >&2; exit 1');
    await assert.rejects(provideTool('versitygw'), unavailable(/failed: dial tcp: lookup proxy\.golang\.org/));
    assert.deepEqual(await installed(), []);
  });
});

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const launcher = fileURLToPath(new URL('../../../bin/ace-sync.js', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'ace-sync-launcher-'));
after(() => rmSync(root, { recursive: true, force: true }));

/** The machine's own Node.js, where that is too old for the command line itself. */
function oldNode(): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
  for (const folder of folders) {
    const { stdout } = spawnSync(join(folder, 'node'), ['--version'], { encoding: 'utf8' });
    const [, major = 0, minor = 0] = (/^v(\d+)\.(\d+)/.exec(stdout ?? '') ?? []).map(Number);
    if (major > 0) return major >= 20 && (major < 22 || (major === 22 && minor < 18)) ? join(folder, 'node') : null;
  }
  return null;
}

async function answers(url: string): Promise<boolean> {
  return await fetch(`${url}/health`).then(
    () => true,
    () => false,
  );
}

/** Starts a sandbox of one server in the way given, and resolves with what was started and the server's address. */
async function startServer(command: string, args: readonly string[], env: Record<string, string> = {}) {
  const parent = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: parent.stdout })) {
    const { s3 } = JSON.parse(line) as { s3: { endpoint: string } };
    assert.ok(await answers(s3.endpoint));
    return { parent, endpoint: s3.endpoint };
  }
  return assert.fail('nothing was started');
}

async function isGone(url: string): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (await answers(url)) {
    assert.ok(Date.now() < deadline, `${url} still answers`);
    await delay(50);
  }
}

function startArguments(): string[] {
  return ['sandbox', 'start', '--only', 's3', '--json', '--data', mkdtempSync(join(root, 'data-'))];
}

describe('launcher of the command line', () => {
  it('ends everything when the npm that started it is killed', async () => {
    const shell = `"${process.execPath}" "${launcher}" ${startArguments().join(' ')}; true`;
    const { parent, endpoint } = await startServer('/bin/sh', ['-c', shell], { npm_lifecycle_event: 'start' });
    parent.kill('SIGKILL');
    await isGone(endpoint);
  });

  it('ends everything, with the code that shells expect, on SIGTERM', async () => {
    const { parent, endpoint } = await startServer(process.execPath, [launcher, ...startArguments()]);
    parent.kill('SIGTERM');
    assert.deepEqual(await once(parent, 'exit'), [143, null]);
    await isGone(endpoint);
  });

  const node = oldNode();
  const skip = node === null && "this machine's own Node.js is new enough, so the launcher does not start another";
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    it(`runs under the pinned Node.js when started by an older one, and ends with it on ${signal}`, {
      skip,
    }, async () => {
      const { parent, endpoint } = await startServer(node ?? '', [launcher, ...startArguments()]);
      parent.kill(signal);
      await once(parent, 'exit');
      await isGone(endpoint);
    });
  }

  it('passes on the exit code and output under an older Node.js', { skip }, () => {
    const version = spawnSync(node ?? '', [launcher, '--version'], { encoding: 'utf8' });
    assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
    assert.equal(version.status, 0);
    assert.equal(spawnSync(node ?? '', [launcher, 'no-such-command'], { encoding: 'utf8' }).status, 2);
  });
});

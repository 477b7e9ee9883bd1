import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { AceSyncError } from '../../../src/errors.ts';
import { type ChildEvent, createSupervisor } from '../../../src/sandbox/local-services/supervisor.ts';

const folder = mkdtempSync(join(tmpdir(), 'ace-sync-supervisor-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A killed process whose new parent does not collect it is still there as a zombie.
    return process.platform !== 'linux' || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!condition()) {
    assert.ok(Date.now() < deadline, `timed out: ${what}`);
    await delay(20);
  }
}

/** Process ids that the `sh` child wrote: its own and its child's, once per start. */
async function familyPids(pidFile: string, starts = 1): Promise<number[]> {
  let numbers: number[] = [];
  await until(() => {
    try {
      numbers = readFileSync(pidFile, 'utf8').trim().split(/\s+/).map(Number);
    } catch {
      return false;
    }
    return numbers.length >= 2 * starts;
  }, 'the child writes its process ids');
  return numbers.slice(-2);
}

function newPidFile(): string {
  files += 1;
  return join(folder, `pids-${files}`);
}

async function startSupervisingProcess(manners: string): Promise<{ parent: ChildProcess; family: number[] }> {
  const pidFile = newPidFile();
  const script = fileURLToPath(new URL('./supervised-process.ts', import.meta.url));
  // Detached, as a shell starts a job: a Ctrl-C then reaches this whole process group.
  const parent = spawn(process.execPath, [script, pidFile, manners], { stdio: 'ignore', detached: true });
  const family = await familyPids(pidFile);
  assert.ok(manners === 'endsByItself' || family.every(isAlive));
  return { parent, family };
}

const family = (pidFile: string) => ({
  name: 'family',
  command: '/bin/sh',
  args: ['-c', 'sleep 600 & echo "$$ $!" >> "$0"; wait', pidFile],
});

describe('supervisor', () => {
  for (const manners of ['stopsInOrder', 'hasNoHandlers']) {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const) {
      it(`leaves no child or grandchild behind when its process gets ${signal} and ${manners}`, async () => {
        const { parent, family: pids } = await startSupervisingProcess(manners);
        const exited = once(parent, 'exit');
        assert.ok(parent.pid);
        // To the group, as a terminal does it; the guardian must survive that to do its work.
        process.kill(-parent.pid, signal);
        await exited;
        await until(() => !pids.some(isAlive), `${pids} end`);
      });
    }
  }

  it('leaves nothing behind when its process ends by itself without stopping it', async () => {
    const { family: pids } = await startSupervisingProcess('endsByItself');
    await until(() => !pids.some(isAlive), `${pids} end`);
  });

  it('starts a killed child again, after ending what the child had started', async () => {
    const events: ChildEvent[] = [];
    const supervisor = createSupervisor({ onEvent: (event) => events.push(event) });
    const pidFile = newPidFile();
    const child = await supervisor.start(family(pidFile));
    const before = await familyPids(pidFile);
    assert.equal(child.pid, before[0]);
    child.kill('SIGKILL');
    const restarted = await familyPids(pidFile, 2);
    assert.notEqual(restarted[0], before[0]);
    assert.equal(before.some(isAlive), false);
    assert.deepEqual(
      events.map(({ event }) => event),
      ['started', 'ended', 'restarting', 'started'],
    );
    await supervisor.stop();
    assert.equal(restarted.some(isAlive), false);
    assert.equal(child.pid, null);
  });

  it('does not start a child again that was stopped, or that is not to be restarted', async () => {
    const supervisor = createSupervisor();
    const stopped = await supervisor.start(family(newPidFile()));
    await stopped.stop();
    assert.equal(stopped.pid, null);
    const once = await supervisor.start({ name: 'once', command: '/bin/sh', args: ['-c', 'exit 3'], restart: false });
    assert.deepEqual(await once.ended, { code: 3, signal: null });
    await supervisor.stop();
  });

  it('gives up on a child that ends at once, every time', async (t) => {
    t.mock.timers.enable({ apis: ['Date'] });
    const events: ChildEvent[] = [];
    const supervisor = createSupervisor({ onEvent: (event) => events.push(event), restartPausesMs: [0, 0, 0, 0, 0] });
    t.after(() => supervisor.stop());
    const child = await supervisor.start({ name: 'broken', command: '/bin/sh', args: ['-c', 'exit 1'] });
    assert.deepEqual(await child.ended, { code: 1, signal: null });
    assert.equal(events.filter(({ event }) => event === 'started').length, 6);
    assert.equal(events.at(-1)?.event, 'gaveUp');
  });

  it('names a program that cannot be started', async () => {
    const supervisor = createSupervisor();
    await assert.rejects(
      supervisor.start({ name: 'missing', command: '/no/such/program', args: [] }),
      (error) => error instanceof AceSyncError && error.code === 'SERVICE_FAILED' && /no\/such/.test(error.message),
    );
    await supervisor.stop();
  });

  it('kills a child that does not end within its grace time', async () => {
    const supervisor = createSupervisor();
    const pidFile = newPidFile();
    const child = await supervisor.start({
      name: 'stubborn',
      command: '/bin/sh',
      args: ['-c', 'trap "" TERM; echo "$$ $$" >> "$0"; while true; do sleep 1; done', pidFile],
      graceMs: 200,
    });
    await familyPids(pidFile);
    await child.stop();
    assert.equal((await child.ended).signal, 'SIGKILL');
    await supervisor.stop();
  });

  it('starts its children again under a new guardian when the guardian is killed', async () => {
    const supervisor = createSupervisor();
    const pidFile = newPidFile();
    await supervisor.start(family(pidFile));
    const before = await familyPids(pidFile);
    const guardian = guardianOf(before[0] ?? 0);
    process.kill(guardian, 'SIGKILL');
    const restarted = await familyPids(pidFile, 2);
    assert.equal(before.some(isAlive), false);
    await supervisor.stop();
    assert.equal(restarted.some(isAlive), false);
  });
});

function guardianOf(child: number): number {
  const { stdout } = spawnSync('ps', ['-o', 'ppid=', '-p', String(child)], { encoding: 'utf8' });
  return Number(stdout.trim());
}

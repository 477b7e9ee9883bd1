#!/usr/bin/env node
// Starts the command line. Plain JavaScript that Node 20 can read: jsforce and TypeScript sources need Node 22.18, so
// on an older one it starts itself again under the Node that the `node` package put into node_modules.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as module from 'node:module';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const neededNode = [22, 18];
const orphanCheckMs = 500;

function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > neededNode[0] || (major === neededNode[0] && minor >= neededNode[1]);
}

function pinnedNode() {
  try {
    const manifest = module.createRequire(import.meta.url).resolve('node/package.json');
    const executable = join(dirname(manifest), 'bin', 'node');
    return existsSync(executable) ? executable : null;
  } catch {
    return null;
  }
}

function startUnderPinnedNode() {
  const node = pinnedNode();
  if (node === null) {
    process.stderr.write(
      `ace-sync needs Node.js ${neededNode.join('.')} or newer, got ${process.versions.node}. Run npm ci, which installs one.\n`,
    );
    process.exit(1);
  }
  // The channel tells the other process when this one is killed.
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ACE_SYNC_LAUNCHED: '1' },
  });
  // Ctrl-C reaches both processes from the terminal; this one waits for the other's orderly end.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => {
    process.stderr.write(`${node} cannot be started: ${error.message}\n`);
    process.exit(1);
  });
  child.once('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/** Ends this process in its orderly way when whoever started it was killed and could not pass that on. */
function endWithParent() {
  const end = () => process.kill(process.pid, 'SIGTERM');
  if (process.env.ACE_SYNC_LAUNCHED !== undefined && process.channel !== undefined) {
    delete process.env.ACE_SYNC_LAUNCHED;
    process.channel.unref();
    process.once('disconnect', end);
  } else if (process.env.npm_lifecycle_event !== undefined) {
    // npm passes signals on, but nobody can pass on that npm itself was killed. Started by hand and put into the
    // background, a process may outlive its shell; so this looks only after npm.
    const parent = process.ppid;
    const timer = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(timer);
      end();
    }, orphanCheckMs);
    timer.unref();
  }
}

async function startCommandLine() {
  endWithParent();
  module.enableCompileCache();
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  // Sources win in a checkout, where built files may be old. Node runs no TypeScript from below node_modules.
  const fromSources = existsSync(join(root, 'src', 'client', 'cli.ts')) && !root.split(sep).includes('node_modules');
  await import(fromSources ? '../src/client/cli.ts' : '../dist/client/cli.js');
}

if (isNewEnough(process.versions.node)) await startCommandLine();
else startUnderPinnedNode();

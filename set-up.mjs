// Brings a fresh checkout to the point where `npm start` and `npm test` work: npm packages, the pinned Node.js, and
// the two server programs. npm runs it before both (`prestart`, `pretest`) on whatever Node.js the machine has, so it
// is plain JavaScript for Node 20 and newer, without dependencies. When all is there it takes a fraction of a second.
// It writes to stderr only: stdout belongs to the command that follows.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));
const pinnedNode = join(root, 'node_modules', '.bin', 'node');
const oldestNode = 20;
const progressEveryMs = 10_000;

function say(line) {
  process.stderr.write(`set-up: ${line}\n`);
}

function fail(line) {
  say(line);
  process.exit(1);
}

function readJson(...path) {
  return JSON.parse(readFileSync(join(root, ...path), 'utf8'));
}

/** Compares what is to be installed with npm's own record of what is. Other platforms' packages are never installed. */
function packagesAreInstalled() {
  if (!existsSync(join(root, 'node_modules', '.package-lock.json'))) return false;
  const installed = readJson('node_modules', '.package-lock.json').packages;
  const withoutDevelopment = (process.env.npm_config_omit ?? '').includes('dev');
  return Object.entries(readJson('package-lock.json').packages).every(([path, wanted]) => {
    if (path === '' || wanted.optional || (withoutDevelopment && wanted.dev)) return true;
    return installed[path]?.version === wanted.version;
  });
}

/** PATH without node_modules/.bin: npm must not run on the very Node that it is about to replace. */
function hostEnvironment() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return {
    ...process.env,
    PATH: folders.filter((folder) => !folder.endsWith(join('node_modules', '.bin'))).join(delimiter),
  };
}

function runNpm(what, args) {
  const startedAt = Date.now();
  say(`${what} …`);
  const timer = setInterval(() => {
    say(`${what}: ${Math.round((Date.now() - startedAt) / 1000)} s`);
  }, progressEveryMs);
  return new Promise((resolve) => {
    const npm = spawn('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      env: hostEnvironment(),
      stdio: ['ignore', process.stderr.fd, process.stderr.fd],
    });
    const finish = (code) => {
      clearInterval(timer);
      resolve(code === 0);
    };
    npm.once('error', () => finish(1));
    npm.once('exit', finish);
  });
}

function pinnedNodeWorks() {
  const { stdout } = spawnSync(pinnedNode, ['--version'], { encoding: 'utf8' });
  return stdout?.trim() === `v${readJson('package.json').dependencies.node}`;
}

if (Number(process.versions.node.split('.')[0]) < oldestNode) {
  fail(`Node.js ${oldestNode} or newer is needed, got ${process.versions.node}.`);
}
if (!packagesAreInstalled() && !(await runNpm('installing npm packages', ['ci']))) {
  fail('npm ci failed; its own message stands above.');
}
if (!pinnedNodeWorks()) {
  // The `node` package fetches its binary in an install script, which npm can be told to leave out.
  await runNpm('installing the pinned Node.js', ['rebuild', 'node', '--ignore-scripts=false']);
  if (!pinnedNodeWorks()) fail('The Node.js of the npm package `node` does not run on this machine.');
}

// Under the pinned Node, which runs TypeScript. The channel ends a build when this process is killed.
const provide = join(root, 'src', 'sandbox', 'local-services', 'provide-all-tools.ts');
const provider = spawn(pinnedNode, [provide], { stdio: ['ignore', process.stderr.fd, process.stderr.fd, 'ipc'] });
process.on('SIGINT', () => {});
for (const name of ['SIGTERM', 'SIGHUP']) process.on(name, () => provider.kill(name));
provider.once('exit', (code) => process.exit(code ?? 1));

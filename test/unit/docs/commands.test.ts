import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectFolder, readDocument } from './document.ts';

/** Names of the commands as the help lists them. */
function listedCommands(): readonly string[] {
  const launcher = join(projectFolder, 'bin', 'ace-sync.js');
  const { stdout } = spawnSync(process.execPath, [launcher, '--help'], { encoding: 'utf8' });
  const listed = stdout.split('\nCommands:\n')[1] ?? '';
  return [...listed.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(([, name = '']) => name).filter((name) => name !== 'help');
}

const commands = listedCommands();

test("the README's table lists every command and no other", () => {
  const readme = readDocument('README.md');
  const table = readme.slice(readme.indexOf('## Commands'), readme.indexOf('## Find your way around'));
  const listed = [...table.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name = '']) => name);
  assert.deepEqual(listed.toSorted(), commands.toSorted());
});

test('every command that a document prints exists', () => {
  const unknown = globSync(['*.md', 'docs/**/*.md'], { cwd: projectFolder }).flatMap((document) => {
    const code = [...readDocument(document).matchAll(/```[\s\S]*?```|`[^`\n]+`/g)].map(([text]) => text).join('\n');
    const printed = [...code.matchAll(/\bace-sync ([a-z][a-z-]+)(?![\w.:/=-])/g)].map(([, name = '']) => name);
    return printed.filter((name) => !commands.includes(name)).map((name) => `${document}: ace-sync ${name}`);
  });
  assert.deepEqual(unknown, []);
});

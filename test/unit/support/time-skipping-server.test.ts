import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

/** Asks for the server on a machine that has neither Java nor Maven. */
function withoutJava(env: Readonly<Record<string, string>>) {
  const module = new URL('../../support/time-skipping-server.ts', import.meta.url);
  const script = `console.log((await (await import('${module}')).provideTimeSkippingServer()).missing)`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    env: { HOME: process.env.HOME, PATH: '/nowhere', ...env },
  });
}

test('without Java tests of long waits are skipped, with that reason', () => {
  const { status, stdout } = withoutJava({});
  assert.equal(status, 0);
  assert.match(stdout, /there is no Java/);
});

test('in CI they fail instead', () => {
  const { status, stderr } = withoutJava({ ACE_SYNC_SKIP_NOTHING: '1' });
  assert.notEqual(status, 0);
  assert.match(stderr, /there is no Java .*; here nothing may be skipped/);
});

import assert from 'node:assert/strict';
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { Change, Effect } from '../../../src/sandbox/ace/state.ts';
import { openStateStore } from '../../../src/sandbox/ace/state-store.ts';
import { temporaryFolder } from './memory-world.ts';

const meta = (value: unknown): Change => ({ table: 'meta', key: 'clock', value: { name: 'clock', value } });
const put = (key: string): Effect => ({ kind: 'put', key, body: '' });
const journalIn = (folder: string): string =>
  path.join(folder, String(readdirSync(folder).find((name) => name.startsWith('journal-'))));

test('a decision and its requests survive a process that never closed the store', () => {
  const folder = temporaryFolder();
  const store = openStateStore(folder);
  store.commit([meta('first')], [put('a'), put('b')]);
  store.effectsDone(1);
  const again = openStateStore(folder);
  assert.equal(again.get('meta', 'clock')?.value, 'first');
  assert.deepEqual([again.pendingEffects(), again.nextEffects(9)], [1, [put('b')]]);
  assert.equal(openStateStore(folder).pendingEffects(), 1);
});

test('a line that was being written when the process died is no decision', () => {
  const folder = temporaryFolder();
  openStateStore(folder).commit([meta('whole')]);
  appendFileSync(journalIn(folder), '{"changes":[{"table":"meta","key":"clock","value":{"na');
  assert.equal(openStateStore(folder).get('meta', 'clock')?.value, 'whole');
});

test('every place at which the journal can end gives the decisions before it', () => {
  const folder = temporaryFolder();
  const store = openStateStore(folder);
  for (let count = 1; count <= 5; count += 1) store.commit([meta(count)], [put(String(count))]);
  const image = readFileSync(path.join(folder, 'state.json'));
  const name = path.basename(journalIn(folder));
  const journal = readFileSync(path.join(folder, name));
  for (let end = 0; end <= journal.length; end += 1) {
    const cut = temporaryFolder();
    writeFileSync(path.join(cut, 'state.json'), image);
    writeFileSync(path.join(cut, name), journal.subarray(0, end));
    const decisions = journal.subarray(0, end).toString().split('\n').length - 1;
    const reopened = openStateStore(cut);
    assert.equal(reopened.get('meta', 'clock')?.value, decisions === 0 ? undefined : decisions);
    assert.equal(reopened.pendingEffects(), decisions);
    reopened.close();
  }
});

test('removing a value removes it for good', () => {
  const folder = temporaryFolder();
  const store = openStateStore(folder);
  store.commit([meta('there')]);
  store.commit([{ table: 'meta', key: 'clock', value: null }]);
  assert.equal(openStateStore(folder).get('meta', 'clock'), undefined);
});

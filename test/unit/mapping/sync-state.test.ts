import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createKeyedHasher } from '../../../src/mapping/keyed-hasher.ts';
import {
  agreedHalf,
  emptySentState,
  maxSends,
  type ReceivedState,
  readIntent,
  readReceivedState,
  readSentState,
  type Send,
  type Stamp,
  withAcceptedSend,
  withSend,
  writeState,
} from '../../../src/mapping/sync-state.ts';
import { aceOpportunity, crmOpportunity, crmRow, hash, World } from './world.ts';

const stamp: Stamp = {
  connection: 'main',
  environment: 'production',
  spmsId: '123456',
  orgId: '00D000000000001',
  installation: 'one',
  recordId: '006000000000001AAA',
  aceId: 'O1234567',
};
const send = (name: string, fields: Send['fields'] = {}): Send => ({
  name,
  sha: name,
  at: '2026-03-01T10:00:00.000Z',
  kind: 'update',
  fields,
});

describe('Sync state', () => {
  test('is read back as it was written', () => {
    const state = withSend(emptySentState(stamp), send('a', { 'stage>StageName': { ace: 'x', crm: 'y' } }));
    assert.deepEqual(readSentState(writeState(state), stamp), { state, foreign: false, unreadable: false });
    assert.deepEqual(readIntent(writeState(send('a'))), { intent: send('a'), unreadable: false });
  });

  test('of another connection, environment, org, installation or ACE record is foreign and no state', () => {
    const text = writeState(emptySentState(stamp));
    for (const part of ['connection', 'environment', 'spmsId', 'orgId', 'installation', 'aceId'] as const) {
      assert.deepEqual(
        readSentState(text, { ...stamp, [part]: 'other' }),
        { state: null, foreign: true, unreadable: false },
        part,
      );
    }
  });

  test('of another record is foreign unless it is the same ACE record, which a merge handed to its survivor', () => {
    const other = { ...stamp, recordId: 'other' };
    assert.equal(readSentState(writeState(emptySentState(stamp)), other).foreign, false);
    const beforeAce = writeState(emptySentState({ ...stamp, aceId: null }));
    assert.equal(readSentState(beforeAce, { ...other, aceId: null }).foreign, true);
  });

  test('written before an id was known still belongs to the record', () => {
    const text = writeState(emptySentState({ ...stamp, aceId: null }));
    assert.equal(readSentState(text, stamp).foreign, false);
    assert.notEqual(readSentState(text, stamp).state, null);
  });

  test('that is empty is none, and that is damaged or newer is unreadable', () => {
    for (const text of [null, undefined, '', ' ']) {
      assert.deepEqual(readReceivedState(text, stamp), { state: null, foreign: false, unreadable: false });
      assert.deepEqual(readIntent(text), { intent: null, unreadable: false });
    }
    for (const text of ['{', '[]', '7', '{"v":2}', '{"v":1}']) {
      assert.equal(readReceivedState(text, stamp).unreadable, true, text);
      assert.deepEqual(readIntent(text), { intent: null, unreadable: true });
    }
  });

  test('holds keyed hashes and no value', async () => {
    const world = new World('opportunity').link(crmOpportunity, crmRow);
    await world.receive(aceOpportunity());
    world.edit({ NextStep: 'Meet at noon' });
    await world.upload();
    const text = JSON.stringify([world.received, world.sent]);
    for (const value of ['Warehouse', 'Example', 'example.com', 'Berlin', 'Meet', 'Migration /']) {
      assert.ok(!text.includes(value), value);
    }
    assert.ok(text.length < 16_000, `fits its field with room to spare (${text.length})`);
  });

  test('keeps a bounded number of sends that wait for their results', () => {
    let state = emptySentState(stamp);
    for (let index = 0; index < 20; index += 1) state = withSend(state, send(`file-${index}`));
    assert.equal(state.sends.length, maxSends);
    assert.equal(state.sends.at(-1)?.name, 'file-19');
    assert.equal(state.count, 20);
  });
});

describe('What both sides agreed on', () => {
  const received = (at: string): ReceivedState => ({
    v: 1,
    stamp,
    at,
    file: { key: 'k', lastModified: at },
    aceStatus: { review: null, acceptance: null, stage: null, ownership: null, acceptBy: null, partnerIdKnown: true },
    fields: { f: { ace: 'received', crm: 'received', at } },
    conflicts: {},
  });
  const sent = (at: string) => ({ ...emptySentState(stamp), fields: { f: { ace: 'sent', crm: 'sent', at } } });

  test('is the newer of what ACE accepted and what ACE showed', () => {
    assert.equal(agreedHalf(sent('2026-03-01T10:00:01.500Z'), received('2026-03-01T10:00:01.000Z'), 'f')?.ace, 'sent');
    assert.equal(
      agreedHalf(sent('2026-03-01T10:00:00.900Z'), received('2026-03-01T10:00:01.000Z'), 'f')?.ace,
      'received',
    );
    assert.equal(agreedHalf(null, received('2026-03-01T10:00:01.000Z'), 'f')?.ace, 'received');
    assert.equal(agreedHalf(sent('2026-03-01T10:00:01.000Z'), null, 'f')?.ace, 'sent');
    assert.equal(agreedHalf(null, null, 'f'), null);
  });

  test('comes from the render that the result names, not from a later one', () => {
    const first = send('one', { f: { ace: 'one', crm: 'one' } });
    const second = send('two', { f: { ace: 'two', crm: 'two' } });
    const state = withSend(withSend(emptySentState(stamp), first), second);
    const accepted = withAcceptedSend(state, first, '2026-03-01T10:10:00.000Z');
    assert.equal(accepted.fields.f?.ace, 'one');
    assert.deepEqual(
      accepted.sends.map(({ name }) => name),
      ['two'],
      'the second still waits',
    );
    const both = withAcceptedSend(accepted, second, '2026-03-01T10:20:00.000Z');
    const late = withAcceptedSend(both, first, '2026-03-01T10:10:00.000Z');
    assert.equal(late.fields.f?.ace, 'two', 'a late result takes nothing back');
  });
});

test('Hashes differ by key, field and side, and need a long key', () => {
  const other = createKeyedHasher(Buffer.alloc(32, 8));
  const hashes = [
    hash('a', 'ace', 'x'),
    hash('a', 'crm', 'x'),
    hash('b', 'ace', 'x'),
    other('a', 'ace', 'x'),
    hash('a', 'ace', null),
  ];
  assert.equal(new Set(hashes).size, hashes.length);
  assert.equal(hash('a', 'ace', 'x'), hash('a', 'ace', 'x'));
  assert.throws(() => createKeyedHasher(Buffer.alloc(16)), RangeError);
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { storyOf } from '../../../src/client/commands/show.ts';
import type { Change, OutcomeLine } from '../../../src/journal/journal.ts';

const crmId = '006000000000001AAA';
const sent = 'test-opportunity-006000000000001AAA-0a1b2c3d-1_03022026090000.json';
const line = (time: string, changes: Partial<OutcomeLine>): OutcomeLine => ({
  id: time,
  at: `2026-03-02T${time}:00.000Z`,
  connection: 'main',
  kind: 'upload',
  object: 'opportunity',
  file: '',
  index: null,
  aceId: null,
  crmId,
  outcome: 'accepted',
  code: 'ACCEPTED',
  ...changes,
});
const outcomes = [
  line('09:00', { kind: 'action', outcome: 'Share', code: 'PERSON' }),
  line('09:01', { kind: 'sent', outcome: 'sent', code: 'CREATE', file: sent, sha: 'a'.repeat(64) }),
  line('09:05', { file: sent, aceId: 'O1', sha: 'b'.repeat(64) }),
  line('09:06', { kind: 'standing', outcome: 'Held', code: 'PING_PONG' }),
  line('09:07', { outcome: 'notTaken', code: 'ACE_ID_DIFFERS', aceId: 'O2', file: 'another.json' }),
  line('09:08', { kind: 'outboundRecord', crmId: null, aceId: 'O2', outcome: 'applied', code: 'CREATED' }),
];
const change = {
  at: '2026-03-02T09:04:00.000Z',
  crmId: 'new:O1',
  field: 'Name',
  rule: 'state',
  answer: null,
} as Change;
const told = (id: string) => storyOf(id, outcomes, [change]).map(({ at, outcome }) => `${at.slice(11, 16)} ${outcome}`);

describe('the story of a record', () => {
  const whole = ['09:00 Share', '09:01 sent', '09:04 unconfirmed', '09:05 accepted', '09:06 Held', '09:07 notTaken'];

  test('tells what was asked, sent, answered and held, by either id', () => {
    assert.deepEqual(told(crmId), whole);
    assert.deepEqual(told('O1'), whole);
  });

  test('is not that of a record whose id an answer named by mistake, though that one hears of it', () => {
    assert.deepEqual(told('O2'), ['09:07 notTaken', '09:08 applied']);
  });

  test('can be asked for by a file that went or came, by name and by content', () => {
    assert.deepEqual(told(sent), ['09:01 sent', '09:05 accepted']);
    assert.deepEqual(told('b'.repeat(64)), ['09:05 accepted']);
    assert.deepEqual(told('006000000000002AAA'), []);
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { withAnswers } from '../../../src/journal/answered-changes.ts';
import type { ChangeLine, ConfirmationLine } from '../../../src/journal/journal.ts';

const line = (id: string, time: string, more: Partial<ChangeLine> = {}): ChangeLine => ({
  id,
  at: `2026-03-02T${time}:00.000Z`,
  connection: 'main',
  crmId: '006000000000001AAA',
  field: 'NextStep',
  before: 'Call Jane',
  after: id,
  cause: `opportunity-outbound/${id}.json@etag`,
  rule: 'ace',
  mappingVersion: '1-0123456789abcdef',
  actor: 'aws',
  ...more,
});
const said = (time: string, answer: ConfirmationLine['answer'], ids: readonly string[], crmId?: string) => ({
  ids,
  at: `2026-03-02T${time}:00.000Z`,
  answer,
  ...(crmId === undefined ? {} : { crmId }),
});
const story = (lines: readonly ChangeLine[], answers: readonly ConfirmationLine[]) =>
  withAnswers(lines, answers).map(({ id, at, answer }) => `${id} ${at.slice(11, 16)} ${answer}`);

describe('changes with their answers', () => {
  test('stand in the order in which they were made, each attempt with its own answer', () => {
    const lines = [line('a', '10:00'), line('b', '10:30'), line('a', '11:00')];
    const answers = [said('10:01', 'refused', ['a']), said('10:31', 'written', ['b']), said('11:01', 'written', ['a'])];
    assert.deepEqual(story(lines, answers), ['a 10:00 refused', 'b 10:30 written', 'a 11:00 written']);
  });

  test('keep the answer that they had when a replay of their file is refused, or finds the value in place', () => {
    const lines = [line('a', '10:00'), line('a', '11:00')];
    const answers = [said('10:01', 'written', ['a']), said('11:01', 'older', ['a']), said('12:00', 'refused', ['a'])];
    assert.deepEqual(story(lines, answers), ['a 10:00 written', 'a 11:00 older']);
  });

  test('are one when an attempt was cut short and the next announced them again', () => {
    const lines = [line('a', '10:00'), line('a', '10:05')];
    assert.deepEqual(story(lines, []), ['a 10:05 null']);
    assert.deepEqual(story(lines, [said('10:06', 'written', ['a'])]), ['a 10:05 written']);
    assert.deepEqual(story([line('a', '10:00')], [said('10:06', 'written', ['a'])]), ['a 10:00 written']);
  });

  test('of a record that was made bear its id, and those of another one keep theirs', () => {
    const lines = [line('a', '10:00', { crmId: 'new:O1' }), line('b', '10:00')];
    const changes = withAnswers(lines, [said('10:01', 'written', ['a', 'b'], '006000000000009AAA')]);
    assert.deepEqual(
      changes.map(({ crmId }) => crmId),
      ['006000000000009AAA', '006000000000001AAA'],
    );
  });
});

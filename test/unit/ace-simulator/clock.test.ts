import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClock } from '../../../src/sandbox/ace/clock.ts';
import { createChance } from '../../../src/sandbox/ace/random.ts';

test('a stepped clock stands still, goes on from where it was, and never runs backwards', () => {
  const clock = createClock({ kind: 'stepped', start: '2026-03-02T12:00:00.000Z' }, null);
  assert.equal(clock.now().toISOString(), '2026-03-02T12:00:00.000Z');
  clock.set(new Date('2026-03-02T13:00:00.000Z'));
  assert.throws(() => clock.set(new Date('2026-03-02T12:59:59.000Z')), RangeError);
  const resumed = createClock({ kind: 'stepped', start: '2026-03-02T12:00:00.000Z' }, clock.now());
  assert.equal(resumed.now().toISOString(), '2026-03-02T13:00:00.000Z');
});

test('an accelerated clock does not fall behind the time at which it was last seen', () => {
  const later = new Date(Date.now() + 86_400_000);
  assert.ok(createClock({ kind: 'accelerated', factor: 60 }, later).now() >= later);
  assert.throws(() => createClock({ kind: 'real' }, null).set(new Date()), RangeError);
});

test('an accelerated clock jumps ahead, never back, and no other clock jumps', () => {
  const clock = createClock({ kind: 'accelerated', factor: 60 }, null);
  const before = clock.now().getTime();
  clock.jump(3_600_000);
  assert.ok(clock.now().getTime() >= before + 3_600_000);
  assert.throws(() => clock.jump(-1), RangeError);
  assert.throws(() => createClock({ kind: 'real' }, null).jump(1), RangeError);
});

test('chance depends on the seed and on what is drawn, not on the order of drawing', () => {
  const first = createChance(1);
  const draws = [first.whole(0, 999, 'a'), first.whole(0, 999, 'b')];
  const second = createChance(1);
  assert.deepEqual([second.whole(0, 999, 'b'), second.whole(0, 999, 'a')], draws.toReversed());
  assert.notEqual(createChance(2).share('a'), first.share('a'));
  assert.throws(() => first.oneOf([], 'nothing'), RangeError);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { createLane } from '../../../src/crm/salesforce/coalescer.ts';

type Value = { readonly key: string; readonly number: number };

function lane(
  options: { maxRecords?: number; lone?: number; backlog?: number; replace?: boolean; fail?: () => boolean } = {},
) {
  const calls: (readonly Value[])[] = [];
  let underWay = 0;
  let most = 0;
  const subject = createLane<Value, number>({
    maxRecords: () => options.maxRecords ?? 200,
    loneWindowMs: () => options.lone ?? 1,
    backlogWindowMs: () => options.backlog ?? 20,
    ...(options.replace === false ? {} : { meet: () => 'replace' as const }),
    send: async (values) => {
      calls.push(values);
      most = Math.max(most, ++underWay);
      await setImmediate();
      underWay--;
      if (options.fail?.()) throw new Error('the call failed');
      return values.map(({ number }) => number);
    },
  });
  return { subject, calls, most: () => most };
}

test('a lone record waits no longer than its window', async () => {
  const { subject } = lane({ lone: 10, backlog: 5_000 });
  const start = performance.now();
  await subject.submit('a', { key: 'a', number: 1 });
  assert.ok(performance.now() - start < 4_000);
});

test('while records keep coming a call waits for more of them', async () => {
  const { subject, calls } = lane({ lone: 300, backlog: 10_000 });
  const submitted: Promise<number>[] = [];
  for (let number = 0; number < 30; number++) {
    submitted.push(subject.submit(`${number}`, { key: `${number}`, number }));
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  await Promise.all(submitted);
  assert.ok(calls.length <= 3, `${calls.length} calls`);
});

test('the callers of a known backlog wait for each other, and not a moment longer', async () => {
  const { subject, calls } = lane({ lone: 1, backlog: 60_000 });
  const submitted: Promise<number>[] = [];
  for (let caller = 0; caller < 12; caller++) {
    const company = { id: 'scan', size: 12 };
    for (const key of [`${caller} a`, `${caller} b`]) {
      submitted.push(subject.submit(key, { key, number: caller }, { company }));
    }
    // Longer than a lone entry waits.
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await Promise.all(submitted);
  assert.deepEqual(
    calls.map((call) => call.length),
    [24],
  );
  // Complete before: whoever comes late waits like anybody else.
  await subject.submit('late', { key: 'late', number: 1 }, { company: { id: 'scan', size: 12 } });
});

test('the last caller of a backlog that took its time sends the call at once, by a timer that is not negative', async (t) => {
  const { subject, calls } = lane({ lone: 1, backlog: 100 });
  let later = 0;
  const now = performance.now.bind(performance);
  t.mock.method(performance, 'now', () => now() + later);
  const timers = t.mock.method(globalThis, 'setTimeout');
  const submit = (caller: number) =>
    subject.submit(`${caller}`, { key: `${caller}`, number: caller }, { company: { id: 'slow', size: 12 } });
  const submitted = Array.from({ length: 11 }, (_, caller) => submit(caller));
  later = 1_000;
  await Promise.all([...submitted, submit(11)]);
  assert.equal(calls.length, 1);
  const delays = timers.mock.calls.map(({ arguments: [, delay] }) => delay ?? 0);
  assert.ok(delays.length >= 2 && delays.every((delay) => delay >= 0), delays.join(', '));
});

test('a failed call fails every caller alike, and the next call goes on', async () => {
  let fail = true;
  const { subject } = lane({ fail: () => fail });
  const results = await Promise.allSettled(['a', 'b'].map((key) => subject.submit(key, { key, number: 1 })));
  assert.ok(results.every(({ status }) => status === 'rejected'));
  fail = false;
  assert.equal(await subject.submit('a', { key: 'a', number: 2 }), 2);
});

test('whoever is cancelled does not take the entry from others who wait for it', async () => {
  const { subject, calls } = lane({ lone: 20 });
  const controller = new AbortController();
  const one = subject.submit('a', { key: 'a', number: 1 }, { signal: controller.signal });
  const two = subject.submit('a', { key: 'a', number: 2 });
  controller.abort(new Error('cancelled'));
  await assert.rejects(one, /cancelled/);
  assert.equal(await two, 2);
  assert.equal(calls.length, 1);
});

test('whatever comes in whatever order, nobody is forgotten, no call is too large, and no key comes twice in one', async () => {
  const arrivals = fc.array(fc.record({ key: fc.constantFrom(...'abcdefgh'), pause: fc.boolean() }), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(arrivals, fc.integer({ min: 1, max: 5 }), fc.boolean(), async (list, maxRecords, replace) => {
      const { subject, calls, most } = lane({ maxRecords, lone: 0, backlog: 1, replace });
      const answers: Promise<number>[] = [];
      for (const [number, { key, pause }] of list.entries()) {
        answers.push(subject.submit(key, { key, number }));
        if (pause) await setImmediate();
      }
      const got = await Promise.all(answers);
      for (const [number, answer] of got.entries()) {
        // A later value of the same key may have taken the place, never another key's.
        assert.equal(list[answer]?.key, list[number]?.key);
        assert.ok(replace ? answer >= number : answer === number);
      }
      for (const call of calls) {
        assert.ok(call.length <= maxRecords);
        assert.equal(new Set(call.map(({ key }) => key)).size, call.length);
      }
      assert.ok(most() <= 1, 'one call at a time');
      // Values of one key are sent in the order in which they came.
      for (const key of 'abcdefgh') {
        const sent = calls
          .flat()
          .filter((value) => value.key === key)
          .map(({ number }) => number);
        assert.deepEqual(
          sent,
          [...sent].sort((one, other) => one - other),
        );
      }
    }),
    { numRuns: 60 },
  );
});

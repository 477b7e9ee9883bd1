import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  inboundNameOfResult,
  isRejectedName,
  makeInboundFileName,
  parseInboundFileName,
  rejectedSuffixes,
  resultNameOf,
  resultSuffixes,
} from '../../../src/ace/file-name.ts';

const letters = (characters: string, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...characters), minLength: 1, maxLength });
const alphanumeric = 'abcXYZ0189';

const parts = fc.record({
  prefix: letters(`${alphanumeric}-_`, 40),
  object: fc.constantFrom('opportunity' as const, 'lead' as const),
  recordId: letters(`${alphanumeric}_`, 20),
  sha: letters('0123456789abcdef', 56).map((text) => text.padStart(64, '0')),
  attempt: fc.integer({ min: 1, max: 999_999_999 }),
  at: fc.date({ min: new Date('1971-01-01T00:00:00Z'), max: new Date('2999-12-31T23:59:59Z'), noInvalidDate: true }),
});

test('what is made can be parsed, with or without its folder', () => {
  fc.assert(
    fc.property(parts, ({ at, sha, ...rest }) => {
      const name = makeInboundFileName({ ...rest, sha, at });
      const expected = { ...rest, sha8: sha.slice(0, 8) };
      assert.deepEqual(parseInboundFileName(name), expected);
      assert.deepEqual(parseInboundFileName(`opportunity-inbound/${name}`), expected);
      assert.ok(name.length <= 240);
      assert.match(name, /^[A-Za-z0-9_-]+\.json$/);
    }),
    { seed: 37 },
  );
});

test('every spelling of an answer leads back to its inbound file', () => {
  const name = 'acme-opportunity-0061-deadbeef-1_11202026093005.json';
  for (const suffix of [...resultSuffixes, ...rejectedSuffixes]) {
    const answer = resultNameOf(`opportunity-inbound/${name}`, suffix);
    assert.equal(inboundNameOfResult(`opportunity-inbound-processed-results/${answer}`), name);
    assert.equal(isRejectedName(answer), suffix.includes('error'));
  }
  assert.equal(resultNameOf(name), 'acme-opportunity-0061-deadbeef-1_11202026093005_result.json');
});

test('the time is GMT in the order month, day, year, and carries no zone', () => {
  const name = makeInboundFileName({
    prefix: 'a',
    object: 'lead',
    recordId: 'w3',
    sha: 'ABCDEF0123',
    attempt: 12,
    at: new Date('2026-02-03T23:04:05.999+00:00'),
  });
  assert.equal(name, 'a-lead-w3-abcdef01-12_02032026230405.json');
});

test('files of others are not taken for ours, and no result for an inbound file', () => {
  for (const name of [
    'Leads_Outbound.json',
    'test-2023-05-28T01:21:20.json',
    'a-opportunity-1-deadbeef-0_11202026093005.json',
    'a-opportunity-1-deadbeef-1_11202026093005_result.json',
    'a-account-1-deadbeef-1_11202026093005.json',
    '',
  ]) {
    assert.equal(parseInboundFileName(name), null, name);
  }
  assert.equal(inboundNameOfResult('_result.json'), null);
  assert.equal(inboundNameOfResult('a.json'), null);
  assert.equal(inboundNameOfResult('report.csv_error.json'), 'report.csv');
});

test('parts that would make another name are refused', () => {
  const good = { prefix: 'a', object: 'lead', recordId: '1', sha: 'deadbeef', attempt: 1, at: new Date() } as const;
  for (const bad of [{ prefix: 'a/b' }, { recordId: 'x-y' }, { sha: 'dead' }, { attempt: 0 }, { prefix: 'é' }]) {
    assert.throws(() => makeInboundFileName({ ...good, ...bad }), RangeError);
  }
  assert.throws(() => makeInboundFileName({ ...good, prefix: 'a'.repeat(230) }), RangeError);
});

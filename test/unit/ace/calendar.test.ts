import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDay, isDomain } from '../../../src/ace/rules/field-rules.ts';

test('every day of the calendar is one, and nothing else', () => {
  for (let time = Date.UTC(1996, 0, 1); time < Date.UTC(2105, 0, 1); time += 86_400_000) {
    assert.ok(isDay(new Date(time).toISOString().slice(0, 10)));
  }
  for (const text of [
    '2027-02-29',
    '2100-02-29',
    '2026-04-31',
    '2026-00-10',
    '2026-13-01',
    '2026-01-00',
    '26-01-01',
    '2026-1-1',
    '2026-01-01T00:00:00Z',
    '',
  ]) {
    assert.equal(isDay(text), false, text);
  }
});

test('a website has a domain, with or without what may stand around it', () => {
  for (const text of [
    'example.com',
    'www.example.co.uk',
    'https://example.com/a?b#c',
    'http://a-b.example.com:8080/',
    'EXAMPLE.COM',
  ]) {
    assert.equal(isDomain(text), true, text);
  }
  for (const text of [
    'example',
    'our site',
    'ftp://example.com',
    'https://',
    '-a.com',
    'a..com',
    'a.c',
    '192.168.0.1',
    'ann@example.com',
    `${'a'.repeat(64)}.com`,
  ]) {
    assert.equal(isDomain(text), false, text);
  }
});

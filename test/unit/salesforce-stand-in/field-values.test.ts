import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FieldDefinition } from '../../../src/sandbox/salesforce/org/schema.ts';
import { deserialize, readTime, storable } from '../../../src/sandbox/salesforce/records/field-values.ts';

const number = (precision: number, scale: number): FieldDefinition => ({
  name: 'N__c',
  label: 'N',
  type: 'double',
  precision,
  scale,
});
const text: FieldDefinition = { name: 'T__c', label: 'T', type: 'string', length: 10 };
const choices: FieldDefinition = {
  name: 'P__c',
  label: 'P',
  type: 'multipicklist',
  picklist: [{ value: 'Alpha' }, { value: 'Beta' }, { value: 'Old', inactive: true }],
};

test('numbers are rounded half up to their scale, and refused outside their precision', () => {
  const cases: readonly [number, number, number][] = [
    [2, 1.005, 1.01],
    [2, -1.005, -1.01],
    [2, 1.0049, 1],
    [0, 2.5, 3],
    [2, 0.1 + 0.2, 0.3],
    [2, 1e-9, 0],
  ];
  for (const [scale, given, kept] of cases) assert.equal(storable(number(18, scale), given), kept, String(given));
  assert.throws(() => storable(number(5, 2), 1000), { code: 'NUMBER_OUTSIDE_VALID_RANGE' });
  assert.throws(() => storable(number(18, 2), 1e20), { code: 'NUMBER_OUTSIDE_VALID_RANGE' });
  assert.equal(storable(number(5, 2), 999.99), 999.99);
});

test('text is trimmed, empty text is nothing, and length is counted after trimming', () => {
  assert.equal(storable(text, '  abc\n'), 'abc');
  assert.equal(storable(text, '   '), null);
  assert.equal(storable(text, ` ${'x'.repeat(10)} `), 'x'.repeat(10));
  assert.throws(() => storable(text, 'x'.repeat(11)), { code: 'STRING_TOO_LONG' });
});

test('picklist values take the spelling and order of their definition; unknown ones pass where nothing restricts them', () => {
  assert.equal(storable(choices, 'beta; alpha;Beta'), 'Alpha;Beta');
  assert.equal(storable(choices, 'Gamma;Alpha'), 'Alpha;Gamma');
  assert.throws(() => storable({ ...choices, restricted: true }, 'Gamma'), {
    code: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
  });
  assert.throws(
    () => storable({ ...choices, restricted: true }, 'Old'),
    /bad value for restricted picklist field: Old/,
  );
});

test('JSON types must fit the field, as an org deserializes them', () => {
  assert.throws(() => deserialize(text, 5), /Cannot deserialize instance of string from VALUE_NUMBER_INT value 5/);
  assert.throws(() => deserialize(text, true), /VALUE_TRUE/);
  assert.throws(() => deserialize(text, ['a']), /START_ARRAY/);
  assert.throws(() => deserialize(number(5, 2), 'abc'), /instance of double from VALUE_STRING value abc/);
  assert.equal(deserialize(number(5, 2), '12.5'), 12.5);
  assert.equal(deserialize(number(5, 2), ''), null);
});

test('dates and date-times are read in every form an org takes, and refused in others', () => {
  assert.equal(readTime('date', '2026-02-28'), '2026-02-28');
  assert.equal(readTime('date', '2026-02-30'), null);
  assert.equal(readTime('date', '28.02.2026'), null);
  for (const form of [
    '2026-02-28T10:00:00Z',
    '2026-02-28T10:00:00.000+0000',
    '2026-02-28T12:00:00+02:00',
    '2026-02-28T10:00:00',
  ])
    assert.equal(readTime('datetime', form), '2026-02-28T10:00:00.000Z', form);
  assert.equal(readTime('datetime', '2026-02-28'), '2026-02-28T00:00:00.000Z');
  assert.equal(readTime('datetime', '2026-02-28 10:00'), null);
});

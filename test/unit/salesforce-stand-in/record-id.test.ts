import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { makeId, toId18 } from '../../../src/sandbox/salesforce/org/record-id.ts';

test('each capital letter sets a bit of the checksum', () => {
  // The master record type has this id in every org.
  assert.equal(toId18('012000000000000'), '012000000000000AAA');
  assert.equal(toId18('00530000003xqAb'), '00530000003xqAbAAI');
  assert.equal(toId18('AAAAAaaaaaAaaaA'), 'AAAAAaaaaaAaaaA5AR');
});

test('an id that lost its case is restored from its checksum', () => {
  const digits = fc.integer({ min: 0, max: 62 ** 6 });
  fc.assert(
    fc.property(digits, (sequence) => {
      const id = makeId('006', 'aB3', sequence);
      assert.equal(id.length, 18);
      assert.equal(toId18(id), id);
      assert.equal(toId18(id.slice(0, 15)), id);
      assert.equal(toId18(id.slice(0, 15).toLowerCase() + id.slice(15)), id);
      assert.equal(toId18(id.toUpperCase()), id);
    }),
  );
});

test('what is no id is none', () => {
  for (const text of ['', 'nonsense', '00600000000000', '0060000000000000', '006-00000000000', '006000000000001A*A'])
    assert.equal(toId18(text), null, text);
});

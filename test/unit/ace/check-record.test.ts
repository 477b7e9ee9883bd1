import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { aceErrors, checkRecord } from '../../../src/ace/check.ts';
import { documentedSwitches } from '../../../src/ace/switches.ts';
import { acceptanceCases } from './acceptance-cases.ts';
import { verdictOf } from './verdict.ts';

describe('the verdict on a record', () => {
  for (const each of acceptanceCases) {
    test(`${each.id}: ${each.says}`, () => {
      const { refused, warned, problems } = verdictOf(checkRecord, each);
      assert.deepEqual({ refused, warned }, { refused: each.refused, warned: each.warned });
      if (each.codes !== undefined) {
        assert.deepEqual(
          problems.map(({ code }) => code),
          each.codes,
        );
      }
    });
  }
});

describe("ACE's words", () => {
  for (const each of acceptanceCases.filter(({ texts }) => texts !== undefined)) {
    test(`${each.id}: ${each.says}`, () => {
      const switches = { ...documentedSwitches, ...each.switches };
      const { problems } = verdictOf(checkRecord, each);
      assert.deepEqual(aceErrors(problems, { ...each, switches }), each.texts);
    });
  }
});

test('a problem never repeats a value of the record', () => {
  const secret = 'Zx9 Qv7 secret';
  for (const each of acceptanceCases) {
    const record = Object.fromEntries(Object.keys(each.record).map((field) => [field, secret]));
    for (const problem of verdictOf(checkRecord, { ...each, record }).problems) {
      assert.ok(!JSON.stringify(problem).includes(secret), problem.code);
    }
  }
});

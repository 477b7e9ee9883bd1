import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkFile, type RuleProblem } from '../../../src/ace/check.ts';
import { readAceFile } from '../../../src/ace/envelope.ts';
import { readProcessedResult } from '../../../src/ace/processed-result.ts';
import { mutatedFiles, secret } from './mutate-file.ts';
import { today } from './sample-records.ts';

const files = mutatedFiles(2_000, 20261120);
const key = 'opportunity-outbound/broken.json';

function assertClear(problems: readonly RuleProblem[], says: string): void {
  for (const problem of problems) {
    assert.match(problem.code, /^ACE_[A-Z0-9_]+$/, says);
    assert.ok(problem.message.length > 10 && problem.message.length < 400, `${says}: ${problem.code}`);
    assert.ok(problem.fix.length > 5, says);
    assert.ok(!JSON.stringify(problem).includes(secret), `${says}: ${problem.code} repeats a value`);
  }
}

describe('2,000 broken files', () => {
  test('are answered by the outbound reader without a crash: readable, or refused with one problem', () => {
    const codes = new Set<string>();
    let readable = 0;
    for (const { says, bytes } of files) {
      const file = readAceFile(bytes, { key });
      assertClear(file.problems, says);
      if (file.ok) {
        readable += 1;
        for (const record of file.records) assert.equal(typeof record, 'object', says);
      } else {
        assert.equal(file.problems.length, 1, says);
        codes.add(file.problems[0]?.code ?? '');
      }
    }
    // Both kinds must be among them, or the files test nothing.
    assert.ok(readable > 300 && readable < 1_500, `${readable} were readable`);
    assert.deepEqual([...codes].sort(), [
      'ACE_DUPLICATE_KEY',
      'ACE_ENVELOPE',
      'ACE_FILE_EMPTY',
      'ACE_FILE_TOO_LARGE',
      'ACE_NOT_JSON',
      'ACE_NOT_UTF8',
      'ACE_TOO_DEEP',
    ]);
  });

  for (const as of ['inbound', 'outbound', 'result'] as const) {
    test(`are answered by check-file as ${as}`, () => {
      for (const { says, bytes } of files) {
        const checked = checkFile(bytes, { as, key, today });
        assertClear(checked.problems, says);
        if (!checked.readable) assert.ok(checked.problems.length > 0, says);
      }
    });
  }

  test('are answered by the reader of processed results, and an error file always means refused', () => {
    for (const { says, bytes } of files) {
      for (const name of ['a_result.json', 'a_error.json']) {
        const result = readProcessedResult(bytes, { key: `opportunity-inbound-processed-results/${name}` });
        assertClear(result.problems, says);
        if (name === 'a_error.json') assert.ok(result.ok, says);
      }
    }
  });

  test('leave no trace on the prototypes of the process', () => {
    for (const { bytes } of files) {
      const file = readAceFile(bytes, { key });
      if (file.ok) Object.assign({}, ...file.records);
    }
    assert.equal(Reflect.get({}, 'polluted'), undefined);
    assert.equal(Reflect.get([], 'polluted'), undefined);
  });

  test('are each answered at once', () => {
    for (const { says, bytes } of files) {
      const start = performance.now();
      checkFile(bytes, { key, today });
      assert.ok(performance.now() - start < 10_000, says);
    }
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readProcessedResult } from '../../../src/ace/processed-result.ts';

const folder = 'opportunity-inbound-processed-results/';
const name = 'acme-opportunity-0061-deadbeef-1_11202026093005';
const read = (content: unknown, suffix = '_result.json') =>
  readProcessedResult(Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)), {
    key: `${folder}${name}${suffix}`,
  });

/** The shape of AWS's sample of 2023. */
const sample = {
  success: 'NONE',
  spmsId: 'spmsId',
  isApiError: false,
  inboundApiResults: [
    {
      warnings: null,
      partnerCrmUniqueIdentifier: 'OP004149',
      isSuccess: false,
      errors: ['User not found for Opportunity Owner email:xyz.abc@test.com'],
      apnCrmUniqueIdentifier: 'O1234567',
    },
  ],
  fileName: 'opportunity-inbound/test-2023-05-28T01:21:20.json',
  fileApnProcessedDT: '2023-05-28T15:21:22.331Z',
  apiErrors: null,
};

describe('a processed result', () => {
  test('is read as AWS’s sample has it', () => {
    assert.deepEqual(read(sample), {
      ok: true,
      fileName: 'opportunity-inbound/test-2023-05-28T01:21:20.json',
      processedAt: '2023-05-28T15:21:22.331Z',
      spmsId: 'spmsId',
      wholeFileError: null,
      results: [
        {
          partnerId: 'OP004149',
          aceId: 'O1234567',
          isSuccess: false,
          errors: ['User not found for Opportunity Owner email:xyz.abc@test.com'],
          warnings: [],
        },
      ],
      problems: [],
    });
  });

  test('may lack keys, hold numbers for identifiers, texts for lists, and the older list name', () => {
    const result = read({
      spmsId: 123456,
      s3BucketName: null,
      inboundApiProcessedResults: [
        { isSuccess: true, partnerCrmUniqueIdentifier: 42, apnCrmUniqueIdentifier: null, errors: null },
        { isSuccess: 'false', partnerCrmLeadId: 'L-1', errors: 'Record is not editable.', warnings: ['w'] },
      ],
    });
    assert.ok(result.ok);
    assert.equal(result.fileName, `${name}.json`);
    assert.equal(result.spmsId, '123456');
    assert.equal(result.processedAt, null);
    assert.deepEqual(result.results, [
      { partnerId: '42', aceId: null, isSuccess: true, errors: [], warnings: [] },
      { partnerId: 'L-1', aceId: null, isSuccess: false, errors: ['Record is not editable.'], warnings: ['w'] },
    ]);
    assert.deepEqual(result.problems, []);
  });

  test('that refuses the whole file says so and has no rows', () => {
    const result = read({ error: "[{'a': 1}] is not of type 'object'", fileName: 'opportunity-inbound/a.json' });
    assert.ok(result.ok);
    assert.equal(result.wholeFileError, "[{'a': 1}] is not of type 'object'");
    assert.equal(result.fileName, 'opportunity-inbound/a.json');
    assert.deepEqual(result.results, []);
  });

  test('with an API error carries it beside its rows', () => {
    const result = read({ ...sample, isApiError: true, apiErrors: ['down'] });
    assert.ok(result.ok);
    assert.equal(result.wholeFileError, '["down"]');
    assert.equal(result.results.length, 1);
  });

  test('whose row does not say how it went counts as refused, and is reported', () => {
    const result = read({ inboundApiResults: [{ partnerCrmUniqueIdentifier: 'a' }, null] });
    assert.ok(result.ok);
    assert.deepEqual(
      result.results.map(({ isSuccess }) => isSuccess),
      [false, false],
    );
    assert.deepEqual(
      result.problems.map(({ code, record }) => [code, record]),
      [
        ['ACE_RESULT_ROW', 0],
        ['ACE_RESULT_ROW', 1],
      ],
    );
  });

  for (const suffix of ['_error.json', '._error.json', '.error.json']) {
    for (const content of ['', '{"message":"bad"}', 'Unsupported file', '"text"', '[]', '<html>']) {
      test(`at ${suffix} means that the file was refused, whatever it holds: ${content || 'nothing'}`, () => {
        const result = read(content, suffix);
        assert.ok(result.ok);
        assert.notEqual(result.wholeFileError, null);
        assert.equal(result.fileName, `${name}.json`);
        assert.deepEqual(result.results, []);
      });
    }
  }

  for (const content of ['', '{', '[]', '{}', '{"inboundApiResults":{}}', '{"success":"ALL"}', 'null', '<html>']) {
    test(`that is none is refused with one problem: ${content || 'nothing'}`, () => {
      const result = read(content);
      assert.equal(result.ok, false);
      assert.equal(result.problems.length, 1);
    });
  }
});

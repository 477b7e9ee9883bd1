import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { toApplicationFailure, withFailures } from '../../../src/activities/failures.ts';
import { AceSyncError, catalogue, type ErrorCode } from '../../../src/errors.ts';

/** What concerns one file or one command ends the step; everything else holds the connection and is tried again. */
const final = new Set<ErrorCode>([
  'CONFIGURATION_INVALID',
  'CONFIGURATION_NOT_FOUND',
  'TOOL_UNAVAILABLE',
  'SERVICE_FAILED',
  'OBJECT_GONE',
  'OBJECT_REPLACED',
  'FILE_UNREADABLE',
  'FILE_TOO_LARGE',
  'RENDER_CHANGED',
  'FOREIGN_STAMP',
  'ACE_ID_DIFFERS',
  'ACE_ID_TAKEN',
  'MAPPING_INVALID',
  'WORKBOOK_INVALID',
  'MAPPING_NOT_RELEASED',
  'CONDITION_REFUSED',
]);

const secret = 'jane.doe@customer.example';

describe('failures of activities', () => {
  for (const code of Object.keys(catalogue) as ErrorCode[]) {
    it(`carry ${code} as type and are ${final.has(code) ? 'not ' : ''}retried`, () => {
      const failure = toApplicationFailure(new AceSyncError(code, 'detail', { cause: new Error(secret) }));
      assert.ok(failure instanceof ApplicationFailure);
      assert.equal(failure.type, code);
      assert.equal(failure.nonRetryable, final.has(code));
      assert.equal(failure.cause, undefined, 'the cause is foreign text');
    });
  }

  it('wait as long as the other side said', () => {
    const failure = toApplicationFailure(new AceSyncError('CRM_UNAVAILABLE', '', { retryAfterMs: 7_000 }));
    assert.equal((failure as ApplicationFailure).nextRetryDelay, 7_000);
  });

  const foreign: readonly [string, unknown][] = [
    ['an error of a library', new TypeError(`Cannot read "${secret}"`)],
    ['an error with a foreign cause', new Error('outer', { cause: new Error(secret) })],
    ['an error with properties', Object.assign(new Error('refused'), { fields: [secret], data: { email: secret } })],
    ['an error that names itself after a value', Object.assign(new Error('x'), { stack: `Error: ${secret}\n at x` })],
    ['a text', secret],
    ['an object', { message: secret }],
    ['nothing', undefined],
  ];
  for (const [what, error] of foreign) {
    it(`hold no word of ${what}`, () => {
      const failure = toApplicationFailure(error);
      assert.ok(failure instanceof ApplicationFailure);
      assert.equal(failure.type, 'UNFORESEEN');
      assert.equal(failure.nonRetryable, false);
      assert.equal(
        JSON.stringify({ ...failure, message: failure.message, stack: failure.stack }).includes(secret),
        false,
      );
    });
  }

  it('say where in this project an unforeseen error came from', async () => {
    const { message } = toApplicationFailure(
      Object.assign(new Error(secret), {
        stack: `Error: ${secret}\n    at f (file:///app/src/activities/put-file.ts:12:3)`,
      }),
    );
    assert.match(message, /activities\/put-file\.ts:12:3/);
  });

  it('leave cancellation to Temporal', () => {
    const cancelled = new CancelledFailure('cancelled');
    assert.equal(toApplicationFailure(cancelled), cancelled);
  });

  it('wrap every activity of a set, and results pass unchanged', async () => {
    const wrapped = withFailures({
      good: async (value: number) => value + 1,
      bad: async () => {
        throw new Error(secret);
      },
    });
    assert.equal(await wrapped.good(1), 2);
    await assert.rejects(
      wrapped.bad(),
      (error) => error instanceof ApplicationFailure && !error.message.includes(secret),
    );
  });
});

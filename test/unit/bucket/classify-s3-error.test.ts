import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { S3ServiceException } from '@aws-sdk/client-s3';
import { classifyS3Error } from '../../../src/bucket/classify-s3-error.ts';
import { AceSyncError, type ErrorCode } from '../../../src/errors.ts';

function answer(name: string, httpStatusCode: number): S3ServiceException {
  const message = 'User arn:aws:iam::123456789012:user/partner is not authorized';
  return new S3ServiceException({ name, message, $fault: 'client', $metadata: { httpStatusCode } });
}

const cases: readonly (readonly [string, number, ErrorCode])[] = [
  ['AccessDenied', 403, 'BUCKET_ACCESS_DENIED'],
  ['SignatureDoesNotMatch', 403, 'BUCKET_ACCESS_DENIED'],
  ['KMS.DisabledException', 400, 'BUCKET_ACCESS_DENIED'],
  ['PermanentRedirect', 301, 'BUCKET_ACCESS_DENIED'],
  ['NoSuchBucket', 404, 'BUCKET_ACCESS_DENIED'],
  ['NoSuchKey', 404, 'OBJECT_GONE'],
  ['NotFound', 404, 'OBJECT_GONE'],
  ['PreconditionFailed', 412, 'OBJECT_REPLACED'],
  ['ConditionalRequestConflict', 409, 'BUCKET_UNAVAILABLE'],
  ['RequestTimeout', 400, 'BUCKET_UNAVAILABLE'],
  ['SlowDown', 503, 'BUCKET_UNAVAILABLE'],
  ['InternalError', 500, 'BUCKET_UNAVAILABLE'],
];

describe('classifying answers of S3', () => {
  for (const [name, status, code] of cases) {
    it(`takes ${name} (${status}) for ${code}`, () => {
      const error = classifyS3Error(answer(name, status), 'Getting a.json');
      assert.equal(error.code, code);
      assert.ok(error.message.includes(`Getting a.json: ${name} (${status})`));
    });
  }

  it("leaves out S3's own message, which can name accounts and users", () => {
    assert.ok(!classifyS3Error(answer('AccessDenied', 403), 'Listing').message.includes('123456789012'));
  });

  it('takes connection errors and timeouts for unavailable, and says which', () => {
    const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    const error = classifyS3Error(reset, 'Listing');
    assert.equal(error.code, 'BUCKET_UNAVAILABLE');
    assert.ok(error.message.includes('ECONNRESET'));
    const timeout = Object.assign(new Error('timed out'), { name: 'TimeoutError' });
    assert.ok(classifyS3Error(timeout, 'Listing').message.includes('TimeoutError'));
  });

  it('takes missing keys for a missing secret, and passes errors of the catalogue on', () => {
    const missing = Object.assign(new Error('no providers'), { name: 'CredentialsProviderError' });
    assert.equal(classifyS3Error(missing, 'Listing').code, 'SECRET_MISSING');
    const own = new AceSyncError('SECRET_MISSING', 'Environment variable A.');
    assert.equal(classifyS3Error(own, 'Listing'), own);
  });
});

import { S3ServiceException } from '@aws-sdk/client-s3';
import { AceSyncError, type ErrorCode } from '../errors.ts';

/**
 * What an HTTP status of S3 means for an object request. 409 is ConditionalRequestConflict: two conditional requests
 * met, and S3's documentation says to repeat. Every status that is not listed refuses the request.
 */
const codeByStatus: Readonly<Record<number, ErrorCode>> = {
  404: 'OBJECT_GONE',
  408: 'BUCKET_UNAVAILABLE',
  409: 'BUCKET_UNAVAILABLE',
  412: 'OBJECT_REPLACED',
  429: 'BUCKET_UNAVAILABLE',
};

/** S3 answers these with a 4xx status although nothing is wrong with the request. */
const passingFaults = new Set(['RequestTimeout', 'SlowDown', 'OperationAborted', 'InternalError', 'Throttling']);

function codeOf(error: S3ServiceException): ErrorCode {
  const status = error.$metadata.httpStatusCode ?? 500;
  if (status >= 500 || passingFaults.has(error.name)) return 'BUCKET_UNAVAILABLE';
  // A missing bucket also answers 404, and must never read as a missing object.
  if (error.name === 'NoSuchBucket') return 'BUCKET_ACCESS_DENIED';
  return codeByStatus[status] ?? 'BUCKET_ACCESS_DENIED';
}

/**
 * Turns whatever a request threw into an error of the catalogue. S3's message is left out, since it can hold
 * account numbers and key ids; its error code, such as `AccessDenied` or `KMS.DisabledException`, says enough.
 */
export function classifyS3Error(error: unknown, request: string): AceSyncError {
  if (error instanceof AceSyncError) return error;
  if (error instanceof S3ServiceException) {
    const status = error.$metadata.httpStatusCode ?? 'no status';
    return new AceSyncError(codeOf(error), `${request}: ${error.name} (${status}).`, { cause: error });
  }
  const name = error instanceof Error ? error.name : 'unknown error';
  if (name === 'CredentialsProviderError') {
    return new AceSyncError('SECRET_MISSING', 'No AWS credentials were found for the ACE bucket.', { cause: error });
  }
  return new AceSyncError('BUCKET_UNAVAILABLE', `${request}: ${connectionCode(error) ?? name}.`, { cause: error });
}

function connectionCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

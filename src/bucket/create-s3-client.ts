import { S3Client } from '@aws-sdk/client-s3';
import { credentialProvider } from './credentials.ts';
import type { BucketOptions } from './options.ts';

/** A connection to S3 is made in milliseconds or not at all. */
const connectionTimeoutMs = 3_000;
/** Time without an answer. The largest ACE file has 1 MB; a listing of 1,000 keys takes well under a second. */
const requestTimeoutMs = 15_000;
/**
 * No repetition of the SDK's own: Temporal repeats and shows it, and a PUT that is repeated must first look what became of
 * the one before (design.md, rule 4).
 */
const attemptsAtAce = 1;
/** As many as a worker's concurrent activities need; the SDK's default of 50 queues silently. */
const maxSockets = 200;

/** @param maxAttempts of a request, for a bucket where repeating one changes nothing. */
export function createS3Client(options: BucketOptions, maxAttempts = attemptsAtAce): S3Client {
  return new S3Client({
    region: options.region,
    maxAttempts,
    requestHandler: {
      connectionTimeout: connectionTimeoutMs,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
      httpAgent: { maxSockets },
      httpsAgent: { maxSockets },
    },
    // Only AWS resolves bucket names as host names.
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint, forcePathStyle: true }),
    ...(options.credentials === undefined ? {} : { credentials: credentialProvider(options.credentials) }),
  });
}

import { z } from 'zod';
import { secretSchema } from '../config/secret.ts';

const credentials = z.union([
  // The key id is no secret, but it is rotated together with one, so it comes from the same kind of place.
  z.strictObject({ accessKeyId: secretSchema, secretAccessKey: secretSchema, sessionToken: secretSchema.optional() }),
  z.strictObject({
    static: z
      .strictObject({ accessKeyId: z.string().min(1), secretAccessKey: z.string().min(1) })
      .describe('Written out in the file: for the sandbox, whose keys open nothing else.'),
  }),
]);

/**
 * How to reach the ACE bucket. Without `credentials` the AWS SDK's own chain is used (environment, profile, container
 * and instance roles). Assuming a role is left to that chain too: a profile with `role_arn` does it.
 */
export const bucketOptionsSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'expected an S3 bucket name like ace-apn-123456-beta-us-west-2')
    .describe('Name of the ACE bucket, as AWS gave it.'),
  region: z.string().min(1).default('us-west-2').describe('AWS keeps all ACE buckets in us-west-2.'),
  endpoint: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Address of another S3 server, such as the sandbox; path-style addressing is used with it.'),
  credentials: credentials.optional(),
});

export type BucketOptions = z.infer<typeof bucketOptionsSchema>;
export type BucketCredentials = z.infer<typeof credentials>;

import { z } from 'zod';

/** An access key id is no secret in itself, but it is rotated together with one, so it may come from the same place. */
const secretSource = z.union([
  z.strictObject({ env: z.string().min(1).describe('Name of the environment variable that holds the value.') }),
  z.strictObject({ file: z.string().min(1).describe('Path of a file that holds the value; read again every minute.') }),
]);

const credentials = z.union([
  z.strictObject({ accessKeyId: secretSource, secretAccessKey: secretSource, sessionToken: secretSource.optional() }),
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
export type SecretSource = z.infer<typeof secretSource>;

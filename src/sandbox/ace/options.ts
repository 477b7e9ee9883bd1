import { z } from 'zod';
import { switchesSchema } from './switches.ts';

const s3Options = z.object({
  endpoint: z.url(),
  region: z.string().min(1),
  accessKeyId: z.string().min(1),
  secretAccessKey: z.string().min(1),
});
/** ACE's own identity in the S3 server: the bucket's owner. */
export type S3Options = z.infer<typeof s3Options>;

export const simulatorOptionsSchema = z.strictObject({
  s3: s3Options,
  bucket: z.string().min(3),
  /** The partner's number at AWS, written into every file. */
  spmsId: z.string().regex(/^\d{1,9}$/, 'expected up to nine digits'),
  /** Folder of the state; a simulator that is started on it again goes on where it stopped. */
  folder: z.string().min(1),
  /** Version of a new connection; an inbound file of version 2 upgrades it for good. */
  payloadVersion: z.union([z.literal(1), z.literal(2)]).default(1),
  /** The same seed and the same requests give the same ids and contents. */
  seed: z.number().int().default(1),
  clock: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('real') }),
      z.strictObject({ kind: z.literal('accelerated'), factor: z.number().positive() }),
      z.strictObject({ kind: z.literal('stepped'), start: z.iso.datetime() }),
    ])
    .default({ kind: 'real' }),
  /** Switches that differ from their defaults; those changed later are part of the state and win on a restart. */
  switches: switchesSchema.prefault({}),
  /** Loopback port of the HTTP control interface; 0 takes a free one, absent opens none. */
  controlPort: z.number().int().min(0).max(65535).optional(),
  /** Loopback port of a proxy through which the partner reaches S3, for the switch `faults`; 0 takes a free one. */
  faultProxyPort: z.number().int().min(0).max(65535).optional(),
});

export type SimulatorOptions = z.input<typeof simulatorOptionsSchema>;
export type CheckedOptions = z.infer<typeof simulatorOptionsSchema>;

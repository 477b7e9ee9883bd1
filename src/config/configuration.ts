import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { bucketOptionsSchema } from '../bucket/options.ts';
import { salesforceOptionsSchema } from '../crm/salesforce/options.ts';
import { AceSyncError } from '../errors.ts';
import { s3AddressOf } from '../journal/s3-address.ts';
import { noticesSchema, watchSchema } from './notice-settings.ts';
import { secretSchema, withSecretsIn } from './secret.ts';

/**
 * The one configuration of a connection, validated once at start-up. Secrets are references to environment variables
 * or files and are read when they are used, so that they can rotate without a restart.
 */

const minutes = (count: number) => count * 60;
const days = (count: number) => count * 24 * 60 * 60;
const seconds = (fallback: number) => z.number().positive().max(days(60)).default(fallback);

const timingSchema = z
  .strictObject({
    /** Seconds between two scans of an outbound or result folder. ACE exports hourly; results come within minutes. */
    scanInterval: seconds(minutes(10)),
    /** Seconds between two rounds of change detection. */
    detectInterval: seconds(90),
    /** Seconds between two sweeps of all linked records. */
    sweepInterval: seconds(days(1)),
    /** Seconds that change detection looks back: SystemModstamp can become visible late (salesforce.md, hazards). */
    detectOverlap: seconds(minutes(10)),
    /** Seconds a processed result may take before the upload looks for evidence; ACE says "less than 5 minutes". */
    resultTimeLimit: seconds(minutes(30)),
    /** Seconds after which a held or waiting upload looks again by itself. */
    probeInterval: seconds(days(1)),
    /** Seconds after which a parked file tries its records again by itself. */
    parkedProbeInterval: seconds(days(1)),
    /** Seconds a result file waits for its upload before it is delivered again. */
    deliverInterval: seconds(minutes(10)),
  })
  .prefault({});

const tryAgainSchema = z
  .strictObject({
    /** Seconds from an answer that ACE was busy, or from giving up on an answer, to the next attempt. */
    after: seconds(minutes(10)),
    /** Attempts with the same content, after which a person decides. */
    most: z.int().min(1).max(100).default(5),
  })
  .prefault({});

const pingPongSchema = z
  .strictObject({
    /** Seconds in which the files of one record are counted. */
    within: seconds(minutes(60)),
    /** Files without anybody's edit between, after which the record is held. */
    mostAutomatic: z.int().min(1).max(1000).default(6),
    /** Files in all, after which it is held too: another integration looks like a person. */
    mostInAll: z.int().min(1).max(1000).default(20),
  })
  .prefault({});

/** Days: a file may be needed as long as Temporal keeps its workflow, and the watch learns from a month. */
const shortestRetention = 90;

export const modes = ['observe', 'match', 'live'] as const;

const fieldsSchema = z.strictObject({
  /** Immutable id of the connection: it keys workflow ids, schedules and state. */
  connection: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'expected 1 to 32 lower-case letters, digits or "-"'),
  /** This installation's prefix of inbound file names: two installations on one bucket must differ. */
  installation: z.string().regex(/^[a-z0-9]{1,12}$/, 'expected 1 to 12 lower-case letters or digits'),
  /** `observe` reads and reports, `match` links what is there, `live` syncs. New connections start read-only. */
  mode: z.enum(modes).default('observe'),
  temporal: z
    .strictObject({
      address: z.string().min(1).default('127.0.0.1:7233'),
      namespace: z.string().min(1).default('default'),
      taskQueue: z.string().min(1).default('ace-sync'),
      /** Keys that encrypt payloads in Temporal (AES-256-GCM): base64 of 32 bytes, one a line, the first encrypts. */
      payloadKey: secretSchema.optional(),
      /** Origin of Temporal's Web UI, whose pages may ask the codec server. */
      webUi: z.url().optional(),
    })
    .prefault({}),
  ace: z.strictObject({
    spmsId: z.string().regex(/^\d{1,9}$/, 'expected the number in the bucket name, up to 9 digits, in quotes'),
    environment: z.enum(['beta', 'prod']),
    payloadVersion: z.union([z.literal(1), z.literal(2)]).default(2),
    programme: z.enum(['consulting', 'isvAccelerate', 'saasRevenueRecognition']).default('consulting'),
    bucket: bucketOptionsSchema,
  }),
  salesforce: salesforceOptionsSchema,
  /** Path of the mapping file, relative to the configuration file. */
  mapping: z.string().min(1),
  journal: z.strictObject({
    /** Path of a folder, relative to the configuration file, or `s3://<bucket>/<prefix>` in a bucket of your own. */
    folder: z.string().min(1),
    /** How to reach the bucket of an `s3://` journal. */
    s3: bucketOptionsSchema.omit({ name: true }).optional(),
    /** Keys that encrypt the journal's files and lines, in the form of `temporal.payloadKey`. */
    key: secretSchema.optional(),
    /** Days that files and lines are kept at least; `ace-sync journal prune` removes what is older. All are kept without it. */
    keepDays: z.int().min(shortestRetention).max(3660).optional(),
  }),
  worker: z
    .strictObject({
      /** Port of `/health` on 127.0.0.1; off without it. */
      healthPort: z.int().min(1).max(65_535).optional(),
      /** Port of Prometheus `/metrics` on 127.0.0.1; off without it. */
      metricsPort: z.int().min(1).max(65_535).optional(),
    })
    .prefault({}),
  /** Key of the field hashes (HMAC): without it nobody can guess values from the state on the records. */
  hashKey: secretSchema,
  timing: timingSchema,
  tryAgain: tryAgainSchema,
  pingPong: pingPongSchema,
  watch: watchSchema,
  notices: noticesSchema,
});

export const configurationSchema = fieldsSchema.superRefine(({ ace, journal }, context) => {
  const issue = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
  const address = s3AddressOf(journal.folder);
  if (address === null && journal.s3 !== undefined)
    issue(['journal', 's3'], 'expected journal.folder to be an s3:// address');
  if (address === null && journal.folder.startsWith('s3:')) issue(['journal', 'folder'], 'expected s3://bucket/prefix');
  // AWS owns the ACE bucket: what lies there is AWS's, and the partner cannot even list it once the programme ends.
  if (address !== null && (address.bucket === ace.bucket.name || address.bucket.startsWith('ace-apn-')))
    issue(['journal', 'folder'], "expected a bucket of your own, not ACE's");
});

export type Configuration = z.infer<typeof configurationSchema>;

/**
 * Reads and validates a configuration file.
 * @throws AceSyncError CONFIGURATION_NOT_FOUND, or CONFIGURATION_INVALID with every problem and its path.
 */
export function loadConfiguration(path: string): Configuration {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new AceSyncError('CONFIGURATION_NOT_FOUND', `Looked for ${path}.`, { cause });
  }
  const document = parseDocument(text);
  const syntax = document.errors.map((error) => `  line ${error.linePos?.[0].line ?? '?'}: ${error.code}`);
  if (syntax.length > 0) {
    throw new AceSyncError('CONFIGURATION_INVALID', `${path} is not readable as YAML:\n${syntax.join('\n')}`);
  }
  const parsed = configurationSchema.safeParse(document.toJS());
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) => `  ${issue.path.join('.') || '(whole file)'}: ${issue.message}`,
    );
    throw new AceSyncError('CONFIGURATION_INVALID', `${problems.length} in ${path}:\n${problems.join('\n')}`);
  }
  const folder = dirname(resolve(path));
  const settings = withSecretsIn(folder, parsed.data);
  const { mapping, journal, salesforce } = settings;
  const { certificateAuthorityFile: authority } = salesforce;
  return {
    ...settings,
    mapping: resolve(folder, mapping),
    journal: { ...journal, folder: resolvedPlace(folder, journal.folder) },
    ...(authority === undefined
      ? {}
      : { salesforce: { ...salesforce, certificateAuthorityFile: resolve(folder, authority) } }),
  };
}

const resolvedPlace = (folder: string, place: string): string =>
  s3AddressOf(place) === null ? resolve(folder, place) : place;

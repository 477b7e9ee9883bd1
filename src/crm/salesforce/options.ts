import { z } from 'zod';
import { secretSchema } from '../../config/secret.ts';

const milliseconds = (fallback: number, max: number) => z.number().int().min(0).max(max).default(fallback);

/** A secret by reference, or written out: the latter for the sandbox, whose keys open nothing else. */
const credentialSchema = z.union([secretSchema, z.strictObject({ static: z.string().min(1) })]);
export type Credential = z.infer<typeof credentialSchema>;

const authSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    /** OAuth client credentials of an External Client App; needs My Domain as `loginUrl`. Simplest to set up. */
    kind: z.literal('clientCredentials'),
    clientId: credentialSchema,
    clientSecret: credentialSchema,
  }),
  z.strictObject({
    /** OAuth JWT bearer: a certificate instead of a secret. */
    kind: z.literal('jwtBearer'),
    clientId: credentialSchema,
    /** Private key in PEM, whose certificate is uploaded to the External Client App. */
    privateKey: credentialSchema,
    username: z.string().min(1),
    /** What the assertion names as audience; Salesforce's general login host of production or sandboxes when left out. */
    audience: z.url().optional(),
  }),
  z.strictObject({
    /** A refresh token from the web server flow, for orgs that allow nothing else. */
    kind: z.literal('refreshToken'),
    clientId: credentialSchema,
    clientSecret: credentialSchema.optional(),
    refreshToken: credentialSchema,
  }),
  z.strictObject({
    /** An access token that somebody else obtained, such as `sf org display`: for one setup or check, not for running. */
    kind: z.literal('accessToken'),
    accessToken: credentialSchema,
    instanceUrl: z.url({ protocol: /^https?$/ }),
  }),
]);

/** Fractions of the org's API calls in 24 hours, its own and everybody else's together (Sforce-Limit-Info). */
const apiShareSchema = z
  .strictObject({
    /** From here shared calls wait longer, so that fewer of them carry more records. */
    slowAt: z.number().min(0).max(1).default(0.7),
    /** From here the connection is held; the rest of the day's calls is left to others. */
    holdAt: z.number().min(0).max(1).default(0.8),
    /** Up to here urgent calls (acceptances with a deadline) still go through. */
    reserveTo: z.number().min(0).max(1).default(0.9),
    /** Milliseconds between two looks at the usage while held. */
    probeIntervalMs: milliseconds(5 * 60_000, 60 * 60_000),
  })
  .refine((share) => share.slowAt <= share.holdAt && share.holdAt <= share.reserveTo, {
    error: 'expected slowAt <= holdAt <= reserveTo',
  })
  .prefault({});

const batchSchema = z
  .strictObject({
    /** Records in one call. Salesforce takes at most 200 (sObject Collections). */
    maxRecords: z.number().int().min(1).max(200).default(200),
    /** Milliseconds that a lone record waits for company. */
    loneWindowMs: milliseconds(100, 5_000),
    /** Milliseconds that a call with more records may wait while others keep coming. */
    backlogWindowMs: milliseconds(5_000, 20_000),
  })
  .prefault({});

/** How to reach one Salesforce org, and how gently. Secrets are read at each login, so they rotate without a restart. */
export const salesforceOptionsSchema = z.strictObject({
  /** My Domain address (`https://example.my.salesforce.com`); client credentials are refused on login.salesforce.com. */
  loginUrl: z.url({ protocol: /^https?$/ }),
  /** Salesforce keeps a version for at least three years; all that is used here exists since 46.0. */
  apiVersion: z
    .string()
    .regex(/^\d{2,3}\.0$/, 'expected a version such as "62.0"')
    .default('62.0'),
  auth: authSchema,
  /** The org this connection belongs to; another one, such as a copied sandbox, is refused. */
  pin: z
    .strictObject({
      orgId: z.string().regex(/^00D[A-Za-z0-9]{12}([A-Za-z0-9]{3})?$/, 'expected an organization id (00D…)'),
      sandbox: z.boolean(),
    })
    .optional(),
  /**
   * Milliseconds until a request counts as lost. Must leave room below the activities' start-to-close time limit for the
   * waiting in a shared call (`batch.backlogWindowMs`).
   */
  requestTimeoutMs: z.number().int().min(100).max(120_000).default(30_000),
  batch: batchSchema,
  apiShare: apiShareSchema,
  /** Milliseconds after which what cannot be done now is tried again, by its reason. */
  retry: z
    .strictObject({
      /** Another transaction holds the row for a moment. */
      rowLockMs: milliseconds(10_000, 60 * 60_000),
      /** An approval process holds the record for days. */
      approvalLockMs: milliseconds(60 * 60_000, 24 * 60 * 60_000),
      /** Salesforce does not answer. */
      unavailableMs: milliseconds(5_000, 60 * 60_000),
      /** Login refused, or a field is gone or hidden: somebody has to act. */
      connectionMs: milliseconds(60_000, 60 * 60_000),
    })
    .prefault({}),
  /** What a duplicate rule with the action Alert does to the sync; one with the action Block always holds the record. */
  duplicateAlerts: z.enum(['hold', 'pass']).default('hold'),
  /**
   * Proxy for outgoing requests: an address, `environment` for HTTPS_PROXY, HTTP_PROXY and NO_PROXY, or `none`.
   * Loopback addresses are never reached through a proxy.
   */
  proxy: z.union([z.literal('environment'), z.literal('none'), z.url({ protocol: /^https?$/ })]).default('environment'),
  /** PEM file of further certificate authorities, such as a company's own. */
  certificateAuthorityFile: z.string().min(1).optional(),
});

export type SalesforceOptions = z.infer<typeof salesforceOptionsSchema>;
export type SalesforceAuth = SalesforceOptions['auth'];

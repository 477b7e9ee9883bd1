/**
 * Time limits and retry pace of every activity, declared once. A module of its own, so that the fault harness can put
 * shorter ones in its place: after a killed worker nothing moves on before they are over.
 */

/** Retry pace of everything that talks to S3, the CRM or Temporal: from 1 s up to 1 min, for as long as it takes. */
export const untilItWorks = { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' } as const;

/**
 * Every activity reports by itself while it runs (`activities/heartbeats.ts`), so this is how long the work of a killed
 * worker lies before another one takes it up. Far above the reports' pace: a busy process may be late.
 */
const heartbeatTimeout = '30s';

/** S3 requests: each has its own 15 s limit in the client; a file is at most 1 MB. */
export const bucketLimits = { startToCloseTimeout: '1m', heartbeatTimeout, retry: untilItWorks } as const;

/**
 * A scan must end within its schedule's interval, or a stuck listing would look like a running scan for ever
 * (overlap policy SKIP); it then ends with a typed outcome and the next run tries again.
 */
export const scanLimits = {
  startToCloseTimeout: '30s',
  scheduleToCloseTimeout: '50s',
  retry: { initialInterval: '1s', maximumInterval: '10s' },
} as const;

/** CRM activities wait in shared calls: up to 5 s for a batch, a minute for the files of one scan; 30 s for the call. */
export const crmLimits = { startToCloseTimeout: '3m', heartbeatTimeout, retry: untilItWorks } as const;

/**
 * Activities that go through all records of a connection, or all files of the archive: how many there are decides how
 * long that takes, and one that is cut short begins anew, so a tight limit would keep a large org from ever being done.
 */
export const wholeConnectionLimits = { ...crmLimits, startToCloseTimeout: '4h' } as const;

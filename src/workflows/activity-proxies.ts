import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/create-activities.ts';

/**
 * Time limits and retries of every activity, declared once. Bad data never fails an activity: it comes back as a typed
 * outcome. What fails is a fault of a connection, and that is retried until it is over (design.md, rule 11); errors that
 * the catalogue calls not retryable arrive as non-retryable ApplicationFailures.
 */

/** Retry pace of everything that talks to S3, the CRM or Temporal: from 1 s up to 1 min, for as long as it takes. */
const untilItWorks = { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' } as const;

/** S3 requests: each has its own 20 s limit in the client; a file is at most 1 MB. */
export const bucketActivities = proxyActivities<Activities>({ startToCloseTimeout: '1m', retry: untilItWorks });

/**
 * A scan must end within its schedule's interval, or a stuck listing would look like a running scan for ever
 * (overlap policy SKIP); it then ends with a typed outcome and the next run tries again.
 */
export const scanActivities = proxyActivities<Activities>({
  startToCloseTimeout: '30s',
  scheduleToCloseTimeout: '50s',
  retry: { initialInterval: '1s', maximumInterval: '10s' },
});

/**
 * CRM activities wait in shared calls (up to 5 s for a batch, 30 s for the call) and run on a queue of their own with
 * many slots, so that slots never limit how many records share a call.
 */
export function crmActivities(taskQueue: string) {
  return proxyActivities<Activities>({
    taskQueue: `${taskQueue}-crm`,
    startToCloseTimeout: '3m',
    heartbeatTimeout: '2m',
    retry: untilItWorks,
  });
}

/** Pure work on a file that this worker has in its cache: no task queue round trip, shown in the current details. */
export const localActivities = proxyLocalActivities<Activities>({
  startToCloseTimeout: '30s',
  retry: { initialInterval: '1s', maximumInterval: '10s' },
});

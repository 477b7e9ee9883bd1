import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/create-activities.ts';
import { bucketLimits, crmLimits, scanLimits, wholeConnectionLimits } from './time-limits.ts';

/**
 * Activities as workflows call them. Bad data never fails an activity: it comes back as a typed outcome. What fails is a
 * fault of a connection, and that is retried until it is over (design.md, rule 11); errors that the catalogue calls not
 * retryable arrive as non-retryable ApplicationFailures.
 */

export const bucketActivities = proxyActivities<Activities>(bucketLimits);

export const scanActivities = proxyActivities<Activities>(scanLimits);

/** CRM activities run on a queue of their own with many slots, so that slots never limit how many records share a call. */
export function crmActivities(taskQueue: string) {
  return proxyActivities<Activities>({ taskQueue: `${taskQueue}-crm`, ...crmLimits });
}

/** CRM activities whose work grows with the connection. */
export function wholeConnectionActivities(taskQueue: string) {
  return proxyActivities<Activities>({ taskQueue: `${taskQueue}-crm`, ...wholeConnectionLimits });
}

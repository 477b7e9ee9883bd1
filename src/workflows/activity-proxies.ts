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
const onCrmQueue = (taskQueue: string, limits: typeof crmLimits | typeof wholeConnectionLimits) =>
  proxyActivities<Activities>({ taskQueue: `${taskQueue}-crm`, ...limits });

export const crmActivities = (taskQueue: string) => onCrmQueue(taskQueue, crmLimits);

/** CRM activities whose work grows with the connection. */
export const wholeConnectionActivities = (taskQueue: string) => onCrmQueue(taskQueue, wholeConnectionLimits);

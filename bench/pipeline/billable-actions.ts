import type { Client } from '@temporalio/client';

/**
 * Billable actions as Temporal Cloud's documentation counts them ("Temporal Cloud Actions"), read from histories. Beats
 * of activities leave no event and are not counted; retries of activities do not happen in a benchmark.
 */
const actionsByEvent: Readonly<Record<string, number>> = {
  activityTaskScheduledEventAttributes: 1,
  timerStartedEventAttributes: 1,
  workflowExecutionSignaledEventAttributes: 1,
  workflowExecutionUpdateAcceptedEventAttributes: 1,
  upsertWorkflowSearchAttributesEventAttributes: 1,
};

/** Starting a child counts for the parent and for the child; continuing as new counts like a start. */
const actionsOfStart = { child: 2, other: 1 } as const;

type History = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>;

/** Actions of one run, its start included. */
export function actionsOf({ events }: History): number {
  let actions = 0;
  // All local activities of one workflow task are one action.
  const tasksWithLocalActivities = new Set<string>();
  for (const event of events ?? []) {
    for (const [attribute, count] of Object.entries(actionsByEvent))
      if (Reflect.get(event, attribute)) actions += count;
    const marker = event.markerRecordedEventAttributes;
    if (marker) tasksWithLocalActivities.add(String(marker.workflowTaskCompletedEventId));
    const started = event.workflowExecutionStartedEventAttributes;
    if (started) {
      const isChild = started.parentWorkflowExecution && !started.continuedExecutionRunId;
      actions += isChild ? actionsOfStart.child : actionsOfStart.other;
    }
  }
  return actions + tasksWithLocalActivities.size;
}

/** Runs of each workflow type whose histories are read; the others of the type are the same again. */
const sampleSize = 50;

/** Actions of all runs that the query finds. */
export async function billableActions(client: Client, query: string): Promise<number> {
  const runs = new Map<string, { count: number; sampled: number; actions: number }>();
  for await (const { type, workflowId, runId } of client.workflow.list({ query })) {
    const seen = runs.get(type) ?? { count: 0, sampled: 0, actions: 0 };
    runs.set(type, seen);
    seen.count += 1;
    if (seen.sampled >= sampleSize) continue;
    seen.sampled += 1;
    seen.actions += actionsOf(await client.workflow.getHandle(workflowId, runId).fetchHistory());
  }
  return [...runs.values()].reduce((sum, { count, sampled, actions }) => sum + (actions / sampled) * count, 0);
}

import type { WorkflowExecutionDescription, WorkflowExecutionInfo } from '@temporalio/client';
import type { Evidence, FailingGroup, WaitingGroup } from '../notices/evidence.ts';
import { searchAttributeOf } from '../workflows/search-attributes.ts';
import type { Dependencies } from './dependencies.ts';
import { describeRun } from './describe-run.ts';

const kinds: Readonly<Record<string, WaitingGroup['kind']>> = {
  uploadRecord: 'upload',
  processOutboundFile: 'outboundFile',
  processResultFile: 'resultFile',
};
const fileKinds = new Set<string | undefined>(['outboundFile', 'resultFile'] satisfies WaitingGroup['kind'][]);
/** Outcomes of running workflows that wait with a reason; all others are at work. */
const waitingOutcomes = new Set<string>(['held', 'waiting', 'parked']);

/**
 * Workflows looked at one by one: the longest running of those at work, where a loop would show, and as many of those that
 * wait, in turn. A run that cannot go on once it wakes up, as after an upgrade, still says that it waits.
 */
const mostDescribed = 25;
const day = 24 * 60 * 60_000;

/** What Temporal knows of the connection: who waits and why, what fails in a loop, what ended wrongly, what is paused. */
export async function readTemporalEvidence(deps: Dependencies): Promise<NonNullable<Evidence['temporal']>> {
  const { client, config, now } = deps;
  const mine = `AceConnection = '${config.connection}'`;
  const groups = new Map<string, WaitingGroup>();
  const working: WorkflowExecutionInfo[] = [];
  const asleep: WorkflowExecutionInfo[] = [];
  for await (const run of client.workflow.list({ query: `${mine} AND ExecutionStatus = 'Running'` })) {
    const outcome = searchAttributeOf(run.typedSearchAttributes, 'AceOutcome');
    const code = searchAttributeOf(run.typedSearchAttributes, 'AceReason');
    const kind = kinds[run.type];
    if (kind === undefined || outcome === null || code === null || !waitingOutcomes.has(outcome)) working.push(run);
    else {
      asleep.push(run);
      const key = `${kind} ${outcome} ${code}`;
      groups.set(key, { kind, outcome, code, count: (groups.get(key)?.count ?? 0) + 1 });
    }
  }
  const since = new Date(now().getTime() - day).toISOString();
  const failed = `${mine} AND ExecutionStatus IN ('Failed', 'TimedOut') AND CloseTime > '${since}'`;
  return {
    waiting: [...groups.values()],
    failing: await readFailing(deps, [...longest(working), ...inTurn(asleep, deps)]),
    atWork: {
      uploads: working.filter(({ type }) => kinds[type] === 'upload').length,
      files: working.filter(({ type }) => fileKinds.has(kinds[type])).length,
    },
    ended: (await client.workflow.count(failed)).count,
    pausedSchedules: await pausedSchedules(deps),
  };
}

const longest = (runs: readonly WorkflowExecutionInfo[]) =>
  runs.toSorted((one, other) => one.startTime.getTime() - other.startTime.getTime()).slice(0, mostDescribed);

/** Another part in each look, so that all are seen in time. */
function inTurn(runs: readonly WorkflowExecutionInfo[], { config, now }: Dependencies) {
  const parts = Math.max(1, Math.ceil(runs.length / mostDescribed));
  const part = Math.floor(now().getTime() / (config.watch.interval * 1000)) % parts;
  const ordered = runs.toSorted((one, other) => one.workflowId.localeCompare(other.workflowId));
  return ordered.slice(part * mostDescribed, (part + 1) * mostDescribed);
}

async function readFailing(
  { client, config }: Dependencies,
  runs: readonly WorkflowExecutionInfo[],
): Promise<readonly FailingGroup[]> {
  const descriptions = await Promise.all(runs.map(({ workflowId, runId }) => describeRun(client, workflowId, runId)));
  const groups = new Map<string, FailingGroup>();
  for (const [position, description] of descriptions.entries()) {
    const workflowId = runs[position]?.workflowId ?? '';
    for (const failure of failuresOf(description, config.watch.failingAttempts)) {
      const key = `${failure.what} ${failure.code}`;
      const earlier = groups.get(key);
      groups.set(key, { workflowId, ...earlier, ...failure, count: (earlier?.count ?? 0) + 1 });
    }
  }
  return [...groups.values()];
}

/** What a workflow has under way that failed this often: once per code. */
export function failuresOf(
  description: Pick<WorkflowExecutionDescription, 'raw'> | null,
  attempts: number,
): readonly Pick<FailingGroup, 'what' | 'code'>[] {
  if (description === null) return [];
  const { pendingActivities, pendingWorkflowTask } = description.raw;
  const codes = (pendingActivities ?? [])
    .filter((activity) => (activity.attempt ?? 0) >= attempts)
    .map((activity) => activity.lastFailure?.applicationFailureInfo?.type ?? 'UNFORESEEN');
  return [
    ...((pendingWorkflowTask?.attempt ?? 0) >= attempts
      ? [{ what: 'workflowTask' as const, code: 'workflowTask' }]
      : []),
    ...[...new Set(codes)].map((code) => ({ what: 'activity' as const, code })),
  ];
}

async function pausedSchedules({ client, config }: Dependencies): Promise<readonly string[]> {
  const paused: string[] = [];
  for await (const { scheduleId, state } of client.schedule.list())
    if (scheduleId.startsWith(`${config.connection}/`) && state.paused) paused.push(scheduleId);
  return paused;
}

import { searchAttributeOf } from '../workflows/search-attributes.ts';
import type { Dependencies } from './dependencies.ts';
import { describeRun } from './describe-run.ts';

/** How often a file version may be started in all: after that somebody has to look (promise 8). */
const mostStarts = 4;

/**
 * Of workflows that a scan met as "known", those that ended without settling their file: failed, terminated, timed out
 * or cancelled. One that completed has settled it or leaves it on purpose (a foreign result); what mode `observe` left
 * alone is due once the connection is in another mode.
 */
export function findUnsettled({ client, log, config }: Pick<Dependencies, 'client' | 'log' | 'config'>) {
  return async (input: { workflowIds: readonly string[] }): Promise<readonly string[]> => {
    const unsettled: string[] = [];
    for (const workflowId of input.workflowIds) {
      if (!(await endedUnsettled(workflowId))) continue;
      // A parked file continues as new before each wait: that is no start.
      const starts = `WorkflowId = '${workflowId}' AND ExecutionStatus != 'ContinuedAsNew'`;
      const { count } = await client.workflow.count(starts);
      if (count < mostStarts) unsettled.push(workflowId);
      else
        log.error({ workflowId, count }, 'A file was started several times and is still there: look at its last run.');
    }
    return unsettled;
  };

  async function endedUnsettled(workflowId: string): Promise<boolean> {
    const run = await describeRun(client, workflowId);
    if (run === null) return true;
    if (run.status.name !== 'COMPLETED') return unsettledStatuses.has(run.status.name);
    return config.mode !== 'observe' && searchAttributeOf(run.typedSearchAttributes, 'AceOutcome') === 'observed';
  }
}

const unsettledStatuses = new Set<string>(['FAILED', 'TERMINATED', 'TIMED_OUT', 'CANCELLED']);

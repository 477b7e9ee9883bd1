import { WorkflowNotFoundError } from '@temporalio/client';
import { searchAttributeOf } from '../workflows/search-attributes.ts';
import type { Dependencies } from './dependencies.ts';

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
    try {
      const { status, typedSearchAttributes } = await client.workflow.getHandle(workflowId).describe();
      if (status.name !== 'COMPLETED') return unsettledStatuses.has(status.name);
      return config.mode !== 'observe' && searchAttributeOf(typedSearchAttributes, 'AceOutcome') === 'observed';
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return true;
      throw error;
    }
  }
}

const unsettledStatuses = new Set<string>(['FAILED', 'TERMINATED', 'TIMED_OUT', 'CANCELLED']);

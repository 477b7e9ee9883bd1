import { asyncLocalStorage } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import { retry } from '../workflows/messages.ts';
import type { Dependencies } from './dependencies.ts';

/** Tells the files in which any of these records is parked, by ACE id: up to as many as a file holds. @returns how many */
export function retryParked(deps: Dependencies) {
  return ({ aceIds }: { aceIds: readonly string[] }): Promise<number> => retryParkedRecords(deps, aceIds);
}

/**
 * Tells the files in which a version of this record is parked that what they wait for may be over: the answer to a file
 * of ours, a newer version, the end of the referral. Visibility can be late by a moment; the probe of each file is the net.
 */
export async function retryParkedRecord(deps: Signals, aceId: string | null): Promise<void> {
  if (aceId !== null) await retryParkedRecords(deps, [aceId]);
}

type Signals = Pick<Dependencies, 'client' | 'config'>;

async function retryParkedRecords({ client, config }: Signals, aceIds: readonly string[]): Promise<number> {
  if (aceIds.length === 0) return 0;
  const query =
    `WorkflowType = 'processOutboundFile' AND ExecutionStatus = 'Running'` +
    ` AND AceConnection = '${config.connection}' AND AceParkedIds IN (${aceIds.map((id) => `'${id}'`).join(', ')})`;
  const self = ownWorkflowId();
  let signalled = 0;
  for await (const { workflowId } of client.workflow.list({ query })) {
    if (workflowId === self) continue;
    await signalUnlessClosed(client.workflow.getHandle(workflowId));
    signalled += 1;
  }
  return signalled;
}

/** The file's own retry is what it waited for. */
function ownWorkflowId(): string | null {
  return asyncLocalStorage.getStore()?.info.workflowExecution?.workflowId ?? null;
}

/** A file that was settled between the listing and the signal needs no retry. */
async function signalUnlessClosed(handle: { signal(definition: typeof retry): Promise<void> }): Promise<void> {
  try {
    await handle.signal(retry);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

import type { SharedObject } from '../crm/crm.ts';
import { retry } from '../workflows/messages.ts';
import type { Dependencies } from './dependencies.ts';

/** The activity of the same purpose. @returns how many files were told */
export function retryParked(deps: Dependencies) {
  return ({ object }: { object: SharedObject }): Promise<number> => retryParkedFiles(deps, object);
}

/** Signals `retry` to every file of the object that waits with parked records; trying again unchanged is harmless. */
export async function retryParkedFiles(
  { client, config }: Pick<Dependencies, 'client' | 'config'>,
  object: SharedObject,
): Promise<number> {
  const query =
    `WorkflowType = 'processOutboundFile' AND ExecutionStatus = 'Running' AND AceOutcome = 'parked'` +
    ` AND AceConnection = '${config.connection}' AND AceObject = '${object}'`;
  let signalled = 0;
  for await (const { workflowId } of client.workflow.list({ query })) {
    await client.workflow.getHandle(workflowId).signal(retry);
    signalled += 1;
  }
  return signalled;
}

import type { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { searchAttributeNames, searchAttributeTypes } from '../workflows/search-attributes.ts';

/** gRPC's status ALREADY_EXISTS. */
const alreadyExists = 6;

/**
 * Makes the namespace, or sets the retention of the one that is there, and adds the search attributes that are missing.
 * For servers of one's own: Temporal Cloud does both through its own interface.
 */
export async function prepareNamespace(
  connection: Connection,
  { namespace, retentionDays }: { readonly namespace: string; readonly retentionDays: number },
): Promise<void> {
  const workflowExecutionRetentionPeriod = msToTs(`${retentionDays} days`);
  try {
    await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === alreadyExists)) throw error;
    const config = { workflowExecutionRetentionTtl: workflowExecutionRetentionPeriod };
    await connection.workflowService.updateNamespace({ namespace, config });
  }
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = searchAttributeNames.filter((name) => customAttributes?.[name] === undefined);
  if (missing.length === 0) return;
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(missing.map((name) => [name, searchAttributeTypes[name] ?? 0])),
  });
}

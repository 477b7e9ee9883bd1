import { Context } from '@temporalio/activity';
import type { SharedObject } from '../crm/crm.ts';
import type { Dependencies } from './dependencies.ts';
import type { ResultPart } from './read-result.ts';
import { signalUpload } from './signal-upload.ts';

/**
 * Delivers each part of a result by signal-with-start to the upload of its record: there is no not-found path, and the
 * upload stays the only writer of the record's sending state (design.md, rule 2).
 */
export function deliverResult(deps: Dependencies) {
  return async ({ object, parts }: { object: SharedObject; parts: readonly ResultPart[] }): Promise<void> => {
    const replyTo = Context.current().info.workflowExecution?.workflowId ?? null;
    for (const { crmId, evidence } of parts) {
      await signalUpload(deps, object, crmId, { signal: 'processedResult', result: { ...evidence, replyTo } });
    }
  };
}

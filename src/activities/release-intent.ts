import type { SharedObject } from '../crm/crm.ts';
import type { Dependencies } from './dependencies.ts';
import { expectWritten } from './expect-written.ts';
import { readLinkedRecord, writeRow } from './linked-records.ts';

/**
 * Takes back the intent of a file that did not go out or whose fate was decided, so that the record can be sent anew.
 * The send stays among those without an answer: a late result still finds its render.
 */
export function releaseIntent(deps: Dependencies) {
  return async ({ object, crmId, name }: { object: SharedObject; crmId: string; name: string }): Promise<void> => {
    const state = await readLinkedRecord(deps, object, crmId);
    if (state.intent?.name !== name) return;
    expectWritten(await writeRow(deps, object, state, { Sending__c: null }), `intent of ${crmId}`);
  };
}

import type { CrmValue, SharedObject } from '../crm/crm.ts';
import type { SyncField } from '../crm/data-model.ts';
import { fixByLabels } from '../errors.ts';
import { detailsOf } from '../mapping/row-status.ts';
import { asksMore, type Mark } from './decide-upload.ts';
import type { Dependencies } from './dependencies.ts';
import { expectWritten } from './expect-written.ts';
import { type LinkedState, readLinkedRecord, writeRow } from './linked-records.ts';
import { noteOutcomes, recordLine } from './note-outcome.ts';

/** `ACE_Sync__c.Reason__c` holds 255 characters. */
const longestReason = 255;

/** Says on the companion row where the record stands and why; writes nothing when it says so already. */
export function markUpload(deps: Dependencies) {
  return async (input: { object: SharedObject; crmId: string; mark: Mark | null }): Promise<void> => {
    if (input.mark === null) return;
    const state = await readLinkedRecord(deps, input.object, input.crmId);
    if (state.linked.record === null && state.linked.row === null) return;
    if (state.obstacle === 'foreign') return sayForeign(deps, state, input.mark);
    const row = state.linked.row?.fields ?? null;
    if (asksMore(row, input.mark)) return;
    const fields = rowFieldsOf(input.mark, row ?? {}, deps.now());
    const { status, code } = input.mark;
    if (fields.Since__c !== undefined)
      await noteOutcomes(deps, [recordLine('standing', input.object, state, status, code ?? '')]);
    const outcome = await writeRow(deps, input.object, state, fields);
    expectWritten(outcome, `companion row of ${input.crmId}`);
  };
}

/**
 * Says on a row with somebody else's state that nothing is done with it, where the row says nothing yet: what another
 * installation wrote there is theirs, as the state and the link are.
 */
export async function sayForeign(
  { crm, now }: Pick<Dependencies, 'crm' | 'now'>,
  { linked: { row } }: LinkedState,
  mark: Mark,
): Promise<void> {
  if (row === null || (row.fields.Status__c ?? null) !== null) return;
  expectWritten(await crm.write('sync', { id: row.id }, rowFieldsOf(mark, row.fields, now())), `reason on ${row.id}`);
}

/** Row fields of a mark. `Since__c` moves only when status or reason does, so that a repeated mark is no change. */
export function rowFieldsOf(
  mark: Mark,
  current: Readonly<Record<string, CrmValue>>,
  now: Date,
): Partial<Record<SyncField, CrmValue>> {
  const fields = {
    Status__c: mark.status,
    Reason__c: mark.reason?.slice(0, longestReason) ?? null,
    Reason_Code__c: mark.code,
    ...(mark.problems.length === 0 && mark.code !== null ? {} : { Details__c: detailsOf(mark.problems) }),
    ...(mark.fixBy === null && mark.code !== null
      ? {}
      : { Fix_By__c: mark.fixBy === null ? null : fixByLabels[mark.fixBy] }),
  };
  const moved = current.Status__c !== fields.Status__c || (current.Reason_Code__c ?? null) !== fields.Reason_Code__c;
  return moved ? { ...fields, Since__c: now.toISOString() } : fields;
}

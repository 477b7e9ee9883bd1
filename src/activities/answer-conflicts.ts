import type { CrmFields, SharedObject } from '../crm/crm.ts';
import { answerConflicts, type ConflictAnswer } from '../mapping/conflicts.ts';
import { rowPrefix } from '../mapping/mapping-checks.ts';
import { emptySentState, withBaseline, writeState } from '../mapping/sync-state.ts';
import { type Dependencies, mappingOf } from './dependencies.ts';
import { expectWritten } from './expect-written.ts';
import { type LinkedState, readLinkedRecord, readRecord, writeRow } from './linked-records.ts';
import { announced, type FieldChange } from './write-journaled.ts';

const sides = new Set<unknown>(['crm', 'ace'] satisfies ConflictAnswer[]);

/**
 * Carries out a person's answer to the conflicts of a record (Keep ours, Take AWS's): writes AWS's values where they were
 * chosen, and stores what both sides agree on then. Part of the upload, because it writes the sending state.
 * @returns the record as it is afterwards
 */
export async function applyConflictAnswer(
  deps: Dependencies,
  object: SharedObject,
  state: LinkedState,
): Promise<LinkedState> {
  const { record, row } = state.linked;
  const answer = row?.fields.Conflict_Answer__c;
  if (record === null || row === null || state.obstacle !== null || !sides.has(answer)) return state;
  const mapping = mappingOf(deps, record.id);
  const answered = answerConflicts({
    mapping: mapping[object],
    linked: state.linked,
    sent: state.sent,
    received: state.received,
    hash: deps.hash,
    answer: answer as ConflictAnswer,
  });
  if (answered === null) {
    expectWritten(await writeRow(deps, object, state, { Conflict_Answer__c: null }), `answer of ${record.id}`);
    return readLinkedRecord(deps, object, record.id);
  }
  const changed = (fields: CrmFields, prefix: string, before: CrmFields): readonly FieldChange[] =>
    Object.entries(fields).map(([name, after]) => ({
      id: `conflict@${record.id}@${record.systemModstamp}#${prefix}${name}`,
      crmId: record.id,
      field: prefix + name,
      before: before[name] ?? null,
      after,
      cause: "a person chose Take AWS's",
      rule: 'answered conflict',
      mappingVersion: mapping.version,
      actor: 'person',
    }));
  const ofRecord = changed(answered.recordWrites, '', record.fields);
  const ofRow = changed(answered.valuesOnRow, rowPrefix, row.fields);
  return announced(deps, [...ofRecord, ...ofRow], async (answers) => {
    if (ofRecord.length > 0) {
      const outcome = await deps.crm.write(object, { id: record.id }, answered.recordWrites);
      answers(ofRecord, outcome.kind);
      if (outcome.kind !== 'written') answers(ofRow, outcome.kind);
      expectWritten(outcome, `answer of ${record.id}`);
    }
    const written = (await readRecord(deps, object, record.id)) ?? record;
    const after = { record: written, row: { ...row, fields: { ...row.fields, ...answered.rowWrites } } };
    const sent = withBaseline(state.sent ?? emptySentState(state.stamp), answered.baselineAfter(after));
    const outcome = await writeRow(deps, object, state, { ...answered.rowWrites, Sent_State__c: writeState(sent) });
    answers(ofRow, outcome.kind);
    expectWritten(outcome, `answer of ${record.id}`);
    return readLinkedRecord(deps, object, record.id);
  });
}

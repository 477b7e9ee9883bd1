import type { LinkedState } from '../activities/linked-records.ts';

/** The record as if a person had chosen Share, so that what would be sent can be said before anybody does. */
export function treatAsShared(state: LinkedState): LinkedState {
  const { record, row } = state.linked;
  if (record === null || (row !== null && row.fields.Shared__c === true)) return state;
  const shared =
    row === null
      ? { id: '', aceId: record.aceId, crmId: record.id, fields: { Shared__c: true }, systemModstamp: '' }
      : { ...row, fields: { ...row.fields, Shared__c: true } };
  return { ...state, linked: { record, row: shared } };
}

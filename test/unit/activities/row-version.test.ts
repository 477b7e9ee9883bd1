import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Dependencies } from '../../../src/activities/dependencies.ts';
import { writeRow } from '../../../src/activities/linked-records.ts';
import { linkedState, pureDependencies, sharedRecord } from './linked-world.ts';

const version = '2026-03-02T09:00:00.000Z';

/** Found by the matrix of faults: an older version wrote over a newer one, because it did not say how old it was. */
it('what an export brings to a row goes with its version, though the row carries that version already', async () => {
  const writes: unknown[] = [];
  const deps = new Proxy(pureDependencies(), {
    get: (target, name) =>
      name === 'crm'
        ? {
            write: async (_object: string, _key: unknown, fields: unknown) => {
              writes.push(fields);
              return { kind: 'written', id: 'row', created: false };
            },
          }
        : target[name as keyof Dependencies],
  });
  const state = linkedState(sharedRecord());
  const { record, row } = state.linked;
  assert.ok(record && row);
  const known = {
    ...row.fields,
    ...{ ACE_Last_Modified__c: version, CRM_Record_Id__c: state.stamp.recordId, ACE_Id__c: state.stamp.aceId },
    ...{ Object__c: 'opportunity', Opportunity__c: record.id },
  };
  const linked = {
    row: { ...row, fields: known },
    record: { ...record, fields: { ...record.fields, ACE_Sync__c: row.id } },
  };
  const write = (fields: Parameters<typeof writeRow>[3]) => writeRow(deps, 'opportunity', { ...state, linked }, fields);
  await write({ AWS_Next_Step__c: 'Call', ACE_Last_Modified__c: version });
  await write({ ACE_Last_Modified__c: version });
  assert.deepEqual(writes, [{ AWS_Next_Step__c: 'Call', ACE_Last_Modified__c: version }]);
});

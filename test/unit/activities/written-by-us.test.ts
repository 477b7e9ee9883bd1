import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Dependencies } from '../../../src/activities/dependencies.ts';
import { readLinkedRecord } from '../../../src/activities/linked-records.ts';
import { crmId } from '../mapping/world.ts';
import { pureDependencies, sharedRecord } from './linked-world.ts';

const sync = '005000000000001AAA';
const sales = '005000000000002AAA';

/** Makers and last editors of a record and its row, and whether AWS's version may lead where no state was kept. */
const cases = [
  { made: sync, edited: sync, row: sync, written: true, what: 'what the sync made and nobody edited' },
  { made: sync, edited: sync, row: null, written: true, what: 'what the sync made, cut short before its row' },
  { made: sync, edited: sales, row: sync, written: false, what: 'a record that sales edited' },
  { made: sync, edited: sync, row: sales, written: false, what: 'a record whose row sales edited' },
  { made: sales, edited: sync, row: sync, written: false, what: 'a record of sales that the sync wrote last' },
];

for (const { made, edited, row, written, what } of cases) {
  it(`${what} is ${written ? '' : 'not '}the sync's alone`, async () => {
    const { record, row: known } = sharedRecord().linked;
    assert.ok(record && known);
    const linked = {
      record: { ...record, fields: { ...record.fields, CreatedById: made, LastModifiedById: edited } },
      row: row === null ? null : { ...known, fields: { ...known.fields, LastModifiedById: row } },
    };
    const deps = new Proxy(pureDependencies(), {
      get: (target, name) =>
        name === 'crm'
          ? { identity: async () => ({ userId: sync, orgId: '00D' }), find: async () => [linked] }
          : target[name as keyof Dependencies],
    });
    assert.equal((await readLinkedRecord(deps, 'opportunity', crmId)).writtenByUs, written);
  });
}

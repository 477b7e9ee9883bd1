import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createConnectionHold } from '../../../src/activities/connection-hold.ts';
import type { Crm } from '../../../src/crm/crm.ts';

const hour = 60 * 60_000;

test('a hold is seen within the minute although the machine set its clock back by an hour', async (t) => {
  const rows = [{}, { Requested_State__c: 'Hold all' }];
  const crm = { connectionRow: async () => rows.shift() ?? null } as Partial<Crm> as Crm;
  const hold = createConnectionHold(crm, 'acme');
  assert.equal(await hold.reason('in'), null);
  const [date, steady] = [Date.now(), performance.now()];
  t.mock.method(Date, 'now', () => date - hour);
  t.mock.method(performance, 'now', () => steady + 60_000);
  assert.match(String(await hold.reason('in')), /A person holds the connection/);
});

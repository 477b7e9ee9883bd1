import assert from 'node:assert/strict';
import { it } from 'node:test';
import { rowFieldsOf } from '../../../src/activities/mark-upload.ts';
import { decide } from '../activities/linked-world.ts';
import { aceOpportunity, crmOpportunity, crmRow, now, World } from './world.ts';

it('what holds a record both ways has one wording on its row, so that neither side writes it after the other', async () => {
  const world = new World('opportunity').link(crmOpportunity, crmRow);
  await world.receive(aceOpportunity({ lastModifiedDate: world.tick() }));
  const { record } = world.linked;
  assert.ok(record);
  world.linked = { ...world.linked, record: { ...record, deleted: true } };
  const decision = await decide(world);
  assert.ok(decision.kind === 'hold');
  const out = rowFieldsOf(decision.mark, {}, new Date(now));
  const { rowWrites } = await world.plan(aceOpportunity({ lastModifiedDate: world.tick() }));
  for (const field of ['Status__c', 'Reason_Code__c', 'Reason__c', 'Details__c', 'Fix_By__c'] as const) {
    assert.equal(rowWrites[field], out[field], field);
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { previewInbound, previewOutbound } from '../../../src/mapping/preview.ts';
import { aceOpportunity, crmOpportunity, crmRow, World } from './world.ts';

test('A preview says of each field what it holds, what it would become and why, and changes nothing', async () => {
  const world = new World('opportunity').link(crmOpportunity, crmRow);
  await world.receive(aceOpportunity({ lastModifiedDate: world.tick() }));
  const before = JSON.stringify(world.linked);
  const record = aceOpportunity({
    lastModifiedDate: world.tick(),
    useCase: 'Networking',
    targetCloseDate: '2027-01-01',
  });
  const inbound = previewInbound(await world.plan(record), world.linked);
  const lineOf = (path: string) => inbound.find((line) => line.path === path);
  assert.deepEqual(lineOf('ACE_Sync__r.Use_Case__c'), {
    label: 'Use Case',
    aceField: 'useCase',
    path: 'ACE_Sync__r.Use_Case__c',
    decision: 'write',
    rule: 'ACE changed it',
    now: 'Migration / Database Migration',
    becomes: 'Networking',
  });
  assert.equal(lineOf('CloseDate')?.becomes, undefined);
  assert.equal(lineOf('ACE_Sync__r.AWS_Close_Date__c')?.becomes, '2027-01-01');
  assert.equal(JSON.stringify(world.linked), before);

  world.edit({ NextStep: 'Meet' });
  const outbound = previewOutbound(await world.due(), world.linked);
  assert.equal(outbound.find((line) => line.path === 'NextStep')?.sends, 'Meet');
  assert.equal(outbound.find((line) => line.path === 'CloseDate')?.sends, undefined);
  assert.equal(outbound.length, world.mapping.opportunity.fields.filter((field) => field.direction !== 'in').length);
});

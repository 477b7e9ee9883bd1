import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isShownByExport } from '../../../src/activities/release-intent.ts';
import { standingMark } from '../../../src/activities/standing-mark.ts';
import type { AceStatus, ReceivedState } from '../../../src/mapping/sync-state.ts';
import { aceOpportunity, now, World } from '../mapping/world.ts';
import { decide, linkedState, renderNow, sharedRecord } from './linked-world.ts';

const date = new Date(now);

async function exported(status: Partial<AceStatus> = {}, conflicts: ReceivedState['conflicts'] = {}): Promise<World> {
  const world = sharedRecord();
  world.linked = new World('opportunity').link(world.linked.record?.fields ?? {}, world.linked.row?.fields).linked;
  await world.receive(aceOpportunity());
  const { received } = world;
  if (received === null) throw new Error('Nothing was received.');
  world.received = { ...received, aceStatus: { ...received.aceStatus, ...status }, conflicts };
  return world;
}

describe('where a record stands when its upload has nothing left to say', () => {
  it('is not said before an export showed the record', () => {
    assert.equal(standingMark('opportunity', { received: null, sent: null }, date), null);
  });

  it('is a conflict that nobody answered, whatever else was sent meanwhile', async () => {
    const world = await exported(
      {},
      { 'expectedMonthlyAwsRevenue>ACE_Sync__r.Monthly_AWS_Revenue__c': { ace: 'x', at: now } },
    );
    const mark = standingMark('opportunity', world, date);
    assert.equal(mark?.status, 'Conflict');
    assert.equal(mark?.code, 'BOTH_CHANGED');
  });

  it('is the end that AWS gave the record, and not Synced, after an upload that was under way', async () => {
    const world = await exported({ ownership: 'AWS Referral', acceptance: 'Rejected', review: null });
    const { record, row } = world.linked;
    const sending = { record, row: row && { ...row, fields: { ...row.fields, Status__c: 'Sending' } } };
    const decision = await decide(world, { state: { linked: sending } });
    assert.equal(decision.kind, 'settled');
    assert.equal(decision.kind === 'settled' && decision.mark?.code, 'ACE_REFERRAL_REJECTED');
  });
});

describe('a create whose result was lost', () => {
  it('counts as taken once an export brought its ACE id, and not before', async () => {
    const intent = await renderNow(sharedRecord());
    assert.equal(intent.kind, 'create');
    assert.equal(isShownByExport(linkedState(sharedRecord(), { intent })), false);
    assert.equal(isShownByExport(linkedState(await exported(), { intent })), true);
  });
});

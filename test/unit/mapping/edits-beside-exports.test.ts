import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { emptySentState, withSend } from '../../../src/mapping/sync-state.ts';
import { aceOpportunity, crmOpportunity, crmRow, plusMinutes, World } from './world.ts';

/** Found by the fault harness: an edit in the CRM between a file and the export that follows it was never sent. */
describe('an edit in the CRM that no file carried yet', () => {
  it('stays due when the first export shows another value of AWS', async () => {
    const world = new World('opportunity').link(crmOpportunity, crmRow, null);
    assert.equal((await world.upload()).kind, 'create');
    world.edit({ NextStep: 'Sign' });
    await world.receive(aceOpportunity({ lastModifiedDate: world.tick(), nextStep: 'Ask AWS' }));
    const due = await world.due();
    assert.equal(due.decision, 'send');
    assert.equal(due.payload?.nextStep, 'Sign');
  });

  for (const [what, changes] of [
    ['', {}],
    [', and AWS changed the field meanwhile', { nextStep: 'Ask AWS' }],
  ] as const) {
    it(`stays due when the export of a new record comes before its result${what}`, async () => {
      const world = new World('opportunity').link(crmOpportunity, crmRow, null);
      const plan = await world.due();
      assert.equal(plan.decision, 'send');
      const sending = {
        name: 'file-1.json',
        sha: 'sha',
        at: world.clock,
        kind: 'create',
        fields: plan.fields,
      } as const;
      world.sent = withSend(emptySentState(world.stamp), sending);
      world.edit({ NextStep: 'Sign' });
      const shown = { ...plan.payload, status: 'Approved', stage: 'Qualified', ...changes };
      await world.receive(aceOpportunity({ ...shown, lastModifiedDate: plusMinutes(world.clock, 5) }));
      world.clock = plusMinutes(world.clock, 5);
      const due = await world.due();
      assert.equal(due.decision, 'send');
      assert.equal(due.payload?.nextStep, 'Sign');
    });
  }
});

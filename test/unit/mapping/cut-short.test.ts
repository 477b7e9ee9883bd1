import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decide } from '../activities/linked-world.ts';
import { aceOpportunity, crmOpportunity, crmRow, World } from './world.ts';

/** A run of the sync that was killed after it wrote the record and before it wrote its row. */
describe('an export that was cut short after the CRM record', () => {
  const accepted = { partnerAcceptanceStatus: 'Accepted', status: 'Approved' };
  const created = async () => {
    const world = new World('opportunity');
    const first = aceOpportunity({
      ...accepted,
      partnerProjectTitle: 'As AWS wrote it first',
      lastModifiedDate: world.tick(),
    });
    await world.receiveRecordOnly(first);
    return world;
  };

  it('does not make the next version of a record that nobody edited a meeting of two systems', async () => {
    const world = await created();
    const next = aceOpportunity({
      ...accepted,
      partnerProjectTitle: 'As AWS changed it',
      lastModifiedDate: world.tick(),
    });
    await world.receive(next);
    assert.equal(world.field('Name'), 'As AWS changed it');
  });

  it('leaves what a person edited meanwhile to the rule of the first sync', async () => {
    const world = await created();
    world.edit({ Name: 'As sales calls it' });
    world.lastEditIsOurs = false;
    const next = aceOpportunity({
      ...accepted,
      partnerProjectTitle: 'As AWS changed it',
      lastModifiedDate: world.tick(),
    });
    await world.receive(next);
    assert.equal(world.field('Name'), 'As sales calls it');
  });

  it('lets nothing go out until the row is written: what AWS wrote would look like an edit of ours', async () => {
    const world = new World('opportunity').link(crmOpportunity, crmRow);
    const at = world.tick();
    await world.receive(aceOpportunity({ lastModifiedDate: at }));
    world.edit({ NextStep: 'Call them' });
    assert.equal((await decide(world)).kind, 'send');
    const next = aceOpportunity({
      ...accepted,
      partnerProjectTitle: 'As AWS changed it',
      lastModifiedDate: world.tick(),
    });
    await world.receiveRecordOnly(next);
    assert.deepEqual(await decide(world), { kind: 'settled', outcome: 'nothing', mark: null });
    await world.receive(next);
    assert.equal((await decide(world)).kind, 'send', 'the edit goes out once the export is finished');
  });
});

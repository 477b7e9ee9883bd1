import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { waitForExport } from '../../../src/activities/half-received.ts';
import { linkedState } from '../activities/linked-world.ts';
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
    world.writtenByUs = false;
    const next = aceOpportunity({
      ...accepted,
      partnerProjectTitle: 'As AWS changed it',
      lastModifiedDate: world.tick(),
    });
    await world.receive(next);
    assert.equal(world.field('Name'), 'As sales calls it');
  });

  it('lets the upload wait a minute for the row: what AWS wrote would look like an edit of ours', async () => {
    const world = new World('opportunity').link(crmOpportunity, crmRow);
    await world.receive(aceOpportunity({ lastModifiedDate: world.tick() }));
    const wait = (attempt: number) => waitForExport(linkedState(world), attempt);
    wait(1);
    const next = aceOpportunity({ partnerProjectTitle: 'As AWS changed it', lastModifiedDate: world.tick() });
    await world.receiveRecordOnly(next);
    for (const attempt of [1, 12]) assert.throws(() => wait(attempt), { type: 'EXPORT_UNFINISHED' });
    wait(13);
    await world.receive(next);
    wait(1);
  });

  it('lets the next export wait as well, but neither the half-written one itself nor what is older', async () => {
    const world = new World('opportunity').link(crmOpportunity, crmRow);
    await world.receive(aceOpportunity({ lastModifiedDate: world.tick() }));
    const half = world.tick();
    await world.receiveRecordOnly(aceOpportunity({ partnerProjectTitle: 'As AWS changed it', lastModifiedDate: half }));
    const wait = (version: string) => waitForExport(linkedState(world), 1, Date.parse(version));
    assert.throws(() => wait(world.tick()), { type: 'EXPORT_UNFINISHED' });
    wait(half);
    wait(half.replace('.000Z', '.400Z'));
    wait('2020-01-01T00:00:00.000Z');
  });

  it('keeps nobody waiting for the row of a deleted or stopped record, or of a clone', async () => {
    const world = new World('opportunity').link(crmOpportunity, crmRow);
    await world.receive(aceOpportunity({ lastModifiedDate: world.tick() }));
    await world.receiveRecordOnly(
      aceOpportunity({ partnerProjectTitle: 'As AWS changed it', lastModifiedDate: world.tick() }),
    );
    const state = linkedState(world);
    const { record, row } = state.linked;
    assert.ok(record && row);
    assert.throws(() => waitForExport(state, 1), { type: 'EXPORT_UNFINISHED' });
    waitForExport({ ...state, linked: { row, record: { ...record, deleted: true } } }, 1);
    waitForExport({ ...state, linked: { row, record: { ...record, id: '006000000000999AAA' } } }, 1);
    const stopped = { ...row, fields: { ...row.fields, Status__c: 'Stopped', Reason_Code__c: 'STOPPED' } };
    waitForExport({ ...state, linked: { row: stopped, record } }, 1);
  });
});

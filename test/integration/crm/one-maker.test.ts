import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import type { RecordInput } from '../../../src/activities/apply-record.ts';
import type { Dependencies } from '../../../src/activities/dependencies.ts';
import { waitForMaker } from '../../../src/activities/half-received.ts';
import { readLinked } from '../../../src/activities/linked-records.ts';
import { makerOf } from '../../../src/activities/maker.ts';
import { prepareRecord, type WrittenRecord, writeRecord } from '../../../src/activities/write-record.ts';
import type { Crm } from '../../../src/crm/crm.ts';
import type { InboundPlan } from '../../../src/mapping/inbound.ts';
import { pureDependencies } from '../../unit/activities/linked-world.ts';
import { byAceId, newOpportunity, type PreparedOrg, preparedOrg } from './prepared-org.ts';

const aceId = 'O4711';
const plan = {
  aceId,
  creates: true,
  recordWrites: newOpportunity(),
  related: [],
  owner: null,
} as unknown as InboundPlan;

/** One worker with one export of a new record. */
class Export {
  readonly deps: Dependencies;
  readonly file: RecordInput['file'];
  constructor(crm: Crm, name: string) {
    this.deps = Object.assign(Object.create(pureDependencies()) as Dependencies, { crm });
    this.file = { key: `opportunity-outbound/${name}`, etag: name, lastModified: '2026-01-01T00:00:00.000Z', size: 1 };
  }

  async read(): Promise<RecordInput> {
    const [state] = await readLinked(this.deps, 'opportunity', [{ aceId }]);
    assert.ok(state);
    return { object: 'opportunity', file: this.file, record: {}, aceId, state };
  }

  async write(input: RecordInput): Promise<WrittenRecord['outcome']> {
    const prepared = await prepareRecord(this.deps, input, plan);
    return (await writeRecord(this.deps, input, plan, prepared, [], () => {})).outcome;
  }
}

/** Every opportunity that was ever made, those in the recycle bin included. */
const made = ({ standIn }: PreparedOrg) =>
  standIn.administration.rows('Opportunity').filter((row) => row.ACE_Id__c === aceId);

const beingMade = (error: unknown) => error instanceof ApplicationFailure && error.type === 'CRM_RECORD_BEING_MADE';

test('of two exports that found no record one makes it, also when a person deletes it in between', async () => {
  const org = await preparedOrg();
  const [first, second] = [new Export(org.crm(), 'one'), new Export(org.crm(), 'two')];
  const [found, alsoFound] = [await first.read(), await second.read()];
  const outcome = await first.write(found);
  assert.ok(outcome.kind === 'written' && outcome.created);
  const [row] = org.standIn.administration.rows('ACE_Sync__c');
  assert.equal(outcome.record?.fields.ACE_Sync__c, row?.Id, 'the record knows its row');
  org.standIn.administration.delete(outcome.id);
  await assert.rejects(second.write(alsoFound), beingMade);
  assert.equal(made(org).length, 1);
  assert.equal((await second.read()).state.linked.record?.deleted, true, 'tried again, it finds what became of it');
});

test('an attempt that was cut short after the write goes on with what it made', async () => {
  const org = await preparedOrg();
  const one = new Export(org.crm(), 'one');
  const found = await one.read();
  const [path, times] = ['/composite', { times: 1 }];
  org.standIn.faults.inject({ method: 'POST', path }, { kind: 'loseAnswer' }, times);
  await assert.rejects(one.write(found));
  const outcome = await one.write(found);
  assert.ok(outcome.kind === 'written' && !outcome.created);
  assert.equal(made(org).length, 1);
});

test('a row whose maker was cut short before the record is waited for, and then made by the next', async () => {
  const org = await preparedOrg();
  const [dead, next] = [new Export(org.crm(), 'one'), new Export(org.crm(), 'two')];
  const Maker__c = makerOf(dead.deps, dead.file, aceId);
  await dead.deps.crm.write('sync', { externalId: 'ACE_Id__c', value: aceId }, { Object__c: 'opportunity', Maker__c });
  const found = await next.read();
  const maker = makerOf(next.deps, next.file, aceId);
  assert.throws(() => waitForMaker(found.state, 1, maker), { type: 'EXPORT_UNFINISHED' });
  waitForMaker(found.state, 1, Maker__c);
  waitForMaker(found.state, 13, maker);
  const outcome = await next.write(found);
  assert.ok(outcome.kind === 'written' && outcome.created);
  await assert.rejects(dead.write(await dead.read().then((input) => ({ ...input, state: found.state }))), beingMade);
  assert.equal(made(org).length, 1);
});

test('a row that the org refuses for another reason gives that reason', async () => {
  const org = await preparedOrg();
  const tooLong = 'a'.repeat(33);
  const outcome = await org
    .crm()
    .write(
      'opportunity',
      byAceId(aceId),
      { ...newOpportunity(), ACE_Sync__c: { externalId: 'Maker__c', value: tooLong } },
      { ahead: { key: byAceId(aceId), fields: { Maker__c: tooLong } } },
    );
  assert.ok(outcome.kind === 'refused', JSON.stringify(outcome));
  assert.equal(outcome.problem.code, 'CRM_TEXT_TOO_LONG');
  assert.equal(made(org).length, 0);
});

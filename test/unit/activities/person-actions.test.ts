import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { actionEffects, readPersonIntent } from '../../../src/activities/person-actions.ts';
import type { Action } from '../../../src/crm/data-model.ts';
import { writeDuplicates } from '../../../src/mapping/duplicates.ts';
import { stoppedByPerson } from '../../../src/mapping/row-status.ts';

describe('actions of the companion row', () => {
  it('wake the upload of the record, or say why nothing was done', () => {
    const row = { Rejection_Reason__c: 'Customer not interested' };
    for (const action of Object.keys(actionEffects) as Action[]) {
      const { signal, fields } = actionEffects[action](row);
      assert.ok(signal !== null || Object.keys(fields).length > 0, action);
    }
  });

  it('refuse a rejection without a reason, in a sentence, and reject nothing', () => {
    const { fields, signal } = actionEffects.Reject({ Rejection_Reason__c: null });
    assert.equal(signal, null);
    assert.equal(fields.Intent__c, undefined);
    assert.match(String(fields.Reason__c), /Rejection Reason/);
  });

  it('keep an answer to a referral until it is done, also when the record is stopped and resumed between', () => {
    const accepted = actionEffects.Accept({}).fields;
    const stopped = actionEffects.Stop({ ...accepted }).fields;
    assert.equal(readPersonIntent(stopped.Intent__c).stopped, true);
    const resumed = readPersonIntent(actionEffects.Resume({ ...accepted, ...stopped }).fields.Intent__c);
    assert.deepEqual(resumed.acceptance, { answer: 'Accepted', reason: null });
    assert.equal(resumed.stopped, undefined);
  });

  it('replace an answer by a later one', () => {
    const accepted = actionEffects.Accept({}).fields;
    const rejected = actionEffects.Reject({ ...accepted, Rejection_Reason__c: 'No capacity' }).fields;
    assert.deepEqual(readPersonIntent(rejected.Intent__c).acceptance, { answer: 'Rejected', reason: 'No capacity' });
  });

  it('stop sharing at once and start it again', () => {
    assert.equal(actionEffects.Stop({}).fields.Shared__c, false);
    assert.equal(actionEffects.Stop({}).signal, 'recordChanged', 'an upload that is held ends');
    assert.equal(actionEffects.Resume({}).fields.Shared__c, true);
  });
});

describe('a stored intent', () => {
  it('is none when it cannot be read', () => {
    for (const text of [null, undefined, '', 'no json', '[]', 'null', '{"v":2,"stopped":true}', 7]) {
      assert.deepEqual(readPersonIntent(text), { v: 1 });
    }
  });
});

describe('an answer to a possible duplicate', () => {
  const one = writeDuplicates([{ id: '006000000000001AAA', name: 'One', keys: ['Title'] }]);
  const two = writeDuplicates([
    { id: '006000000000001AAA', name: 'One', keys: ['Title'] },
    { id: '006000000000002AAA', name: 'Two', keys: ['Title'] },
  ]);

  it('links the only candidate, or the record that the person chose', () => {
    const linked = actionEffects.Link({ Duplicate__c: one });
    assert.deepEqual(readPersonIntent(linked.fields.Intent__c).duplicate, { crmId: '006000000000001AAA' });
    assert.equal(linked.retriesFiles, true);
    const chosen = actionEffects.Link({ Duplicate__c: two, Opportunity__c: '006000000000002AAA' });
    assert.deepEqual(readPersonIntent(chosen.fields.Intent__c).duplicate, { crmId: '006000000000002AAA' });
  });

  it('asks which one is meant when several fit and none is chosen', () => {
    const { fields } = actionEffects.Link({ Duplicate__c: two });
    assert.equal(fields.Intent__c, undefined);
    assert.match(String(fields.Reason__c), /Opportunity or Lead/);
  });

  it('takes up again what was ignored', () => {
    const { fields } = actionEffects['Create new']({ Status__c: 'Stopped', Reason_Code__c: 'DUPLICATE_IGNORED' });
    assert.equal(stoppedByPerson({ Reason_Code__c: 'DUPLICATE_IGNORED', ...fields }), false);
    assert.equal(readPersonIntent(fields.Intent__c).duplicate, 'create');
  });
});

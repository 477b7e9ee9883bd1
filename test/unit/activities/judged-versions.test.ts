import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { JudgedVersions } from '../../../src/activities/judged-versions.ts';
import type { CrmChange, CrmVersion } from '../../../src/crm/crm.ts';

const change = (crmId: string, systemModstamp: string): CrmChange => ({
  object: 'opportunity',
  crmId,
  aceId: null,
  versions: [{ id: crmId, systemModstamp }],
  action: null,
  rowId: null,
});
const second = '2026-03-02T09:00:00.000Z';
const later = '2026-03-02T09:00:01.000Z';
const at = (ms: number) => new Date(Date.parse(second) + ms);
const read = (from: number, to = from + 10) => ({ from: at(from), to: at(to) });
const fresh = () => new JudgedVersions(60_000);

describe('what was judged in a second', () => {
  const found = [change('A', second)];

  it('is judged again, for it may have changed under the same stamp', () => {
    const judged = fresh();
    judged.note(found, { since: second }, read(100));
    assert.deepEqual(judged.unjudged(found), found);
  });

  it('is over once it was read a second later', () => {
    const judged = fresh();
    judged.note(found, { since: second }, read(100));
    judged.note(found, { since: second }, read(900));
    assert.deepEqual(judged.unjudged(found), found, 'the second may not be over');
    judged.note(found, { since: second }, read(1_200));
    assert.deepEqual(judged.unjudged(found), []);
  });

  it('is over at once when a later second was seen', () => {
    const judged = fresh();
    const both = [...found, change('B', later)];
    judged.note(both, { since: later }, read(1_100));
    assert.deepEqual(judged.unjudged(both), [change('B', later)]);
  });

  it('is forgotten outside the overlap, and another stamp is another version', () => {
    const judged = fresh();
    judged.note(found, { since: later }, read(1_100));
    assert.deepEqual(judged.unjudged([change('A', second), change('A', later)]), [change('A', later)]);
    judged.note(found, { since: '2026-03-02T10:00:00.000Z' }, read(3_600_000));
    assert.deepEqual(judged.unjudged(found), found);
  });

  it('is judged again where the detector has no cursor, because what it told may be lost', () => {
    const judged = fresh();
    judged.note(found, { since: later }, read(1_100));
    judged.forget();
    assert.deepEqual(judged.unjudged(found), found);
  });

  it('is each version of a record, its row and its account on its own, whichever is seen first', () => {
    const [record, row, account] = ['A', 'row', 'account'].map((id) => ({ id, systemModstamp: second }));
    assert.ok(record && row && account);
    const judged = fresh();
    judged.note([{ ...change('A', second), versions: [record, row] }], { since: later }, read(1_100));
    const changed = (...versions: CrmVersion[]) => judged.unjudged([{ ...change('A', second), versions }]).length;
    assert.deepEqual([changed(record, row), changed(account), changed(record, row, account)], [0, 1, 1]);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cursorAfter, keyOf, unjudged } from '../../../src/activities/judged-versions.ts';
import type { CrmChange, CrmVersion } from '../../../src/crm/crm.ts';
import type { DetectorCursor } from '../../../src/workflows/messages.ts';

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
const overlap = 60_000;
const at = (ms: number) => new Date(Date.parse(second) + ms);
const read = (from: number, to = from + 10) => ({ from: at(from), to: at(to) });

describe('what was judged in a second', () => {
  const found = { changes: [change('A', second)], cursor: { since: second } };

  it('is judged again, for it may have changed under the same stamp', () => {
    const first = cursorAfter(null, found, read(100), overlap);
    assert.equal(unjudged(first, found.changes).length, 1);
  });

  it('is over once it was read a second later', () => {
    const first = cursorAfter(null, found, read(100), overlap);
    const soon = cursorAfter(first, found, read(900), overlap);
    assert.equal(unjudged(soon, found.changes).length, 1, 'the second may not be over');
    const again = cursorAfter(soon, found, read(1_200), overlap);
    assert.deepEqual(unjudged(again, found.changes), []);
  });

  it('is over at once when a later second was seen', () => {
    const both = { changes: [change('A', second), change('B', later)], cursor: { since: later } };
    const cursor = cursorAfter(null, both, read(1_100), overlap);
    assert.deepEqual(unjudged(cursor, both.changes), [change('B', later)]);
  });

  it('is forgotten outside the overlap, and another stamp is another version', () => {
    const old: DetectorCursor = { since: second, seen: [keyOf({ id: 'A', systemModstamp: second })] };
    assert.equal(unjudged(old, [change('A', later)]).length, 1);
    const next = { changes: found.changes, cursor: { since: '2026-03-02T10:00:00.000Z' } };
    assert.deepEqual(cursorAfter(old, next, read(3_600_000), overlap).seen, []);
  });

  it('is each version of a record, its row and its account on its own, whichever is seen first', () => {
    const [record, row, account] = ['A', 'row', 'account'].map((id) => ({ id, systemModstamp: second }));
    assert.ok(record && row && account);
    const seen = { since: later, seen: [keyOf(record), keyOf(row)] };
    const changed = (...versions: CrmVersion[]) => unjudged(seen, [{ ...change('A', second), versions }]).length;
    assert.deepEqual([changed(record, row), changed(account), changed(record, row, account)], [0, 1, 1]);
  });
});

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { Dependencies } from '../../../src/activities/dependencies.ts';
import { announced, type FieldChange, writeJournaled } from '../../../src/activities/write-journaled.ts';
import type { WriteOutcome } from '../../../src/crm/crm.ts';
import { createFolderJournal } from '../../../src/journal/journal.ts';

const root = mkdtempSync(join(tmpdir(), 'ace-sync-write-journaled-'));
after(() => rmSync(root, { recursive: true, force: true }));

const change = (before: string | null): FieldChange => ({
  id: 'opportunity-outbound/a.json@etag#O1#NextStep',
  crmId: '006000000000001AAA',
  field: 'NextStep',
  before,
  after: 'Call John',
  cause: 'opportunity-outbound/a.json@etag',
  rule: 'ace',
  mappingVersion: '1-0123456789abcdef',
  actor: 'aws',
});
const written: WriteOutcome = { kind: 'written', id: '006000000000001AAA', created: false };

function connection() {
  const journal = createFolderJournal(mkdtempSync(join(root, 'journal-')));
  const deps = { journal, config: { connection: 'main' }, now: () => new Date('2026-03-02T09:00:00.000Z') };
  const story = async () => (await journal.changes()).map(({ before, after, answer }) => [before, after, answer]);
  return { deps: deps as unknown as Dependencies, story };
}

describe('a CRM write', () => {
  it('is noted before it is made, and its answer after', async () => {
    const { deps, story } = connection();
    let during: unknown;
    await writeJournaled(deps, [change('Call Jane')], async () => {
      during = await story();
      return written;
    });
    assert.deepEqual(during, [['Call Jane', 'Call John', null]]);
    assert.deepEqual(await story(), [['Call Jane', 'Call John', 'written']]);
  });

  it('whose worker dies before the answer is noted is one change, confirmed by the repeated attempt', async () => {
    const { deps, story } = connection();
    const died = writeJournaled(deps, [change('Call Jane')], () => Promise.reject(new Error('killed')));
    await assert.rejects(died);
    assert.deepEqual(await story(), [['Call Jane', 'Call John', null]]);
    await writeJournaled(deps, [change('Call John')], async () => written);
    assert.deepEqual(await story(), [['Call Jane', 'Call John', 'written']], 'the value before is the first one');
  });

  it('is noted with others in one go, and answered as far as it came when a later one fails', async () => {
    const { deps, story } = connection();
    const row = { ...change(null), id: 'row', after: 'Phone' };
    const both = announced(deps, [change('Call Jane'), row], async (answered) => {
      answered([change('Call Jane')], 'written');
      throw new Error('the row failed');
    });
    await assert.rejects(both, /the row failed/);
    assert.deepEqual(await story(), [
      ['Call Jane', 'Call John', 'written'],
      [null, 'Phone', null],
    ]);
  });

  it('that the CRM refuses is no change, and said so', async () => {
    const { deps, story } = connection();
    await writeJournaled(deps, [change('Call Jane')], async () => ({ kind: 'older' }) as WriteOutcome);
    assert.deepEqual(await story(), [['Call Jane', 'Call John', 'older']]);
  });
});

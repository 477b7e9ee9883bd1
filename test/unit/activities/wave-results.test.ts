import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readProcessedResult } from '../../../src/ace/processed-result.ts';
import type { Dependencies } from '../../../src/activities/dependencies.ts';
import { lookForEvidence } from '../../../src/activities/look-for-evidence.ts';
import { readParts } from '../../../src/activities/read-result.ts';
import type { Send } from '../../../src/mapping/sync-state.ts';

const name = 'test-opportunity-w1-0a1b2c3d-1_03022026090000.json';
const [first, second] = ['006000000000001AAA', '006000000000002AAA'] as const;
const sent = [first, second].map((crmId, index) => ({
  kind: 'sent',
  file: name,
  crmId,
  aceId: `O${index + 1}`,
  index,
}));
const journal = {
  outcomes: async (since?: Date) => {
    assert.equal(since?.toISOString(), '2026-03-02T00:00:00.000Z');
    return [...sent, { kind: 'sent', file: 'another.json', crmId: '006000000000003AAA', aceId: 'O3', index: 0 }];
  },
} as unknown as Dependencies['journal'];

async function parts(content: object, lines = journal) {
  const result = readProcessedResult(Buffer.from(JSON.stringify(content)), {
    key: name.replace('.json', '_result.json'),
  });
  assert.ok(result.ok);
  const source = { name, recordId: 'w1', journalSha: 'sha', receivedAt: '2026-03-02T10:00:00.000Z' };
  const found = await readParts({ journal: lines }, result, source);
  return found.map(({ crmId, evidence }) => [crmId, evidence.index, evidence.success]);
}
const entry = (fields: object) => ({ isSuccess: true, errors: null, warnings: null, ...fields });

describe('the result of a backfill wave', () => {
  test('that refuses the file whole is told to every record of the wave', async () => {
    const refused = [first, second].map((crmId) => [crmId, null, false]);
    assert.deepEqual(await parts({ error: 'not of type "object"', fileName: name }), refused);
    assert.deepEqual(await parts({ fileName: name, inboundApiResults: [] }), refused);
  });

  test('gives each record the entry that names it, by either id', async () => {
    const entries = [
      entry({ apnCrmUniqueIdentifier: 'O2', partnerCrmUniqueIdentifier: null }),
      entry({ apnCrmUniqueIdentifier: null, partnerCrmUniqueIdentifier: first, isSuccess: false }),
    ];
    assert.deepEqual(await parts({ fileName: name, inboundApiResults: entries }), [
      [first, 1, false],
      [second, 0, true],
    ]);
  });

  test('gives a record that no entry names the one in its place, if that names nobody, and else none', async () => {
    const nobody = entry({ apnCrmUniqueIdentifier: null, partnerCrmUniqueIdentifier: null, isSuccess: false });
    const other = entry({ apnCrmUniqueIdentifier: 'O1', partnerCrmUniqueIdentifier: first });
    assert.deepEqual(await parts({ fileName: name, inboundApiResults: [other, nobody] }), [
      [first, 0, true],
      [second, 1, false],
    ]);
    assert.deepEqual(await parts({ fileName: name, inboundApiResults: [other] }), [
      [first, 0, true],
      [second, null, false],
    ]);
  });
});

test('a file of a wave that never went out is not waited for by its records, wherever AWS lets us look', async () => {
  const deps = {
    waits: {},
    bucket: { exists: async () => 'absent', list: async () => ({ objects: [] }) },
  } as unknown as Dependencies;
  const look = (of: string) =>
    lookForEvidence(deps)({
      object: 'opportunity',
      crmId: first,
      send: { name: of, kind: 'update' } as Send,
      acknowledged: false,
    });
  assert.deepEqual(await look(name), { kind: 'released' });
  assert.deepEqual(await look(name.replace('w1', first)), { kind: 'neverSent' });
});

import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Dependencies } from '../../../src/activities/dependencies.ts';
import type { SettledFile } from '../../../src/activities/record-file-outcome.ts';
import { settleFile } from '../../../src/activities/settle-file.ts';
import { defaultMapping } from '../mapping/world.ts';

const file = { key: 'opportunity-outbound/O.json', etag: 'e', size: 2, lastModified: '2026-03-02T09:00:00.000Z' };
const settledAs = (outcome: SettledFile['outcome']): SettledFile => ({
  object: 'opportunity',
  file,
  outcome,
  outcomes: [{ index: 0, aceId: 'O1', crmId: null, outcome: 'applied', code: 'APPLIED' }],
  problems: [],
});

/** Bucket and journal that note what reaches them. */
function world({ journalFails = false, row = {} as Readonly<Record<string, unknown>> } = {}) {
  const said: string[] = [];
  const note = async (line: string) => void said.push(line);
  const deps = {
    config: {
      connection: 'main',
      mode: 'live',
      installation: 'one',
      timing: {},
      temporal: { taskQueue: 'q' },
      ace: {},
    },
    mapping: defaultMapping,
    sample: null,
    crm: {
      identity: async () => ({ orgId: '00D000000000001AAA', sandbox: true, userId: '005000000000001AAA' }),
      find: async () => [
        { record: null, row: { id: 'a00', aceId: 'O1', crmId: null, fields: row, systemModstamp: '' } },
      ],
    },
    client: {
      workflow: {
        start: (_: string, options: { workflowId: string }) =>
          note(`started ${options.workflowId.split(/[/]|-\d+.json/).at(-2)}`),
      },
    },
    now: () => new Date(),
    log: { warn: () => {} },
    files: { drop: () => {} },
    settled: { remember: () => void said.push('remembered') },
    bucket: { delete: () => note('deleted'), tag: (_: unknown, outcome: string) => note(`tagged ${outcome}`) },
    journal: {
      recordOutcomes: async (lines: readonly { outcome: string }[]) => {
        if (journalFails) throw new Error('No space is left.');
        await note(`ledger ${lines.map(({ outcome }) => outcome).join()}`);
      },
    },
  };
  return { said, settle: settleFile(deps as unknown as Dependencies) };
}

it('deletes a processed file only after the ledger has its outcomes', async () => {
  const { said, settle } = world();
  await settle(settledAs('processed'));
  assert.deepEqual(said, ['ledger applied,processed', 'deleted']);
});

it('runs a file again whose record was resumed while it was settled without it', async () => {
  for (const row of [{ Status__c: 'Stopped', Intent__c: '{"v":1,"stopped":true}' }, { Status__c: null }]) {
    const { said, settle } = world({ row });
    const leftOut = {
      index: 0,
      aceId: 'O1',
      crmId: '006000000000001AAA',
      outcome: 'ignored',
      code: 'STOPPED',
    } as const;
    await settle({ ...settledAs('processed'), file: { ...file, journalSha: 'a'.repeat(64) }, outcomes: [leftOut] });
    const again = row.Status__c === null ? ['started replayed-aaaaaaaaaaaaaaaa'] : [];
    assert.deepEqual(said, ['ledger ignored,processed', ...again, 'deleted']);
  }
});

it('deletes nothing while the ledger cannot be written', async () => {
  const { said, settle } = world({ journalFails: true });
  await assert.rejects(settle(settledAs('processed')), /No space is left/);
  assert.deepEqual(said, []);
});

it('leaves a parked or rejected file in the bucket, tagged, and says so in the ledger', async () => {
  for (const [outcome, remembered] of [
    ['parked', []],
    ['rejected', ['remembered']],
  ] as const) {
    const { said, settle } = world();
    await settle(settledAs(outcome));
    assert.deepEqual(said, [`tagged ${outcome}`, ...remembered, `ledger applied,${outcome}`]);
  }
});

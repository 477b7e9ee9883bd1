import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Dependencies } from '../../../src/activities/dependencies.ts';
import { detectChanges } from '../../../src/activities/detect-changes.ts';
import type { Configuration } from '../../../src/config/configuration.ts';

/** The connection row as a round of change detection in this mode writes it; null when it writes none. */
async function rowAfterRound(mode: Configuration['mode']): Promise<Readonly<Record<string, unknown>> | null> {
  let row: Readonly<Record<string, unknown>> | null = null;
  const deps = {
    config: { connection: 'main', installation: 'test', mode, timing: { detectOverlap: 60 } },
    mapping: { version: '1-a' },
    sample: null,
    now: () => new Date('2026-03-02T09:00:00.000Z'),
    waits: {},
    client: { workflow: { count: async () => ({ count: 3 }) } },
    hold: { incident: async () => 'none', reason: async () => 'A person holds what goes to AWS.' },
    crm: {
      health: () => ({ fault: null, apiBudget: 'free' }),
      openBreaker: () => null,
      write: async (object: string, _: unknown, fields: Readonly<Record<string, unknown>>) => {
        assert.equal(object, 'connection');
        row = fields;
        return { kind: 'written', id: 'a02000000000001AAA', created: false };
      },
    },
  };
  await detectChanges(deps as unknown as Dependencies)({ cursors: {} });
  return row;
}

it('shows on the connection record that it is alive, also when nothing may go to AWS', async () => {
  for (const mode of ['match', 'live'] as const) {
    const row = await rowAfterRound(mode);
    assert.equal(row?.Heartbeat__c, '2026-03-02T09:00:00.000Z', mode);
    assert.deepEqual([row?.Mode__c, row?.Held_Records__c], [mode, 3]);
  }
});

it('writes nothing to the CRM in mode observe, not even that it is alive', async () => {
  assert.equal(await rowAfterRound('observe'), null);
});

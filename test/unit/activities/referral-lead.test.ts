import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RecordInput } from '../../../src/activities/apply-record.ts';
import type { Dependencies } from '../../../src/activities/dependencies.ts';
import { endReferralLead } from '../../../src/activities/settle-referral-lead.ts';
import type { CrmRecord } from '../../../src/crm/crm.ts';
import type { InboundPlan } from '../../../src/mapping/inbound.ts';

const leadId = '00Q000000000001AAA';

/** The end of a referral in an org whose lead is like this; what was written and what the journal knows. */
async function end(lead: Partial<CrmRecord>) {
  const [writes, changes, confirmed]: [unknown[], unknown[], string[]] = [[], [], []];
  const record = { id: leadId, deleted: false, converted: null, ...lead };
  const deps = {
    config: { connection: 'test' },
    now: () => new Date(0),
    mapping: { version: '1' },
    sample: null,
    crm: {
      find: async () => [{ record, row: null }],
      write: async (_object: unknown, _key: unknown, fields: unknown) => {
        writes.push(fields);
        return { kind: 'written', id: leadId, created: false };
      },
    },
    journal: {
      recordChanges: async (lines: unknown[]) => changes.push(...lines),
      confirmChanges: async (lines: { ids: string[] }[]) => confirmed.push(...lines.flatMap(({ ids }) => ids)),
    },
  } as unknown as Dependencies;
  const referralLead = { do: 'end', leadId, madeWith: 'New', status: 'Closed' };
  const input = { file: { key: 'file.json', etag: 'e' } } as RecordInput;
  const told = await endReferralLead(deps, input, { aceId: 'O1', referralLead } as unknown as InboundPlan);
  return { writes, changes: changes.length, confirmed: confirmed.length, told };
}

describe('The lead of a referral that ended', () => {
  test('gets its last status, known to the journal', async () => {
    const expected = { writes: [{ Status: 'Closed' }], changes: 1, confirmed: 1, told: [] };
    assert.deepEqual(await end({ fields: { Status: 'New' } }), expected);
  });

  test('is not written again after a kill between the write and its confirmation, which is made up for', async () => {
    const expected = { writes: [], changes: 0, confirmed: 1, told: [] };
    assert.deepEqual(await end({ fields: { Status: 'Closed' } }), expected);
  });

  test('stays as it is once people changed its status, converted it or deleted it', async () => {
    const expected = { writes: [], changes: 0, confirmed: 0, told: [] };
    assert.deepEqual(await end({ fields: { Status: 'Working' } }), expected);
    assert.deepEqual(await end({ fields: { Status: 'New' }, converted: { opportunityId: null } }), expected);
    assert.deepEqual(await end({ fields: { Status: 'New' }, deleted: true }), expected);
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WriteOutcome } from '../../../src/crm/crm.ts';
import { AceSyncError } from '../../../src/errors.ts';
import { byAceId, newOpportunity, preparedOrg } from './prepared-org.ts';

const date = (minute: number) => `2026-01-01T00:${String(minute).padStart(2, '0')}:00.000Z`;
const version = (minute: number) => newOpportunity({ Name: `version ${minute}`, ACE_Last_Modified__c: date(minute) });

test('an older version is refused by the org itself and reported as such', async () => {
  const org = await preparedOrg();
  const crm = org.crm();
  assert.equal((await crm.write('opportunity', byAceId('O1'), version(5))).kind, 'written');
  assert.deepEqual(await crm.write('opportunity', byAceId('O1'), version(4)), { kind: 'older' });
  assert.equal(
    (await crm.write('opportunity', byAceId('O1'), version(5))).kind,
    'written',
    'the same version again is no harm',
  );
  assert.equal((await crm.write('opportunity', byAceId('O1'), version(6))).kind, 'written');
});

test('with two workers and ten files of one record, the newest stands, however late commits are delivered', async () => {
  for (let round = 0; round < 3; round++) {
    const org = await preparedOrg();
    const workers = [
      org.crm({ requestTimeoutMs: 400, retry: { unavailableMs: 20 } }),
      org.crm({ requestTimeoutMs: 400, retry: { unavailableMs: 20 } }),
    ];
    // Lost answers and commits that arrive after the caller has given up and tried again.
    const path = '/composite/sobjects/Opportunity';
    org.standIn.faults.inject(
      { method: 'PATCH', path },
      { kind: 'commitLate', milliseconds: 150 },
      { times: 2, skip: round },
    );
    org.standIn.faults.inject({ method: 'PATCH', path }, { kind: 'loseAnswer' }, { times: 2, skip: round });
    org.standIn.faults.inject({ method: 'PATCH', path }, { kind: 'commitLate', milliseconds: 300 }, { times: 1 });
    const order = [3, 9, 1, 10, 7, 2, 8, 5, 6, 4].map((minute) => (minute + round) % 10 || 10);
    await Promise.all(
      order.map((minute, index) =>
        untilAnswered(() => (workers[index % 2] ?? assert.fail()).write('opportunity', byAceId('O1'), version(minute))),
      ),
    );
    await new Promise((resolve) => setTimeout(resolve, 350));
    const rows = org.standIn.administration.rows('Opportunity').filter((row) => row.ACE_Id__c === 'O1');
    assert.ok((org.standIn.faults.strikes.commitLate ?? 0) >= 2, 'late commits happened');
    assert.equal(rows.length, 1, `round ${round}: one record`);
    assert.equal(rows[0]?.Name, 'version 10', `round ${round}`);
  }
});

test('a commit that arrives after a newer one is refused by the rule, and would win without it', async () => {
  for (const rule of [true, false]) {
    const org = await preparedOrg();
    if (!rule) {
      await org.administrator.call('delete rule', (connection) =>
        connection.metadata.delete('ValidationRule', ['Opportunity.ACE_Sync_Not_Older']),
      );
    }
    const [slow, fast] = [org.crm({ retry: { unavailableMs: 20 } }), org.crm()];
    await slow.write('opportunity', byAceId('O1'), version(1));
    org.standIn.faults.inject(
      { method: 'PATCH', path: '/composite/sobjects/Opportunity' },
      { kind: 'commitLate', milliseconds: 1_500 },
    );
    await assert.rejects(slow.write('opportunity', byAceId('O1'), version(2)), /does not answer/);
    await fast.write('opportunity', byAceId('O1'), version(3));
    await new Promise((resolve) => setTimeout(resolve, 1_700));
    const [row] = org.standIn.administration.rows('Opportunity').filter((row) => row.ACE_Id__c === 'O1');
    assert.equal(row?.Name, rule ? 'version 3' : 'version 2');
  }
});

/** What an activity's retry policy does. */
async function untilAnswered(write: () => Promise<WriteOutcome>): Promise<WriteOutcome> {
  for (;;) {
    try {
      const outcome = await write();
      if (outcome.kind !== 'later') return outcome;
    } catch (error) {
      if (!(error instanceof AceSyncError && error.entry.retryable)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

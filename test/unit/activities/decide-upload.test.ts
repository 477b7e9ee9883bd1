import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseInboundFileName } from '../../../src/ace/file-name.ts';
import { isDue, markOf } from '../../../src/activities/decide-upload.ts';
import { markUpload } from '../../../src/activities/mark-upload.ts';
import type { CrmFields } from '../../../src/crm/crm.ts';
import { problemOf } from '../../../src/mapping/reasons.ts';
import { withAttempt, withoutAttempts } from '../../../src/mapping/sent-attempts.ts';
import { emptySentState } from '../../../src/mapping/sync-state.ts';
import { aceOpportunity, crmId, crmOpportunity, crmRow, now, plusMinutes, World } from '../mapping/world.ts';
import { decide, linkedState, pureDependencies, refused, renderNow, sharedRecord } from './linked-world.ts';

describe('what is due for a record', () => {
  it('is nothing when the record and its row are gone', async () => {
    assert.deepEqual(await decide(new World('opportunity')), { kind: 'settled', outcome: 'gone', mark: null });
  });

  it('is nothing when nobody shared the record', async () => {
    const world = new World('opportunity').link(crmOpportunity, { ...crmRow, Shared__c: false }, null);
    const decision = await decide(world);
    assert.equal(decision.kind, 'settled');
    assert.equal(decision.kind === 'settled' && decision.outcome, 'notShared');
  });

  it('is nothing for a lead of ours that somebody shared, and its row says so once', async () => {
    const world = new World('lead').link(
      { LastName: 'Example', Company: 'Example' },
      { ...crmRow, Shared__c: true },
      null,
    );
    const decision = await decide(world);
    assert.ok(decision.kind === 'settled');
    assert.deepEqual([decision.mark?.status, decision.mark?.code], ['Not shared', 'LEADS_COME_FROM_AWS']);
    assert.ok(isDue(decision, linkedState(world)));
    world.edit({ 'ACE_Sync__r.Status__c': 'Not shared', 'ACE_Sync__r.Reason_Code__c': 'LEADS_COME_FROM_AWS' });
    assert.equal(isDue(await decide(world), linkedState(world)), false);
  });

  it('is a file named after installation, object, record, content and attempt', async () => {
    const decision = await decide(sharedRecord());
    assert.equal(decision.kind, 'send');
    if (decision.kind !== 'send') return;
    const { name, sha, kind } = decision.send;
    assert.equal(kind, 'create');
    assert.deepEqual(parseInboundFileName(name), {
      prefix: 'one',
      object: 'opportunity',
      recordId: crmId,
      sha8: sha.slice(0, 8),
      attempt: 1,
    });
  });

  it('carries hashes and no values, because it travels through histories', async () => {
    const text = JSON.stringify(await decide(sharedRecord()));
    for (const value of Object.values(crmOpportunity)) {
      if (typeof value === 'string' && value.length > 5) assert.equal(text.includes(value), false);
    }
  });

  it('renders the same content to the same hash at any time of the day, and another content to another', async () => {
    const world = sharedRecord();
    const [morning, evening] = [await renderNow(world), await renderNow(world, plusMinutes(now, 600))];
    assert.equal(morning.sha, evening.sha);
    assert.notEqual(morning.name, evening.name, 'a name is never used twice');
    assert.notEqual((await renderNow(world.edit({ CloseDate: '2026-07-31' }))).sha, morning.sha);
  });

  it('is also to say again where a record stands after somebody resumed it', async () => {
    const world = new World('opportunity').link(crmOpportunity, crmRow);
    const referral = { opportunityOwnership: 'AWS Referral', partnerAcceptanceStatus: 'Rejected' };
    await world.receive(aceOpportunity({ ...referral, lastModifiedDate: world.tick() }));
    assert.equal(isDue(await decide(world), linkedState(world)), false);
    world.edit({ 'ACE_Sync__r.Status__c': null, 'ACE_Sync__r.Reason_Code__c': null, 'ACE_Sync__r.Reason__c': null });
    const decision = await decide(world);
    assert.ok(decision.kind === 'settled');
    assert.deepEqual([decision.mark?.status, decision.mark?.code], ['Stopped', 'ACE_REFERRAL_REJECTED']);
  });

  it('is also to say which edits AWS takes no more, once', async () => {
    const world = new World('opportunity').link(crmOpportunity, crmRow);
    await world.receive(aceOpportunity({ stage: 'Launched', lastModifiedDate: world.tick() }));
    world.edit({ NextStep: 'Celebrate' });
    const decision = await decide(world);
    assert.equal(decision.kind, 'settled');
    assert.ok(isDue(decision, linkedState(world)));
    world.edit({ 'ACE_Sync__r.Kept_Here__c': decision.keptHere ?? null });
    assert.ok(!isDue(await decide(world), linkedState(world)));
  });

  it('is the file on its way, whatever was edited meanwhile', async () => {
    const world = sharedRecord();
    const intent = await renderNow(world);
    world.edit({ CloseDate: '2026-08-31' });
    const decision = await decide(world, { state: { intent }, retry: true });
    assert.deepEqual(decision, { kind: 'inFlight', send: intent, shared: false });
  });

  it('leaves a file that a backfill wave shares among records to the wave', async () => {
    const intent = { ...(await renderNow(sharedRecord())), name: 'one-opportunity-w3-0a1b2c3d-1_03022026090000.json' };
    const decision = await decide(sharedRecord(), { state: { intent } });
    assert.equal(decision.kind === 'inFlight' && decision.shared, true);
  });

  for (const [obstacle, code] of [
    ['foreign', 'FOREIGN_STAMP'],
    ['unreadable', 'STATE_UNREADABLE'],
  ] as const) {
    it(`is held when the state on the record is ${obstacle}`, async () => {
      const decision = await decide(sharedRecord(), { state: { obstacle } });
      assert.equal(decision.kind === 'hold' && decision.mark.code, code);
    });
  }
});

describe('preflight', () => {
  it('holds what ACE would refuse, with every problem at once', async () => {
    const world = sharedRecord().edit({ Description: 'Too short.', 'ACE_Sync__r.Use_Case__c': 'Online shopping' });
    const decision = await decide(world);
    assert.equal(decision.kind, 'hold');
    if (decision.kind !== 'hold') return;
    assert.equal(decision.mark.status, 'Needs data');
    const fields = decision.mark.problems.map(({ field }) => field);
    assert.deepEqual(fields.toSorted(), ['projectDescription', 'useCase']);
    assert.match(decision.mark.reason, /\(and 1 more\)$/);
    for (const problem of decision.mark.problems) assert.equal(problem.message.includes('Online shopping'), false);
  });

  it('says what cannot be converted together with what ACE would refuse, and each field once', async () => {
    const world = sharedRecord().edit({
      Name: 'N'.repeat(300),
      Description: 'Too short.',
      'ACE_Sync__r.Use_Case__c': 'Online shopping',
    });
    const decision = await decide(world);
    assert.ok(decision.kind === 'hold');
    assert.equal(decision.mark.status, 'Needs data');
    assert.deepEqual(decision.mark.problems.map(({ code, field }) => `${field} ${code}`).toSorted(), [
      'Name VALUE_TOO_LONG',
      'projectDescription ACE_DESCRIPTION_SHORT',
      'useCase ACE_STANDARD_VALUE',
    ]);
  });

  it('is over once the value is taken back that could not be converted', async () => {
    const world = new World('opportunity').link(crmOpportunity, crmRow);
    await world.receive(aceOpportunity({ lastModifiedDate: world.tick() }));
    const before = world.field('Name');
    const held = await decide(world.edit({ Name: 'N'.repeat(300) }));
    assert.ok(held.kind === 'hold');
    assert.deepEqual([held.mark.status, held.mark.code], ['Needs data', 'VALUE_TOO_LONG']);
    world.edit({ Name: before, 'ACE_Sync__r.Status__c': 'Needs data', 'ACE_Sync__r.Reason_Code__c': 'VALUE_TOO_LONG' });
    const decision = await decide(world);
    assert.equal(decision.kind === 'settled' && decision.mark?.status, 'Synced');
  });

  it('lets the corrected record go', async () => {
    const world = sharedRecord().edit({ Description: 'Too short.' });
    assert.equal((await decide(world)).kind, 'hold');
    world.edit({ Description: 'Moves the data warehouse to the cloud within the year.' });
    assert.equal((await decide(world)).kind, 'send');
  });
});

describe('content that ACE refused', () => {
  it('is not sent again unchanged', async () => {
    const world = sharedRecord();
    await refused(world, 'needsPerson', 'ACE_DUPLICATE');
    const decision = await decide(world);
    assert.equal(decision.kind === 'hold' && decision.mark.code, 'ACE_DUPLICATE');
  });

  it('keeps the reason that stands on the row', async () => {
    const world = sharedRecord();
    await refused(world, 'unknown');
    world.edit({ 'ACE_Sync__r.Reason__c': 'AWS wants a website.' });
    const decision = await decide(world);
    assert.equal(decision.kind === 'hold' && decision.mark.reason, 'AWS wants a website.');
  });

  it('is sent once more when a person says retry, under a new name', async () => {
    const world = sharedRecord();
    const before = await refused(world, 'needsPerson');
    const decision = await decide(world, { retry: true });
    assert.equal(decision.kind, 'send');
    if (decision.kind !== 'send') return;
    assert.equal(decision.send.sha, before.sha);
    assert.equal(parseInboundFileName(decision.send.name)?.attempt, 2);
  });

  it('is sent corrected by itself', async () => {
    const world = sharedRecord();
    await refused(world, 'needsPerson');
    assert.equal((await decide(world.edit({ CloseDate: '2026-09-30' }))).kind, 'send');
  });

  it('is sent again by itself when ACE said to try again', async () => {
    const world = sharedRecord();
    await refused(world, 'tryAgain');
    assert.equal((await decide(world)).kind, 'send');
  });

  /** Sent so often without a decision of ACE's, the last time just now. */
  async function tried(world: World, times: number): Promise<World> {
    const send = await renderNow(world);
    for (let attempt = 1; attempt <= times; attempt += 1) {
      const name = send.name.replace('-1_', `-${attempt}_`);
      world.sent = withAttempt(world.sent ?? emptySentState(world.stamp), name, now);
    }
    return world;
  }

  it('is sent again after a pause when ACE could not take it, and at once when a person says so', async () => {
    const world = await tried(sharedRecord(), 2);
    const decision = await decide(world, { time: plusMinutes(now, 4) });
    assert.ok(decision.kind === 'wait');
    assert.deepEqual([decision.mark.code, decision.milliseconds], ['TRY_AGAIN_LATER', 6 * 60_000]);
    assert.equal((await decide(world, { time: plusMinutes(now, 10) })).kind, 'send');
    assert.equal((await decide(world, { time: plusMinutes(now, 4), retry: true })).kind, 'send');
  });

  it('is held for a person after some attempts, unless it was corrected', async () => {
    const world = await tried(sharedRecord(), 3);
    const decision = await decide(world, { time: plusMinutes(now, 60 * 24) });
    assert.equal(decision.kind === 'hold' && decision.mark.code, 'TRIED_ENOUGH');
    assert.equal((await decide(world, { retry: true })).kind, 'send');
    assert.equal((await decide(world.edit({ CloseDate: '2026-09-30' }))).kind, 'send');
  });
});

describe('attempts that ended without a decision', () => {
  const empty = emptySentState(sharedRecord().stamp);
  const name = (sha8: string, attempt: number) =>
    `one-opportunity-006000000000001AAA-${sha8}-${attempt}_03022026090000.json`;

  it('are counted by content, each name once, and forgotten with a decision', () => {
    const once = withAttempt(empty, name('0a1b2c3d', 1), now);
    assert.equal(withAttempt(once, name('0a1b2c3d', 1), plusMinutes(now, 1)), once);
    const twice = withAttempt(once, name('0a1b2c3d', 2), plusMinutes(now, 1));
    assert.deepEqual(twice.attempts, { name: name('0a1b2c3d', 2), count: 2, at: plusMinutes(now, 1) });
    assert.equal(withAttempt(twice, name('ffffffff', 3), now).attempts?.count, 1);
    assert.equal(withoutAttempts(twice).attempts, null);
  });
});

describe('a record that AWS reviews', () => {
  const inReview = async (lastModifiedDate: string, status: string) => {
    const world = new World('opportunity').link(crmOpportunity, crmRow);
    await world.receive(aceOpportunity({ lastModifiedDate: '2026-03-01T10:00:00.000Z' }));
    world.edit({ CloseDate: '2026-12-24' });
    await refused(world, 'waitForReview', 'ACE_IN_REVIEW');
    await world.receive(aceOpportunity({ lastModifiedDate, status }));
    return world;
  };

  it('waits after "not editable" while no newer export was seen', async () => {
    const decision = await decide(await inReview('2026-03-01T10:00:00.000Z', 'Approved'));
    assert.equal(decision.kind === 'wait' && decision.mark.code, 'ACE_IN_REVIEW');
  });

  it('goes on when the export that shows the approval came before the refusal was read', async () => {
    const decision = await decide(await inReview(plusMinutes(now, 20), 'Approved'));
    assert.equal(decision.kind, 'send');
  });

  it('goes on when AWS approved in the second of the refusal, because exports know no smaller time', async () => {
    const world = await inReview(plusMinutes(now, 5), 'Approved');
    const at = plusMinutes(now, 5).replace('.000Z', '.400Z');
    world.sent = world.sent && { ...world.sent, lastResult: world.sent.lastResult && { ...world.sent.lastResult, at } };
    assert.equal((await decide(world)).kind, 'send');
  });

  it('keeps edits for the end of the review', async () => {
    const decision = await decide(await inReview(plusMinutes(now, 20), 'Submitted'));
    assert.equal(decision.kind, 'wait');
  });
});

const pathsOnRow = (fields: CrmFields): CrmFields =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [`ACE_Sync__r.${name}`, value]));

describe('what an upload said on the row', () => {
  const synced = async (code: string, status = 'Needs attention') => {
    const world = new World('opportunity').link(crmOpportunity, crmRow);
    await world.receive(aceOpportunity({ lastModifiedDate: world.tick() }));
    return world.edit({ 'ACE_Sync__r.Status__c': status, 'ACE_Sync__r.Reason_Code__c': code });
  };

  for (const code of ['ACE_CLOSE_DATE_PAST', 'ACE_CLOSED', 'PING_PONG', 'STATE_UNREADABLE', 'NOT_OPEN_NOW']) {
    it(`(${code}) is over once nothing is due`, async () => {
      const decision = await decide(await synced(code));
      assert.ok(decision.kind === 'settled');
      assert.deepEqual([decision.mark?.status, decision.mark?.code], ['Synced', null]);
    });
  }

  it('stays after "not editable" until an export is newer than that', async () => {
    const world = await synced('ACE_NOT_EDITABLE', 'In AWS review');
    const lastResult = { name: 'one.json', at: world.tick(), class: 'waitForReview', code: 'ACE_NOT_EDITABLE' };
    world.sent = { ...emptySentState(world.stamp), lastResult };
    const before = await decide(world);
    assert.equal(before.kind === 'settled' && before.mark, null);
    await world.receive(aceOpportunity({ lastModifiedDate: world.tick() }));
    world.edit({ 'ACE_Sync__r.Status__c': 'In AWS review', 'ACE_Sync__r.Reason_Code__c': 'ACE_NOT_EDITABLE' });
    const after = await decide(world);
    assert.equal(after.kind === 'settled' && after.mark?.status, 'Synced');
  });

  it('stays where inbound processing or a person said it', async () => {
    const unreadable = await synced('NOTHING_YET');
    const { lastModifiedDate: _, ...undated } = aceOpportunity();
    unreadable.edit(pathsOnRow((await unreadable.plan(undated)).rowWrites));
    assert.equal(unreadable.field('ACE_Sync__r.Reason_Code__c'), 'LAST_MODIFIED_MISSING');
    for (const world of [
      unreadable,
      await synced('VALUE_UNKNOWN'),
      await synced('CRM_VALIDATION'),
      await synced('DISREGARDED', 'Not shared'),
      await synced('STOPPED', 'Stopped'),
    ]) {
      const decision = await decide(world);
      assert.equal(decision.kind === 'settled' && decision.mark, null);
    }
  });

  it('is not over by an edit when ACE answered with another id', async () => {
    const world = sharedRecord();
    await refused(world, 'needsPerson', 'ACE_ID_TAKEN');
    const decision = await decide(world.edit({ CloseDate: '2026-09-30' }));
    assert.equal(decision.kind === 'hold' && decision.mark.code, 'ACE_ID_TAKEN');
    assert.equal((await decide(world, { retry: true })).kind, 'send');
  });
});

describe('whether a record has to be woken', () => {
  const problem = { code: 'SOME_CODE', message: 'Sentence.', fix: 'Do.', fixBy: 'engineer' } as const;
  const hold = { kind: 'hold', mark: markOf('Held', [problem]) } as const;

  it('is no when its row says already what the decision would say', () => {
    const world = sharedRecord().edit({ 'ACE_Sync__r.Reason_Code__c': 'SOME_CODE' });
    assert.equal(isDue(hold, linkedState(world)), false);
    assert.equal(isDue(hold, linkedState(sharedRecord())), true);
  });

  it('is no when it only waits for AWS and its row asks a person to let an export in, which it then leaves alone', async () => {
    const wait = { kind: 'wait', mark: markOf('Sending', [problemOf('ACCEPTANCE_SENT')]) } as const;
    const written: unknown[] = [];
    const mark = (world: World, { mark }: Pick<typeof wait, 'mark'>) => {
      const { record, row } = world.linked;
      const crm = {
        identity: async () => ({ orgId: world.stamp.orgId, sandbox: false, userId: '005000000000001AAA' }),
        find: async () => [{ record, row }],
        write: async (object: string, _key: object, fields: Readonly<Record<string, unknown>>) => {
          if (object === 'sync') written.push(fields.Reason_Code__c);
          return { kind: 'written', id: 'a00000000000001AAA', created: false };
        },
      };
      const journal = { recordOutcomes: async () => {}, recordChanges: async () => {}, confirmChanges: async () => {} };
      const deps = Object.assign(Object.create(pureDependencies()), { crm, journal, log: { warn: () => {} } });
      return markUpload(deps)({ object: world.object, crmId: String(record?.id), mark });
    };
    const parked = sharedRecord().edit({
      'ACE_Sync__r.Status__c': 'Needs attention',
      'ACE_Sync__r.Reason_Code__c': 'CRM_APPROVAL_LOCK',
    });
    assert.equal(isDue(wait, linkedState(parked)), false);
    await mark(parked, wait);
    assert.deepEqual(written, []);
    assert.equal(isDue(hold, linkedState(parked)), true, 'what else a person must do is said');
    for (const other of [sharedRecord(), sharedRecord().edit({ 'ACE_Sync__r.Status__c': 'Needs attention' })]) {
      assert.equal(isDue(wait, linkedState(other)), true);
      await mark(other, wait);
    }
    assert.deepEqual(written, ['ACCEPTANCE_SENT', 'ACCEPTANCE_SENT']);
  });

  it('is no when nothing is due and nothing is to be said', () => {
    const settled = { kind: 'settled', outcome: 'nothing', mark: null } as const;
    assert.equal(isDue(settled, linkedState(sharedRecord())), false);
  });
});

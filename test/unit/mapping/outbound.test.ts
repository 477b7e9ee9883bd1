import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkRecord } from '../../../src/ace/check.ts';
import { answerConflicts } from '../../../src/mapping/conflicts.ts';
import { emptySentState, withBaseline } from '../../../src/mapping/sync-state.ts';
import { aceLead, aceOpportunity, awsReferral, crmId, crmOpportunity, crmRow, hash, today, World } from './world.ts';

async function agreed(): Promise<World> {
  const world = new World('opportunity').link(crmOpportunity, crmRow);
  await world.receive(aceOpportunity({ lastModifiedDate: world.tick() }));
  return world;
}

/** A record that was shared, created at ACE, and reviewed. */
async function created(): Promise<World> {
  const world = new World('opportunity').link(crmOpportunity, crmRow, null);
  await world.upload();
  return world;
}

describe('A record that ACE does not know', () => {
  test('is sent whole, with our identifier first, and passes the rules of ACE', async () => {
    const world = new World('opportunity').link(crmOpportunity, crmRow, null);
    const plan = await world.due();
    assert.equal(plan.decision, 'send');
    assert.equal(plan.kind, 'create');
    assert.deepEqual(plan.payload, {
      partnerCrmUniqueIdentifier: crmId,
      partnerProjectTitle: 'Warehouse move',
      projectDescription: 'Moves the data warehouse to the cloud.',
      targetCloseDate: '2026-06-30',
      nextStep: 'Call',
      customerCompanyName: 'Example GmbH',
      customerWebsite: 'https://example.com',
      industry: 'Retail',
      streetAddress: 'Allee 1',
      city: 'Berlin',
      postalCode: '10115',
      country: 'Germany',
      useCase: 'Migration / Database Migration',
      deliveryModel: 'Managed Services;SaaS or PaaS',
      partnerPrimaryNeedFromAws: 'Co-Sell - Deal Support',
      salesActivities: 'Conducted POC / Demo',
      IsOppFromMarketingActivity: 'No',
      solutionOffered: ['S-0000001'],
      expectedMonthlyAwsRevenue: 1041,
    });
    assert.equal(Object.keys(plan.payload ?? {})[0], 'partnerCrmUniqueIdentifier');
    const problems = checkRecord({
      object: 'opportunity',
      version: 2,
      programme: 'consulting',
      intent: 'create',
      record: plan.payload ?? {},
      today,
    });
    assert.deepEqual(
      problems.filter((problem) => problem.severity === 'error'),
      [],
    );
  });

  test('renders the same bytes each time', async () => {
    const world = new World('opportunity').link(crmOpportunity, crmRow, null);
    assert.equal(JSON.stringify((await world.due()).payload), JSON.stringify((await world.due()).payload));
  });

  test('is not sent when nobody shared it, and leads never are', async () => {
    const world = new World('opportunity').link(crmOpportunity, { ...crmRow, Shared__c: false }, null);
    assert.equal((await world.due()).decision, 'notShared');
    assert.equal(
      (await new World('lead').link({ LastName: 'Doe' }, { Shared__c: true }, null).due()).reasonCode,
      'LEADS_COME_FROM_AWS',
    );
  });

  test('is held, with the field, when a value has no ACE value', async () => {
    const world = new World('opportunity').link(
      { ...crmOpportunity, 'Account.Industry': 'Retail', CloseDate: 'soon' },
      crmRow,
      null,
    );
    const plan = await world.due();
    assert.equal(plan.decision, 'hold');
    assert.equal(plan.reasonCode, 'VALUE_UNUSABLE');
    assert.equal(plan.problems[0]?.field, 'CloseDate');
    assert.ok(!JSON.stringify(plan.problems).includes('soon'), 'and says so without the value');
  });

  test('is not created a second time while its ACE identifier is awaited', async () => {
    const world = await created();
    const { record } = world.linked;
    assert.ok(record);
    world.linked = { ...world.linked, record: { ...record, aceId: null } };
    assert.equal((await world.due()).reasonCode, 'ACE_ID_AWAITED');
  });

  test('keeps the identifier of its first send, whatever happens to the field that it came from', async () => {
    const world = await created();
    const { record, row } = world.linked;
    assert.ok(record && row);
    const id = '006000000000002AAA';
    world.linked = { record: { ...record, id }, row: { ...row, crmId: id } };
    assert.equal((await world.due()).partnerId, crmId);
  });
});

describe('A record in review', () => {
  test('waits, and sends what was changed meanwhile once AWS approves', async () => {
    const world = await created();
    assert.equal((await world.due()).decision, 'wait', 'the stage is due, because ACE takes none on create');
    world.edit({ CloseDate: '2026-09-30' });
    await world.receive(aceOpportunity({ status: 'In review', stage: 'Prospect', lastModifiedDate: world.tick() }));
    const waiting = await world.due();
    assert.equal(waiting.decision, 'wait');
    assert.equal(waiting.reasonCode, 'ACE_IN_REVIEW');
    await world.receive(aceOpportunity({ status: 'Approved', stage: 'Prospect', lastModifiedDate: world.tick() }));
    assert.deepEqual((await world.upload()).payload, {
      apnCrmUniqueIdentifier: 'O1234567',
      partnerCrmUniqueIdentifier: crmId,
      targetCloseDate: '2026-09-30',
      stage: 'Qualified',
    });
    assert.equal((await world.due()).decision, 'nothing');
  });

  test('that AWS wants corrected takes the open fields only, the others follow after approval', async () => {
    const world = await agreed();
    await world.receive(aceOpportunity({ status: 'Action Required', lastModifiedDate: world.tick() }));
    world.edit({ Description: 'A longer description for the reviewer.', NextStep: 'Meet' });
    const first = await world.upload();
    assert.deepEqual(Object.keys(first.payload ?? {}), [
      'apnCrmUniqueIdentifier',
      'partnerCrmUniqueIdentifier',
      'projectDescription',
    ]);
    assert.equal((await world.due()).reasonCode, 'ACE_ACTION_REQUIRED');
    await world.receive(
      aceOpportunity({ projectDescription: 'A longer description for the reviewer.', lastModifiedDate: world.tick() }),
    );
    assert.equal((await world.due()).payload?.nextStep, 'Meet');
  });
});

describe('A record that ACE knows', () => {
  test('sends what changed, with both identifiers, and nothing else', async () => {
    const world = await agreed();
    assert.equal((await world.due()).decision, 'nothing');
    world.edit({ NextStep: 'Meet' });
    assert.deepEqual((await world.due()).payload, {
      apnCrmUniqueIdentifier: 'O1234567',
      partnerCrmUniqueIdentifier: crmId,
      nextStep: 'Meet',
    });
  });

  test('sends nothing when the change means the same to ACE', async () => {
    const world = await agreed();
    world.edit({ StageName: 'Needs Analysis' });
    const plan = await world.upload();
    assert.equal(plan.decision, 'nothing');
    assert.equal(plan.decisions.find((decision) => decision.aceField === 'stage')?.decision, 'same');
    world.edit({ StageName: 'Negotiation/Review' });
    assert.equal((await world.due()).payload?.stage, 'Committed');
  });

  test('does not clear ACE when a field is emptied, unless the mapping says so', async () => {
    const world = await agreed();
    world.edit({ NextStep: null });
    assert.equal((await world.upload()).decision, 'nothing');
    const field = world.mapping.opportunity.fields.find((one) => one.ace === 'nextStep' && one.direction === 'out');
    assert.ok(field);
    const fields = world.mapping.opportunity.fields.map((one) =>
      one === field ? { ...one, clearWithNull: true } : one,
    );
    world.edit({ NextStep: 'Meet' });
    await world.upload();
    world.mapping = { ...world.mapping, opportunity: { ...world.mapping.opportunity, fields } };
    world.edit({ NextStep: '' });
    assert.equal((await world.due()).payload?.nextStep, null);
  });

  test('sends the closed reason with Closed Lost', async () => {
    const world = await agreed();
    world.edit({ StageName: 'Closed Lost' });
    const { payload } = await world.due();
    assert.equal(payload?.stage, 'Closed Lost');
    assert.equal(payload?.closedLostReason, 'Other');
  });

  test('sends along what ACE wants and holds nothing in', async () => {
    const world = new World('opportunity').link(crmOpportunity, crmRow);
    await world.receive(aceOpportunity({ useCase: null, lastModifiedDate: world.tick() }));
    world.edit({ NextStep: 'Meet' });
    const { payload } = await world.due();
    assert.equal(payload?.useCase, 'Migration / Database Migration');
  });

  test('keeps changes of fields that ACE has closed after Launched', async () => {
    const world = await agreed();
    await world.receive(aceOpportunity({ stage: 'Launched', lastModifiedDate: world.tick() }));
    world.edit({ NextStep: 'Celebrate' });
    const plan = await world.due();
    assert.equal(plan.decision, 'nothing');
    assert.equal(plan.reasonCode, 'ACE_LAUNCHED');
    assert.equal(plan.problems.length, 1);
    assert.match(plan.keptHere ?? '', /^Next Step.*: This opportunity is Launched; ACE keeps nearly all fields/);
    world.edit({ NextStep: 'Call' });
    assert.equal((await world.due()).keptHere, null, 'taken back, nothing is kept');
  });

  test('stops when the sharing rule no longer holds', async () => {
    const world = await agreed();
    const { share: _share, ...rest } = world.mapping.opportunity;
    const { compileExpression } = await import('../../../src/mapping/expressions.ts');
    const share = compileExpression("Account.Industry != 'Government'");
    world.mapping = { ...world.mapping, opportunity: { ...rest, share } };
    world.edit({ NextStep: 'Meet' });
    assert.equal((await world.due()).decision, 'send');
    world.edit({ 'Account.Industry': 'Government' });
    assert.equal((await world.due()).reasonCode, 'SHARE_RULE_SAYS_NO');
  });
});

describe('An AWS referral', () => {
  test('is answered with the ACE identifier and the answer only', async () => {
    const world = new World('opportunity');
    await world.receive(awsReferral());
    world.edit({ NextStep: 'Meet' });
    assert.equal((await world.due()).reasonCode, 'ACE_NOT_ACCEPTED', 'nothing else is sent before');
    const plan = await world.upload({ acceptance: 'Accepted' });
    assert.deepEqual(plan.payload, { apnCrmUniqueIdentifier: 'O1234567', partnerAcceptanceStatus: 'Accepted' });
    assert.equal((await world.due({ acceptance: 'Accepted' })).reasonCode, 'ACCEPTANCE_SENT', 'and not answered twice');
  });

  test('is told our identifier once the acceptance is confirmed, and once only', async () => {
    const world = new World('opportunity');
    await world.receive(awsReferral());
    await world.upload({ acceptance: 'Accepted' });
    await world.receive(
      awsReferral({ partnerAcceptanceStatus: 'Accepted', country: 'Germany', lastModifiedDate: world.tick() }),
    );
    const plan = await world.upload({ acceptance: 'Accepted' });
    assert.deepEqual(plan.payload, { apnCrmUniqueIdentifier: 'O1234567', partnerCrmUniqueIdentifier: crmId });
    assert.equal((await world.due()).decision, 'nothing');
    await world.receive(
      awsReferral({
        partnerAcceptanceStatus: 'Accepted',
        partnerCrmUniqueIdentifier: crmId,
        lastModifiedDate: world.tick(),
      }),
    );
    assert.equal((await world.due()).decision, 'nothing');
  });

  test('is rejected with one of the reasons of ACE', async () => {
    const world = new World('opportunity');
    await world.receive(awsReferral());
    assert.equal((await world.due({ acceptance: 'Rejected' })).reasonCode, 'REJECTION_REASON_MISSING');
    assert.equal(
      (await world.due({ acceptance: 'Rejected', rejectionReason: 'bad' })).reasonCode,
      'REJECTION_REASON_MISSING',
    );
    const plan = await world.upload({ acceptance: 'Rejected', rejectionReason: 'Unable to support' });
    assert.deepEqual(plan.payload, {
      apnCrmUniqueIdentifier: 'O1234567',
      partnerAcceptanceStatus: 'Rejected',
      rejectionReason: 'Unable to support',
    });
    await world.receive(awsReferral({ partnerAcceptanceStatus: 'Rejected', lastModifiedDate: world.tick() }));
    world.edit({ NextStep: 'Meet' });
    assert.equal((await world.due()).decision, 'nothing', 'and gets neither changes nor our identifier');
  });

  test('whose time has passed can no longer be accepted', async () => {
    const world = new World('opportunity').link(crmOpportunity, crmRow);
    await world.receive(awsReferral({ acceptBy: '2026-03-01T00:00:00.000Z' }));
    assert.equal((await world.due({ acceptance: 'Accepted' })).reasonCode, 'ACE_REFERRAL_EXPIRED');
  });

  test('is accepted from its companion row alone where the record comes with the acceptance', async () => {
    const world = new World('opportunity');
    const referral = { ...world.mapping.opportunity.referral, createAs: 'onAcceptance' as const };
    world.mapping = { ...world.mapping, opportunity: { ...world.mapping.opportunity, referral } };
    const arrival = await world.receive(awsReferral());
    assert.equal(arrival.reasonCode, 'CREATED_ON_ACCEPTANCE');
    assert.equal(world.linked.record, null);
    assert.equal(world.field('ACE_Sync__r.AWS_Stage__c'), 'Prospect');
    assert.equal((await world.upload({ acceptance: 'Accepted' })).decision, 'send');
    const accepted = await world.receive(
      awsReferral({ partnerAcceptanceStatus: 'Accepted', lastModifiedDate: world.tick() }),
    );
    assert.equal(accepted.creates, true);
    assert.equal(world.field('Name'), 'Warehouse move');
  });
});

describe('A lead', () => {
  test('is accepted through its stage, and updated only afterwards', async () => {
    const world = new World('lead');
    await world.receive(aceLead());
    world.edit({ Phone: '+49 30 1234567' });
    assert.equal((await world.due()).decision, 'wait');
    const plan = await world.upload({ acceptance: 'Accepted' });
    assert.deepEqual(plan.payload, { apnCrmUniqueIdentifier: 'L7654321', currentLeadStage: 'Accepted' });
    await world.receive(aceLead({ currentLeadStage: 'Accepted', phone: null, lastModifiedDate: world.tick() }));
    assert.deepEqual((await world.due()).payload, {
      apnCrmUniqueIdentifier: 'L7654321',
      partnerCrmLeadId: crmId,
      phone: '+49 30 1234567',
    });
  });
});

describe('A conflict', () => {
  async function inConflict(): Promise<World> {
    const world = await agreed();
    world.edit({ 'ACE_Sync__r.Use_Case__c': 'Storage & Backup' });
    await world.receive(aceOpportunity({ lastModifiedDate: world.tick(), useCase: 'Networking' }));
    return world;
  }

  const answer = (world: World, side: 'crm' | 'ace') =>
    answerConflicts({
      mapping: world.mapping.opportunity,
      linked: world.linked,
      sent: world.sent,
      received: world.received,
      hash,
      answer: side,
    });

  test('answered with Keep ours sends our value, and is over once ACE has it', async () => {
    const world = await inConflict();
    const answered = answer(world, 'crm');
    assert.deepEqual(answered?.recordWrites, {});
    assert.deepEqual(answered?.rowWrites, { Conflict__c: null, Conflict_Answer__c: null });
    world.sent = withBaseline(world.sent ?? emptySentState(world.stamp), answered?.baselineAfter(world.linked) ?? {});
    assert.equal((await world.upload()).payload?.useCase, 'Storage & Backup');
    assert.equal((await world.due()).decision, 'nothing');
    await world.receive(aceOpportunity({ lastModifiedDate: world.tick(), useCase: 'Storage & Backup' }));
    assert.deepEqual(world.received?.conflicts, {});
    assert.equal(world.field('ACE_Sync__r.Status__c'), 'Synced');
  });

  test("answered with Take AWS's writes the value that AWS showed, and sends nothing", async () => {
    const world = await inConflict();
    const answered = answer(world, 'ace');
    assert.deepEqual(answered?.rowWrites, { Use_Case__c: 'Networking', Conflict__c: null, Conflict_Answer__c: null });
    world.edit({ 'ACE_Sync__r.Use_Case__c': 'Networking', 'ACE_Sync__r.Conflict__c': null });
    world.sent = withBaseline(world.sent ?? emptySentState(world.stamp), answered?.baselineAfter(world.linked) ?? {});
    assert.equal((await world.due()).decision, 'nothing');
    assert.equal(answer(world, 'ace'), null, 'and is answered once');
    const next = await world.receive(aceOpportunity({ lastModifiedDate: world.tick(), useCase: 'Networking' }));
    assert.ok(next.decisions.every(({ decision }) => decision !== 'conflict'));
  });

  test('survives a further export of the same value while the answer is on its way', async () => {
    const world = await inConflict();
    const answered = answer(world, 'crm');
    await world.receive(aceOpportunity({ lastModifiedDate: world.tick(), useCase: 'Networking' }));
    world.sent = withBaseline(world.sent ?? emptySentState(world.stamp), answered?.baselineAfter(world.linked) ?? {});
    await world.receive(aceOpportunity({ lastModifiedDate: world.tick(), useCase: 'Networking' }));
    assert.equal((await world.due()).payload?.useCase, 'Storage & Backup');
  });
});

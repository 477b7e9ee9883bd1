import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { aceLead, aceOpportunity, awsReferral, crmId, crmOpportunity, crmRow, World } from './world.ts';

const decisionOf = (
  plan: { decisions: readonly { aceField: string; path: string; decision: string }[] },
  path: string,
) => plan.decisions.find((decision) => decision.path === path)?.decision;

/** A partner referral that both sides agree on. */
async function agreed(): Promise<World> {
  const world = new World('opportunity').link(crmOpportunity, crmRow);
  await world.receive(aceOpportunity({ lastModifiedDate: world.tick() }));
  return world;
}

describe('A record of an outbound file', () => {
  test('becomes a new opportunity when it is an AWS referral', async () => {
    const world = new World('opportunity');
    const plan = await world.receive(awsReferral());
    assert.equal(plan.outcome, 'apply');
    assert.equal(plan.creates, true);
    assert.deepEqual(plan.recordWrites, {
      Name: 'Warehouse move',
      StageName: 'Prospecting',
      CloseDate: '2026-06-30',
      Description: 'Moves the data warehouse to the cloud.',
      ACE_Id__c: 'O1234567',
      ACE_Last_Modified__c: '2026-03-01T10:00:00.000Z',
    });
    assert.equal(plan.rowWrites.Status__c, 'Needs attention');
    assert.equal(plan.rowWrites.Reason_Code__c, 'ACE_NOT_ACCEPTED');
    assert.equal(plan.rowWrites.Origin__c, 'AWS Referral');
    assert.equal(plan.rowWrites.AWS_Stage__c, 'Prospect');
    assert.equal(plan.rowWrites.Accept_By__c, '2026-03-10T00:00:00.000Z');
    assert.equal(plan.rowWrites.Use_Case__c, 'Migration / Database Migration');
  });

  test('ends a referral that was rejected, unless a person moved its stage', async () => {
    for (const [stage, expected] of [
      ['Prospecting', 'Closed Lost'],
      ['Qualification', 'Qualification'],
    ] as const) {
      const world = new World('opportunity');
      await world.receive(awsReferral());
      world.edit({ StageName: stage });
      await world.receive(awsReferral({ partnerAcceptanceStatus: 'Rejected', lastModifiedDate: world.tick() }));
      assert.equal(world.field('StageName'), expected);
      assert.equal(world.field('ACE_Sync__r.Status__c'), 'Stopped');
      assert.equal((await world.due()).payload, null);
      await world.receive(awsReferral({ partnerAcceptanceStatus: 'Rejected', lastModifiedDate: world.tick() }));
      world.edit({ StageName: 'Prospecting' });
      await world.receive(awsReferral({ partnerAcceptanceStatus: 'Rejected', lastModifiedDate: world.tick() }));
      assert.equal(world.field('StageName'), 'Prospecting', 'what a person reopens stays open');
    }
  });

  test('is parked and not created when ACE does not know our identifier and it is no AWS referral', async () => {
    const plan = await new World('opportunity').receive(aceOpportunity({ partnerCrmUniqueIdentifier: '' }));
    assert.equal(plan.outcome, 'parked');
    assert.equal(plan.reasonCode, 'WAITS_FOR_MATCHING');
    assert.deepEqual(plan.recordWrites, {});
    assert.equal(plan.rowWrites.ACE_Id__c, 'O1234567');
  });

  test('creates nothing before the connection is live', async () => {
    for (const mode of ['observe', 'match'] as const) {
      const world = new World('opportunity');
      world.mode = mode;
      const plan = await world.receive(awsReferral());
      assert.equal(plan.reasonCode, 'MODE_CREATES_NOTHING');
      assert.equal(world.linked.record, null);
    }
  });

  test('is parked when it names a CRM record that is not there', async () => {
    const plan = await new World('opportunity').receive(aceOpportunity());
    assert.equal(plan.reasonCode, 'CRM_RECORD_NOT_FOUND');
  });

  test('is parked when its CRM record was deleted, and ignored when the lead was converted', async () => {
    const deleted = await agreed();
    const { record } = deleted.linked;
    assert.ok(record);
    deleted.linked = { ...deleted.linked, record: { ...record, deleted: true } };
    assert.equal(
      (await deleted.receive(aceOpportunity({ lastModifiedDate: deleted.tick() }))).reasonCode,
      'CRM_RECORD_DELETED',
    );
    const lead = new World('lead').link({ LastName: 'Doe' });
    const { record: person } = lead.linked;
    assert.ok(person);
    lead.linked = { ...lead.linked, record: { ...person, converted: { opportunityId: '006000000000009AAA' } } };
    const plan = await lead.receive(aceLead());
    assert.equal(plan.outcome, 'ignored');
    assert.equal(plan.reasonCode, 'LEAD_CONVERTED');
  });

  test('is ignored where a tombstone stands, a person stopped the record, or the disregard rule says so', async () => {
    const buried = new World('opportunity');
    buried.linked = {
      record: null,
      row: { id: 'a0', aceId: 'O1234567', crmId: null, fields: { Tombstone__c: 'unwanted' }, systemModstamp: '' },
    };
    assert.equal((await buried.receive(awsReferral())).reasonCode, 'TOMBSTONE');
    const stopped = (await agreed()).edit({ 'ACE_Sync__r.Status__c': 'Stopped' });
    assert.equal((await stopped.receive(aceOpportunity({ lastModifiedDate: stopped.tick() }))).reasonCode, 'STOPPED');
    assert.equal((await stopped.due()).reasonCode, 'STOPPED');
    stopped.edit({ 'ACE_Sync__r.Intent__c': '{"v":1}' });
    assert.equal((await stopped.receive(aceOpportunity({ lastModifiedDate: stopped.tick() }))).outcome, 'unchanged');
    assert.equal(stopped.field('ACE_Sync__r.Status__c'), 'Synced', 'and goes on once it is resumed');
  });

  test('goes on when its CRM record was restored, and takes the tombstone away', async () => {
    const world = (await agreed()).edit({ 'ACE_Sync__r.Tombstone__c': 'Deleted in the CRM' });
    const plan = await world.receive(aceOpportunity({ lastModifiedDate: world.tick(), useCase: 'Networking' }));
    assert.equal(plan.outcome, 'apply');
    assert.equal(world.field('ACE_Sync__r.Tombstone__c'), null);
  });

  test('is parked when the CRM record belongs to another ACE record', async () => {
    const world = new World('opportunity').link(crmOpportunity, crmRow, 'O7777777');
    const plan = await world.receive(aceOpportunity());
    assert.equal(plan.reasonCode, 'LINKED_TO_ANOTHER');
    assert.equal('ACE_Id__c' in plan.rowWrites, false);
  });

  test('is superseded when a newer version was applied, and unchanged when it comes again', async () => {
    const world = await agreed();
    const at = world.clock;
    const again = await world.receive(aceOpportunity({ lastModifiedDate: at, nextStep: 'Other' }));
    assert.equal(again.outcome, 'unchanged');
    const older = await world.receive(
      aceOpportunity({ lastModifiedDate: '2026-03-01T10:30:00.000Z', nextStep: 'Old' }),
    );
    assert.equal(older.outcome, 'superseded');
    assert.equal(world.field('ACE_Sync__r.AWS_Next_Step__c'), 'Call');
  });

  test('of the same second is decided by the time and then the key of its file', async () => {
    const world = await agreed();
    const version = { lastModifiedDate: world.clock };
    const file = { lastModified: world.tick() };
    assert.equal(
      (await world.receive(aceOpportunity({ ...version, nextStep: 'B' }), { ...file, key: 'b' })).outcome,
      'apply',
    );
    assert.equal(
      (await world.receive(aceOpportunity({ ...version, nextStep: 'A' }), { ...file, key: 'a' })).outcome,
      'superseded',
    );
    assert.equal(
      (await world.receive(aceOpportunity({ ...version, nextStep: 'C' }), { ...file, key: 'c' })).outcome,
      'apply',
    );
    assert.equal(world.field('ACE_Sync__r.AWS_Next_Step__c'), 'C');
  });

  test('is parked, not guessed at, without identifier or version', async () => {
    const world = await agreed();
    assert.equal((await world.plan(aceOpportunity({ apnCrmUniqueIdentifier: null }))).reasonCode, 'ACE_ID_MISSING');
    assert.equal((await world.plan(aceOpportunity({ lastModifiedDate: null }))).reasonCode, 'LAST_MODIFIED_MISSING');
  });
});

describe('The first version of a linked record', () => {
  test("keeps both sides' values, writes nothing to the record and becomes the agreement", async () => {
    const world = new World('opportunity').link({ ...crmOpportunity, Name: 'Our own name' }, crmRow);
    const plan = await world.receive(aceOpportunity());
    assert.equal(decisionOf(plan, 'Name'), 'baseline');
    assert.equal(world.field('Name'), 'Our own name');
    assert.deepEqual(Object.keys(plan.recordWrites).sort(), ['ACE_Id__c', 'ACE_Last_Modified__c']);
    assert.equal((await world.due()).decision, 'nothing');
  });

  test('fills blank fields of the companion form, which nobody wrote yet', async () => {
    const world = new World('opportunity').link(crmOpportunity, { Use_Case__c: 'Storage & Backup' });
    await world.receive(aceOpportunity());
    assert.equal(world.field('ACE_Sync__r.Use_Case__c'), 'Storage & Backup');
    assert.equal(world.field('ACE_Sync__r.Delivery_Model__c'), 'SaaS or PaaS;Managed Services');
    assert.equal((await world.due()).decision, 'nothing');
  });
});

describe('The first version of a record that an upload looked at before', () => {
  test('follows the first-sync rules all the same, and loses no edit made since', async () => {
    const world = new World('opportunity').link({ ...crmOpportunity, NextStep: 'Ours' }, {});
    assert.equal((await world.upload()).decision, 'nothing', "today's values are adopted");
    world.edit({ NextStep: 'Edited since' });
    const plan = await world.receive(aceOpportunity({ lastModifiedDate: world.tick() }));
    assert.equal(decisionOf(plan, 'ACE_Sync__r.Use_Case__c'), 'write');
    assert.equal(world.field('ACE_Sync__r.Use_Case__c'), 'Migration / Database Migration');
    assert.deepEqual((await world.due()).payload, {
      apnCrmUniqueIdentifier: 'O1234567',
      partnerCrmUniqueIdentifier: crmId,
      nextStep: 'Edited since',
    });
  });

  test('sends our values where the first sync takes them', async () => {
    const world = new World('opportunity').link(crmOpportunity, { Use_Case__c: 'Networking' });
    const fields = world.mapping.opportunity.fields.map((field) =>
      field.ace === 'useCase' ? { ...field, firstSync: 'crm' as const } : field,
    );
    world.mapping = { ...world.mapping, opportunity: { ...world.mapping.opportunity, fields } };
    await world.upload();
    await world.receive(aceOpportunity({ lastModifiedDate: world.tick() }));
    assert.equal((await world.due()).payload?.useCase, 'Networking');
  });
});

describe('A change of AWS', () => {
  test('is written where only AWS changed the field', async () => {
    const world = await agreed();
    const plan = await world.receive(aceOpportunity({ lastModifiedDate: world.tick(), useCase: 'Networking' }));
    assert.equal(decisionOf(plan, 'ACE_Sync__r.Use_Case__c'), 'write');
    assert.equal(world.field('ACE_Sync__r.Use_Case__c'), 'Networking');
    assert.equal((await world.due()).decision, 'nothing');
  });

  test('never overwrites what sales owns: it shows in the AWS fields of the companion row', async () => {
    const world = await agreed();
    const changed = {
      targetCloseDate: '2026-12-31',
      stage: 'Committed',
      nextStep: 'Sign',
      projectDescription: 'Other words, long enough.',
    };
    const plan = await world.receive(aceOpportunity({ lastModifiedDate: world.tick(), ...changed }));
    assert.equal(world.field('CloseDate'), '2026-06-30');
    assert.equal(world.field('StageName'), 'Qualification');
    assert.equal(world.field('NextStep'), 'Call');
    assert.equal(decisionOf(plan, 'CloseDate'), 'onlySent');
    assert.equal(world.field('ACE_Sync__r.AWS_Close_Date__c'), '2026-12-31');
    assert.equal(world.field('ACE_Sync__r.AWS_Stage__c'), 'Committed');
    assert.equal((await world.due()).decision, 'nothing', 'and is not sent back either');
  });

  test('older than what ACE accepted from us since is ignored, visibly', async () => {
    const world = await agreed();
    const before = world.tick(10);
    world.edit({ 'ACE_Sync__r.Use_Case__c': 'Networking', NextStep: 'Meet' });
    assert.equal((await world.upload()).decision, 'send');
    const stale = await world.receive(aceOpportunity({ lastModifiedDate: before, nextStep: 'Earlier' }));
    assert.equal(decisionOf(stale, 'ACE_Sync__r.Use_Case__c'), 'stale');
    assert.equal(decisionOf(stale, 'ACE_Sync__r.AWS_Next_Step__c'), 'stale');
    assert.equal(world.field('ACE_Sync__r.Use_Case__c'), 'Networking');
    assert.equal((await world.due()).decision, 'nothing');
  });

  test('is not invented when ACE accepts our value and keeps its own', async () => {
    const world = await agreed();
    world.edit({ 'ACE_Sync__r.Use_Case__c': 'Networking' });
    await world.upload();
    const plan = await world.receive(aceOpportunity({ lastModifiedDate: world.tick() }));
    assert.equal(decisionOf(plan, 'ACE_Sync__r.Use_Case__c'), 'aceKept');
    assert.equal(world.field('ACE_Sync__r.Use_Case__c'), 'Networking');
    assert.equal((await world.due()).decision, 'nothing', 'nor is our value sent for ever');
  });

  test('back to an earlier value is a change once ACE has confirmed ours', async () => {
    const world = await agreed();
    world.edit({ 'ACE_Sync__r.Use_Case__c': 'Networking' });
    await world.upload();
    await world.receive(aceOpportunity({ lastModifiedDate: world.tick(), useCase: 'Networking' }));
    const plan = await world.receive(aceOpportunity({ lastModifiedDate: world.tick() }));
    assert.equal(decisionOf(plan, 'ACE_Sync__r.Use_Case__c'), 'write');
    assert.equal(world.field('ACE_Sync__r.Use_Case__c'), 'Migration / Database Migration');
  });

  test('to blank does not clear our value, and a field left out says nothing', async () => {
    const world = await agreed();
    const { useCase: _useCase, ...sparse } = aceOpportunity({ lastModifiedDate: world.tick(), deliveryModel: null });
    const plan = await world.receive(sparse);
    assert.equal(decisionOf(plan, 'ACE_Sync__r.Delivery_Model__c'), 'protected');
    assert.equal(decisionOf(plan, 'ACE_Sync__r.Use_Case__c'), 'absent');
    assert.equal(world.field('ACE_Sync__r.Delivery_Model__c'), 'Managed Services;SaaS or PaaS');
    assert.equal((await world.due()).decision, 'nothing');
  });

  test('in the order of a list is no change', async () => {
    const world = await agreed();
    const plan = await world.receive(
      aceOpportunity({ lastModifiedDate: world.tick(), deliveryModel: 'Managed Services;SaaS or PaaS' }),
    );
    assert.equal(plan.outcome, 'unchanged');
    assert.equal(decisionOf(plan, 'ACE_Sync__r.Delivery_Model__c'), 'unchanged');
    assert.equal(plan.recordWrites.ACE_Last_Modified__c, world.clock, 'the version moves on all the same');
  });

  test('of a field that a person also changed asks, and the other fields go on', async () => {
    const world = await agreed();
    world.edit({ 'ACE_Sync__r.Use_Case__c': 'Storage & Backup' });
    const plan = await world.receive(
      aceOpportunity({ lastModifiedDate: world.tick(), useCase: 'Networking', expectedMonthlyAwsRevenue: 2000 }),
    );
    assert.equal(decisionOf(plan, 'ACE_Sync__r.Use_Case__c'), 'conflict');
    assert.equal(world.field('ACE_Sync__r.Use_Case__c'), 'Storage & Backup');
    assert.equal(world.field('ACE_Sync__r.Monthly_AWS_Revenue__c'), 2000);
    assert.equal(world.field('ACE_Sync__r.Status__c'), 'Conflict');
    assert.match(String(world.field('ACE_Sync__r.Conflict__c')), /^Use Case: ours Storage & Backup, AWS Networking/);
    assert.equal((await world.due()).decision, 'nothing', 'the field in conflict is not sent');
  });

  test('ends a conflict by itself when AWS takes its change back', async () => {
    const world = await agreed();
    world.edit({ 'ACE_Sync__r.Use_Case__c': 'Storage & Backup' });
    await world.receive(aceOpportunity({ lastModifiedDate: world.tick(), useCase: 'Networking' }));
    await world.receive(aceOpportunity({ lastModifiedDate: world.tick() }));
    assert.equal(world.field('ACE_Sync__r.Conflict__c'), null);
    assert.equal(world.field('ACE_Sync__r.Status__c'), 'Synced');
    assert.deepEqual((await world.due()).payload, {
      apnCrmUniqueIdentifier: 'O1234567',
      partnerCrmUniqueIdentifier: crmId,
      useCase: 'Storage & Backup',
    });
  });
});

describe('Masked values', () => {
  test('of a lead are replaced by stand-ins, and by the real ones after acceptance', async () => {
    const world = new World('lead');
    const plan = await world.receive(aceLead());
    assert.equal(plan.creates, true);
    assert.equal(world.field('LastName'), 'AWS lead L7654321');
    assert.equal(world.field('Company'), 'AWS lead L7654321');
    assert.equal(world.field('Email'), null);
    assert.ok(!JSON.stringify(plan.recordWrites).toLowerCase().includes('accept to view'));
    await world.receive(
      aceLead({
        currentLeadStage: 'Accepted',
        fullName: 'Maria del Carmen Doe',
        company: 'Example GmbH',
        email: 'maria@example.com',
        country: 'Germany',
        lastModifiedDate: world.tick(),
      }),
    );
    assert.equal(world.field('FirstName'), 'Maria del Carmen');
    assert.equal(world.field('LastName'), 'Doe');
    assert.equal(world.field('Company'), 'Example GmbH');
    assert.equal(world.field('Email'), 'maria@example.com');
    assert.equal(world.field('Country'), 'Germany');
    assert.deepEqual((await world.due()).payload, { apnCrmUniqueIdentifier: 'L7654321', partnerCrmLeadId: crmId });
  });

  test('of any case never overwrite what is known', async () => {
    const world = new World('lead').link({ LastName: 'Doe', Company: 'Example', Email: 'maria@example.com' });
    for (const mask of ['Accept To View', 'Accept to View', 'accept to view ', 'ACCEPT TO VIEW']) {
      await world.receive(aceLead({ lastModifiedDate: world.tick(), email: mask, fullName: mask, company: mask }));
    }
    assert.equal(world.field('Email'), 'maria@example.com');
    assert.equal(world.field('LastName'), 'Doe');
  });

  test('are replaced also when the worker died between the new record and its state', async () => {
    const world = new World('lead');
    await world.receive(aceLead());
    const { row } = world.linked;
    world.received = null;
    world.linked = { ...world.linked, row: row && { ...row, fields: {} } };
    const again = await world.receive(aceLead());
    assert.equal(again.creates, false);
    await world.receive(
      aceLead({ currentLeadStage: 'Accepted', company: 'Example GmbH', lastModifiedDate: world.tick() }),
    );
    assert.equal(world.field('Company'), 'Example GmbH');
  });

  test("keep a person's own entry when the real value comes", async () => {
    const world = new World('lead');
    await world.receive(aceLead());
    world.edit({ Company: 'Known already Ltd' });
    const plan = await world.receive(
      aceLead({ currentLeadStage: 'Accepted', company: 'Example GmbH', lastModifiedDate: world.tick() }),
    );
    assert.equal(decisionOf(plan, 'Company'), 'keepOurs');
    assert.equal(world.field('Company'), 'Known already Ltd');
  });
});

describe('The companion row', () => {
  test('says where the record stands with AWS', async () => {
    const world = await agreed();
    const cases = [
      [{ status: 'Submitted' }, 'In AWS review', 'ACE_IN_REVIEW'],
      [{ status: 'Action Required', apnReviewerComments: 'More words' }, 'Needs attention', 'ACE_ACTION_REQUIRED'],
      [{ status: 'Approved' }, 'Synced', null],
      [{ status: 'Rejected' }, 'Stopped', 'ACE_REVIEW_REJECTED'],
    ] as const;
    for (const [record, status, code] of cases) {
      await world.receive(aceOpportunity({ ...record, lastModifiedDate: world.tick() }));
      assert.equal(world.field('ACE_Sync__r.Status__c'), status);
      assert.equal(world.field('ACE_Sync__r.Reason_Code__c'), code);
    }
  });

  test('keeps the word of an upload that waits for a person', async () => {
    const world = await agreed();
    world.edit({ 'ACE_Sync__r.Status__c': 'Needs data', 'ACE_Sync__r.Reason_Code__c': 'ACE_REQUIRED' });
    await world.receive(aceOpportunity({ lastModifiedDate: world.tick() }));
    assert.equal(world.field('ACE_Sync__r.Status__c'), 'Needs data');
  });
});

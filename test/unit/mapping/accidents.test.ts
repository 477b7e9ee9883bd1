import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadMapping } from '../../../src/mapping/compile.ts';
import { reasons } from '../../../src/mapping/reasons.ts';
import {
  emptySentState,
  readReceivedState,
  withAcceptedSend,
  withSend,
  writeState,
} from '../../../src/mapping/sync-state.ts';
import {
  aceOpportunity,
  awsReferral,
  crmId,
  crmOpportunity,
  crmRow,
  defaultMappingText,
  now,
  primaryContact,
  World,
} from './world.ts';

/** Accidents that integrations of this kind are known for, as far as the mapping alone can prevent them. */

const fresh = (fields = {}, row = {}): World =>
  new World('opportunity').link({ ...crmOpportunity, ...fields }, { ...crmRow, ...row }, null);

async function agreed(fields = {}, row = {}): Promise<World> {
  const world = new World('opportunity').link({ ...crmOpportunity, ...fields }, { ...crmRow, ...row });
  await world.receive(aceOpportunity({ lastModifiedDate: world.tick() }));
  return world;
}

describe('These accidents do not happen:', () => {
  test('our id is not written back after an AWS referral became a record', async () => {
    const world = new World('opportunity');
    await world.receive(awsReferral({ partnerAcceptanceStatus: 'Accepted' }));
    assert.equal((await world.due()).payload?.partnerCrmUniqueIdentifier, crmId);
  });

  test('a second ACE record because a field was set while the first was being created', async () => {
    const world = fresh();
    const create = await world.upload();
    const { record } = world.linked;
    assert.ok(record);
    world.linked = { ...world.linked, record: { ...record, aceId: null } };
    world.edit({ NextStep: 'Set during creation' });
    assert.equal((await world.due()).decision, 'wait');
    world.linked = { ...world.linked, record: { ...record, fields: world.linked.record?.fields ?? {} } };
    await world.receive(aceOpportunity({ stage: 'Prospect', lastModifiedDate: world.tick() }));
    const update = await world.due();
    assert.equal(update.kind, 'update');
    assert.equal(update.partnerId, create.partnerId);
    assert.equal(update.payload?.apnCrmUniqueIdentifier, 'O1234567');
    assert.equal(update.payload?.nextStep, 'Set during creation', 'and the edit is not lost');
  });

  test('a second CRM record because AWS changed something at once', async () => {
    const world = new World('opportunity');
    const [first, second] = await Promise.all([
      world.plan(awsReferral()),
      world.plan(awsReferral({ nextStep: 'Changed at once', lastModifiedDate: world.tick() })),
    ]);
    assert.deepEqual([first.aceId, second.aceId], ['O1234567', 'O1234567'], 'both are upserts of one key');
    await world.receive(awsReferral({ lastModifiedDate: world.tick() }));
    const after = await world.receive(awsReferral({ nextStep: 'Changed', lastModifiedDate: world.tick() }));
    assert.equal(after.creates, false);
  });

  test('special dashes in standard values are refused', async () => {
    const mapping = loadMapping(
      defaultMappingText.replace(
        /- ace: closedLostReason\n {6}crm: ACE_Sync__r.Closed_Lost_Reason__c[\s\S]*?note: .*\n/,
        "- { ace: closedLostReason, crm: Loss__c, direction: out, values: { 'Lost to Competitor \u2013 Other': [Lost to Competitor - Other, competitor] } }\n",
      ),
    );
    const world = await agreed({ Loss__c: null });
    world.mapping = mapping;
    await world.upload();
    world.edit({ Loss__c: 'Lost to Competitor - Other', StageName: 'Closed Lost' });
    assert.equal((await world.due()).payload?.closedLostReason, 'Lost to Competitor \u2013 Other');
  });

  test('values are lost because the record changed between sending and its result', async () => {
    const world = await agreed();
    world.edit({ NextStep: 'Five' });
    const plan = await world.due();
    world.edit({ NextStep: 'Six' });
    const send = { name: 'a', sha: 'a', at: now, kind: plan.kind, fields: { ...plan.fields } };
    const waiting = withSend(emptySentState(world.stamp), send);
    world.sent = withAcceptedSend(waiting, send, world.tick());
    assert.equal((await world.due()).payload?.nextStep, 'Six');
  });

  test('a postal code is forced on a country that has none', async () => {
    const world = fresh({ 'Account.BillingCountry': 'Hong Kong', 'Account.BillingPostalCode': '00000' });
    const hongKong = await world.due();
    const withCode = await fresh().due();
    assert.equal(withCode.payload?.postalCode, '10115');
    const bolivia = await fresh({ 'Account.BillingCountry': 'BO', 'Account.BillingPostalCode': '00000' }).due();
    assert.equal('postalCode' in (bolivia.payload ?? {}), false);
    assert.equal(hongKong.payload?.country, 'Hong Kong');
  });

  test('a state is sent for a country other than the United States', async () => {
    const german = await fresh({ 'Account.BillingState': 'BE' }).due();
    assert.equal('state' in (german.payload ?? {}), false);
    const american = await fresh({ 'Account.BillingState': 'CA', 'Account.BillingCountry': 'USA' }).due();
    assert.equal(american.payload?.state, 'California');
  });

  test('the word for an "Other" industry is dropped', async () => {
    const plan = await fresh({ 'Account.Industry': 'Chemicals' }).due();
    assert.equal(plan.payload?.industry, 'Other');
    assert.equal(plan.payload?.industryOther, 'Chemicals');
  });

  test('large amounts are sent in scientific notation', async () => {
    for (const amount of [123456789012345680000, 1e20, '1e6']) {
      const plan = await fresh({}, { Monthly_AWS_Revenue__c: amount }).due();
      assert.doesNotMatch(JSON.stringify(plan.payload?.expectedMonthlyAwsRevenue), /e/i);
    }
  });

  test('1041.67 meets an integer field', async () => {
    const world = fresh({}, { Monthly_AWS_Revenue__c: 1041.67 });
    assert.equal((await world.upload()).payload?.expectedMonthlyAwsRevenue, 1042);
    const plan = await world.receive(
      aceOpportunity({ expectedMonthlyAwsRevenue: 1042.0, lastModifiedDate: world.tick() }),
    );
    assert.equal(world.field('ACE_Sync__r.Monthly_AWS_Revenue__c'), 1041.67, 'and the rounded one does not come back');
    assert.ok(plan.decisions.every(({ aceField, writes }) => aceField !== 'expectedMonthlyAwsRevenue' || !writes));
  });

  test('strings of digits become numbers', async () => {
    const world = fresh({ Name: '0042', 'Account.BillingPostalCode': '01067' });
    const { payload } = await world.due();
    assert.equal(payload?.partnerProjectTitle, '0042');
    assert.equal(payload?.postalCode, '01067');
    const inbound = await agreed();
    await inbound.receive(aceOpportunity({ partnerProjectTitle: '0042', lastModifiedDate: inbound.tick() }));
    assert.equal(inbound.field('Name'), '0042');
  });

  test('a reason is longer than the field that takes it', () => {
    for (const { message, fix } of Object.values(reasons)) assert.ok(`${message} ${fix}`.length <= 255, message);
  });

  test('a record is submitted but stuck in draft, and nobody sees it', async () => {
    const world = await agreed();
    await world.receive(aceOpportunity({ status: 'Draft', lastModifiedDate: world.tick() }));
    assert.equal(world.field('ACE_Sync__r.Status__c'), 'In AWS review');
    assert.equal(world.field('ACE_Sync__r.Review_Status__c'), 'Draft');
    world.edit({ NextStep: 'Meet' });
    assert.equal((await world.due()).decision, 'wait');
  });

  test('an AWS referral is handled as a partner referral', async () => {
    const world = new World('opportunity');
    const plan = await world.receive(awsReferral());
    assert.equal(plan.rowWrites.Origin__c, 'AWS Referral');
    world.edit({ NextStep: 'Meet', 'ACE_Sync__r.Shared__c': true });
    const due = await world.due();
    assert.equal(due.decision, 'wait', 'no create and no update goes out before its acceptance');
    assert.equal(due.kind, 'update');
  });

  test('an update sets the review status to null', async () => {
    const world = await agreed();
    await world.receive({
      apnCrmUniqueIdentifier: 'O1234567',
      partnerCrmUniqueIdentifier: crmId,
      nextStep: 'Only this',
      status: null,
      lastModifiedDate: world.tick(),
    });
    assert.equal(world.field('ACE_Sync__r.Review_Status__c'), 'Approved');
    assert.equal(world.field('ACE_Sync__r.AWS_Next_Step__c'), 'Only this');
    const sparse = await agreed();
    await sparse.receive({
      apnCrmUniqueIdentifier: 'O1234567',
      nextStep: 'Only this',
      lastModifiedDate: sparse.tick(),
    });
    assert.equal(sparse.received?.aceStatus.review, 'Approved');
    sparse.edit({ NextStep: 'Meet' });
    assert.equal((await sparse.due()).decision, 'send');
  });

  test('reviewer comments or next steps are longer than the field', async () => {
    const world = await agreed();
    await world.receive(
      aceOpportunity({
        apnReviewerComments: 'x'.repeat(40_000),
        nextStep: 'y'.repeat(400),
        lastModifiedDate: world.tick(),
      }),
    );
    assert.equal(String(world.field('ACE_Sync__r.Reviewer_Comments__c')).length, 32_000);
    assert.equal(String(world.field('ACE_Sync__r.AWS_Next_Step__c')).length, 255);
  });

  test('an account is overwritten, with a default or at all', async () => {
    const world = new World('opportunity', loadMapping(defaultMappingText));
    const hidden = await world.receive(awsReferral());
    assert.deepEqual(hidden.related, [], 'a hidden country makes no account');
    const shown = await world.receive(
      awsReferral({ partnerAcceptanceStatus: 'Accepted', country: 'Germany', lastModifiedDate: world.tick() }),
    );
    assert.deepEqual(shown.related, [
      {
        kind: 'account',
        sobject: 'Account',
        externalId: 'ACE_Key__c',
        value: 'example gmbh|germany',
        fields: {
          Name: 'Example GmbH',
          Website: 'https://example.com',
          BillingStreet: 'Allee 1',
          BillingCity: 'Berlin',
          BillingPostalCode: '10115',
          BillingCountry: 'Germany',
        },
        matchedBy: { field: 'Name', value: 'Example GmbH' },
        reference: 'AccountId',
        parent: null,
      },
    ]);
    const later = await world.receive(
      awsReferral({
        partnerAcceptanceStatus: 'Accepted',
        country: 'Germany',
        customerWebsite: 'https://other.example',
        lastModifiedDate: world.tick(),
      }),
    );
    assert.deepEqual(later.related, []);
    assert.ok(Object.keys(later.recordWrites).every((name) => !name.startsWith('Account')));
  });

  test('a default overwrites a value that is there', async () => {
    const world = await agreed({}, { From_Marketing__c: 'Yes' });
    assert.equal((await world.due()).decision, 'nothing');
    world.edit({ 'ACE_Sync__r.From_Marketing__c': null });
    assert.equal((await world.due()).decision, 'nothing', 'an emptied field is not filled with the default either');
  });

  test('a renamed standard value of AWS is lost or written as something else', async () => {
    const text = defaultMappingText.replace(
      '- { ace: useCase, crm: ACE_Sync__r.Use_Case__c, direction: both, firstSync: fillBlanks }',
      '- { ace: useCase, crm: Use_Case__c, direction: both, values: { Networking: Networks } }',
    );
    const world = new World('opportunity', loadMapping(text)).link(crmOpportunity, crmRow);
    const plan = await world.receive(
      aceOpportunity({ useCase: 'Networking and Content Delivery', lastModifiedDate: world.tick() }),
    );
    assert.equal(plan.outcome, 'parked');
    assert.deepEqual(
      plan.problems.map(({ code, field }) => [code, field]),
      [['VALUE_UNKNOWN', 'useCase']],
    );
    assert.deepEqual(plan.recordWrites, {});
  });

  test('an update is sent before the approval', async () => {
    for (const status of ['Draft', 'Submitted', 'In review']) {
      const world = await agreed();
      await world.receive(aceOpportunity({ status, lastModifiedDate: world.tick() }));
      world.edit({ NextStep: 'Meet', StageName: 'Negotiation/Review' });
      assert.equal((await world.due()).decision, 'wait', status);
    }
  });

  test('a later run keeps the old status', async () => {
    const world = await agreed();
    world.edit({ 'ACE_Sync__r.Status__c': 'In AWS review', 'ACE_Sync__r.Reason_Code__c': 'IN_REVIEW' });
    await world.receive(aceOpportunity({ status: 'Approved', lastModifiedDate: world.tick() }));
    assert.equal(world.field('ACE_Sync__r.Status__c'), 'Synced');
    assert.equal(world.field('ACE_Sync__r.Reason_Code__c'), null);
  });

  test('a date is shifted by a day', async () => {
    const world = fresh({ CloseDate: '2026-12-31' });
    assert.equal((await world.due()).payload?.targetCloseDate, '2026-12-31');
    const referral = new World('opportunity');
    await referral.receive(awsReferral({ targetCloseDate: '2026-12-31T00:00:00.000Z' }));
    assert.equal(referral.field('ACE_Sync__r.AWS_Close_Date__c'), '2026-12-31');
    assert.equal(referral.field('CloseDate'), '2026-12-31');
  });

  test('two integrations work on one record with each other’s state', async () => {
    const world = await agreed();
    assert.ok(world.received);
    const read = readReceivedState(writeState(world.received), { ...world.stamp, installation: 'two' });
    assert.deepEqual(read, { state: null, foreign: true, unreadable: false });
  });

  test('mapped fields are left out on the way out', async () => {
    const world = fresh(
      {
        StageName: 'Closed Lost',
        'Account.Industry': 'Chemicals',
        'Account.BillingState': 'CA',
        'Account.BillingCountry': 'US',
        ...primaryContact({
          FirstName: 'Ann',
          LastName: 'Example',
          Title: 'CTO',
          Email: 'ann@example.com',
          Phone: '1',
        }),
      },
      {
        Other_Solution__c: 'Ours',
        From_Marketing__c: 'Yes',
        Marketing_Funded__c: 'Yes',
        AWS_Account_Id__c: '123456789012',
      },
    );
    const plan = await world.due();
    const outward = world.mapping.opportunity.fields.filter((field) => field.direction !== 'in');
    for (const field of outward) {
      const decision = plan.decisions.find(({ aceField, path }) => aceField === field.ace && path === field.crm);
      assert.ok(decision, `${field.key} is not even decided on`);
      if (decision.decision === 'send') assert.ok(field.ace in (plan.payload ?? {}), field.key);
      else assert.equal(decision.decision, 'closed', `${field.key}: ${decision.rule}`);
    }
  });
});

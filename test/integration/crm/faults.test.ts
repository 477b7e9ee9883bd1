import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AceSyncError } from '../../../src/errors.ts';
import { byAceId, newOpportunity, preparedOrg } from './prepared-org.ts';

const collections = { method: 'PATCH', path: '/composite/sobjects/Opportunity' };
const rejectsWith = (code: string) => (error: unknown) => error instanceof AceSyncError && error.code === code;

test('a write whose answer was lost makes no second record when it is repeated', async () => {
  const org = await preparedOrg();
  const crm = org.crm();
  org.standIn.faults.inject(collections, { kind: 'loseAnswer' });
  await assert.rejects(crm.write('opportunity', byAceId('O1'), newOpportunity()), rejectsWith('CRM_UNAVAILABLE'));
  org.standIn.faults.inject(collections, { kind: 'cutBody', afterBytes: 10 });
  await assert.rejects(crm.write('opportunity', byAceId('O1'), newOpportunity()), rejectsWith('CRM_UNAVAILABLE'));
  const again = await crm.write('opportunity', byAceId('O1'), newOpportunity());
  assert.deepEqual([again.kind, again.kind === 'written' && again.created], ['written', false]);
  assert.equal(org.standIn.administration.rows('Opportunity').length, 1);
});

test('sessions that end while calls run are renewed without anybody noticing', async () => {
  const org = await preparedOrg();
  const crm = org.crm();
  await crm.write('opportunity', byAceId('O1'), newOpportunity());
  org.standIn.administration.expireSessions();
  const outcomes = await Promise.all([
    crm.write('opportunity', byAceId('O2'), newOpportunity()),
    crm.find('opportunity', [{ aceId: 'O1' }], ['Name'], []),
    crm.changes('opportunity', null, { overlapMs: 0, relatedPaths: [] }),
  ]);
  assert.equal(outcomes[0].kind, 'written');
  assert.equal(outcomes[1][0]?.record?.fields.Name, 'Project');
});

test('when the day’s calls are used up the connection is held and says so', async () => {
  const org = await preparedOrg();
  const crm = org.crm();
  await crm.identity();
  org.standIn.faults.inject(collections, { kind: 'limitExhausted' });
  await assert.rejects(crm.write('opportunity', byAceId('O1'), newOpportunity()), rejectsWith('CRM_LIMIT_REACHED'));
  assert.match(crm.openBreaker() ?? '', /API limit/);
  assert.equal(crm.health().fault?.code, 'CRM_LIMIT_REACHED');
});

test('a field permission that is taken away holds the connection, and giving it back lets it go on by itself', async () => {
  const org = await preparedOrg();
  const crm = org.crm({ retry: { connectionMs: 30 } });
  const account = org.standIn.administration.create('Account', { Name: 'C' });
  const write = () => crm.write('opportunity', byAceId('O1'), newOpportunity({ NextStep: 'call', AccountId: account }));
  assert.equal((await write()).kind, 'written');
  const change = (readable: boolean) =>
    org.administrator.call('update permission set', (connection) =>
      connection.metadata.update('PermissionSet', [
        {
          fullName: 'ACE_Sync_Integration',
          label: 'ACE Sync Integration',
          fieldPermissions: [{ field: 'Opportunity.NextStep', readable, editable: readable }],
        },
      ]),
    );
  await change(false);
  await assert.rejects(write(), (error: AceSyncError) => error.code === 'CRM_SCHEMA' && /NextStep/.test(error.message));
  assert.match(crm.openBreaker() ?? '', /hides it/);
  await change(true);
  await new Promise((resolve) => setTimeout(resolve, 80));
  assert.equal(crm.openBreaker(), null, 'the way is open for a probe');
  assert.equal((await write()).kind, 'written');
  assert.equal(crm.health().fault, null);
});

test('a trigger that meets a limit on full batches gets smaller ones, and every record is written', async () => {
  const org = await preparedOrg();
  const crm = org.crm({ batch: { loneWindowMs: 20, backlogWindowMs: 200 } });
  org.standIn.administration.addFailingTrigger({
    name: 'Heavy',
    object: 'Opportunity',
    on: 'save',
    moreRowsThan: 40,
    exception: 'System.LimitException: Too many SOQL queries: 101',
  });
  const outcomes = await Promise.all(
    Array.from({ length: 300 }, (_, index) => crm.write('opportunity', byAceId(`O${index}`), newOpportunity())),
  );
  assert.ok(outcomes.every((outcome) => outcome.kind === 'written'));
});

test('one record that breaks a trigger is refused alone', async () => {
  const org = await preparedOrg();
  const crm = org.crm({ batch: { loneWindowMs: 20, backlogWindowMs: 200 } });
  org.standIn.administration.addFailingTrigger({
    name: 'Fragile',
    object: 'Opportunity',
    on: 'save',
    when: "Name = 'poison'",
    exception: 'System.NullPointerException: Attempt to de-reference a null object',
  });
  const outcomes = await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      crm.write('opportunity', byAceId(`O${index}`), newOpportunity({ Name: index === 42 ? 'poison' : 'Project' })),
    ),
  );
  assert.equal(outcomes.filter((outcome) => outcome.kind === 'written').length, 99);
  const poisoned = outcomes[42];
  assert.equal(poisoned?.kind === 'refused' && poisoned.problem.fixBy, 'salesforceAdministrator');
  assert.doesNotMatch(JSON.stringify(poisoned), /poison|NullPointer/);
});

test('locked rows are written by the second try', async () => {
  const org = await preparedOrg();
  const crm = org.crm();
  org.standIn.faults.lockRows('Opportunity', { times: 2 });
  const outcomes = await Promise.all(
    ['O1', 'O2', 'O3'].map((id) => crm.write('opportunity', byAceId(id), newOpportunity())),
  );
  assert.deepEqual(
    outcomes.map((outcome) => outcome.kind),
    ['written', 'written', 'written'],
  );
});

test('a duplicate rule that blocks holds the record; one that alerts can be passed', async () => {
  const org = await preparedOrg();
  org.standIn.administration.create('Lead', { LastName: 'Doe', Company: 'C', Email: 'a@example.com' });
  const lead = { LastName: 'Doe', Company: 'C', Email: 'a@example.com' };
  const rule = { name: 'Same mail', object: 'Lead', fields: ['Email'], message: 'Use one of these records?' };
  org.standIn.administration.addDuplicateRule({ ...rule, action: 'alert' });
  const held = await org.crm().write('lead', byAceId('L1'), lead);
  assert.equal(held.kind === 'refused' && held.problem.code, 'CRM_DUPLICATE_RULE');
  assert.equal((await org.crm({ duplicateAlerts: 'pass' }).write('lead', byAceId('L1'), lead)).kind, 'written');
  org.standIn.administration.clearAutomation();
  org.standIn.administration.addDuplicateRule({ ...rule, action: 'block' });
  const blocked = await org.crm({ duplicateAlerts: 'pass' }).write('lead', byAceId('L2'), lead);
  assert.equal(blocked.kind, 'refused');
});

test('problems of the record name its field in the words of its users', async () => {
  const org = await preparedOrg();
  const crm = org.crm();
  const [long, missing] = await Promise.all([
    crm.write('opportunity', byAceId('O1'), newOpportunity({ Name: 'x'.repeat(200) })),
    crm.write('opportunity', byAceId('O2'), { Name: 'n', StageName: 'Prospecting' }),
  ]);
  assert.ok(long?.kind === 'refused' && missing?.kind === 'refused');
  assert.equal(long.problem.code, 'CRM_TEXT_TOO_LONG');
  assert.doesNotMatch(long.problem.message, /xxx/);
  assert.equal(missing.problem.code, 'CRM_REQUIRED_FIELD');
  assert.match(missing.problem.message, /Close Date/);
});

test('the connection row is written and read', async () => {
  const org = await preparedOrg();
  const crm = org.crm();
  assert.equal(await crm.connectionRow('prod'), null);
  const key = { externalId: 'Connection__c', value: 'prod' };
  const written = await crm.write('connection', key, {
    Heartbeat__c: '2026-01-01T00:00:00.000Z',
    Held__c: false,
    Mode__c: 'live',
  });
  assert.ok(written.kind === 'written');
  org.standIn.administration.edit(written.id, { Requested_State__c: 'Hold all' });
  const row = await crm.connectionRow('prod');
  assert.equal(row?.Requested_State__c, 'Hold all');
  assert.equal(row?.Heartbeat__c, '2026-01-01T00:00:00.000Z');
});

test('a related record is found by its external id', async () => {
  const org = await preparedOrg();
  await org.administrator.call('create field', (connection) =>
    connection.metadata.create('CustomField', [
      {
        fullName: 'Account.Customer_Key__c',
        label: 'Customer Key',
        type: 'Text',
        length: 40,
        externalId: true,
        unique: true,
      },
    ]),
  );
  await org.administrator.call('grant', (connection) =>
    connection.metadata.update('PermissionSet', [
      {
        fullName: 'ACE_Sync_Integration',
        label: 'ACE Sync Integration',
        fieldPermissions: [{ field: 'Account.Customer_Key__c', readable: true, editable: true }],
      },
    ]),
  );
  const crm = org.crm();
  const key = { externalId: 'Customer_Key__c', value: 'K/1' };
  const [one, two] = await Promise.all([
    crm.write({ sobject: 'Account' }, key, { Name: 'Customer' }),
    crm.write({ sobject: 'Account' }, key, { Name: 'Customer' }),
  ]);
  assert.deepEqual(one, two);
  const outcome = await crm.write('opportunity', byAceId('O1'), { ...newOpportunity(), AccountId: key });
  assert.equal(outcome.kind, 'written', JSON.stringify(outcome));
  const [found] = await crm.find('opportunity', [{ aceId: 'O1' }], ['Account.Name'], []);
  assert.equal(found?.record?.fields['Account.Name'], 'Customer');
  const before = org.standIn.usage.used;
  const there = await Promise.all(
    ['K/1', 'k/1', "K'2", ''].map((value) => crm.related('Account', 'Customer_Key__c', value)),
  );
  assert.deepEqual(
    there.map((ids) => ids.length),
    [1, 1, 0, 0],
  );
  assert.equal(org.standIn.usage.used - before, 1, 'one query for all of them');
  const lost = await crm.write('opportunity', byAceId('O2'), {
    ...newOpportunity(),
    AccountId: { externalId: 'Customer_Key__c', value: 'nobody' },
  });
  assert.equal(lost.kind === 'refused' && lost.problem.code, 'CRM_REFERENCE_MISSING', JSON.stringify(lost));
});

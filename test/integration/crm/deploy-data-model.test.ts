import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dataModelComponents } from '../../../src/crm/salesforce/metadata/data-model-components.ts';
import { deployDataModel } from '../../../src/crm/salesforce/metadata/deploy-data-model.ts';
import { metadataOf } from '../../../src/crm/salesforce/metadata/metadata-calls.ts';
import type { SalesforceSession } from '../../../src/crm/salesforce/session.ts';
import { byAceId, emptyOrg, newOpportunity, preparedOrg } from './prepared-org.ts';

test('a dry run changes nothing, the set-up creates what is missing, and a second one finds nothing to do', async () => {
  const org = await emptyOrg();
  const integrationUser = org.standIn.integrationUser.username;
  const plan = await deployDataModel(org.administrator, { dryRun: true, integrationUser });
  assert.ok(plan.missing.includes('CustomField Opportunity.ACE_Id__c'));
  assert.equal(plan.assigned, false);
  const again = await deployDataModel(org.administrator, { dryRun: true });
  assert.deepEqual(again.missing, plan.missing, 'the dry run left no trace');

  const done = await deployDataModel(org.administrator, { dryRun: false, integrationUser });
  assert.deepEqual(done.failed, []);
  assert.equal(done.assigned, true);

  const second = await deployDataModel(org.administrator, { dryRun: false, integrationUser });
  assert.deepEqual(
    { missing: second.missing, granted: second.granted, different: second.different },
    { missing: [], granted: [], different: [] },
  );
});

test('what is there is never changed: a field of another type is reported and stays', async () => {
  const org = await emptyOrg();
  await org.administrator.call('create', (connection) =>
    connection.metadata.create('CustomField', [
      { fullName: 'Opportunity.ACE_Id__c', label: 'Theirs', type: 'Text', length: 255 },
    ]),
  );
  const report = await deployDataModel(org.administrator, { dryRun: false });
  assert.ok(report.present.includes('CustomField Opportunity.ACE_Id__c'));
  assert.deepEqual(report.different, [{ name: 'CustomField Opportunity.ACE_Id__c', property: 'externalId' }]);
  const [field] = await org.administrator.call('read', (connection) =>
    connection.metadata.read('CustomField', ['Opportunity.ACE_Id__c']),
  );
  assert.equal(field?.label, 'Theirs');
});

test('permissions that an administrator added to a permission set stay, and new fields are granted in it', async () => {
  const org = await emptyOrg();
  const [first, later] = ['Reason__c', 'Details__c'].map((name) => `ACE_Sync__c.${name}`);
  const all = dataModelComponents();
  const earlier = all
    .filter((component) => component.fullName !== later)
    .map((component) =>
      component.type === 'PermissionSet'
        ? {
            ...component,
            body: { ...component.body, fieldPermissions: [{ field: first ?? '', readable: true, editable: false }] },
          }
        : component,
    );
  await deployDataModel(org.administrator, { dryRun: false, components: earlier });
  await org.administrator.call('update', (connection) =>
    connection.metadata.update('PermissionSet', [
      {
        fullName: 'ACE_Sync_User',
        label: 'ACE Sync User',
        fieldPermissions: [{ field: 'Opportunity.NextStep', readable: true, editable: true }],
      },
    ]),
  );
  const report = await deployDataModel(org.administrator, { dryRun: false });
  assert.ok(report.granted.includes(`ACE_Sync_User: ${later}`));
  assert.deepEqual(report.failed, []);
  const [set] = await org.administrator.call('read', (connection) =>
    connection.metadata.read('PermissionSet', ['ACE_Sync_User']),
  );
  const granted = (set?.fieldPermissions ?? []).map(({ field }) => field);
  assert.ok(granted.includes('Opportunity.NextStep'));
  assert.ok(granted.includes(later ?? ''));
});

test('the integration user can work although not even the administrator sees the new fields', async () => {
  const org = await preparedOrg({ administratorSeesNewFields: false });
  const outcome = await org.crm().write('opportunity', byAceId('O1'), newOpportunity());
  assert.equal(outcome.kind, 'written');
});

test('a sales person with the user permission set chooses an action but cannot touch what the sync writes', async () => {
  const org = await preparedOrg();
  const { administration } = org.standIn;
  const person = administration.createUser({ username: 'rep@example.com', profile: 'standard' });
  administration.assignPermissionSet(person.userId, 'ACE_Sync_User');
  const login = (user: { clientId: string; clientSecret: string }) => ({
    auth: {
      kind: 'clientCredentials',
      clientId: { static: user.clientId },
      clientSecret: { static: user.clientSecret },
    },
  });
  const row = await org.crm().write('sync', byAceId('O1'), { Status__c: 'Needs data' });
  assert.ok(row.kind === 'written');
  const asPerson = org.crm(login(person));
  assert.equal((await asPerson.write('sync', { id: row.id }, { Action__c: 'Retry' })).kind, 'written');
  await assert.rejects(asPerson.write('sync', { id: row.id }, { Status__c: 'Synced' }), /Status__c is read-only/);
});

test('a name that is taken meanwhile is fine when it is the same, and a named error otherwise', async () => {
  const org = await emptyOrg();
  const field = (name: string) => `ACE_Sync__c.${name}`;
  const [same, another, erased] = ['Reason__c', 'Reason_Code__c', 'ACE_Id__c'].map(field);
  let raced = false;
  const racing: SalesforceSession = {
    ...org.administrator,
    async call(place, work, priority) {
      if (raced || place !== 'create CustomField') return org.administrator.call(place, work, priority);
      raced = true;
      const theirs = [
        ...dataModelComponents().flatMap(({ fullName, body }) => (fullName === same ? [{ fullName, ...body }] : [])),
        { fullName: another, label: 'Theirs', type: 'Checkbox', defaultValue: 'false' },
        { fullName: erased, label: 'Theirs', type: 'Checkbox', defaultValue: 'false' },
      ];
      await org.administrator.call('race', (connection) => metadataOf(connection).create('CustomField', theirs));
      const answer = await org.administrator.call(place, work, priority);
      await org.administrator.call('race', (connection) => connection.metadata.delete('CustomField', [erased ?? '']));
      return answer;
    },
  };
  const { failed } = await deployDataModel(racing, { dryRun: false });
  const taken = failed.filter(({ code }) => code === 'DUPLICATE_DEVELOPER_NAME');
  assert.deepEqual(
    taken.toSorted((one, other) => one.name.localeCompare(other.name)),
    [
      {
        name: `CustomField ${erased}`,
        code: 'DUPLICATE_DEVELOPER_NAME',
        detail: 'something else of the org holds this name, such as a deleted field',
        required: true,
      },
      {
        name: `CustomField ${another}`,
        code: 'DUPLICATE_DEVELOPER_NAME',
        detail: 'what is there differs in type',
        required: true,
      },
    ],
  );
});

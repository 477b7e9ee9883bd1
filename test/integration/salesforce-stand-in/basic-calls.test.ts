import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Connection } from 'jsforce';
import { createFields, createOne, failure, opportunity, partnerKey, save, startOrg } from './stand-in-org.ts';

/** Calls that jsforce's own guide begins with, each with what it must give. */
const calls: readonly [string, (connection: Connection, accountId: string) => Promise<unknown>, unknown][] = [
  [
    'find with a condition, sorted and limited',
    async (c) =>
      (
        await c
          .sobject('Account')
          .find({ Name: { $like: 'A%' } }, ['Id', 'Name'])
          .sort({ Name: -1 })
          .limit(1)
          .execute()
      ).map((row) => row.Name),
    ['Acme'],
  ],
  ['findOne', async (c) => (await c.sobject('Account').findOne({ Name: 'Acme' }))?.Name, 'Acme'],
  ['count', (c) => Promise.resolve(c.sobject('Account').count({ Name: 'Acme' })), 1],
  [
    'select and where',
    async (c) => (await c.sobject('Account').select('Name').where("Name = 'Acme'").execute()).length,
    1,
  ],
  [
    'include of children',
    async (c) =>
      (await c.sobject('Account').select('Id').include('Contacts').select('LastName').end().execute())[0]?.Contacts
        ?.totalSize,
    1,
  ],
  ['retrieve of one', async (c, id) => (await c.sobject('Account').retrieve(id)).Name, 'Acme'],
  [
    'retrieve of several',
    async (c, id) => (await c.sobject('Account').retrieve([id])).map((row) => row.Name),
    ['Acme'],
  ],
  ['record reference', async (c, id) => (await c.sobject('Account').record(id).retrieve()).Name, 'Acme'],
  [
    'update through a record reference',
    async (c, id) => (await c.sobject('Account').record(id).update({ Site: 'HQ' })).success,
    true,
  ],
  [
    'update of several',
    async (c, id) => (await c.sobject('Account').update([{ Id: id, Site: 'HQ' }]))[0]?.success,
    true,
  ],
  [
    'update by a query',
    async (c) =>
      (
        await c
          .query("SELECT Id FROM Account WHERE Name = 'Acme'")
          .update({ Fax: '1' }, 'Account', { allowBulk: false })
      )[0]?.success,
    true,
  ],
  [
    'autoFetch over pages',
    async (c) => (await c.query('SELECT Id FROM Account', { autoFetch: true, maxFetch: 10 })).records.length,
    1,
  ],
  [
    'query events',
    (c) =>
      new Promise((resolve, reject) => {
        let seen = 0;
        c.query('SELECT Id FROM Account')
          .on('record', () => {
            seen++;
          })
          .on('end', () => resolve(seen))
          .on('error', reject)
          .run({ autoFetch: true });
      }),
    1,
  ],
  ['explain', async (c) => Array.isArray((await c.query('SELECT Id FROM Account').explain()).plans), true],
  [
    'search',
    async (c) =>
      (await c.search('FIND {Acm*} IN ALL FIELDS RETURNING Account(Id, Name), Lead')).searchRecords.map(
        (row) => row.Name,
      ),
    ['Acme'],
  ],
  ['describe', async (c) => (await c.sobject('Account').describe()).name, 'Account'],
  ['describeGlobal', async (c) => (await c.describeGlobal()).encoding, 'UTF-8'],
  ['describe, cached', async (c) => (await c.describe$('Account')).name, 'Account'],
  ['layouts', async (c) => (await c.sobject('Account').layouts()).layouts, []],
  ['recent of all', async (c) => (await c.recent(5)).length > 0, true],
  ['recent of one object', async (c) => (await c.sobject('Account').recent()).length, 1],
  ['limits', async (c) => (await c.limits()).DailyApiRequests?.Max, 15000],
  ['tabs', async (c) => await c.tabs(), []],
  ['theme', async (c) => Reflect.get((await c.theme()) as object, 'themeItems'), []],
  ['quick actions', async (c) => await c.quickActions(), []],
  ['list views', async (c) => Reflect.get((await c.sobject('Account').listviews()) as object, 'listviews'), []],
  ['identity', async (c) => (await c.identity()).user_type, 'STANDARD'],
  ['plain GET', async (c) => typeof (await c.request<{ sobjects: string }>('/')).sobjects, 'string'],
  [
    'plain POST',
    async (c) => (await c.requestPost<{ success: boolean }>('/sobjects/Account', { Name: 'B' })).success,
    true,
  ],
  ['SOAP: time', async (c) => typeof (await c.soap.getServerTimestamp()).timestamp, 'string'],
  ['SOAP: user', async (c) => (await c.soap.getUserInfo()).userType, 'Standard'],
  [
    'metadata: describe',
    async (c) => (await c.metadata.describe('60.0')).metadataObjects.some((one) => one.xmlName === 'CustomField'),
    true,
  ],
  [
    'metadata: list',
    async (c) => (await c.metadata.list({ type: 'CustomObject' }, '60.0')).some((one) => one.fullName === 'Account'),
    true,
  ],
  ['tooling: query', async (c) => (await c.tooling.query('SELECT Id FROM ValidationRule')).totalSize, 0],
  [
    'delete of several',
    async (c) => (await c.sobject('Account').destroy([await createOne(c, 'Account', { Name: 'D' })]))[0]?.success,
    true,
  ],
  [
    'delete by a query',
    async (c) =>
      (await c.query("SELECT Id FROM Account WHERE Name = 'B'").destroy('Account', { allowBulk: false }))[0]?.success,
    true,
  ],
];

test('the basic calls of jsforce are answered', async (t) => {
  const { connection } = await startOrg(t);
  const accountId = await createOne(connection, 'Account', { Name: 'Acme' });
  await createOne(connection, 'Contact', { LastName: 'Doe', AccountId: accountId });
  for (const [title, work, expected] of calls) assert.deepEqual(await work(connection, accountId), expected, title);
});

test('leads are converted and accounts merged through SOAP, as the browser does', async (t) => {
  const { connection } = await startOrg(t);
  const lead = await createOne(connection, 'Lead', { LastName: 'Hopper', Company: 'Navy' });
  const request = {
    leadId: lead,
    convertedStatus: 'Closed - Converted',
    doNotCreateOpportunity: false,
    overwriteLeadSource: false,
    sendNotificationEmail: false,
  };
  const converted = await connection.soap.convertLead(request);
  assert.equal(converted.success, true);
  assert.match(String(converted.opportunityId), /^006/);
  const again = await connection.soap.convertLead(request);
  assert.equal(again.success, false);

  const loser = await createOne(connection, 'Account', { Name: 'Loser' });
  const merged = await connection.soap.merge({
    additionalInformationMap: [],
    masterRecord: Object.assign({ type: 'Account', Id: String(converted.accountId) }, { Site: 'HQ' }),
    recordToMergeIds: [loser],
  });
  assert.equal(merged.success, true);
  const { records } = await connection.query('SELECT Name, Site FROM Account');
  assert.deepEqual([records.length, records[0]?.Name, records[0]?.Site], [1, 'Navy', 'HQ']);
  const refused = connection.soap.describeTabs();
  assert.match((await failure(refused)).message, /describeTabs is not served/);
});

test('a quick action creates its record beside the one it stands on, or updates that one', async (t) => {
  const { connection } = await startOrg(t);
  await save(connection, 'CustomObject', {
    fullName: 'Request__c',
    label: 'Request',
    pluralLabel: 'Requests',
    nameField: { type: 'AutoNumber', label: 'Number', displayFormat: 'R-{000}' },
    deploymentStatus: 'Deployed',
    sharingModel: 'ReadWrite',
  });
  await createFields(
    connection,
    partnerKey,
    {
      fullName: 'Request__c.Deal__c',
      label: 'Deal',
      type: 'Lookup',
      referenceTo: 'Opportunity',
      relationshipName: 'Requests',
    },
    { fullName: 'Request__c.Wish__c', label: 'Wish', type: 'Text', length: 40 },
    { fullName: 'Request__c.Note__c', label: 'Note', type: 'Text', length: 40 },
  );
  const overrides = (literalValue: string) => [{ field: 'Wish__c', literalValue }];
  await save(
    connection,
    'QuickAction',
    {
      fullName: 'Opportunity.Ask',
      label: 'Ask',
      type: 'Create',
      targetObject: 'Request__c',
      targetParentField: 'Deal__c',
      fieldOverrides: overrides('Share'),
    },
    { fullName: 'Request__c.Stop', label: 'Stop', type: 'Update', fieldOverrides: overrides('Stop') },
  );
  const deal = await createOne(connection, 'Opportunity', opportunity());
  const actions = await connection.request<{ name: string }[]>('/sobjects/Opportunity/quickActions');
  assert.deepEqual(
    actions.map((one) => one.name),
    ['Ask'],
  );
  const ask = await connection
    .sobject('Opportunity')
    .quickAction('Ask')
    .execute(deal, { Note__c: 'please', Wish__c: 'other' });
  assert.equal(ask.success, true);
  const soql = 'SELECT Id, Deal__c, Wish__c, Note__c FROM Request__c';
  const [created] = (await connection.query(soql)).records;
  assert.deepEqual([created?.Deal__c, created?.Wish__c, created?.Note__c], [deal, 'Share', 'please']);
  await connection.sobject('Request__c').quickAction('Stop').execute(String(created?.Id), {});
  assert.equal((await connection.query(soql)).records[0]?.Wish__c, 'Stop');
});

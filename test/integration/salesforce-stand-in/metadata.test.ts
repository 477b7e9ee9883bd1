import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Connection } from 'jsforce';
import {
  apiVersion,
  createFields,
  createOne,
  failure,
  opportunity,
  partnerKey,
  save,
  startOrg,
} from './stand-in-org.ts';

interface MetadataCalls {
  create(type: string, metadata: object[]): Promise<SaveAnswer[]>;
  update(type: string, metadata: object[]): Promise<SaveAnswer[]>;
  upsert(type: string, metadata: object[]): Promise<SaveAnswer[]>;
  read(type: string, names: string[]): Promise<Record<string, unknown>[]>;
  delete(type: string, names: string[]): Promise<SaveAnswer[]>;
}
interface SaveAnswer {
  readonly fullName: string;
  readonly success: boolean;
  readonly created?: boolean;
  readonly errors: { readonly statusCode?: string; readonly message?: string }[];
}
const metadata = (connection: Connection): MetadataCalls => connection.metadata;

const customObject = {
  fullName: 'Sync__c',
  label: 'Sync',
  pluralLabel: 'Syncs',
  nameField: { type: 'AutoNumber', label: 'Sync Number', displayFormat: 'S-{0000}' },
  deploymentStatus: 'Deployed',
  sharingModel: 'ReadWrite',
};
const status = {
  fullName: 'Sync__c.Status__c',
  label: 'Status',
  type: 'Picklist',
  valueSet: {
    restricted: true,
    valueSetDefinition: {
      sorted: false,
      value: [
        { fullName: 'New', default: true, label: 'New' },
        { fullName: 'Done', default: false, label: 'Done' },
      ],
    },
  },
};

test('a custom object with fields can be created, described, written and queried', async (t) => {
  const { connection } = await startOrg(t);
  await save(connection, 'CustomObject', customObject);
  const [created, again] = await metadata(connection).upsert('CustomField', [status, status]);
  assert.deepEqual([created?.success, created?.created, again?.created], [true, true, false]);
  await createFields(connection, {
    fullName: 'Sync__c.Deal__c',
    label: 'Deal',
    type: 'Lookup',
    referenceTo: 'Opportunity',
    relationshipName: 'Syncs',
  });
  const deal = await createOne(connection, 'Opportunity', opportunity());
  const id = await createOne(connection, 'Sync__c', { Deal__c: deal });
  const [row] = (await connection.query('SELECT Name, Status__c, Deal__r.Name FROM Sync__c')).records;
  assert.deepEqual([row?.Name, row?.Status__c, row?.Deal__r.Name], ['S-0001', 'New', 'Cloud migration']);
  const [parent] = (await connection.query('SELECT (SELECT Id FROM Syncs__r) FROM Opportunity')).records;
  assert.equal(parent?.Syncs__r.records[0]?.Id, id);
  await connection.sobject('Sync__c').create([{ Deal__c: deal }, { Deal__c: deal }]);
  const numbers = (await connection.query('SELECT Name FROM Sync__c ORDER BY Name')).records.map((one) => one.Name);
  assert.deepEqual(numbers, ['S-0001', 'S-0002', 'S-0003'], 'rows of one call are numbered apart');
  const refused = await failure(connection.sobject('Sync__c').create({ Status__c: 'Lost' }));
  assert.deepEqual(refused, {
    code: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
    message: 'Status: bad value for restricted picklist field: Lost',
  });
  await connection.sobject('Opportunity').destroy(deal);
  assert.equal(
    (await connection.query('SELECT Id FROM Sync__c WHERE Deal__c = null')).totalSize,
    3,
    'the lookups were cleared',
  );
});

test('components are read back as they were written, and a missing one is nil', async (t) => {
  const { connection } = await startOrg(t);
  await createFields(connection, partnerKey);
  const [found, missing] = await metadata(connection).read('CustomField', [partnerKey.fullName, 'Opportunity.No__c']);
  assert.deepEqual(
    ['fullName', 'label', 'type', 'length', 'externalId'].map((key) => String(found?.[key])),
    ['Opportunity.Partner_Key__c', 'Partner Key', 'Text', '18', 'true'],
  );
  assert.equal(missing?.fullName, undefined);
  const listed = await connection.metadata.list({ type: 'CustomField' }, apiVersion);
  assert.deepEqual(
    [listed].flat().map((one) => one.fullName),
    ['Opportunity.Partner_Key__c'],
  );
});

test('what the metadata API refuses is reported per component', async (t) => {
  const { connection } = await startOrg(t);
  await createFields(connection, partnerKey);
  await save(connection, 'CustomObject', customObject);
  const cases: readonly [object, string, RegExp][] = [
    [partnerKey, 'DUPLICATE_DEVELOPER_NAME', /^There is already a field named Partner_Key on Opportunity\.$/],
    [{ fullName: 'Opportunity.X__c', label: 'X', type: 'Text' }, 'FIELD_INTEGRITY_EXCEPTION', /Must specify 'length'/],
    [{ fullName: 'Opportunity.X__c', label: 'X', type: 'Checkbox' }, 'FIELD_INTEGRITY_EXCEPTION', /'defaultValue'/],
    [{ fullName: 'Opportunity.X', label: 'X', type: 'Date' }, 'FIELD_INTEGRITY_EXCEPTION', /must end in __c/],
    [
      { fullName: 'Opportunity.X__c', label: 'X', type: 'Text', formula: 'NOWHERE__c' },
      'FIELD_INTEGRITY_EXCEPTION',
      /Field NOWHERE__c does not exist/,
    ],
    [
      { fullName: 'Opportunity.X__c', label: 'X', type: 'Text', formula: 'IF(' },
      'FIELD_INTEGRITY_EXCEPTION',
      /Syntax error/,
    ],
  ];
  for (const [component, code, message] of cases) {
    const [result] = [await metadata(connection).create('CustomField', [component])].flat();
    assert.equal(result?.success, false);
    const [error] = [result?.errors ?? []].flat();
    assert.equal(error?.statusCode, code);
    assert.match(error?.message ?? '', message);
  }
  const lookup = { label: 'S', type: 'Lookup', referenceTo: 'Sync__c', relationshipName: 'Records' };
  await createFields(connection, { fullName: 'Opportunity.Sync__c', ...lookup });
  const [taken] = [await metadata(connection).create('CustomField', [{ fullName: 'Lead.Sync__c', ...lookup }])].flat();
  assert.equal(
    [taken?.errors ?? []].flat()[0]?.message,
    'There is already a Child Relationship named Records on Sync.',
  );
  const eleven = Array.from({ length: 11 }, (_, index) => ({
    fullName: `Lead.F${index}__c`,
    label: 'F',
    type: 'Date',
  }));
  assert.match(
    (await failure(metadata(connection).create('CustomField', eleven))).message,
    /cannot submit more than 10 records/,
  );
});

test('a new field is invisible to others until a permission set grants it', async (t) => {
  const { connection, standIn } = await startOrg(t);
  const user = standIn.administration.createUser({ username: 'rep@example.com', profile: 'standard' });
  const rep = new Connection({
    loginUrl: standIn.connection.loginUrl,
    version: apiVersion,
    oauth2: { loginUrl: standIn.connection.loginUrl, clientId: user.clientId, clientSecret: user.clientSecret },
  });
  await rep.authorize({ grant_type: 'client_credentials' });
  await createFields(connection, partnerKey);
  const visible = async () => (await rep.describe('Opportunity')).fields.some((one) => one.name === 'Partner_Key__c');
  const write = () => rep.sobject('Opportunity').create(opportunity({ Partner_Key__c: 'O1' }));
  assert.equal(await visible(), false);
  assert.deepEqual(await failure(write()), {
    code: 'INVALID_FIELD',
    message: "No such column 'Partner_Key__c' on sobject of type Opportunity",
  });
  const grant = (editable: boolean) => ({
    fullName: 'Partner_Sync',
    label: 'Partner Sync',
    fieldPermissions: [{ field: 'Opportunity.Partner_Key__c', readable: true, editable }],
  });
  await save(connection, 'PermissionSet', grant(false));
  assert.equal(await visible(), false, 'a permission set that is not assigned grants nothing');
  const [set] = (await connection.query("SELECT Id FROM PermissionSet WHERE Name = 'Partner_Sync'")).records;
  await createOne(connection, 'PermissionSetAssignment', { AssigneeId: user.userId, PermissionSetId: set?.Id });
  assert.equal(await visible(), true);
  assert.match((await failure(write())).message, /^Unable to create\/update fields: Partner_Key__c\./);
  await metadata(connection).upsert('PermissionSet', [grant(true)]);
  assert.equal((await write()).success, true);
});

test('an org can hide new fields from administrators too, as a deployment does', async (t) => {
  const { connection } = await startOrg(t, { administratorSeesNewFields: false });
  await createFields(connection, partnerKey);
  assert.equal((await failure(connection.query('SELECT Partner_Key__c FROM Opportunity'))).code, 'INVALID_FIELD');
});

test('permission sets are refused for required fields and for rights without those they need', async (t) => {
  const { connection } = await startOrg(t);
  const attempt = async (part: object) => {
    const [result] = [
      await metadata(connection).create('PermissionSet', [{ fullName: 'P', label: 'P', ...part }]),
    ].flat();
    return [result?.errors ?? []].flat()[0]?.message ?? '';
  };
  const field = (name: string) => ({ fieldPermissions: [{ field: name, readable: true, editable: true }] });
  assert.equal(await attempt(field('Opportunity.Name')), 'You cannot deploy to a required field: Opportunity.Name');
  assert.match(await attempt(field('Opportunity.No__c')), /no CustomField named Opportunity\.No__c found/);
  const rights = { object: 'Opportunity', allowEdit: true, allowRead: false };
  assert.match(await attempt({ objectPermissions: [rights] }), /depends on permission\(s\): allowRead/);
});

test('formula fields show what lies behind a relation, and cannot be written', async (t) => {
  const { connection } = await startOrg(t);
  await save(connection, 'CustomObject', customObject);
  await createFields(
    connection,
    status,
    {
      fullName: 'Opportunity.Sync__c',
      label: 'Sync',
      type: 'Lookup',
      referenceTo: 'Sync__c',
      relationshipName: 'Deals',
    },
    { fullName: 'Opportunity.State__c', label: 'State', type: 'Text', formula: 'TEXT(Sync__r.Status__c)' },
    { fullName: 'Opportunity.Late__c', label: 'Late', type: 'Checkbox', formula: 'CloseDate < TODAY()' },
  );
  const sync = await createOne(connection, 'Sync__c', { Status__c: 'Done' });
  const id = await createOne(connection, 'Opportunity', opportunity({ Sync__c: sync, CloseDate: '2020-01-01' }));
  const [row] = (await connection.query("SELECT State__c, Late__c FROM Opportunity WHERE State__c = 'done'")).records;
  assert.deepEqual([row?.State__c, row?.Late__c], ['Done', true]);
  const write = connection.sobject('Opportunity').update({ Id: id, State__c: 'New' });
  assert.equal((await failure(write)).code, 'INVALID_FIELD_FOR_INSERT_UPDATE');
});

test('a validation rule that compares with the value before refuses an older version, and only that', async (t) => {
  const { connection } = await startOrg(t);
  await createFields(connection, partnerKey, {
    fullName: 'Opportunity.Changed__c',
    label: 'Changed',
    type: 'DateTime',
  });
  await save(connection, 'ValidationRule', {
    fullName: 'Opportunity.Not_Older',
    active: true,
    errorConditionFormula: 'AND(NOT(ISNEW()), Changed__c < PRIORVALUE(Changed__c))',
    errorMessage: 'A newer version was written already.',
    errorDisplayField: 'Changed__c',
  });
  const write = async (Changed__c: string | null) => {
    const rows = [opportunity({ Partner_Key__c: 'O1', Changed__c })];
    const [row] = await connection.sobject('Opportunity').upsert(rows, 'Partner_Key__c', { allOrNone: false });
    return row?.success ? 'written' : row?.errors[0];
  };
  assert.equal(await write('2026-01-02T00:00:00Z'), 'written');
  assert.deepEqual(await write('2026-01-01T23:59:59Z'), {
    statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION',
    message: 'A newer version was written already.',
    fields: ['Changed__c'],
  });
  assert.equal(await write('2026-01-02T00:00:00.000+0000'), 'written', 'the same moment');
  assert.equal(await write('2026-01-02T00:00:01+00:00'), 'written', 'a newer one');
});

test('a session that ended is a SOAP fault, and only administrators change metadata', async (t) => {
  const { connection, standIn } = await startOrg(t);
  const { clientId, clientSecret } = standIn.integrationUser;
  const { loginUrl } = standIn.connection;
  const user = new Connection({ loginUrl, version: apiVersion, oauth2: { loginUrl, clientId, clientSecret } });
  await user.authorize({ grant_type: 'client_credentials' });
  assert.match((await failure(metadata(user).read('CustomField', ['Lead.X__c']))).message, /INSUFFICIENT_ACCESS/);
  standIn.administration.expireSessions();
  assert.match(
    (await failure(metadata(connection).read('CustomField', ['Lead.X__c']))).message,
    /INVALID_SESSION_ID|refresh/,
  );
});

test('what other components use cannot be deleted', async (t) => {
  const { connection } = await startOrg(t);
  await save(connection, 'CustomObject', customObject);
  await createFields(
    connection,
    status,
    { fullName: 'Lead.Sync__c', label: 'Sync', type: 'Lookup', referenceTo: 'Sync__c', relationshipName: 'Leads' },
    { fullName: 'Lead.State__c', label: 'State', type: 'Text', formula: 'TEXT(Sync__r.Status__c)' },
  );
  const code = async (type: string, name: string) => {
    const [result] = [await metadata(connection).delete(type, [name])].flat();
    return result?.success ? 'deleted' : [result?.errors ?? []].flat()[0]?.statusCode;
  };
  assert.equal(await code('CustomObject', 'Sync__c'), 'DEPENDENCY_EXISTS');
  assert.equal(await code('CustomField', 'Lead.State__c'), 'deleted');
  assert.equal(await code('CustomField', 'Lead.Sync__c'), 'deleted');
  assert.equal(await code('CustomObject', 'Sync__c'), 'deleted');
  assert.equal(await code('CustomObject', 'Sync__c'), 'INVALID_CROSS_REFERENCE_KEY');
  assert.equal((await failure(connection.query('SELECT Id FROM Sync__c'))).code, 'INVALID_TYPE');
});

test('the tooling API creates a field too, and shows what else acts on records', async (t) => {
  const { connection, standIn } = await startOrg(t);
  const created = await connection.tooling.sobject('CustomField').create({
    FullName: 'Lead.Partner_Key__c',
    Metadata: { label: 'Partner Key', type: 'Text', length: 18, externalId: true },
  });
  assert.equal(created.success, true);
  assert.ok((await connection.describe('Lead')).fields.some((field) => field.name === 'Partner_Key__c'));
  await save(connection, 'ValidationRule', {
    fullName: 'Lead.Needs_Phone',
    active: true,
    errorConditionFormula: 'ISBLANK(Phone)',
    errorMessage: 'Phone, please.',
  });
  standIn.administration.addFailingTrigger({ name: 'LeadTrigger', object: 'Lead', on: 'save', exception: 'x' });
  const rules = await connection.tooling.query(
    "SELECT ValidationName, Active FROM ValidationRule WHERE EntityDefinition.QualifiedApiName = 'Lead'",
  );
  assert.deepEqual(
    rules.records.map((row) => [row.ValidationName, row.Active]),
    [['Needs_Phone', true]],
  );
  const triggers = await connection.tooling.query("SELECT Name FROM ApexTrigger WHERE TableEnumOrId = 'Lead'");
  assert.equal(triggers.records[0]?.Name, 'LeadTrigger');
});

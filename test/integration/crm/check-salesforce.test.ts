import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { mappedPaths } from '../../../src/client/mapped-paths.ts';
import { checkSalesforce, type MappedPath } from '../../../src/crm/salesforce/check/check-salesforce.ts';
import { createSession } from '../../../src/crm/salesforce/session.ts';
import { loadMapping } from '../../../src/mapping/compile.ts';
import { emptyOrg, preparedOrg } from './prepared-org.ts';

const defaultMapping = loadMapping(
  readFileSync(join(import.meta.dirname, '../../../mappings/salesforce-default.yaml'), 'utf8'),
);

test('an org that was set up passes with the default mapping, as the integration user sees it', async () => {
  const org = await preparedOrg();
  const findings = await checkSalesforce(createSession(org.options()), mappedPaths(defaultMapping));
  assert.deepEqual(
    findings.filter(({ severity }) => severity === 'error').map(({ message }) => message),
    [],
  );
});

test('an org without the data model is told what to run', async () => {
  const org = await emptyOrg();
  const findings = await checkSalesforce(org.administrator, []);
  const codes = new Set(findings.map(({ code, object }) => `${code} ${object}`));
  assert.ok(codes.has('OBJECT_MISSING ACE_Sync__c'));
  assert.ok(codes.has('FIELD_MISSING Opportunity'));
  assert.ok(findings.every(({ fix }) => fix.length > 0));
});

test('what the mapping asks for and the org does not give is named with its path', async () => {
  const org = await preparedOrg();
  await org.administrator.call('create fields', (connection) =>
    connection.metadata.create('CustomField', [
      { fullName: 'Opportunity.Short__c', label: 'Short', type: 'Text', length: 10 },
      { fullName: 'Opportunity.Hidden__c', label: 'Hidden', type: 'Text', length: 10 },
      {
        fullName: 'Opportunity.Kind__c',
        label: 'Kind',
        type: 'Picklist',
        valueSet: {
          restricted: true,
          valueSetDefinition: { sorted: false, value: [{ fullName: 'A', default: false, label: 'A' }] },
        },
      },
      { fullName: 'Lead.Region__c', label: 'Region', type: 'Text', length: 10, required: true },
    ]),
  );
  const paths: readonly MappedPath[] = [
    { object: 'opportunity', path: 'Short__c', access: 'write', maxLength: 255 },
    { object: 'opportunity', path: 'Kind__c', access: 'write', values: ['A', 'B'] },
    { object: 'opportunity', path: 'Nowhere__r.Name', access: 'read' },
    { object: 'opportunity', path: 'IsWon', access: 'write' },
    { object: 'lead', path: 'Company', access: 'write' },
  ];
  const codes = async (session: typeof org.administrator) =>
    (await checkSalesforce(session, paths)).map(({ code, field }) => `${code} ${field}`);
  const asAdministrator = await codes(org.administrator);
  for (const expected of [
    'FIELD_SHORT Short__c',
    'PICKLIST_VALUES Kind__c',
    'PATH_MISSING Nowhere__r.Name',
    'FIELD_READ_ONLY IsWon',
    'REQUIRED_UNFILLED LastName',
    'REQUIRED_UNFILLED Region__c',
  ]) {
    assert.ok(asAdministrator.includes(expected), `${expected} in ${asAdministrator.join(', ')}`);
  }
  const asIntegrationUser = await codes(createSession(org.options()));
  assert.ok(asIntegrationUser.includes('PATH_MISSING Short__c'), 'a field without permission is as good as missing');
});

test('a check never writes, and never opens the breaker by looking where it may not', async () => {
  const org = await preparedOrg();
  const session = createSession(org.options());
  const before = JSON.stringify(org.standIn.administration.rows('Opportunity'));
  await checkSalesforce(session, mappedPaths(defaultMapping));
  assert.equal(session.breaker.fault(), null);
  assert.equal(JSON.stringify(org.standIn.administration.rows('Opportunity')), before);
});

test('a missing or inactive not-older rule is an error', async () => {
  const org = await preparedOrg();
  const rule = () =>
    checkSalesforce(org.administrator, []).then((findings) =>
      findings.filter(({ code }) => code === 'NOT_OLDER_RULE').map(({ object }) => object),
    );
  assert.deepEqual(await rule(), []);
  await org.administrator.call('delete rule', (connection) =>
    connection.metadata.delete('ValidationRule', ['Lead.ACE_Sync_Not_Older']),
  );
  assert.deepEqual(await rule(), ['Lead']);
});

test('an org with several currencies is pointed out', async () => {
  const org = await emptyOrg({ multiCurrency: true });
  const codes = (await checkSalesforce(org.administrator, [])).map(({ code }) => code);
  assert.ok(codes.includes('MULTIPLE_CURRENCIES'));
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { mappedPaths } from '../../../src/client/mapped-paths.ts';
import { loadMapping } from '../../../src/mapping/compile.ts';
import { defaultMappingText } from '../mapping/world.ts';

const text = defaultMappingText
  .replace(
    'createAs: opportunity',
    `createAs: lead
    endedLeadStatus: Closed
    lead: { LastName: { fallback: AWS }, Status: { value: New } }`,
  )
  .replace(
    'partnerId: Id',
    'partnerId: Id\n  contact: { reference: Customer__c, externalId: Key__c, fields: { LastName: customerLastName } }',
  );
const paths = mappedPaths(loadMapping(text));
const found = (object: string, path: string) =>
  paths.filter((one) => one.object === object && one.path === path && one.access !== 'read');

describe('What a mapping does with the org', () => {
  test('names the values that stages and the status of a stand-in lead get, so that they are checked', () => {
    const valuesOf = (object: string, path: string) => found(object, path).flatMap(({ values = [] }) => values);
    assert.deepEqual(valuesOf('opportunity', 'StageName'), ['Prospecting', 'Prospecting', 'Closed Lost']);
    assert.deepEqual(valuesOf('lead', 'Status'), ['New', 'Closed']);
  });

  test('names the fields of the account and the contact that it makes, with the lookups between them', () => {
    const accessOf = (path: string) => found('opportunity', path).map(({ access }) => access);
    assert.deepEqual(['AccountId', 'Customer__c'].map(accessOf), [['write'], ['write']]);
    for (const path of ['Account.ACE_Key__c', 'Customer__r.Key__c', 'Customer__r.LastName', 'Customer__r.AccountId'])
      assert.deepEqual(accessOf(path), ['create'], path);
  });
});

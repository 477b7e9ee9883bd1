import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SearchCondition } from '../../../src/crm/crm.ts';
import { newOpportunity, preparedOrg } from './prepared-org.ts';

const byName = (value: string): SearchCondition => ({ path: 'Name', how: 'is', value });
const byWebsite = (value: string): SearchCondition => ({ path: 'Account.Website', how: 'contains', value });
const paths = ['Account.Website', 'Name'];

test('searches of a moment share one call, and each gets what fits its own conditions', async () => {
  const org = await preparedOrg();
  const { administration } = org.standIn;
  const accountId = administration.create('Account', { Name: 'Example', Website: 'https://www.example.com' });
  for (const fields of [
    { Name: "Rock 'n' roll" },
    { Name: 'Of the account', AccountId: accountId },
    { Name: 'Linked already', ACE_Id__c: 'O1' },
    { Name: 'Closed', StageName: 'Closed Lost' },
    { Name: '100% done' },
    { Name: '1000 done' },
  ]) {
    administration.create('Opportunity', newOpportunity(fields));
  }
  const crm = org.crm({ batch: { loneWindowMs: 50 } });
  await crm.identity();
  const before = org.standIn.usage.used;
  const search = async (...conditions: SearchCondition[]) =>
    (await crm.search('opportunity', conditions, paths)).map(({ fields }) => fields.Name);
  const answers = await Promise.all([
    search(byName("ROCK 'N' ROLL")),
    search(byName('Nothing of the kind'), byWebsite('example.com')),
    search(byName('Linked already')),
    search(byName('Closed')),
    search({ path: 'Name', how: 'contains', value: '0% d' }),
    search(),
  ]);
  assert.deepEqual(answers, [["Rock 'n' roll"], ['Of the account'], [], [], ['100% done'], []]);
  assert.equal(org.standIn.usage.used - before, 1);
});

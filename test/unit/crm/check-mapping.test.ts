import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { checkMapping } from '../../../src/crm/salesforce/check/check-mapping.ts';
import { createDescribeCache } from '../../../src/crm/salesforce/describe-cache.ts';
import { createSession } from '../../../src/crm/salesforce/session.ts';
import { field, opportunityFields, startTinySalesforce, type TinySalesforce } from './tiny-salesforce.ts';

const open: TinySalesforce[] = [];
after(() => Promise.all(open.map((server) => server.close())));

test('state and country picklists are pointed out, unless the mapping writes their codes', async () => {
  const server = await startTinySalesforce(undefined, {
    Opportunity: opportunityFields,
    Lead: [field('LastName'), field('CountryCode', { type: 'picklist' })],
  });
  open.push(server);
  const cache = createDescribeCache(createSession(server.options()), Date.now);
  const codes = async (...paths: string[]) =>
    (
      await checkMapping(
        cache,
        paths.map((path) => ({ object: 'lead', path, access: 'write' })),
      )
    ).map(({ code }) => code);
  assert.deepEqual(await codes('LastName'), ['STATE_AND_COUNTRY_PICKLISTS']);
  assert.deepEqual(await codes('CountryCode'), []);
});

test('a value that an open picklist does not list is a note, and one that a restricted one lacks is an error', async () => {
  const picklist = (name: string, restrictedPicklist: boolean) =>
    field(name, {
      type: 'picklist',
      restrictedPicklist,
      picklistValues: [
        { value: 'A', active: true },
        { value: 'B', active: false },
      ],
    });
  const server = await startTinySalesforce(undefined, {
    Opportunity: [...opportunityFields, picklist('Open__c', false), picklist('Restricted__c', true)],
    Lead: [],
  });
  open.push(server);
  const cache = createDescribeCache(createSession(server.options()), Date.now);
  const check = async (path: string, values: readonly string[]) =>
    (await checkMapping(cache, [{ object: 'opportunity', path, access: 'write', values }])).map(
      ({ severity, code }) => `${severity} ${code}`,
    );
  assert.deepEqual(await check('Open__c', ['A', 'B']), ['note PICKLIST_VALUES']);
  assert.deepEqual(await check('Restricted__c', ['A', 'B']), ['error PICKLIST_VALUES']);
  assert.deepEqual(await check('Restricted__c', ['A']), []);
  const paths = ['Gone__r.A__c', 'Gone__r.B__c', 'Open__c', 'Open__c', 'Lost__c', 'Lost__c'];
  const all = await checkMapping(
    cache,
    paths.map((path) => ({ object: 'opportunity', path, access: 'read', values: ['C'] })),
  );
  const named = all.map(({ message }) => message.split(':')[0]);
  assert.deepEqual(named, ['Opportunity.Gone__r', 'Opportunity.Lost__c'], 'what is missing is named once');
});

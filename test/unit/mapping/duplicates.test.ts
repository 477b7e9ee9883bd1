import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AceRecord } from '../../../src/ace/ace-record.ts';
import { loadMapping } from '../../../src/mapping/compile.ts';
import {
  candidatesOf,
  duplicateSearch,
  judgeDuplicates,
  leadingOf,
  readDuplicates,
  writeDuplicates,
} from '../../../src/mapping/duplicates.ts';
import { parseMappingFile } from '../../../src/mapping/mapping-file.ts';
import { aceOpportunity, awsReferral, crmOpportunity, defaultMapping, defaultMappingText, World } from './world.ts';

const keys = `
  duplicates:
    keys:
      - [{ ace: partnerProjectTitle, crm: Name }]
      - [{ ace: customerWebsite, crm: Account.Website, compare: domain }]
      - [{ ace: customerCompanyName, crm: Account.Name }, { ace: country, crm: Account.BillingCountry, compare: country }]
`;
const text = (onMatch: string) =>
  defaultMappingText.replace(
    'opportunity:\n  partnerId: Id\n',
    `opportunity:\n  partnerId: Id\n${keys}    onMatch: ${onMatch}\n`,
  );
const mappingWith = (onMatch: string) => loadMapping(text(onMatch)).opportunity;
const asking = mappingWith('ask');

const visible: AceRecord = awsReferral({ country: 'United States', customerWebsite: 'https://www.Example.com/about' });
const found = (fields: Record<string, string | null>, id = '006000000000009AAA') => ({ id, fields });

describe('the search for a record that is there already', () => {
  test('asks for one part of each key, and for the fields that the keys compare', () => {
    const search = duplicateSearch(asking, visible);
    assert.deepEqual(search?.conditions, [
      { path: 'Name', how: 'is', value: 'Warehouse move' },
      { path: 'Account.Website', how: 'contains', value: 'example.com' },
      { path: 'Account.Name', how: 'is', value: 'Example GmbH' },
    ]);
    assert.deepEqual(search?.paths, ['Account.BillingCountry', 'Account.Name', 'Account.Website', 'Name']);
  });

  test('leaves out keys with a part that AWS hides or does not fill', () => {
    const hidden = duplicateSearch(asking, awsReferral({ partnerProjectTitle: '  ', customerWebsite: 'no website' }));
    assert.equal(hidden, null);
  });

  test('is not made when the mapping names no keys', () => {
    assert.equal(duplicateSearch(defaultMapping.opportunity, visible), null);
  });
});

describe('a found record', () => {
  const names = (fields: Record<string, string | null>) =>
    candidatesOf(asking, visible, [found(fields)]).flatMap((one) => one.keys);

  test('fits by text apart from case, by domain, and by company with country in any spelling', () => {
    assert.deepEqual(names({ Name: 'warehouse MOVE ' }), ['Partner Project Title']);
    assert.deepEqual(names({ 'Account.Website': 'http://example.com' }), ['Customer Website']);
    assert.deepEqual(names({ 'Account.Name': 'EXAMPLE GmbH', 'Account.BillingCountry': 'USA' }), [
      'Customer Company Name and Country',
    ]);
  });

  test('fits no key of which a part differs or is empty', () => {
    assert.deepEqual(names({ 'Account.Name': 'Example GmbH', 'Account.BillingCountry': 'Germany' }), []);
    assert.deepEqual(names({ 'Account.Name': 'Example GmbH', 'Account.BillingCountry': null }), []);
    assert.deepEqual(names({ 'Account.Website': 'https://notexample.com' }), []);
    assert.deepEqual(names({ 'Account.Website': 'https://shop.example.com' }), []);
  });
});

describe('what becomes of it', () => {
  const one = candidatesOf(asking, visible, [found({ Name: 'Warehouse move' })]);
  const two = candidatesOf(asking, visible, [
    found({ Name: 'Warehouse move' }),
    found({ Name: 'Warehouse move' }, '006000000000008AAA'),
  ]);
  const id = '006000000000009AAA';
  const table = [
    ['link', { kind: 'link', crmId: id, leading: null }, 'ask'],
    ['mergeAce', { kind: 'link', crmId: id, leading: 'ace' }, 'ask'],
    ['mergeCrm', { kind: 'link', crmId: id, leading: 'crm' }, 'ask'],
    ['create', { kind: 'create' }, 'create'],
    ['ignore', { kind: 'ignore', candidates: one }, 'ignore'],
    ['ask', { kind: 'ask', candidates: one }, 'ask'],
  ] as const;
  for (const [onMatch, withOne, withTwo] of table) {
    test(`is ${withOne.kind} with ${onMatch}, and ${withTwo} when two fit`, () => {
      assert.deepEqual(judgeDuplicates(mappingWith(onMatch), one, null), withOne);
      assert.equal(judgeDuplicates(mappingWith(onMatch), two, null).kind, withTwo);
      assert.equal(judgeDuplicates(mappingWith(onMatch), [], null).kind, 'create');
    });
  }

  test("is a person's answer, whatever the mapping says", () => {
    assert.deepEqual(judgeDuplicates(mappingWith('ignore'), one, 'create'), { kind: 'create' });
    const link = judgeDuplicates(asking, two, { crmId: '006000000000008AAA' });
    assert.deepEqual(link, { kind: 'link', crmId: '006000000000008AAA', leading: null });
  });

  test('stands on the row in words, and can be read from it again', () => {
    const shown = writeDuplicates(two, 'crm');
    assert.match(shown, /^Warehouse move \(006000000000009AAA\): same Partner Project Title\n/);
    assert.deepEqual(readDuplicates(shown), two);
    assert.equal(leadingOf(shown), 'crm');
    for (const broken of [null, 'edited', 'x\n----\nno json', 'x\n----\n[]'])
      assert.deepEqual(readDuplicates(broken), []);
  });
});

describe('a record that was linked as a duplicate', () => {
  const differing = { partnerProjectTitle: 'Their title', opportunityOwnership: 'AWS Referral', stage: 'Prospect' };
  async function linkedBy(leading: 'ace' | 'crm' | null): Promise<World> {
    const world = new World('opportunity', loadMapping(text('ask')));
    world.link(crmOpportunity, { Use_Case__c: 'Networking', Duplicate__c: writeDuplicates([], leading) }, null);
    const plan = await world.receive(aceOpportunity({ ...differing, partnerCrmUniqueIdentifier: null }));
    assert.equal(plan.reasonCode, 'LINKED_DUPLICATE');
    assert.equal(world.field('ACE_Sync__r.Duplicate__c'), null);
    return world;
  }

  test('keeps both values unless a side leads', async () => {
    const world = await linkedBy(null);
    assert.equal(world.field('Name'), 'Warehouse move');
    assert.equal((await world.due()).payload?.useCase, undefined);
  });

  test("takes AWS's values where AWS leads", async () => {
    assert.equal((await linkedBy('ace')).field('Name'), 'Their title');
  });

  test('keeps ours and sends them once accepted where the CRM leads', async () => {
    const world = await linkedBy('crm');
    assert.equal(world.field('ACE_Sync__r.Use_Case__c'), 'Networking');
    await world.receive(
      aceOpportunity({ ...differing, partnerAcceptanceStatus: 'Accepted', lastModifiedDate: world.tick() }),
    );
    assert.equal((await world.due()).payload?.useCase, 'Networking');
  });
});

describe('keys in a mapping file', () => {
  const problems = (file: string) => {
    const parsed = parseMappingFile(file);
    return parsed.ok ? [] : parsed.problems.map(({ message }) => message);
  };

  test('need a part to search by, and fields that ACE has', () => {
    const broken = text('ask')
      .replace('{ ace: customerCompanyName, crm: Account.Name }, ', '')
      .replace('ace: partnerProjectTitle, crm: Name }]', 'ace: projectTitle, crm: Name }]');
    assert.deepEqual(problems(broken), [
      "opportunity.duplicates.keys[0][0].ace: expected a field of ACE's opportunities, got projectTitle",
      'opportunity.duplicates.keys[2]: expected a part that is compared as text or domain, to search by',
    ]);
  });

  test('of leads need the record to wait for the acceptance', () => {
    const lead = defaultMappingText.replace(
      'lead:\n  partnerId: Id\n',
      'lead:\n  partnerId: Id\n  duplicates: { keys: [[{ ace: email, crm: Email }]] }\n',
    );
    assert.match(problems(lead).join(), /lead\.duplicates: .*createAs: onAcceptance/);
    assert.deepEqual(
      problems(lead.replace('  duplicates: {', '  referral: { createAs: onAcceptance }\n  duplicates: {')),
      [],
    );
  });
});

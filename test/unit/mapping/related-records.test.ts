import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadMapping } from '../../../src/mapping/compile.ts';
import { parseMappingFile } from '../../../src/mapping/mapping-file.ts';
import { planRelated } from '../../../src/mapping/related-records.ts';
import { awsReferral, defaultMappingText, hash } from './world.ts';

const withContact = (contact: string, object = 'opportunity'): string =>
  defaultMappingText.replace(`${object}:\n`, `${object}:\n  contact: ${contact}\n`);
const complete =
  '{ reference: Contact__c, externalId: ACE_Key__c, fields: { LastName: customerLastName, Email: customerEmail } }';
const { opportunity: mapping } = loadMapping(withContact(complete));
const nobody = { record: null, row: null };
const shown = (fields: Readonly<Record<string, unknown>> = {}) =>
  awsReferral({
    partnerAcceptanceStatus: 'Accepted',
    country: 'Germany',
    customerLastName: 'Example',
    customerEmail: 'Kim@Example.com',
    ...fields,
  });
const contactOf = (record: ReturnType<typeof shown>, linked: Parameters<typeof planRelated>[2] = nobody) =>
  planRelated(mapping, record, linked, hash).find(({ kind }) => kind === 'contact');

describe("The contact of a referral's customer", () => {
  test('comes after the account that it belongs to, keyed by a hash that is the same for one e-mail', () => {
    const kinds = planRelated(mapping, shown(), nobody, hash).map(({ kind }) => kind);
    assert.deepEqual(kinds, ['account', 'contact']);
    const contact = contactOf(shown());
    assert.deepEqual(contact, {
      kind: 'contact',
      sobject: 'Contact',
      externalId: 'ACE_Key__c',
      value: contact?.value,
      fields: { LastName: 'Example', Email: 'Kim@Example.com' },
      reference: 'Contact__c',
      matchedBy: { field: 'Email', value: 'Kim@Example.com' },
      parent: { field: 'AccountId', reference: 'AccountId', now: null },
    });
    assert.doesNotMatch(contact?.value ?? '@', /kim|example|@/i);
    assert.equal(contactOf(shown({ customerEmail: ' kim@example.com' }))?.value, contact?.value);
    for (const customerEmail of ['k.im@example.com', 'kim@example.org'])
      assert.notEqual(contactOf(shown({ customerEmail }))?.value, contact?.value);
  });

  test('is left out while AWS hides it, shows no e-mail or no last name, and where people chose one', () => {
    assert.equal(contactOf(awsReferral()), undefined);
    for (const name of ['customerEmail', 'customerLastName'])
      assert.equal(contactOf(shown({ [name]: null })), undefined);
    const record = { fields: { AccountId: '001', Contact__c: '003' } } as unknown as NonNullable<
      Parameters<typeof planRelated>[2]['record']
    >;
    assert.equal(contactOf(shown(), { record, row: null }), undefined);
    const without = { ...record, fields: { AccountId: '001', Contact__c: null } };
    assert.equal(contactOf(shown(), { record: without, row: null })?.parent?.now, '001');
    assert.equal(
      contactOf(shown({ opportunityOwnership: 'Partner Referral' }), { record: without, row: null }),
      undefined,
    );
  });

  test('is refused where Salesforce could not take it', () => {
    const problemsOf = (text: string) => {
      const parsed = parseMappingFile(text);
      return parsed.ok ? [] : parsed.problems.map(({ message }) => message.split(':')[0]);
    };
    assert.deepEqual(problemsOf(withContact(complete)), []);
    assert.deepEqual(problemsOf(withContact(complete.replace('Contact__c', 'ContactId'))), [
      'opportunity.contact.reference',
    ]);
    assert.deepEqual(problemsOf(withContact(complete.replace('LastName:', 'Phone:'))), ['opportunity.contact.fields']);
    assert.deepEqual(problemsOf(withContact(complete.replace('customerEmail', 'email'))), [
      'opportunity.contact.fields.Email',
    ]);
    assert.ok(problemsOf(withContact(complete, '\nlead')).includes('lead.contact'));
  });
});

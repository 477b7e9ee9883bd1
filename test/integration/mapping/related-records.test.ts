import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { approve, exported, oneAtAce, sentTo, share } from '../accidents/sides.ts';
import { type MainJob, startMainJob } from '../main-job/main-job.ts';

const contact = ['FirstName', 'LastName', 'Title', 'Email', 'Phone']
  .map(
    (name) =>
      `    - { ace: customer${name}, crm: 'OpportunityContactRoles[IsPrimary].Contact.${name}', direction: out }\n`,
  )
  .join('');
const lineItems = `
    - ace: awsProducts
      crm: OpportunityLineItems[].Product2.ProductCode
      direction: out
      unknownValue: leaveOut
      values: { AWSLambda: [VM-1, VM-2], AmazonS3: STORE }
    - ace: solutionOffered
      crm: OpportunityLineItems[].Product2.ProductCode
      direction: out
      unknownValue: leaveOut
      values: { S-0000001: MIGRATION }
`;

/** What stands beside and below the opportunity in Salesforce: its primary contact and its line items. */
describe('records related to an opportunity', { timeout: 600_000 }, () => {
  let job: MainJob;
  let crmId: string;
  let contactId: string;
  const items = new Map<string, string>();

  const addItem = async (code: string): Promise<void> => {
    const Product2Id = await job.crm.create('Product2', { Name: `Product ${code}`, ProductCode: code, IsActive: true });
    const item = { OpportunityId: crmId, Product2Id, Quantity: 1, UnitPrice: 100 };
    items.set(code, await job.crm.create('OpportunityLineItem', item));
  };
  const atAce = async () => (await oneAtAce(job, crmId)).fields;
  const lastSent = async () => (await sentTo(job, crmId)).at(-1);

  before(async () => {
    const form = /^ {4}- \{ ace: solutionOffered, .*\n/m;
    job = await startMainJob({ seed: 53, mapping: (text) => text.replace(form, lineItems.slice(1) + contact) });
    // `salesforce setup` with this mapping grants it.
    await job.crm.connection.metadata.create('PermissionSet', [
      {
        fullName: 'Product_Codes',
        label: 'Product codes',
        fieldPermissions: ['Product2.ProductCode', 'Contact.Title', 'Contact.Email', 'Contact.Phone'].map((field) => ({
          field,
          readable: true,
          editable: false,
        })),
      },
    ]);
    const [set] = await job.query("SELECT Id FROM PermissionSet WHERE Name = 'Product_Codes'");
    const [user] = await job.query(`SELECT Id FROM User WHERE Username = '${job.standIn.integrationUser.username}'`);
    await job.crm.create('PermissionSetAssignment', { PermissionSetId: set?.Id, AssigneeId: user?.Id });
    const shared = await share(job);
    crmId = shared.crmId;
    const person = {
      FirstName: 'Ann',
      LastName: 'Example',
      Title: 'CTO',
      Email: 'ann@example.com',
      Phone: '+12065550100',
    };
    contactId = await job.crm.create('Contact', { AccountId: shared.accountId, ...person });
    const other = await job.crm.create('Contact', { LastName: 'Other', Email: 'other@example.com' });
    await job.crm.create('OpportunityContactRole', { OpportunityId: crmId, ContactId: other, IsPrimary: false });
    await job.crm.create('OpportunityContactRole', { OpportunityId: crmId, ContactId: contactId, IsPrimary: true });
    for (const code of ['VM-1', 'VM-2', 'MIGRATION', 'OURS']) await addItem(code);
    await job.settle();
  });

  it('go to AWS: the primary contact, and products and solutions by their codes', async () => {
    const { customerFirstName, customerLastName, customerTitle, customerEmail, customerPhone, ...fields } =
      await atAce();
    assert.deepEqual(
      [customerFirstName, customerLastName, customerTitle, customerEmail, customerPhone],
      ['Ann', 'Example', 'CTO', 'ann@example.com', '+12065550100'],
    );
    assert.deepEqual(fields.awsProducts, ['AWSLambda'], 'two products of one code are one, others are left out');
    assert.deepEqual(fields.solutionOffered, ['S-0000001']);
    await approve(job, crmId);
    const [row] = await job.query(
      `SELECT AWS_Customer_Contact__c FROM ACE_Sync__c WHERE CRM_Record_Id__c = '${crmId}'`,
    );
    assert.equal(row?.AWS_Customer_Contact__c, 'Ann Example, CTO, ann@example.com, +12065550100');
  });

  it('are seen when the contact changes, though the opportunity was not touched', async () => {
    await exported(job);
    assert.equal(await job.detect(), 0, 'all that was there is judged');
    await job.crm.update('Contact', contactId, { Email: 'ann.new@example.com' });
    assert.equal(await job.detect(), 1);
    await job.settle();
    assert.equal((await lastSent())?.customerEmail, 'ann.new@example.com');
    await exported(job);
  });

  it('are seen when a line item comes and when it goes', async () => {
    await addItem('STORE');
    await job.settle();
    assert.deepEqual([...((await atAce()).awsProducts as string[])].sort(), ['AWSLambda', 'AmazonS3']);
    await exported(job);
    await job.crm.connection.sobject('OpportunityLineItem').destroy(String(items.get('STORE')));
    await job.settle();
    assert.deepEqual((await atAce()).awsProducts, ['AWSLambda']);
  });

  it('send nothing more once both sides agree', async () => {
    await exported(job);
    const before = (await sentTo(job, crmId)).length;
    await job.crm.update('OpportunityLineItem', String(items.get('OURS')), { Quantity: 2 });
    await exported(job);
    assert.equal((await sentTo(job, crmId)).length, before);
  });
});

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { historyText } from '../../support/history-text.ts';
import { approve, exported, oneAtAce, sentTo, share } from '../accidents/sides.ts';
import { readRecord, readRow } from '../main-job/crm-records.ts';
import { type MainJob, startMainJob } from '../main-job/main-job.ts';

const lookup = 'Customer_Contact__c';
const contact = `  contact:
    reference: ${lookup}
    externalId: ACE_Key__c
    fields: { FirstName: customerFirstName, LastName: customerLastName, Email: customerEmail, Title: customerTitle }
`;

/** What a new AWS record gets besides its own fields: owner and account; and what a person sees of edits that stay here. */
describe('a new AWS record', { timeout: 600_000 }, () => {
  let job: MainJob;
  let seller: string;
  let fallback: string;
  let recordType: string;

  const crmIdOf = async (aceId: string) => {
    const [record] = await job.query(`SELECT Id FROM Opportunity WHERE ACE_Id__c = '${aceId}'`);
    return String(record?.Id);
  };
  const refer = async (fields: Readonly<Record<string, unknown>>): Promise<string> => {
    const { aceId } = await job.ace.referOpportunity({ fields });
    await exported(job);
    return crmIdOf(aceId);
  };
  const accept = async (crmId: string) => {
    await job.crm.update('ACE_Sync__c', String((await readRow(job, crmId)).Id), { Action__c: 'Accept' });
    await job.settle();
    await exported(job);
  };
  const accounts = (name: string) =>
    job.query(`SELECT Id, Website, BillingCity FROM Account WHERE Name = '${name}' ORDER BY CreatedDate`);

  before(async () => {
    job = await startMainJob({
      seed: 42,
      mapping: (shipped, { administration }) => {
        const user = (username: string) => administration.createUser({ username, profile: 'standard' }).userId;
        seller = user('seller@partner.example');
        fallback = user('fallback@partner.example');
        const left = user('left@partner.example');
        administration.setUserActive(left, false);
        const rule = `{ when: "partnerProjectTitle = 'Routed'", owner: ${left} }`;
        recordType = administration.createRecordType('Opportunity', 'Games');
        const typed = `{ when: "industry = 'Gaming'", recordTypeId: ${recordType} }`;
        return shipped.replace(
          'opportunity:\n  partnerId: Id\n',
          `opportunity:
  partnerId: Id
  owner: { byEmail: opportunityOwnerEmail, fallback: ${fallback}, rules: [${rule}] }
  recordTypes: [${typed}]
${contact}`,
        );
      },
    });
    // `salesforce setup` with this mapping grants what it reads and writes.
    const { metadata } = job.crm.connection;
    await metadata.create('CustomField', {
      fullName: `Opportunity.${lookup}`,
      label: 'Customer Contact',
      type: 'Lookup',
      referenceTo: 'Contact',
      relationshipName: 'Shared_Opportunities',
    });
    const granted = [`Opportunity.${lookup}`, 'Contact.Email', 'Contact.Title', 'Contact.AccountId'];
    await metadata.create('PermissionSet', [
      {
        fullName: 'Customer_Contact',
        label: 'Customer Contact',
        fieldPermissions: granted.map((field) => ({ field, readable: true, editable: true })),
      },
    ]);
    const [set] = await job.query("SELECT Id FROM PermissionSet WHERE Name = 'Customer_Contact'");
    const [user] = await job.query(`SELECT Id FROM User WHERE Username = '${job.standIn.integrationUser.username}'`);
    await job.crm.create('PermissionSetAssignment', { PermissionSetId: set?.Id, AssigneeId: user?.Id });
  });

  it('belongs to the user whose e-mail AWS names, apart from case', async () => {
    const crmId = await refer({ opportunityOwnerEmail: 'Seller@Partner.example' });
    assert.equal((await readRecord(job, crmId)).OwnerId, seller);
    assert.equal((await readRow(job, crmId)).Note__c, null);
  });

  it('belongs to the fallback user when nobody has the e-mail or the owner left, and the row says so', async () => {
    for (const fields of [
      { opportunityOwnerEmail: 'nobody@partner.example' },
      { opportunityOwnerEmail: 'left@partner.example' },
      { opportunityOwnerEmail: 'seller@partner.example', partnerProjectTitle: 'Routed' },
    ]) {
      const crmId = await refer(fields);
      assert.equal((await readRecord(job, crmId)).OwnerId, fallback, JSON.stringify(fields));
      assert.match(String((await readRow(job, crmId)).Note__c), /fallback owner has the record/);
    }
  });

  it('has the record type of the first rule that holds, and else none of ours', async () => {
    const typeOf = async (industry: string) => {
      const id = await refer({ industry });
      return (await job.query(`SELECT RecordTypeId FROM Opportunity WHERE Id = '${id}'`))[0]?.RecordTypeId;
    };
    assert.equal(await typeOf('Gaming'), recordType);
    assert.notEqual(await typeOf('Retail'), recordType);
  });

  it('gets one account per customer once AWS shows it, and none of it is sent back', async () => {
    const customer = { customerCompanyName: 'New Customer', country: 'Germany', city: 'Potsdam', state: null };
    const crmIds = [await refer(customer), await refer(customer)];
    assert.deepEqual(await accounts('New Customer'), [], 'AWS hides the country until the acceptance');
    for (const crmId of crmIds) await accept(crmId);
    const [account, ...others] = await accounts('New Customer');
    assert.deepEqual([account?.BillingCity, others], ['Potsdam', []]);
    for (const crmId of crmIds) {
      assert.equal((await readRecord(job, crmId)).AccountId, account?.Id);
      const sent = (await sentTo(job, crmId)).flatMap((file) => Object.keys(file));
      const answers = ['apnCrmUniqueIdentifier', 'partnerAcceptanceStatus', 'partnerCrmUniqueIdentifier'];
      assert.deepEqual([...new Set(sent)].sort(), answers, 'the answer and our identifier, nothing else');
    }
  });

  it('takes the account that people made under that name as it is', async () => {
    const made = { Name: 'Known Customer', Website: 'https://known.example', BillingCity: 'Berlin' };
    const accountId = await job.crm.create('Account', made);
    const crmId = await refer({ customerCompanyName: 'Known Customer', country: 'Germany', city: 'Bonn', state: null });
    await accept(crmId);
    assert.equal((await readRecord(job, crmId)).AccountId, accountId);
    const [account, ...others] = await accounts('Known Customer');
    assert.deepEqual([account?.Website, account?.BillingCity, others], ['https://known.example', 'Berlin', []]);
    assert.ok(
      (await sentTo(job, crmId)).every((file) => !('city' in file)),
      'what differs today is agreed on',
    );
  });

  it('gets no account when several have its name, and the row says so', async () => {
    for (const BillingCity of ['Berlin', 'Bonn']) await job.crm.create('Account', { Name: 'Twice', BillingCity });
    const crmId = await refer({ customerCompanyName: 'Twice', country: 'Germany', state: null });
    await accept(crmId);
    assert.equal((await readRecord(job, crmId)).AccountId, null);
    assert.match(String((await readRow(job, crmId)).Note__c), /Several accounts/);
    assert.equal((await accounts('Twice')).length, 2);
  });

  describe('with a contact at the customer', () => {
    const person = { customerFirstName: 'Kim', customerLastName: 'Example', customerTitle: 'CTO', state: null };
    const contacts = (email: string) =>
      job.query(`SELECT Id, LastName, Title, AccountId, ACE_Key__c FROM Contact WHERE Email = '${email}'`);
    const contactOf = async (crmId: string) =>
      (await job.query(`SELECT ${lookup}, AccountId FROM Opportunity WHERE Id = '${crmId}'`))[0] ?? {};
    const accepted = async (fields: Readonly<Record<string, unknown>>) => {
      const crmId = await refer({ ...person, country: 'Germany', ...fields });
      await accept(crmId);
      return crmId;
    };

    it('gets one contact per person below its account once AWS shows it, known by a hash alone', async () => {
      const customer = { customerCompanyName: 'Contact Customer', customerEmail: 'Kim@customer.example' };
      const waiting = await refer({ ...person, ...customer, country: 'Germany' });
      assert.deepEqual(await contacts('kim@customer.example'), [], 'AWS hides people until the acceptance');
      await accept(waiting);
      const crmIds = [waiting, await accepted({ ...customer, customerEmail: 'kim@customer.example' })];
      const [made, ...others] = await contacts('kim@customer.example');
      assert.deepEqual([made?.LastName, made?.Title, others], ['Example', 'CTO', []]);
      assert.match(String(made?.ACE_Key__c), /^[\w-]{20}$/);
      for (const crmId of crmIds) {
        const { [lookup]: contactId, AccountId } = await contactOf(crmId);
        assert.deepEqual([contactId, AccountId], [made?.Id, made?.AccountId]);
        assert.deepEqual((await sentTo(job, crmId)).length, 2, 'the answer and our identifier, nothing else');
      }
      assert.doesNotMatch(job.worker.log(), /kim@customer/i);
      const read = new Set<string>();
      for await (const { workflowId, runId } of job.client.workflow.list({
        query: `AceConnection = '${job.config.connection}'`,
      })) {
        const history = await job.client.workflow.getHandle(workflowId, runId).fetchHistory();
        assert.doesNotMatch(historyText(history), /kim@customer/i, workflowId);
        read.add(workflowId);
      }
      assert.ok(read.size > 0, 'some histories were read');
    });

    it('takes the one contact that has the e-mail, as it is', async () => {
      const theirs = { LastName: 'Known', Email: 'known@customer.example' };
      const contactId = await job.crm.create('Contact', theirs);
      const crmId = await accepted({ customerCompanyName: 'Known Person', customerEmail: 'known@customer.example' });
      assert.equal((await contactOf(crmId))[lookup], contactId);
      const [known, ...others] = await contacts('known@customer.example');
      assert.deepEqual([known?.LastName, known?.Title, known?.ACE_Key__c, others], ['Known', null, null, []]);
    });

    it('has none chosen of several, or made without an account, and the row says so', async () => {
      for (const LastName of ['One', 'Two']) {
        await job.crm.create('Contact', { LastName, Email: 'shared@customer.example' });
        await job.crm.create('Account', { Name: 'Several Accounts', BillingCity: LastName });
      }
      const several = await accepted({ customerCompanyName: 'Shared Box', customerEmail: 'shared@customer.example' });
      assert.equal((await contactOf(several))[lookup], null);
      assert.match(String((await readRow(job, several)).Note__c), /Several contacts/);
      const homeless = await accepted({
        customerCompanyName: 'Several Accounts',
        customerEmail: 'homeless@customer.example',
      });
      assert.equal((await contactOf(homeless))[lookup], null);
      assert.deepEqual(await contacts('homeless@customer.example'), []);
      assert.match(String((await readRow(job, homeless)).Note__c), /Several accounts.*\n.*no contact was made/);
    });
  });

  it('shows on its row which edits AWS takes no more once it is launched, until they are taken back', async () => {
    const { crmId } = await share(job, { opportunity: { NextStep: 'Call' } });
    await job.settle();
    await approve(job, crmId);
    await job.settle();
    await job.ace.edit({ id: (await oneAtAce(job, crmId)).aceId, fields: { stage: 'Launched' } });
    await exported(job);
    const before = String((await readRecord(job, crmId)).NextStep);
    const sent = (await sentTo(job, crmId)).length;
    await job.crm.update('Opportunity', crmId, { NextStep: 'Celebrate' });
    await job.settle();
    assert.match(String((await readRow(job, crmId)).Kept_Here__c), /^Next Step.*: This opportunity is Launched/m);
    await job.crm.update('Opportunity', crmId, { NextStep: before });
    await job.settle();
    assert.doesNotMatch(String((await readRow(job, crmId)).Kept_Here__c), /Next Step/);
    assert.equal((await sentTo(job, crmId)).length, sent);
  });
});

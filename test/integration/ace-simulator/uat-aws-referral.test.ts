import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { versions } from './sample-records.ts';
import { simulateAce } from './simulated-ace.ts';

const personal = {
  customerFirstName: 'Hana',
  customerLastName: 'Ito',
  customerEmail: 'hana.ito@customer.example.com',
  customerPhone: '+12065550109',
  country: 'Germany',
};

for (const version of versions) {
  const rejected =
    version === 2
      ? { partnerAcceptanceStatus: 'Rejected', rejectionReason: 'Unable to support' }
      : { partnerAcceptanceStatus: 'Rejected' };

  describe(`AWS referral, payload version ${version}`, () => {
    test('C1: a referral arrives without partner identifier, in Prospect, and masked', async () => {
      const { ace, outbound } = await simulateAce(version);
      const { aceId } = await ace.referOpportunity({ fields: personal });
      const [exported] = await outbound('opportunity');
      assert.equal(exported?.apnCrmUniqueIdentifier, aceId);
      assert.equal(exported?.opportunityOwnership, 'AWS Referral');
      assert.equal(exported?.stage, 'Prospect');
      assert.equal(exported?.partnerCrmUniqueIdentifier, null);
      for (const name of Object.keys(personal)) assert.equal(exported?.[name], 'Accept To View', name);
      assert.equal(exported?.aWSSalesRepEmail, null);
      assert.notEqual(exported?.customerCompanyName, 'Accept To View');
    });

    test('C2 and C3: accepting by the ACE identifier alone succeeds, and the next export is unmasked', async () => {
      const { ace, sendOne, outbound } = await simulateAce(version);
      const { aceId } = await ace.referOpportunity({ fields: personal });
      const result = await sendOne('opportunity', {
        apnCrmUniqueIdentifier: aceId,
        partnerAcceptanceStatus: 'Accepted',
      });
      assert.equal(result.isSuccess, true);
      assert.equal(result.apnCrmUniqueIdentifier, aceId);
      const [exported] = await outbound('opportunity');
      for (const [name, value] of Object.entries(personal)) assert.equal(exported?.[name], value, name);
      assert.match(String(exported?.aWSSalesRepEmail), /@/);
    });

    test('C2.1: rejecting succeeds, and personal data stays masked', async () => {
      const { ace, sendOne, outbound } = await simulateAce(version);
      const { aceId } = await ace.referOpportunity({ fields: personal });
      assert.equal((await sendOne('opportunity', { apnCrmUniqueIdentifier: aceId, ...rejected })).isSuccess, true);
      const [exported] = await outbound('opportunity');
      assert.equal(exported?.partnerAcceptanceStatus, 'Rejected');
      assert.equal(exported?.customerEmail, 'Accept To View');
      assert.ok(!('rejectionReason' in (exported ?? {})));
    });

    test('C4.13: an update before acceptance, or after rejection, is an error', async () => {
      const { ace, sendOne } = await simulateAce(version);
      const { aceId } = await ace.referOpportunity();
      const update = { apnCrmUniqueIdentifier: aceId, nextStep: 'Too early' };
      assert.equal((await sendOne('opportunity', update)).isSuccess, false);
      await sendOne('opportunity', { apnCrmUniqueIdentifier: aceId, ...rejected });
      assert.equal((await sendOne('opportunity', update)).isSuccess, false);
    });

    test('C5: a next step of AWS is exported', async () => {
      const { ace, outbound } = await simulateAce(version);
      const { aceId } = await ace.referOpportunity({ fields: { partnerAcceptanceStatus: 'Accepted' } });
      await outbound('opportunity');
      await ace.edit({ id: aceId, fields: { nextStep: 'AWS meets the customer' } });
      const [exported] = await outbound('opportunity');
      assert.equal(exported?.nextStep, 'AWS meets the customer');
    });

    test('a referral that nobody answers is rejected after acceptBy, and cannot be accepted any more', async () => {
      const { ace, sendOne, outbound } = await simulateAce(version);
      const { aceId } = await ace.referOpportunity({ acceptWithinHours: 2 });
      await ace.step({ hours: 3 });
      const last = (await outbound('opportunity')).at(-1);
      assert.equal(last?.partnerAcceptanceStatus, 'Rejected');
      const late = await sendOne('opportunity', { apnCrmUniqueIdentifier: aceId, partnerAcceptanceStatus: 'Accepted' });
      assert.equal(late.isSuccess, false);
    });

    test('E: AWS loads the partner identifiers of a list, and exports them', async () => {
      const { ace, outbound } = await simulateAce(version);
      const { aceId } = await ace.enterOpportunity();
      const [unknown] = await outbound('opportunity');
      assert.equal(unknown?.partnerCrmUniqueIdentifier, null);
      assert.equal(unknown?.opportunityOwnership, 'Partner Referral');
      const answer = await ace.loadIdentifiers({
        identifiers: [
          { aceId, partnerId: '006E' },
          { aceId: 'O1', partnerId: '006F' },
        ],
      });
      assert.deepEqual(answer, { loaded: [aceId], refused: [{ aceId: 'O1', reason: 'unknown' }] });
      const [known] = await outbound('opportunity');
      assert.equal(known?.partnerCrmUniqueIdentifier, '006E');
    });
  });
}

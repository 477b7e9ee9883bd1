import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { versions } from './sample-records.ts';
import { simulateAce } from './simulated-ace.ts';

const personal = {
  fullName: 'Hana Ito',
  email: 'hana.ito@customer.example.com',
  phone: '+12065550109',
  company: 'Ito Works',
};

for (const version of versions) {
  describe(`lead, payload version ${version}`, () => {
    test('D1: a lead arrives masked', async () => {
      const { ace, outbound } = await simulateAce(version);
      const { aceId } = await ace.referLead({ fields: personal });
      const [exported] = await outbound('lead');
      assert.equal(exported?.apnCrmUniqueIdentifier, aceId);
      assert.match(aceId, /^L\d+$/);
      assert.equal(exported?.partnerCrmLeadId, null);
      for (const name of Object.keys(personal)) assert.equal(exported?.[name], 'Accept To View', name);
    });

    const answer = (aceId: string, currentLeadStage: string) => ({
      apnCrmUniqueIdentifier: aceId,
      partnerCrmLeadId: `00Q${aceId}`,
      status: 'Open',
      currentLeadStage,
    });

    test('D2 and D3: an accepted lead is exported with its personal data', async () => {
      const { ace, sendOne, outbound } = await simulateAce(version);
      const { aceId } = await ace.referLead({ fields: personal });
      const result = await sendOne('lead', answer(aceId, 'Accepted'));
      assert.equal(result.isSuccess, true);
      // Lead results use the opportunity's key for the partner identifier as well.
      assert.equal(result.partnerCrmUniqueIdentifier, `00Q${aceId}`);
      const [exported] = await outbound('lead');
      for (const [name, value] of Object.entries(personal)) assert.equal(exported?.[name], value, name);
      assert.equal(exported?.partnerCrmLeadId, `00Q${aceId}`);
    });

    test('D2.1: a rejected lead stays masked', async () => {
      const { ace, sendOne, outbound } = await simulateAce(version);
      const { aceId } = await ace.referLead({ fields: personal });
      assert.equal((await sendOne('lead', answer(aceId, 'Rejected'))).isSuccess, true);
      const [exported] = await outbound('lead');
      assert.equal(exported?.currentLeadStage, 'Rejected');
      assert.equal(exported?.email, 'Accept To View');
    });

    test('D4: updatable fields are taken; the same again is no new update', async () => {
      const { ace, sendOne, outbound } = await simulateAce(version);
      const { aceId } = await ace.referLead({ fields: { currentLeadStage: 'Accepted' } });
      const update = {
        ...answer(aceId, 'Accepted'),
        status: 'Qualified',
        leadStatusReason: 'Budget is there',
        title: 'CTO',
      };
      assert.equal((await sendOne('lead', update)).isSuccess, true);
      const [exported] = await outbound('lead');
      assert.equal(exported?.status, 'Qualified');
      assert.equal(exported?.title, 'CTO');
      assert.deepEqual((await sendOne('lead', update)).errors, ['No new update identified for this record']);
      assert.deepEqual(await outbound('lead'), []);
    });

    test('D4: read-only fields of a lead are ignored', async () => {
      const { ace, sendOne, outbound } = await simulateAce(version);
      const { aceId } = await ace.referLead({ fields: { currentLeadStage: 'Accepted' } });
      const result = await sendOne('lead', { ...answer(aceId, 'Accepted'), campaignName: 'Mine', title: 'CTO' });
      assert.equal(result.isSuccess, true);
      const [exported] = await outbound('lead');
      assert.notEqual(exported?.campaignName, 'Mine');
    });

    test('D5: a campaign member status is exported', async () => {
      const { ace, outbound } = await simulateAce(version);
      const { aceId } = await ace.referLead();
      await outbound('lead');
      await ace.edit({ id: aceId, fields: { campaignMemberStatus: 'Attended;Registered' } });
      const [exported] = await outbound('lead');
      assert.equal(exported?.campaignMemberStatus, 'Attended;Registered');
    });

    test('a partner cannot create a lead', async () => {
      const { ace, sendOne } = await simulateAce(version);
      const created = await sendOne('lead', {
        partnerCrmLeadId: '00QNEW',
        status: 'Open',
        currentLeadStage: 'Accepted',
      });
      assert.equal(created.isSuccess, false);
      assert.equal((await ace.records()).length, 0);
    });
  });
}

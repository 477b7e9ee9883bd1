import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { approvedReferral, mandatory, updates, versions } from './sample-records.ts';
import { simulateAce } from './simulated-ace.ts';

for (const version of versions) {
  describe(`partner referral, review, payload version ${version}`, () => {
    test('B2: an approval is exported with the AWS sales representative', async () => {
      const { ace, sendOne, outbound } = await simulateAce(version);
      const { apnCrmUniqueIdentifier } = await sendOne('opportunity', mandatory(version, '006B2'));
      await ace.approve({ id: '006B2' });
      const [exported] = await outbound('opportunity');
      assert.equal(exported?.status, 'Approved');
      assert.equal(exported?.apnCrmUniqueIdentifier, apnCrmUniqueIdentifier);
      assert.equal(exported?.partnerCrmUniqueIdentifier, '006B2');
      assert.match(String(exported?.aWSSalesRepEmail), /@/);
      assert.match(String(exported?.aWSSalesRepName), / /);
    });

    const withoutSalesRep = [
      ['B2.1', 'Rejected', 'reject'],
      ['B2.2', 'In review', 'startReview'],
      ['B2.3', 'Action Required', 'askForAction'],
    ] as const;
    for (const [number, status, method] of withoutSalesRep) {
      test(`${number}: ${status} is exported without the AWS sales representative`, async () => {
        const { ace, sendOne, outbound } = await simulateAce(version);
        await sendOne('opportunity', mandatory(version, `006${number}`));
        await ace[method]({ id: `006${number}` });
        const [exported] = await outbound('opportunity');
        assert.equal(exported?.status, status);
        assert.equal(exported?.partnerCrmUniqueIdentifier, `006${number}`);
        assert.equal(exported?.aWSSalesRepEmail, null);
        assert.equal(exported?.aWSSalesRepName, null);
      });
    }

    test('B2.3: the reviewer comments reach the partner, and only the open fields are taken', async () => {
      const { ace, sendOne, outbound } = await simulateAce(version);
      const { apnCrmUniqueIdentifier } = await sendOne('opportunity', mandatory(version, '006B23'));
      await ace.askForAction({ id: '006B23', comments: 'Please correct the postal code.' });
      const [asked] = await outbound('opportunity');
      assert.equal(asked?.apnReviewerComments, 'Please correct the postal code.');
      const ids = { apnCrmUniqueIdentifier, partnerCrmUniqueIdentifier: '006B23' };
      assert.equal((await sendOne('opportunity', { ...ids, nextStep: 'Not open now' })).isSuccess, false);
      assert.equal((await sendOne('opportunity', { ...ids, postalCode: '98109' })).isSuccess, true);
      const [corrected] = await outbound('opportunity');
      assert.equal(corrected?.postalCode, '98109');
      assert.equal(corrected?.status, 'Submitted');
    });

    for (const status of ['Submitted', 'In review', 'Rejected'] as const) {
      test(`B3.13: an update is not editable while the status is ${status}`, async () => {
        const { ace, sendOne } = await simulateAce(version);
        const { apnCrmUniqueIdentifier } = await sendOne('opportunity', mandatory(version, '006B313'));
        if (status === 'In review') await ace.startReview({ id: '006B313' });
        if (status === 'Rejected') await ace.reject({ id: '006B313' });
        const result = await sendOne('opportunity', {
          apnCrmUniqueIdentifier,
          partnerCrmUniqueIdentifier: '006B313',
          nextStep: 'Too early',
        });
        assert.deepEqual(result.errors, ['Record is not editable.']);
        assert.equal(result.isSuccess, false);
        assert.equal(result.apnCrmUniqueIdentifier, null);
      });
    }

    test('B3: many updatable fields at once are taken, and the next export shows them', async () => {
      const simulated = await simulateAce(version);
      const ids = await approvedReferral(simulated, version);
      const result = await simulated.sendOne('opportunity', { ...ids, ...updates(version) });
      assert.deepEqual(result.errors, null);
      assert.equal(result.apnCrmUniqueIdentifier, ids.apnCrmUniqueIdentifier);
      const [exported] = await simulated.outbound('opportunity');
      for (const [name, value] of Object.entries(updates(version))) assert.equal(exported?.[name], value, name);
    });

    test('B3: one updatable field alone is taken, and the others stay', async () => {
      const simulated = await simulateAce(version);
      const ids = await approvedReferral(simulated, version, { city: 'Tacoma' });
      assert.equal((await simulated.sendOne('opportunity', { ...ids, nextStep: 'Call' })).isSuccess, true);
      const [exported] = await simulated.outbound('opportunity');
      assert.equal(exported?.nextStep, 'Call');
      assert.equal(exported?.city, 'Tacoma');
    });

    test('B3: null clears a field', async () => {
      const simulated = await simulateAce(version);
      const ids = await approvedReferral(simulated, version, { city: 'Tacoma' });
      assert.equal((await simulated.sendOne('opportunity', { ...ids, city: null })).isSuccess, true);
      const [exported] = await simulated.outbound('opportunity');
      assert.equal(exported?.city, null);
    });

    test('B4: changes by AWS are exported under the same identifiers', async () => {
      const simulated = await simulateAce(version);
      const ids = await approvedReferral(simulated, version);
      await simulated.outbound('opportunity');
      const change = {
        nextStep: 'AWS calls the customer',
        stage: 'Business Validation',
        targetCloseDate: '2026-12-01',
        expectedMonthlyAwsRevenue: 9000,
      };
      const before = (await simulated.ace.record({ id: ids.apnCrmUniqueIdentifier })).lastModifiedDate;
      await simulated.ace.step({ minutes: 5 });
      await simulated.ace.edit({ id: ids.apnCrmUniqueIdentifier, fields: change });
      const [exported] = await simulated.outbound('opportunity');
      for (const [name, value] of Object.entries({ ...change, ...ids })) assert.equal(exported?.[name], value, name);
      assert.ok(String(exported?.lastModifiedDate) > before);
    });
  });
}

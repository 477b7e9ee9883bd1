import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { approvedReferral, type Version, versions, wrongValues } from './sample-records.ts';
import { type SimulatedAce, simulateAce } from './simulated-ace.ts';

const account = { awsAccountId: '111122223333' };
const launchAnswersV1 = { isNetNewBusinessForCompany: 'Yes', awsFieldEngagement: 'Yes', isThisForMarketplace: 'Yes' };
const contractFields = {
  procurementType: 'Subscription',
  customerSoftwareValue: 1000,
  customerSoftwareValueCurrency: 'USD',
  contractStartDate: '2026-10-01',
  contractEndDate: '2027-09-30',
};
const contractText =
  "Following fields are required for all ISV Accelerate and SaaS Revenue Recognition when Opportunity is Launched: 'Customer Software Value (Number and Currency)', 'Procurement Type', 'Contract Effective Date/Term Start Date' and 'Contract Expiration Date'.";
const largeValueText =
  'To launch opportunities with Customer Software Value greater than or equal to USD120,000 use Partner Central UI.';

/** An approved AWS referral of version 2 or a partner referral obey the same rules (C4), so both origins are tried. */
const origins = {
  'partner referral (B)': async (simulated: SimulatedAce, version: Version) => approvedReferral(simulated, version),
  'accepted AWS referral (C4)': async ({ ace }: SimulatedAce) => {
    const { aceId } = await ace.referOpportunity({
      fields: { partnerAcceptanceStatus: 'Accepted', stage: 'Qualified', deliveryModel: 'SaaS or PaaS' },
    });
    return { apnCrmUniqueIdentifier: aceId, partnerCrmUniqueIdentifier: `006${aceId}` };
  },
} as const;

for (const [origin, open] of Object.entries(origins)) {
  for (const version of versions) {
    describe(`update of a ${origin}, payload version ${version}`, () => {
      test('B3.2: none of the fields that stay mandatory may be emptied', async () => {
        const simulated = await simulateAce(version);
        const ids = await open(simulated, version);
        const names = [
          'useCase',
          'targetCloseDate',
          'stage',
          'partnerPrimaryNeedFromAws',
          'expectedMonthlyAwsRevenue',
          'deliveryModel',
        ];
        const records = names.map((name) => ({ ...ids, [name]: null }));
        const { inboundApiResults } = await simulated.send('opportunity', records);
        assert.deepEqual(
          inboundApiResults.map(({ isSuccess }) => isSuccess),
          names.map(() => false),
        );
        for (const { apnCrmUniqueIdentifier } of inboundApiResults) {
          assert.equal(apnCrmUniqueIdentifier, ids.apnCrmUniqueIdentifier);
        }
        assert.equal(
          (await simulated.sendOne('opportunity', { ...ids, nextStep: 'Not needed again' })).isSuccess,
          true,
        );
      });

      test('B3.3: a consulting partner launches with a twelve-digit account id only', async () => {
        const simulated = await simulateAce(version);
        const ids = await open(simulated, version);
        const launch = { ...ids, stage: 'Launched' };
        const { inboundApiResults } = await simulated.send('opportunity', [launch, { ...launch, awsAccountId: '123' }]);
        assert.deepEqual(
          inboundApiResults.map(({ isSuccess }) => isSuccess),
          [false, false],
        );
        assert.equal((await simulated.sendOne('opportunity', { ...launch, ...account })).isSuccess, true);
      });

      test('B3.5: marketing fields are cleared before marketing is No', async () => {
        const simulated = await simulateAce(version);
        const ids = await open(simulated, version);
        const marketing = {
          IsOppFromMarketingActivity: 'Yes',
          isMarketingDevelopmentFunded: 'No',
          marketingActivityChannel: 'Email',
        };
        assert.equal((await simulated.sendOne('opportunity', { ...ids, ...marketing })).isSuccess, true);
        const no = { ...ids, IsOppFromMarketingActivity: 'No' };
        assert.deepEqual((await simulated.sendOne('opportunity', no)).errors, [
          'Clear values in Marketing Activity Channel, Marketing Activity UseCase, AWS Campaign Name and Was Marketing Development Funds Used.',
        ]);
        const cleared = { ...no, isMarketingDevelopmentFunded: null, marketingActivityChannel: null };
        assert.equal((await simulated.sendOne('opportunity', cleared)).isSuccess, true);
      });

      test('B3.8: Closed Lost needs a reason, with the en dash of the standard values', async () => {
        const simulated = await simulateAce(version);
        const ids = await open(simulated, version);
        const closed = { ...ids, stage: 'Closed Lost' };
        assert.deepEqual((await simulated.sendOne('opportunity', closed)).errors, [
          'Missing Required Field: Closed Lost Reason is required when closing the opportunity',
        ]);
        const hyphen = { ...closed, closedLostReason: 'Lost to Competitor - Google' };
        assert.equal((await simulated.sendOne('opportunity', hyphen)).isSuccess, false);
        const dash = { ...closed, closedLostReason: 'Lost to Competitor – Google' };
        assert.equal((await simulated.sendOne('opportunity', dash)).isSuccess, true);
        const [exported] = await simulated.outbound('opportunity');
        assert.equal(exported?.aWSStage, 'Closed Lost');
      });

      test('B3.12: a value outside the standard values is refused, field by field', async () => {
        const simulated = await simulateAce(version);
        const ids = await open(simulated, version);
        const names = ['stage', 'useCase', 'deliveryModel', 'partnerPrimaryNeedFromAws', 'campaignName']
          .concat([
            'competitiveTracking',
            'procurementType',
            'customerSoftwareValueCurrency',
            'IsOppFromMarketingActivity',
          ])
          .concat(
            version === 1 ? ['industry', 'awsFieldEngagement'] : ['opportunityType', 'salesActivities', 'awsProducts'],
          );
        const records = wrongValues(names).map((wrong) => ({ ...ids, ...wrong }));
        const { inboundApiResults } = await simulated.send('opportunity', records);
        for (const [index, { isSuccess, errors }] of inboundApiResults.entries()) {
          assert.equal(isSuccess, false, names[index]);
          if (version === 1) assert.match(String(errors), /predefined .+ list/, names[index]);
        }
      });

      test('B3.14: pipeline fields after Launched are ignored with success', async () => {
        const simulated = await simulateAce(version);
        const ids = await open(simulated, version);
        await simulated.sendOne('opportunity', { ...ids, stage: 'Launched', ...account });
        const [launched] = await simulated.outbound('opportunity');
        const late = { ...ids, expectedMonthlyAwsRevenue: 1, nextStep: 'Late', targetCloseDate: '2027-01-01' };
        assert.equal((await simulated.sendOne('opportunity', late)).isSuccess, true);
        const [exported] = await simulated.outbound('opportunity');
        for (const name of ['expectedMonthlyAwsRevenue', 'nextStep', 'targetCloseDate', 'stage']) {
          assert.equal(exported?.[name], launched?.[name], name);
        }
      });
    });
  }
}

describe('update, payload version 1 only', () => {
  test('B3.1: an ISV Accelerate partner answers three questions before Launched', async () => {
    const simulated = await simulateAce(1, { programme: 'isvAccelerate' });
    const ids = await approvedReferral(simulated, 1, { deliveryModel: 'Resell' });
    const launch = { ...ids, stage: 'Launched' };
    const incomplete = Object.keys(launchAnswersV1).map((name) => ({ ...launch, ...launchAnswersV1, [name]: null }));
    const { inboundApiResults } = await simulated.send('opportunity', [launch, ...incomplete]);
    assert.deepEqual(
      inboundApiResults.map(({ isSuccess }) => isSuccess),
      [false, false, false, false],
    );
    assert.equal((await simulated.sendOne('opportunity', { ...launch, ...launchAnswersV1 })).isSuccess, true);
  });

  test('B3.4: an industry that needs contract vehicle and solicitation number is refused without them', async () => {
    const simulated = await simulateAce(1);
    const ids = await approvedReferral(simulated, 1);
    const education = { ...ids, industry: 'Education' };
    assert.equal((await simulated.sendOne('opportunity', education)).isSuccess, false);
    const complete = { ...education, contractVehicle: 'GSA', rfxSolicitationNumber: 'RFx-77' };
    assert.equal((await simulated.sendOne('opportunity', complete)).isSuccess, true);
  });

  test('B3.6: SaaS with AWS engagement and without marketplace needs the contract fields at launch', async () => {
    const simulated = await simulateAce(1, { programme: 'saasRevenueRecognition' });
    const ids = await approvedReferral(simulated, 1);
    const launch = { ...ids, ...launchAnswersV1, isThisForMarketplace: 'No', stage: 'Launched' };
    assert.deepEqual((await simulated.sendOne('opportunity', launch)).errors, [contractText]);
    assert.equal((await simulated.sendOne('opportunity', { ...launch, ...contractFields })).isSuccess, true);
  });

  test('B3.7: a software value of 120,000 USD launches only through Partner Central', async () => {
    const simulated = await simulateAce(1, { programme: 'saasRevenueRecognition' });
    const ids = await approvedReferral(simulated, 1);
    const launch = { ...ids, ...launchAnswersV1, ...contractFields, isThisForMarketplace: 'No', stage: 'Launched' };
    const large = await simulated.sendOne('opportunity', { ...launch, customerSoftwareValue: 120_000 });
    assert.deepEqual(large.errors, [largeValueText]);
    assert.equal(
      (await simulated.sendOne('opportunity', { ...launch, customerSoftwareValue: 119_999 })).isSuccess,
      true,
    );
  });

  test('B3.9: after Launched only the public reference fields are taken', async () => {
    const simulated = await simulateAce(1);
    const ids = await approvedReferral(simulated, 1);
    await simulated.sendOne('opportunity', { ...ids, stage: 'Launched', ...account });
    const reference = {
      isThisAPublicReference: 'Yes',
      publicReferenceUrl: 'https://www.harborhealth.example.com/reference',
      publicReferenceTitle: 'Patient records in the cloud',
    };
    const result = await simulated.sendOne('opportunity', { ...ids, ...reference, additionalComments: 'Too late' });
    assert.equal(result.isSuccess, true);
    const [exported] = await simulated.outbound('opportunity');
    for (const [name, value] of Object.entries(reference)) assert.equal(exported?.[name], value, name);
    assert.equal(exported?.additionalComments, null);
  });
});

describe('update, payload version 2 only', () => {
  test('B3.4: the industry is closed after create and its change is ignored', async () => {
    const simulated = await simulateAce(2);
    const ids = await approvedReferral(simulated, 2);
    assert.equal((await simulated.sendOne('opportunity', { ...ids, industry: 'Education' })).isSuccess, true);
    const [exported] = await simulated.outbound('opportunity');
    assert.equal(exported?.industry, 'Healthcare');
  });

  test('B3.6: SaaS of a special programme needs the contract fields at launch', async () => {
    const simulated = await simulateAce(2, { programme: 'saasRevenueRecognition' });
    const ids = await approvedReferral(simulated, 2);
    const launch = { ...ids, stage: 'Launched' };
    assert.equal((await simulated.sendOne('opportunity', launch)).isSuccess, false);
    assert.equal((await simulated.sendOne('opportunity', { ...launch, ...contractFields })).isSuccess, true);
  });

  test('B3.9: after Launched an ISV Accelerate partner still changes delivery model and comments', async () => {
    const simulated = await simulateAce(2, { programme: 'isvAccelerate' });
    const ids = await approvedReferral(simulated, 2, { deliveryModel: 'Resell' });
    assert.equal((await simulated.sendOne('opportunity', { ...ids, stage: 'Launched' })).isSuccess, true);
    const change = { deliveryModel: 'Resell;Other', additionalComments: 'Renewed', nextStep: 'Ignored' };
    assert.equal((await simulated.sendOne('opportunity', { ...ids, ...change })).isSuccess, true);
    const [exported] = await simulated.outbound('opportunity');
    assert.equal(exported?.deliveryModel, 'Resell;Other');
    assert.equal(exported?.additionalComments, 'Renewed');
    assert.equal(exported?.nextStep, null);
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deployDataModel } from '../../../src/crm/salesforce/metadata/deploy-data-model.ts';
import { emptyOrg } from './prepared-org.ts';

test('a dry run changes nothing, the set-up creates what is missing, and a second one finds nothing to do', async () => {
  const org = await emptyOrg();
  const integrationUser = org.standIn.integrationUser.username;
  const plan = await deployDataModel(org.administrator, { dryRun: true, integrationUser });
  assert.ok(plan.missing.includes('CustomField Opportunity.ACE_Id__c'));
  assert.equal(plan.assigned, false);
  const again = await deployDataModel(org.administrator, { dryRun: true });
  assert.deepEqual(again.missing, plan.missing, 'the dry run left no trace');

  const done = await deployDataModel(org.administrator, { dryRun: false, integrationUser });
  assert.deepEqual(done.failed, []);
  assert.equal(done.assigned, true);

  const second = await deployDataModel(org.administrator, { dryRun: false, integrationUser });
  assert.deepEqual(
    { missing: second.missing, granted: second.granted, different: second.different },
    { missing: [], granted: [], different: [] },
  );
});

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { waitUntil } from '../../support/wait-until.ts';
import { readRecord, readRow } from '../main-job/crm-records.ts';
import { type MainJob, startMainJob } from '../main-job/main-job.ts';
import { approve, exported, filesOf, oneAtAce, sentTo, share } from './sides.ts';

/** Accidents around fields that a partner adds to the org and maps; each must not happen here. */
describe('fields of our own', { timeout: 600_000 }, () => {
  let job: MainJob;
  let crmId: string;

  const mapping = (shipped: string): string =>
    shipped
      .replace(
        /- \{ ace: expectedMonthlyAwsRevenue, .*\}/,
        '- { ace: expectedMonthlyAwsRevenue, crm: Revenue_Text__c, direction: both, transform: { in: $plain(value) } }',
      )
      .replace(
        '    # What AWS says, beside',
        [
          '    - { ace: additionalComments, crm: Unseen__c, direction: out }',
          '    - { ace: nextStepHistory, crm: Next_Step_History__c, direction: in, cutTo: { crm: 255 } }',
          '    # What AWS says, beside',
        ].join('\n'),
      );

  const fields = ['Revenue_Text__c', 'Next_Step_History__c', 'Unseen__c'] as const;

  const grant = (...names: readonly (typeof fields)[number][]) =>
    job.crm.connection.metadata.update('PermissionSet', {
      fullName: 'ACE_Sync_Integration',
      label: 'ACE Sync Integration',
      fieldPermissions: names.map((name) => ({ field: `Opportunity.${name}`, readable: true, editable: true })),
    });

  before(async () => {
    job = await startMainJob({ seed: 25, mapping });
    for (const name of fields) {
      const text = { fullName: `Opportunity.${name}`, label: name.replace('__c', ''), type: 'Text', length: 255 };
      await job.crm.connection.metadata.create('CustomField', text);
    }
    await grant('Revenue_Text__c', 'Next_Step_History__c');
    ({ crmId } = await share(job, { opportunity: { Revenue_Text__c: '9.5E+11', Unseen__c: 'For AWS' } }));
  });

  it('a new field that nobody may see holds the connection, not its records, and it goes on by itself once granted', async () => {
    const heldConnection = async () => (await job.status()).heldConnection;
    await job.detect();
    assert.match(
      (await heldConnection()) ?? '',
      /no longer knows a field or object that the mapping names, or hides it/,
    );
    assert.match((await heldConnection()) ?? '', /Unseen__c/);
    assert.deepEqual([await sentTo(job, crmId), await job.outcomes()], [[], []]);
    assert.notEqual((await readRow(job, crmId)).Status__c, 'Needs attention', 'no record is blamed');
    await grant('Unseen__c');
    await waitUntil('the connection goes on', async () => {
      await job.detect();
      return (await heldConnection()) === null;
    });
    await job.settle();
    assert.equal((await oneAtAce(job, crmId)).fields.additionalComments, 'For AWS');
  });

  it('a large amount in scientific notation is sent in digits, and comes back in digits', async () => {
    const [file = ''] = await filesOf(job, crmId);
    assert.match(file, /"expectedMonthlyAwsRevenue":\s*950000000000[,}\s]/);
    await approve(job, crmId);
    assert.equal((await readRecord(job, crmId)).Revenue_Text__c, '9.5E+11', 'the same amount in other letters');
    const { aceId } = await oneAtAce(job, crmId);
    await job.ace.edit({ id: aceId, fields: { expectedMonthlyAwsRevenue: 123_456_789_012_345 } });
    await exported(job);
    assert.equal((await readRecord(job, crmId)).Revenue_Text__c, '123456789012345');
  });

  it('a next-step history longer than its field is cut, and the rest of the record is written', async () => {
    const { aceId } = await oneAtAce(job, crmId);
    await job.ace.edit({ id: aceId, fields: { nextStepHistory: 'h'.repeat(2000), nextStep: 'Call them' } });
    await exported(job);
    assert.equal((await readRecord(job, crmId)).Next_Step_History__c, 'h'.repeat(255));
    assert.equal((await readRow(job, crmId)).AWS_Next_Step__c, 'Call them');
  });
});

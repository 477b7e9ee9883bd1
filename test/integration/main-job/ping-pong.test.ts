import assert from 'node:assert/strict';
import { it } from 'node:test';
import { pino } from 'pino';
import { createDependencies } from '../../../src/worker/create-dependencies.ts';
import { whenDone } from '../../support/shared-stack.ts';
import { agreedRecord, readRow, sentFor } from './crm-records.ts';
import { startMainJob } from './main-job.ts';

it('a flow that rewrites the record after each sync is held; people who edit the row as often are not', {
  timeout: 400_000,
}, async () => {
  const job = await startMainJob({ seed: 46, configuration: { pingPong: { mostAutomatic: 2 } } });
  const { crmId, rowId } = await agreedRecord(job, 0);
  // A flow that our own write starts runs as the integration user.
  const { crm, bucket } = await createDependencies(job.config, job.client, pino({ level: 'silent' }));
  whenDone(async () => {
    await crm.close();
    bucket.close();
  });
  const said = async () => (await readRow(job, crmId)).Reason_Code__c;

  for (const date of ['2030-05-01', '2030-05-02', '2030-05-03']) {
    assert.equal(await said(), null, date);
    await crm.write('opportunity', { id: crmId }, { CloseDate: date });
    await job.settle();
  }
  assert.equal(await said(), 'PING_PONG');
  assert.equal((await sentFor(job, crmId)).length, 3, 'the new record and two changes');

  for (const revenue of [1111, 2222, 3333]) {
    await job.crm.update('ACE_Sync__c', rowId, { Monthly_AWS_Revenue__c: revenue });
    await job.settle();
    assert.equal(await said(), null, String(revenue));
  }
  assert.equal((await sentFor(job, crmId)).length, 6);
});

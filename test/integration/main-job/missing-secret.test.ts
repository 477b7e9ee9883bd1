import assert from 'node:assert/strict';
import { rename } from 'node:fs/promises';
import { it } from 'node:test';
import { failuresOf } from '../../../src/activities/temporal-evidence.ts';
import { aceFolders } from '../../../src/bucket/folders.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { atAce, readRow, sentFor, shareOpportunity } from './crm-records.ts';
import { startMainJob } from './main-job.ts';

const { inbound } = aceFolders.opportunity;

it("the bucket's key that is missing for a while holds a file in its place, and it goes on by itself", {
  timeout: 400_000,
}, async () => {
  const job = await startMainJob({ seed: 43 });
  const { credentials } = job.config.ace.bucket;
  assert.ok(credentials !== undefined && 'secretAccessKey' in credentials);
  const { secretAccessKey } = credentials;
  assert.ok('file' in secretAccessKey);
  const { file } = secretAccessKey;
  const { crmId } = await shareOpportunity(job, 0);

  // A running worker keeps the key that it read for some minutes.
  await job.worker.stop();
  await rename(file, `${file}.away`);
  job.worker.start();
  await job.detect();
  const upload = job.client.workflow.getHandle(job.uploadId(crmId));
  await waitUntil('the upload tries again to put its file', async () =>
    failuresOf(await upload.describe(), 2).some(({ code }) => code === 'SECRET_MISSING'),
  );
  await rename(`${file}.away`, file);
  await waitUntil('the file is put', async () => (await job.names(inbound)).length === 1);
  await job.settle();
  const query = `AceConnection = '${job.config.connection}' AND ExecutionStatus IN ('Failed', 'TimedOut')`;
  assert.equal((await job.client.workflow.count(query)).count, 0, 'no workflow ended because of it');
  assert.deepEqual([(await sentFor(job, crmId)).length, (await atAce(job, crmId)).length], [1, 1]);
  assert.equal((await readRow(job, crmId)).Reason_Code__c, 'ACE_IN_REVIEW');
});

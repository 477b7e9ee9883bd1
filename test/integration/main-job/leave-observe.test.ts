import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { it } from 'node:test';
import { aceFolders } from '../../../src/bucket/folders.ts';
import { startMainJob } from './main-job.ts';

const { outbound } = aceFolders.opportunity;

it('files that mode observe left alone are taken once the connection leaves it', { timeout: 300_000 }, async () => {
  const job = await startMainJob({ seed: 47, mode: 'observe' });
  await job.ace.referOpportunity();
  await job.ace.exportNow();
  await job.settle();
  const left = await job.names(outbound);
  assert.equal(left.length, 1);
  assert.deepEqual(await job.query('SELECT Id FROM ACE_Sync__c'), [], 'nothing was written');
  await job.settle();
  assert.deepEqual(await job.names(outbound), left, 'nor in a later round');

  await job.worker.stop();
  const text = await readFile(job.configPath, 'utf8');
  await writeFile(job.configPath, text.replace('mode: observe', 'mode: live'));
  job.worker.start();
  await job.settle();
  assert.deepEqual(await job.names(outbound), []);
  assert.equal((await job.query('SELECT Id FROM ACE_Sync__c')).length, 1);
});

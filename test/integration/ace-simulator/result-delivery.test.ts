import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aceFolders } from '../../../src/bucket/folders.ts';
import type { SwitchChanges } from '../../../src/sandbox/ace/switches.ts';
import { mandatory } from './sample-records.ts';
import { type SimulatedAce, simulateAce } from './simulated-ace.ts';

const { processedResults } = aceFolders.opportunity;
const archive = 'opportunity-inbound-processed-results-archive/';

async function uploaded(switches: SwitchChanges): Promise<SimulatedAce> {
  const simulated = await simulateAce(1, switches);
  const { spmsId } = simulated.bucket;
  const text = JSON.stringify({ version: '1', spmsId, opportunities: [mandatory(1, '006R')] });
  await simulated.upload('opportunity', 'a.json', text);
  return simulated;
}

test('a result is written with its copy in the archive', async () => {
  const { names } = await uploaded({});
  assert.deepEqual(await names(processedResults), ['a_result.json']);
  assert.deepEqual(await names(archive), ['a_result.json']);
});

test('a result can be lost while the record is there', async () => {
  const { ace, names } = await uploaded({ resultDelivery: 'lost' });
  assert.deepEqual(await names(processedResults), []);
  assert.deepEqual(await names(archive), []);
  assert.equal((await ace.records()).length, 1);
});

test('a result can be found in the archive only', async () => {
  const { names } = await uploaded({ resultDelivery: 'archivedOnly' });
  assert.deepEqual(await names(processedResults), []);
  assert.deepEqual(await names(archive), ['a_result.json']);
});

test('a result can be late', async () => {
  const { ace, names } = await uploaded({ resultDelivery: 'late', resultDelayMinutes: 45 });
  assert.deepEqual(await names(processedResults), []);
  assert.equal((await ace.state()).delayedResults, 1);
  assert.equal((await ace.state()).drained, false);
  await ace.step({ minutes: 44 });
  assert.deepEqual(await names(processedResults), []);
  await ace.step({ minutes: 1 });
  assert.deepEqual(await names(processedResults), ['a_result.json']);
});

test('a result can come twice', async () => {
  const { ace, bucket, names } = await uploaded({ resultDelivery: 'twice', resultDelayMinutes: 10 });
  const first = (await bucket.partner.list(`${processedResults}a_result.json`)).objects[0];
  assert.ok(first);
  await bucket.partner.delete(first);
  assert.deepEqual(await names(processedResults), []);
  await ace.step({ minutes: 10 });
  assert.deepEqual(await names(processedResults), ['a_result.json']);
});

test('a result can stand beside one for a file that was never sent', async () => {
  const { names, read } = await uploaded({ resultDelivery: 'forAnotherFile' });
  assert.deepEqual(await names(processedResults), ['a_result.json', 'other-system_000001_result.json']);
  const foreign = JSON.parse(await read(`${processedResults}other-system_000001_result.json`));
  assert.equal(foreign.fileName, 'opportunity-inbound/other-system_000001.json');
});

test('the spellings of results follow the switches', async () => {
  const { names, upload, bucket } = await uploaded({
    resultSuffix: '_results.json',
    rejectedSuffix: '.error.json',
    resultArchive: 'inbound-results-archive',
  });
  await upload('opportunity', 'b.txt', 'x');
  assert.deepEqual(await names(processedResults), ['a_results.json', 'b.txt.error.json']);
  const day = '2026/03/02/';
  const { objects } = await bucket.ace.list(`opportunity-inbound-results-archive/${day}`);
  assert.equal(objects.length, 2);
});

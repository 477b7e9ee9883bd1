import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { aceFolders } from '../../../src/bucket/folders.ts';
import { connectAceSimulator } from '../../../src/sandbox/ace/connect.ts';
import type { SimulatorOptions } from '../../../src/sandbox/ace/options.ts';
import { startAceSimulator } from '../../../src/sandbox/ace/simulator.ts';
import { mandatory } from './sample-records.ts';
import { simulateAce } from './simulated-ace.ts';

const { inbound, inboundArchive, processedResults } = aceFolders.opportunity;

const children = new Set<ChildProcess>();
after(() => {
  for (const child of children) child.kill('SIGKILL');
});

async function started(options: SimulatorOptions): Promise<{ child: ChildProcess; controlUrl: string }> {
  const child = fork(new URL('./simulator-process.ts', import.meta.url), [JSON.stringify(options)]);
  children.add(child);
  const [{ controlUrl }] = (await once(child, 'message')) as [{ controlUrl: string }];
  return { child, controlUrl };
}

async function killed(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
  children.delete(child);
}

test('a simulator that is killed again and again decides each inbound file once', { timeout: 120_000 }, async () => {
  const { ace, options, bucket, names, read } = await simulateAce(1);
  await ace.stop();
  const mine: SimulatorOptions = { ...options, clock: { kind: 'accelerated', factor: 600 }, controlPort: 0 };
  const files = 40;
  let { child } = await started(mine);
  for (let count = 0; count < files; count += 1) {
    const text = { version: '1', spmsId: bucket.spmsId, opportunities: [mandatory(1, `006K${count}`)] };
    await bucket.partner.put(`${inbound}file-${count}.json`, Buffer.from(JSON.stringify(text)));
    if (count % 8 !== 7) continue;
    // The pauses end in different steps of a file: reading, deciding, archiving, deleting, answering.
    await delay(40 + count * 7);
    await killed(child);
    ({ child } = await started(mine));
  }
  for (let tries = 0; (await names(inbound)).length > 0 && tries < 100; tries += 1) await delay(100);
  await killed(child);
  const { child: last, controlUrl } = await started(mine);
  const records = await connectAceSimulator(controlUrl).records();
  assert.equal((await connectAceSimulator(controlUrl).state()).pendingRequests, 0);
  await killed(last);

  assert.equal(records.length, files);
  assert.equal((await names(inboundArchive)).length, files);
  const results = await names(processedResults);
  assert.equal(results.length, files);
  for (const name of results) {
    const { success, inboundApiResults } = JSON.parse(await read(`${processedResults}${name}`));
    assert.equal(success, 'ALL');
    const [{ partnerCrmUniqueIdentifier, apnCrmUniqueIdentifier }] = inboundApiResults;
    const record = records.find(({ partnerId }) => partnerId === partnerCrmUniqueIdentifier);
    assert.equal(record?.aceId, apnCrmUniqueIdentifier);
  }
});

test('what S3 refused is done after a restart, from the decision that was taken before', async () => {
  const { ace, options, upload, names, read, bucket } = await simulateAce(1, {}, { faultProxyPort: 0 });
  // ACE itself goes through the faults here: the archive copy works, the deletion does not.
  const through: SimulatorOptions = { ...options, s3: { ...options.s3, endpoint: ace.partnerEndpoint } };
  const { spmsId } = bucket;
  const text = JSON.stringify({ version: '1', spmsId, opportunities: [mandatory(1, '006F')] });
  await ace.setSwitches({ inboundPaused: true });
  await upload('opportunity', 'half.json', text);
  await ace.setSwitches({
    faults: [{ effect: 'accessDenied', methods: ['DELETE'], contains: 'opportunity-inbound/' }],
  });
  const folder = `${options.folder}/second`;
  const second = await startAceSimulator({ ...through, folder, switches: { review: 'hand' } });
  await assert.rejects(second.processInbound(), /AccessDenied/);
  const decided = await second.records();
  assert.equal(decided.length, 1);
  assert.equal((await second.state()).pendingRequests, 3);
  assert.deepEqual(await names(processedResults), []);
  await second.stop();

  await ace.setSwitches({ faults: [] });
  const third = await startAceSimulator({ ...through, folder, switches: { review: 'hand' } });
  assert.deepEqual(await names(inbound), []);
  assert.deepEqual(await names(processedResults), ['half_result.json']);
  const { inboundApiResults } = JSON.parse(await read(`${processedResults}half_result.json`));
  assert.equal(inboundApiResults[0].apnCrmUniqueIdentifier, decided[0]?.aceId);
  assert.deepEqual(await third.records(), decided);
  await third.stop();
});

test('state, clock and switches go on after a restart', async () => {
  const { ace, options } = await simulateAce(1);
  const { aceId } = await ace.referOpportunity({ acceptWithinHours: 3 });
  await ace.step({ hours: 2 });
  await ace.setSwitches({ recordsPerFile: 4 });
  await ace.stop();
  const again = await startAceSimulator(options);
  assert.equal((await again.state()).now, '2026-03-02T14:00:00.000Z');
  assert.equal((await again.switches()).recordsPerFile, 4);
  assert.equal((await again.record({ id: aceId })).acceptance, null);
  await again.step({ hours: 2 });
  assert.equal((await again.record({ id: aceId })).acceptance, 'Rejected');
  await again.stop();
});

test('a second simulator on the same state is refused', async () => {
  const { ace, options } = await simulateAce(1);
  await assert.rejects(startAceSimulator(options), { code: 'SERVICE_FAILED' });
  await ace.stop();
  await (await startAceSimulator(options)).stop();
});

test('the same seed and the same requests give the same run', async () => {
  const run = async (seed: number) => {
    const { ace, send } = await simulateAce(1, { review: 'rules', rejectedShare: 0.5 }, { seed });
    await ace.referOpportunity();
    await ace.referLead();
    await send(
      'opportunity',
      [1, 2, 3].map((number) => mandatory(1, `006G${number}`)),
    );
    await ace.step({ hours: 1 });
    return ace.records();
  };
  assert.deepEqual(await run(11), await run(11));
  assert.notDeepEqual(await run(11), await run(12));
});

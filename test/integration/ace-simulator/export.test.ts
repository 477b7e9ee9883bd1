import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aceFolders } from '../../../src/bucket/folders.ts';
import { approvedReferral, mandatory } from './sample-records.ts';
import { simulateAce } from './simulated-ace.ts';

const { outbound: folder, outboundArchive, processedResults } = aceFolders.opportunity;

test('each full hour exports what changed since the last export, and nothing else', async () => {
  const { ace, names } = await simulateAce(1);
  const { aceId } = await ace.referOpportunity();
  await ace.step({ minutes: 59 });
  assert.deepEqual(await names(folder), []);
  await ace.step({ minutes: 1 });
  assert.deepEqual(await names(folder), ['Opportunities_Outbound_1_03022026130000.json']);
  assert.deepEqual(await names(outboundArchive), ['Opportunities_Outbound_1_03022026130000.json']);
  await ace.step({ hours: 3 });
  assert.equal((await names(folder)).length, 1);
  await ace.edit({ id: aceId, fields: { nextStep: 'Call' } });
  await ace.step({ hours: 1 });
  assert.equal((await names(folder)).length, 2);
  assert.equal((await ace.state()).pendingExports, 0);
});

test('an export has as many records in a file as the switch says, and several files', async () => {
  const { ace, bucket, read } = await simulateAce(1, { recordsPerFile: 3 });
  for (let count = 0; count < 7; count += 1) await ace.referOpportunity();
  const files = await ace.exportNow();
  assert.deepEqual(
    files.map(({ aceIds }) => aceIds.length),
    [3, 3, 1],
  );
  const envelope = JSON.parse(await read(String(files[0]?.key)));
  assert.deepEqual(Object.keys(envelope), ['version', 'spmsId', 'opportunities']);
  assert.deepEqual([envelope.version, envelope.spmsId], ['1', bucket.spmsId]);
});

test('the forms of the envelope follow the switches', async () => {
  const { ace, bucket, read } = await simulateAce(2, {
    versionForm: 'decimal',
    spmsIdForm: 'number',
    leadsKey: 'Leads',
  });
  await ace.referLead();
  const [file] = await ace.exportNow();
  const envelope = JSON.parse(await read(String(file?.key)));
  assert.deepEqual([envelope.version, envelope.spmsId], ['2.0', Number(bucket.spmsId)]);
  assert.equal(envelope.Leads.length, 1);
});

test('a constant name is overwritten by the next export', async () => {
  const { ace, names, read } = await simulateAce(1, { outboundName: 'constant' });
  await ace.referOpportunity();
  await ace.exportNow();
  const second = await ace.referOpportunity();
  await ace.exportNow();
  assert.deepEqual(await names(folder), ['Opportunities_Outbound.json']);
  const { opportunities } = JSON.parse(await read(`${folder}Opportunities_Outbound.json`));
  assert.deepEqual(
    opportunities.map((record: { apnCrmUniqueIdentifier: string }) => record.apnCrmUniqueIdentifier),
    [second.aceId],
  );
});

test('a stale export shows the record from before an accepted update, then the truth', async () => {
  const simulated = await simulateAce(1);
  const ids = await approvedReferral(simulated, 1, { nextStep: 'Old step' });
  await simulated.ace.setSwitches({ staleExportMinutes: 10 });
  await simulated.ace.step({ minutes: 20 });
  await simulated.sendOne('opportunity', { ...ids, nextStep: 'New step' });
  await simulated.ace.step({ minutes: 5 });
  assert.equal((await simulated.outbound('opportunity'))[0]?.nextStep, 'Old step');
  assert.equal((await simulated.ace.state()).pendingExports, 1);
  await simulated.ace.step({ minutes: 10 });
  assert.equal((await simulated.outbound('opportunity'))[0]?.nextStep, 'New step');
  assert.equal((await simulated.ace.state()).pendingExports, 0);
});

test('a change can keep the lastModifiedDate', async () => {
  const { ace } = await simulateAce(1, { equalLastModified: true });
  const before = await ace.referOpportunity();
  await ace.step({ minutes: 5 });
  const after = await ace.edit({ id: before.aceId, fields: { nextStep: 'Other content' } });
  assert.equal(after.lastModifiedDate, before.lastModifiedDate);
});

test('an accepted update has whole seconds in its record and milliseconds in its result', async () => {
  const simulated = await simulateAce(1);
  const ids = await approvedReferral(simulated, 1);
  await simulated.ace.step({ minutes: 5 });
  const result = await simulated.send('opportunity', [{ ...ids, nextStep: 'Call' }]);
  const { lastModifiedDate } = await simulated.ace.record({ id: ids.apnCrmUniqueIdentifier });
  assert.match(lastModifiedDate, /:\d\d\.000Z$/);
  assert.equal(result.fileApnProcessedDT.slice(0, 19), lastModifiedDate.slice(0, 19));
  assert.ok(result.fileApnProcessedDT > lastModifiedDate);
});

test('a new record can be exported before its result is written', async () => {
  const { sendOne, names, ace } = await simulateAce(1, { exportBeforeResult: true, resultDelivery: 'late' });
  await assert.rejects(sendOne('opportunity', mandatory(1, '006E')), /Expected the object/);
  assert.equal((await names(folder)).length, 1);
  assert.deepEqual(await names(processedResults), []);
  await ace.step({ minutes: 30 });
  assert.equal((await names(processedResults)).length, 1);
});

test('an approval can be exported before the refusal that it overtakes is written', async () => {
  const { sendOne, read, names, ace } = await simulateAce(1, { approveBeforeRefusal: true });
  const { apnCrmUniqueIdentifier } = await sendOne('opportunity', mandatory(1, '006O'));
  const refused = await sendOne('opportunity', {
    apnCrmUniqueIdentifier,
    partnerCrmUniqueIdentifier: '006O',
    nextStep: 'Call',
  });
  assert.deepEqual(refused.errors, ['Record is not editable.']);
  const [file] = await names(folder);
  const { opportunities } = JSON.parse(await read(`${folder}${file}`));
  assert.equal(opportunities[0].status, 'Approved');
  assert.equal((await ace.state()).pendingExports, 0);
});

test('reviews end by themselves, with the shares of the switches', async () => {
  const { ace, send } = await simulateAce(1, {
    review: 'rules',
    inReviewAfterMinutes: 5,
    reviewMinutes: 30,
    rejectedShare: 0.3,
    actionRequiredShare: 0.3,
  });
  await send(
    'opportunity',
    Array.from({ length: 40 }, (_, index) => mandatory(1, `006S${index}`)),
  );
  const statuses = async () => Object.groupBy(await ace.records(), ({ status }) => String(status));
  assert.equal((await statuses()).Submitted?.length, 40);
  assert.equal((await ace.state()).drained, false);
  await ace.step({ minutes: 5 });
  assert.equal((await statuses())['In review']?.length, 40);
  await ace.step({ minutes: 25 });
  const ended = await statuses();
  assert.deepEqual(Object.keys(ended).toSorted(), ['Action Required', 'Approved', 'Rejected']);
  await ace.step({ hours: 1 });
  assert.equal((await ace.state()).drained, true);
});

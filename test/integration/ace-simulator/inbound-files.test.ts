import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { aceFolders } from '../../../src/bucket/folders.ts';
import { mandatory } from './sample-records.ts';
import { simulateAce } from './simulated-ace.ts';

const { inbound, inboundArchive, processedResults } = aceFolders.opportunity;

describe('files that ACE refuses whole', () => {
  const whole = (spmsId: string, records: readonly unknown[], more: object = {}): string =>
    JSON.stringify({ version: '1', spmsId, opportunities: records, ...more });
  const cases: readonly (readonly [what: string, name: string, text: (spmsId: string) => string | Buffer])[] = [
    ['another ending', 'list.csv', () => 'a,b\n'],
    ['broken JSON', 'broken.json', () => '{"version":"1"'],
    ['a JSON array', 'array.json', (spmsId) => `[${whole(spmsId, [])}]`],
    ['an empty file', 'empty.json', () => ''],
    ['UTF-16', 'wide.json', (spmsId) => Buffer.from(`\uFEFF${whole(spmsId, [mandatory(1, 'X')])}`, 'utf16le')],
    [
      'leads in the opportunity folder',
      'leads.json',
      (spmsId) => JSON.stringify({ version: '1', spmsId, leads: [{}] }),
    ],
    [
      'more than 50 records',
      'many.json',
      (spmsId) =>
        whole(
          spmsId,
          Array.from({ length: 51 }, () => ({})),
        ),
    ],
    ['no records', 'none.json', (spmsId) => whole(spmsId, [])],
    ['more than 1 MB', 'large.json', (spmsId) => whole(spmsId, [{ projectDescription: 'x'.repeat(1_048_576) }])],
    ["another partner's number", 'foreign.json', () => whole('1', [mandatory(1, 'X')])],
    ['an unknown version', 'version.json', (spmsId) => whole(spmsId, [mandatory(1, 'X')], { version: '3' })],
  ];
  for (const [what, name, text] of cases) {
    test(`${what} gives an error file and is archived`, async () => {
      const { ace, bucket, upload, names, read } = await simulateAce(1);
      await upload('opportunity', name, text(bucket.spmsId));
      const answer = `${name.replace(/\.json$/, '')}_error.json`;
      assert.deepEqual(await names(processedResults), [answer]);
      const { error, fileName, inboundApiResults } = JSON.parse(await read(`${processedResults}${answer}`));
      assert.equal(typeof error, 'string');
      assert.equal(fileName, `${inbound}${name}`);
      assert.equal(inboundApiResults, undefined);
      assert.deepEqual(await names(inbound), []);
      assert.deepEqual(await names(inboundArchive), [name]);
      assert.equal((await ace.records()).length, 0);
    });
  }

  test('exactly 1 MB is taken, unless the switch says less than', async () => {
    for (const sizeLimit of ['upTo', 'below'] as const) {
      const { bucket, upload, names } = await simulateAce(1, { sizeLimit });
      const start = `{"version":"1","spmsId":"${bucket.spmsId}","opportunities":[{"partnerCrmUniqueIdentifier":"A"}]`;
      await upload('opportunity', 'full.json', `${start}${' '.repeat(1_048_576 - start.length - 1)}}`);
      assert.deepEqual(await names(processedResults), [sizeLimit === 'upTo' ? 'full_result.json' : 'full_error.json']);
    }
  });

  test('50 records are taken, one bad record does not fail the others', async () => {
    const { ace, send } = await simulateAce(1);
    const records = Array.from({ length: 50 }, (_, index) => mandatory(1, `006M${index}`));
    const { success, inboundApiResults } = await send('opportunity', [
      ...records.slice(1),
      { partnerCrmUniqueIdentifier: 'bad' },
    ]);
    assert.equal(success, 'PARTIAL');
    assert.deepEqual(
      inboundApiResults
        .filter(({ isSuccess }) => !isSuccess)
        .map(({ partnerCrmUniqueIdentifier }) => partnerCrmUniqueIdentifier),
      ['bad'],
    );
    assert.equal((await ace.records()).length, 49);
  });
});

describe('payload version', () => {
  test('an inbound file of version 2 upgrades the partner for good', async () => {
    const { ace, send, upload, names, outbound, bucket } = await simulateAce(1);
    await send('opportunity', [mandatory(1, '006V1')]);
    assert.equal((await send('opportunity', [mandatory(2, '006V2')], '2.0')).success, 'ALL');
    assert.equal((await ace.state()).payloadVersion, 2);
    const exported = await outbound('opportunity');
    assert.deepEqual(
      exported.map((record) => [record.partnerCrmUniqueIdentifier, record.opportunityType]),
      exported.map((record) => [record.partnerCrmUniqueIdentifier, 'Net New Business']),
    );
    assert.ok(exported.every((record) => !('contractVehicle' in record)));
    const { spmsId } = bucket;
    await upload(
      'opportunity',
      'old.json',
      JSON.stringify({ version: '1', spmsId, opportunities: [mandatory(1, '006V3')] }),
    );
    assert.ok((await names(processedResults)).includes('old_error.json'));
    assert.equal((await ace.state()).payloadVersion, 2);
  });

  test('"1.9" is version 1, and a missing version is version 1', async () => {
    const { ace, send } = await simulateAce(1);
    assert.equal((await send('opportunity', [mandatory(1, '006V4')], '1.9')).success, 'ALL');
    assert.equal((await send('opportunity', [mandatory(1, '006V5')], '')).success, 'ALL');
    assert.equal((await ace.state()).payloadVersion, 1);
  });
});

describe('unfriendly inbound', () => {
  test('files stay while inbound is paused, and are taken afterwards', async () => {
    const { ace, upload, names, bucket } = await simulateAce(1, { inboundPaused: true });
    const { spmsId } = bucket;
    await upload(
      'opportunity',
      'wait.json',
      JSON.stringify({ version: '1', spmsId, opportunities: [mandatory(1, '006W')] }),
    );
    assert.deepEqual(await names(inbound), ['wait.json']);
    assert.equal((await ace.state()).unprocessedInbound, 1);
    await ace.setSwitches({ inboundPaused: false });
    await ace.processInbound();
    assert.deepEqual(await names(inbound), []);
    assert.deepEqual(await names(processedResults), ['wait_result.json']);
  });

  test('a reused name can write an error over the first outcome', async () => {
    const { upload, names, read, bucket } = await simulateAce(1, { duplicateName: 'errorOverResult' });
    const { spmsId } = bucket;
    const text = JSON.stringify({ version: '1', spmsId, opportunities: [mandatory(1, '006D')] });
    await upload('opportunity', 'same.json', text);
    assert.equal(JSON.parse(await read(`${processedResults}same_result.json`)).success, 'ALL');
    await upload('opportunity', 'same.json', text);
    assert.deepEqual(await names(processedResults), ['same_result.json']);
    assert.match(JSON.parse(await read(`${processedResults}same_result.json`)).error, /already processed/);
  });

  test('values can be ignored with success', async () => {
    const { ace, sendOne } = await simulateAce(1, { ignoredFields: ['nextStep'] });
    const { apnCrmUniqueIdentifier } = await sendOne('opportunity', { ...mandatory(1, '006I'), nextStep: 'Dropped' });
    const { fields } = await ace.record({ id: String(apnCrmUniqueIdentifier) });
    assert.equal(fields.nextStep ?? null, null);
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkFile } from '../../../src/ace/check.ts';
import { aceFolders } from '../../../src/bucket/folders.ts';
import { connectAceSimulator } from '../../../src/sandbox/ace/connect.ts';
import { seedAce } from '../../../src/sandbox/ace/seed.ts';
import { simulateAce } from './simulated-ace.ts';

test('an AWS referral is exported masked, and unmasked after it was accepted', async () => {
  const { ace, outbound, sendOne } = await simulateAce(1);
  const { aceId } = await ace.referOpportunity({ fields: { customerEmail: 'real@customer.example' } });
  const [referred] = await outbound('opportunity');
  assert.equal(referred?.customerEmail, 'Accept To View');
  assert.equal(referred?.apnCrmUniqueIdentifier, aceId);
  assert.equal(referred?.partnerCrmUniqueIdentifier, null);

  await ace.step({ minutes: 1 });
  const result = await sendOne('opportunity', { apnCrmUniqueIdentifier: aceId, partnerAcceptanceStatus: 'Accepted' });
  assert.deepEqual(result, {
    warnings: null,
    partnerCrmUniqueIdentifier: null,
    isSuccess: true,
    errors: null,
    apnCrmUniqueIdentifier: aceId,
  });
  const [unmasked] = await outbound('opportunity');
  assert.equal(unmasked?.customerEmail, 'real@customer.example');
});

test('an inbound file is archived, taken away and answered, and its name never works again', async () => {
  const { ace, upload, names, bucket } = await simulateAce(1);
  const text = JSON.stringify({
    version: '1',
    spmsId: bucket.spmsId,
    opportunities: [{ partnerCrmUniqueIdentifier: 'A' }],
  });
  await upload('opportunity', 'one.json', text);
  const { inbound, inboundArchive, processedResults } = aceFolders.opportunity;
  assert.deepEqual(await names(inbound), []);
  assert.deepEqual(await names(inboundArchive), ['one.json']);
  assert.deepEqual(await names(processedResults), ['one_result.json']);
  await upload('opportunity', 'one.json', text);
  assert.deepEqual(await names(inbound), []);
  assert.deepEqual(await names(processedResults), ['one_result.json']);
  assert.deepEqual(
    (await ace.files()).map(({ outcome, arrivals }) => ({ outcome, arrivals })),
    [{ outcome: 'processed', arrivals: 2 }],
  );
});

test('the control port offers the same operations to another process', async () => {
  const { ace } = await simulateAce(1, {}, { controlPort: 0 });
  const remote = connectAceSimulator(String(ace.controlUrl));
  const { aceId } = await remote.referLead();
  assert.equal((await ace.record({ id: aceId })).object, 'lead');
  await assert.rejects(remote.record({ id: 'O1' }), /No record has the identifier O1/);
  assert.deepEqual(await remote.state(), await ace.state());
});

for (const version of [1, 2] as const) {
  test(`the seed gives referrals, leads, a broken file and a large file, payload version ${version}`, async () => {
    const { ace, names, read } = await simulateAce(version);
    const partnerIds = Array.from({ length: 15 }, (_, index) => `006seed${index}`);
    const seeded = await seedAce(ace, { seed: 3, partnerIds });
    assert.equal(seeded.awsReferrals.length, 25);
    assert.equal(seeded.partnerReferrals.length, 15);
    assert.equal(seeded.leads.length, 15);
    assert.equal(seeded.largeFile.aceIds.length, 20);
    const { fields } = await ace.record({ id: seeded.largeFile.tooLong });
    assert.ok(String(fields.partnerProjectTitle).length > 120);
    const files = {
      opportunity: await names(aceFolders.opportunity.outbound),
      lead: await names(aceFolders.lead.outbound),
    };
    assert.deepEqual([files.opportunity.length, files.lead.length], [1 + 5 + 15 + 1, 15]);
    for (const object of ['opportunity', 'lead'] as const) {
      for (const name of files[object]) {
        const key = `${aceFolders[object].outbound}${name}`;
        const { readable, problems } = checkFile(Buffer.from(await read(key)), {
          as: 'outbound',
          key,
          object,
          version,
          today: '2026-03-02',
        });
        assert.equal(readable, key !== seeded.brokenFile, key);
        if (readable) assert.deepEqual(problems, [], key);
      }
    }
    await assert.rejects(seedAce(ace, { seed: 3, partnerIds: [...partnerIds, 'one more'] }), RangeError);
  });
}

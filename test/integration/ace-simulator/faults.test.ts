import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { GetBucketPolicyCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { aceFolders } from '../../../src/bucket/folders.ts';
import { startAceSimulator } from '../../../src/sandbox/ace/simulator.ts';
import { mandatory } from './sample-records.ts';
import { type SimulatedAce, simulateAce } from './simulated-ace.ts';

function client({ bucket }: SimulatedAce, endpoint: string, keys = bucket.provisioned.partner): S3Client {
  return new S3Client({
    endpoint,
    region: bucket.provisioned.region,
    credentials: keys,
    forcePathStyle: true,
    maxAttempts: 1,
  });
}

test('the bucket policy can refuse the partner for a while, also over a restart, and is then as before', async () => {
  const simulated = await simulateAce(1);
  const { ace, bucket, options } = simulated;
  const Bucket = bucket.provisioned.bucket;
  const partner = client(simulated, bucket.provisioned.endpoint);
  const owner = client(simulated, bucket.provisioned.endpoint, bucket.provisioned.ace);
  const policy = async () => (await owner.send(new GetBucketPolicyCommand({ Bucket }))).Policy;
  const list = () => partner.send(new ListObjectsV2Command({ Bucket }));
  const before = await policy();
  await ace.setSwitches({ accessDenied: true });
  await assert.rejects(list(), { name: 'AccessDenied' });
  await ace.referOpportunity();
  assert.equal((await ace.exportNow()).length, 1);
  await ace.stop();
  const again = await startAceSimulator(options);
  await assert.rejects(list(), { name: 'AccessDenied' });
  await again.setSwitches({ accessDenied: false });
  await list();
  assert.deepEqual(JSON.parse(String(await policy())), JSON.parse(String(before)));
  await again.stop();
});

test('the fault proxy gives the partner the errors of a bad day', async () => {
  const simulated = await simulateAce(1, {}, { faultProxyPort: 0 });
  const { ace, bucket } = simulated;
  const Bucket = bucket.provisioned.bucket;
  const partner = client(simulated, ace.partnerEndpoint);
  const list = () => partner.send(new ListObjectsV2Command({ Bucket, Prefix: 'lead-outbound/' }));
  await list();
  const expected = [
    ['unavailable', 'ServiceUnavailable', 503],
    ['slowDown', 'SlowDown', 503],
    ['accessDenied', 'AccessDenied', 403],
    ['kmsDenied', 'AccessDenied', 403],
    ['kmsDisabled', 'KMS.DisabledException', 400],
  ] as const;
  for (const [effect, name, httpStatusCode] of expected) {
    await ace.setSwitches({ faults: [{ effect, contains: 'lead-outbound/' }] });
    await assert.rejects(list(), (error: Error & { $metadata: { httpStatusCode: number } }) => {
      assert.deepEqual([error.name, error.$metadata.httpStatusCode], [name, httpStatusCode]);
      return true;
    });
    await partner.send(new ListObjectsV2Command({ Bucket, Prefix: 'opportunity-outbound/' }));
  }
  await ace.setSwitches({ faults: [{ effect: 'reset' }] });
  await assert.rejects(list());
  await ace.setSwitches({ faults: [{ effect: 'slow', delayMs: 300 }] });
  const start = Date.now();
  await list();
  assert.ok(Date.now() - start >= 290);
  await assert.rejects(ace.setSwitches({ faults: [{ effect: 'nonsense' as 'slow' }] }), /faults/);
});

test('an answer can be lost after S3 has taken the request', async () => {
  const simulated = await simulateAce(
    1,
    { faults: [{ effect: 'loseAnswer', methods: ['PUT'] }] },
    { faultProxyPort: 0 },
  );
  const { ace, bucket, names } = simulated;
  const partner = client(simulated, ace.partnerEndpoint);
  const put = new PutObjectCommand({
    Bucket: bucket.provisioned.bucket,
    Key: `${aceFolders.opportunity.inbound}lost.json`,
    Body: Buffer.from('{}'),
    ACL: 'bucket-owner-full-control',
  });
  await assert.rejects(partner.send(put));
  assert.deepEqual(await names(aceFolders.opportunity.inbound), ['lost.json']);
});

test('with an accelerated clock ACE works by itself', async () => {
  const { ace, bucket, names } = await simulateAce(
    1,
    { review: 'rules' },
    { clock: { kind: 'accelerated', factor: 7200 } },
  );
  const text = { version: '1', spmsId: bucket.spmsId, opportunities: [mandatory(1, '006A')] };
  await bucket.partner.put(`${aceFolders.opportunity.inbound}self.json`, Buffer.from(JSON.stringify(text)));
  for (let tries = 0; tries < 100; tries += 1) {
    const [record] = await ace.records();
    if (record?.status === 'Approved' && record.exported) break;
    await delay(100);
  }
  const state = await ace.state();
  assert.equal(state.drained, true);
  assert.equal(state.lastError, null);
  assert.deepEqual(await names(aceFolders.opportunity.processedResults), ['self_result.json']);
  assert.ok((await names(aceFolders.opportunity.outbound)).length > 0);
});

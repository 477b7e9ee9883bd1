import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { GetObjectTaggingCommand, PutBucketPolicyCommand, PutObjectTaggingCommand, S3Client } from '@aws-sdk/client-s3';
import { createAceBucket, maxFileBytes, type ObjectRef } from '../../../src/bucket/ace-bucket.ts';
import { outcomeTagKey } from '../../../src/bucket/outcome-tag.ts';
import { AceSyncError, type ErrorCode } from '../../../src/errors.ts';
import { freshAceBucket, sharedStack, type TestAceBucket } from '../../support/shared-stack.ts';

const outbound = 'opportunity-outbound/';

function fails(code: ErrorCode, mentions = ''): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof AceSyncError, String(error));
    assert.equal(error.code, code);
    assert.ok(error.message.includes(mentions), error.message);
    return true;
  };
}

describe('ACE bucket', () => {
  let bucket: TestAceBucket;
  before(async () => {
    bucket = await freshAceBucket();
  });

  async function exported(name: string, text = '{}'): Promise<ObjectRef> {
    const key = `${outbound}${name}`;
    await bucket.ace.put(key, Buffer.from(text));
    const found = (await bucket.partner.list(key)).objects[0];
    assert.ok(found);
    return found;
  }

  it('lists sorted by key, in pages that continue behind the last key, without folder objects', async () => {
    for (const name of ['c', 'a', 'd', 'b']) await bucket.ace.put(`lead-outbound/${name}.json`, Buffer.from(name));
    const first = await bucket.partner.list('lead-outbound/', { maxKeys: 3 });
    assert.deepEqual(
      first.objects.map(({ key, size }) => [key, size]),
      [
        ['lead-outbound/a.json', 1],
        ['lead-outbound/b.json', 1],
      ],
    );
    assert.equal(first.next, 'lead-outbound/b.json');
    const second = await bucket.partner.list('lead-outbound/', { startAfter: first.next ?? '', maxKeys: 3 });
    assert.deepEqual(
      second.objects.map(({ key }) => key),
      ['lead-outbound/c.json', 'lead-outbound/d.json'],
    );
    assert.equal(second.next, null);
    assert.match(second.objects[0]?.lastModified ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/);
  });

  it('gets the listed bytes, umlauts and all', async () => {
    const ref = await exported('umlaut.json', '{"a":"Grüße, 東京"}');
    assert.equal((await bucket.partner.get(ref)).toString('utf8'), '{"a":"Grüße, 東京"}');
  });

  it('gets and deletes only the version that was listed when the key is overwritten', async () => {
    const old = await exported('overwritten.json', '{"v":1}');
    const current = await exported('overwritten.json', '{"v":2}');
    await assert.rejects(bucket.partner.get(old), fails('OBJECT_REPLACED', old.key));
    await assert.rejects(bucket.partner.delete(old), fails('OBJECT_REPLACED', old.key));
    assert.equal((await bucket.partner.get(current)).toString(), '{"v":2}');
    await bucket.partner.delete(current);
    await assert.rejects(bucket.partner.get(current), fails('OBJECT_GONE', old.key));
  });

  it('counts an object that is gone already as deleted', async () => {
    const ref = await exported('twice.json');
    await bucket.partner.delete(ref);
    await bucket.partner.delete(ref);
  });

  it('refuses a file above 1 MB before downloading it', async () => {
    const ref = await exported('large.json', ' '.repeat(10));
    const large = { ...ref, size: maxFileBytes + 1 };
    await assert.rejects(bucket.partner.get(large), fails('FILE_TOO_LARGE', `got ${maxFileBytes + 1}`));
    await assert.rejects(
      bucket.partner.put('opportunity-inbound/large.json', Buffer.alloc(maxFileBytes + 1)),
      fails('FILE_TOO_LARGE'),
    );
  });

  it('puts with the ACL that ACE demands, and knows the version it made', async () => {
    const key = 'opportunity-inbound/new.json';
    const { etag } = await bucket.partner.put(key, Buffer.from('{"n":1}'));
    assert.equal((await bucket.ace.get({ key, etag })).toString(), '{"n":1}');
    assert.equal((await bucket.ace.list(key)).objects[0]?.etag, etag);
  });

  it('says that writing to an outbound folder is refused, by name and without a secret', async () => {
    await assert.rejects(bucket.partner.put(`${outbound}mine.json`, Buffer.from('{}')), (error) => {
      assert.ok(error instanceof AceSyncError);
      assert.equal(error.code, 'BUCKET_ACCESS_DENIED');
      assert.match(error.message, /AccessDenied \(403\)/);
      assert.ok(!error.message.includes(bucket.provisioned.partner.secretAccessKey));
      return true;
    });
  });

  it('reads the outcome that it tagged, and none for another version of the key', async () => {
    const old = await exported('tagged.json', '{"v":1}');
    assert.equal(await bucket.partner.readTag(old), null);
    await bucket.partner.tag(old, 'parked');
    assert.equal(await bucket.partner.readTag(old), 'parked');
    await bucket.partner.tag(old, 'rejected');
    assert.equal(await bucket.partner.readTag(old), 'rejected');
    const current = await exported('tagged.json', '{"v":2}');
    assert.equal(await bucket.partner.readTag(current), null);
    // The late attempt of the old version's workflow: S3 cannot refuse it, so it must not count.
    await bucket.partner.tag(old, 'rejected');
    assert.equal(await bucket.partner.readTag(current), null);
  });

  it("keeps the tag of AWS's sample code beside its own", async () => {
    const ref = await exported('sample.json');
    const { endpoint, region, partner, bucket: Bucket } = bucket.provisioned;
    const client = new S3Client({ endpoint, region, forcePathStyle: true, credentials: partner });
    const theirs = { Key: 'partner_processed', Value: 'true' };
    await client.send(new PutObjectTaggingCommand({ Bucket, Key: ref.key, Tagging: { TagSet: [theirs] } }));
    await bucket.partner.tag(ref, 'parked');
    const { TagSet = [] } = await client.send(new GetObjectTaggingCommand({ Bucket, Key: ref.key }));
    client.destroy();
    assert.deepEqual(TagSet.map(({ Key }) => Key).sort(), [outcomeTagKey, 'partner_processed']);
    assert.equal(await bucket.partner.readTag(ref), 'parked');
  });

  it('tells a missing object from an unknown one', async () => {
    await bucket.ace.put('opportunity-inbound/here.json', Buffer.from('{}'));
    assert.equal(await bucket.partner.exists('opportunity-inbound/here'), 'present');
    assert.equal(await bucket.partner.exists('opportunity-inbound/nowhere'), 'absent');
  });

  it('answers unknown, never absent, when the policy forbids listing', async () => {
    const { provisioned, partner, ace } = await freshAceBucket();
    await ace.put('opportunity-inbound/here.json', Buffer.from('{}'));
    const { versitygw } = await sharedStack();
    const client = new S3Client({
      endpoint: versitygw.url,
      region: versitygw.region,
      forcePathStyle: true,
      credentials: versitygw.root,
    });
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: [provisioned.ace.accessKeyId] },
          Action: 's3:*',
          Resource: [`arn:aws:s3:::${provisioned.bucket}`, `arn:aws:s3:::${provisioned.bucket}/*`],
        },
      ],
    });
    await client.send(new PutBucketPolicyCommand({ Bucket: provisioned.bucket, Policy }));
    client.destroy();
    assert.equal(await partner.exists('opportunity-inbound/here'), 'unknown');
    await assert.rejects(partner.list('opportunity-inbound/'), fails('BUCKET_ACCESS_DENIED', 'opportunity-inbound/'));
  });

  it('does not take a missing bucket for a missing object', async () => {
    const { endpoint, region, partner } = bucket.provisioned;
    const other = createAceBucket({ name: 'no-such-bucket', endpoint, region, credentials: { static: partner } });
    await assert.rejects(other.get({ key: 'a', etag: 'b' }), fails('BUCKET_ACCESS_DENIED'));
    other.close();
  });

  it('calls a wrong secret a refusal and a server that is away unavailable', async () => {
    const { endpoint, region, partner, bucket: name } = bucket.provisioned;
    const wrong = { ...partner, secretAccessKey: 'wrong' };
    const refused = createAceBucket({ name, endpoint, region, credentials: { static: wrong } });
    await assert.rejects(refused.list(outbound), fails('BUCKET_ACCESS_DENIED', 'SignatureDoesNotMatch'));
    const away = createAceBucket({ name, endpoint: 'http://127.0.0.1:9', region, credentials: { static: partner } });
    await assert.rejects(away.list(outbound), fails('BUCKET_UNAVAILABLE', 'ECONNREFUSED'));
    refused.close();
    away.close();
  });

  it('reads keys from the environment and names a variable that is missing', async () => {
    const { endpoint, region, partner, bucket: name } = bucket.provisioned;
    process.env.ACE_BUCKET_TEST_ID = partner.accessKeyId;
    const credentials = {
      accessKeyId: { env: 'ACE_BUCKET_TEST_ID' },
      secretAccessKey: { env: 'ACE_BUCKET_TEST_SECRET' },
    };
    const byEnvironment = createAceBucket({ name, endpoint, region, credentials });
    await assert.rejects(byEnvironment.list(outbound), fails('SECRET_MISSING', 'ACE_BUCKET_TEST_SECRET'));
    process.env.ACE_BUCKET_TEST_SECRET = partner.secretAccessKey;
    await byEnvironment.list(outbound);
    byEnvironment.close();
  });
});

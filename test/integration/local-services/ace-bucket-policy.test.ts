import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { type AceFolders, aceFolders, allAceFolders } from '../../../src/bucket/folders.ts';
import { freshAceBucket, type TestAceBucket } from '../../support/shared-stack.ts';

type Request = 'put' | 'get' | 'delete' | 'tag' | 'readTags';

/** What AWS lets a partner do in each folder (access table of the 2022 integration kit, and the FAQ). */
const allowed: readonly (readonly [keyof AceFolders, readonly Request[]])[] = [
  ['inbound', ['put', 'get']],
  ['outbound', ['get', 'delete', 'tag', 'readTags']],
  ['processedResults', ['get', 'delete', 'tag', 'readTags']],
  ['inboundArchive', ['get', 'readTags']],
  ['outboundArchive', ['get', 'readTags']],
];

describe("the partner's identity in the ACE bucket", () => {
  let bucket: TestAceBucket;
  let client: S3Client;
  before(async () => {
    bucket = await freshAceBucket();
    const { endpoint, region, partner } = bucket.provisioned;
    client = new S3Client({ endpoint, region, forcePathStyle: true, credentials: partner });
  });
  after(() => client.destroy());

  async function answer(send: () => Promise<unknown>): Promise<'allowed' | 'AccessDenied'> {
    try {
      await send();
      return 'allowed';
    } catch (error) {
      assert.ok(error instanceof S3ServiceException, String(error));
      assert.equal(error.name, 'AccessDenied');
      return 'AccessDenied';
    }
  }

  function send(request: Request, Key: string): Promise<unknown> {
    const Bucket = bucket.provisioned.bucket;
    const Body = Buffer.from('{}');
    const TagSet = [{ Key: 'a', Value: 'b' }];
    switch (request) {
      case 'put':
        return client.send(new PutObjectCommand({ Bucket, Key, Body, ACL: 'bucket-owner-full-control' }));
      case 'get':
        return client.send(new GetObjectCommand({ Bucket, Key })).then(({ Body: body }) => body?.transformToString());
      case 'delete':
        return client.send(new DeleteObjectCommand({ Bucket, Key }));
      case 'tag':
        return client.send(new PutObjectTaggingCommand({ Bucket, Key, Tagging: { TagSet } }));
      case 'readTags':
        return client.send(new GetObjectTaggingCommand({ Bucket, Key }));
    }
  }

  for (const object of ['opportunity', 'lead'] as const) {
    for (const [purpose, requests] of allowed) {
      it(`may only ${requests.join(', ')} in ${aceFolders[object][purpose]}`, async () => {
        const key = `${String(aceFolders[object][purpose])}a.json`;
        await bucket.ace.put(key, Buffer.from('{}'));
        for (const request of ['put', 'get', 'readTags', 'tag', 'delete'] as const) {
          const expected = requests.includes(request) ? 'allowed' : 'AccessDenied';
          assert.equal(await answer(() => send(request, key)), expected, `${request} ${key}`);
        }
      });
    }

    it(`may not put into ${aceFolders[object].inbound} without the ACL that hands the object to AWS`, async () => {
      const Bucket = bucket.provisioned.bucket;
      const Key = `${aceFolders[object].inbound}without-acl.json`;
      const Body = Buffer.from('{}');
      const put = (extra: object) => client.send(new PutObjectCommand({ Bucket, Key, Body, ...extra }));
      assert.equal(await answer(() => put({})), 'AccessDenied');
      assert.equal(await answer(() => put({ ACL: 'private' })), 'AccessDenied');
      assert.equal(await answer(() => put({ ACL: 'bucket-owner-full-control' })), 'allowed');
    });
  }

  it('finds every folder in the listing, as an object of zero bytes', async () => {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket.provisioned.bucket }));
    const folders = Contents.filter(({ Size }) => Size === 0).map(({ Key }) => Key);
    assert.deepEqual(folders.sort(), [...allAceFolders].sort());
  });
});
